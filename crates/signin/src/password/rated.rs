//! Limits how much of a password is rated, and so the cost of a rating.
//!
//! zxcvbn looks up each substring in its dictionaries, once for every way to read the password's digits and symbols as
//! letters. The ways multiply: a password with a hundred such characters took more than half a second. Characters after
//! the rated part can only add strength, so the longest beginning within the limit is rated.

use std::collections::HashSet;

/// Maximum rated characters. zxcvbn 3.1 overflows with more than 28 consecutive characters that are neighbors on a
/// keypad (the 28th power of 5), and compares repeated ones in cubic time.
const MOST_CHARACTERS: usize = 28;

/// Maximum cost of a rating: the square of the characters times the ways to read them. The most expensive password
/// within this limit took 3 ms on one of two busy processors; an ordinary one costs a tenth of that.
const MOST_WORK: usize = 40_000;

/// The letters in zxcvbn 3.1, with the characters that it reads as each.
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

/// Characters that are read as either of two letters.
const EITHER: [char; 3] = ['1', '|', '7'];

/// The longest beginning of `text` whose rating stays within the limit.
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

/// An upper bound for the ways that zxcvbn tries: each letter has one way for each character that is read as it, and
/// one more for a character that was already read as another letter.
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
        // The characters with the most readings.
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

    /// The bound is the proof; this checks its proportion. The limit is 20 ms on an idle machine. The best of several
    /// tries counts, so that a busy machine does not matter.
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
