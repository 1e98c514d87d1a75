//! How much of a password is rated. Owns the bound on what a rating costs.
//!
//! zxcvbn looks each substring up in its dictionaries, once for every way to read the digits and symbols of the password as
//! letters. The ways multiply: a hundred characters with all of them took more than half a second. What follows the beginning
//! can only add strength, so a beginning is rated that is as long as the bound permits.

use std::collections::HashSet;

/// The most characters that are rated. zxcvbn 3.1 overflows with more than 28 in a row that are neighbors on a keypad (the 28th
/// power of 5), and compares repeated ones in cubic time.
const MOST_CHARACTERS: usize = 28;

/// The most that a rating may cost: the square of the characters times the ways to read them. The costliest password
/// of this bound took 3 ms on one of two busy processors; an ordinary one costs a tenth of it.
const MOST_WORK: usize = 40_000;

/// The letters as zxcvbn 3.1 knows them, with what is read as each.
const READINGS: [&[char]; 12] = [
    &['4', '@'],
    &['8'],
    &['(', '{', '[', '<'],
    &['3'],
    &['6', '9'],
    &['1', '!', '|'],
    &['1', '|', '7'],
    &['0'],
    &['$', '5'],
    &['+', '7'],
    &['%'],
    &['2'],
];

/// Those that are read as either of two letters.
const EITHER: [char; 3] = ['1', '|', '7'];

/// The longest beginning of `text` whose rating stays within the bound.
pub(super) fn beginning(text: &str) -> &str {
    let mut seen = HashSet::new();
    let mut end = 0;
    for (index, (at, character)) in text.char_indices().take(MOST_CHARACTERS).enumerate() {
        seen.insert(character);
        if work(index.saturating_add(1), &seen) > MOST_WORK {
            break;
        }
        end = at.saturating_add(character.len_utf8());
    }
    text.get(..end).unwrap_or(text)
}

fn work(characters: usize, seen: &HashSet<char>) -> usize {
    characters.saturating_mul(characters).saturating_mul(ways(seen))
}

/// No fewer than the ways that zxcvbn tries: each letter has one for each character that is read as it, and one more for one
/// that was already read as another.
fn ways(seen: &HashSet<char>) -> usize {
    READINGS.iter().fold(1, |ways: usize, readings| {
        let of_letter = readings.iter().filter(|reading| seen.contains(reading));
        let of_letter: usize = of_letter.map(|reading| if EITHER.contains(reading) { 2 } else { 1 }).sum();
        ways.saturating_mul(of_letter.max(1))
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_passwords_are_rated_whole() {
        for ordinary in
            ["tr0ub4dour-giraffe-plinth", "3 correct zebras, 2 of 13", "qK7#vPz2!mWx%9(4", "наша бабушка печёт сырники"]
        {
            assert_eq!(beginning(ordinary), ordinary);
        }
    }

    #[test]
    fn eight_characters_are_always_rated() {
        // What is read in the most ways.
        assert_eq!(beginning("1|7!({[<"), "1|7!({[<");
        assert!(ways(&"1|7!({[<".chars().collect()) * 64 <= MOST_WORK);
    }

    proptest! {
        #[test]
        fn no_rating_costs_more_than_the_bound(text in "[ -~]{0,255}", hard in "[4@8({\\[<3691!|70$5+%2]{0,255}") {
            for text in [text.as_str(), hard.as_str()] {
                let rated = beginning(text);
                prop_assert!(text.starts_with(rated));
                prop_assert!(work(rated.chars().count(), &rated.chars().collect()) <= MOST_WORK);
            }
        }
    }

    /// The bound is the proof; this shows that it is in proportion. The limit is 20 ms on an idle machine, in the least of
    /// several tries, so that a busy one does not matter.
    #[test]
    fn the_costliest_passwords_are_rated_in_time() {
        let leet = "4@8({[<3691!|70$5+%2";
        let words = "p4ssw0rd1|7dragon!m0nk3y";
        for costly in [
            leet.repeat(5),
            words.repeat(4),
            format!("{}{leet}", "1|7".repeat(26)),
            "1|7!({[<".repeat(12),
            "a".repeat(100),
            "ab".repeat(50),
            ('a'..='z').cycle().take(100).collect(),
            "20262026".repeat(12),
            "2580".repeat(25),
            "qwertyuiop".repeat(10),
        ] {
            let took = (0..5).map(|_| {
                let began = Instant::now();
                let _ = zxcvbn::zxcvbn(beginning(&costly), &[]);
                began.elapsed()
            });
            let took = took.min().unwrap();
            println!("{took:?} for {} of {costly:?}", beginning(&costly).len());
            assert!(took < Duration::from_millis(60), "{costly:?} took {took:?}");
        }
    }
}
