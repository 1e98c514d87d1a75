//! The words that an attacker of this user would try first: parts of the user's email, and widely known names. Owns
//! which of them are checked closely.

use std::collections::HashSet;

/// Minimum characters of a word.
const SHORTEST: usize = 3;

/// Maximum words checked closely; a password has no room for more.
const MOST: usize = 100;

/// The known words that a password may contain.
pub(super) struct Known<'a> {
    /// The words that the rated beginning may contain.
    pub(super) words: Vec<&'a str>,
    /// Whether the whole rated part is the beginning of a longer word.
    pub(super) is_beginning: bool,
}

/// The known words that `rated` or `joined` may contain. A name counts as a whole and by its words.
///
/// Names may be many, so a cheap test goes first. It drops only words that these do not contain, forwards or
/// backwards, with or without letters written as digits or symbols.
pub(super) fn known<'a>(
    rated: &str,
    joined: &str,
    email: &'a str,
    names: impl IntoIterator<Item = &'a str>,
) -> Known<'a> {
    let forwards = fold(rated);
    let backwards: String = forwards.chars().rev().collect();
    let joined = fold(joined);
    let own = ["rolecall"].into_iter().chain(words(email)).chain(email.split('@'));
    let (mut seen, mut known) = (HashSet::new(), Known { words: Vec::new(), is_beginning: false });
    for word in own.chain(names.into_iter().flat_map(words)).filter(|word| word.chars().count() >= SHORTEST) {
        let folded = fold(word);
        let occurs = [&forwards, &backwards, &joined].iter().any(|text| text.contains(&folded));
        if occurs && known.words.len() < MOST && seen.insert(word) {
            known.words.push(word);
        }
        known.is_beginning |= folded.starts_with(&forwards);
    }
    known
}

/// The text without what separates words: blanks, characters that cannot be seen, and `. - _ / ,`.
pub(super) fn joined(text: &str) -> String {
    let separates = |it: &char| {
        it.is_whitespace() || matches!(it, '.' | '-' | '_' | '/' | ',' | '\u{ad}' | '\u{200b}'..='\u{200f}')
    };
    text.chars().filter(|it| !separates(it)).collect()
}

/// Whether a text consists of known words, but for up to two letters, four digits, and any symbols. An estimate alone takes three
/// known words in a row for a strong password.
pub(super) fn consists_of(text: &str, known: &[&str]) -> bool {
    let letters = |text: &str| -> Vec<char> { text.to_lowercase().chars().filter(|it| it.is_alphabetic()).collect() };
    let words: Vec<_> = known.iter().map(|word| letters(word)).filter(|word| word.len() >= SHORTEST).collect();
    let text_letters = letters(text);
    // For each beginning of the letters, how few of them no word covers.
    let mut uncovered = vec![0_usize];
    for end in 1..=text_letters.len() {
        let before = text_letters.get(..end).unwrap_or_default();
        let alone = uncovered.last().copied().unwrap_or_default().saturating_add(1);
        let covered = words.iter().filter(|word| before.ends_with(word));
        let covered = covered.filter_map(|word| uncovered.get(end.checked_sub(word.len())?).copied());
        uncovered.push(covered.min().map_or(alone, |least| least.min(alone)));
    }
    let left = uncovered.last().copied().unwrap_or_default();
    let digits = text.chars().filter(|it| it.is_numeric()).count();
    left < text_letters.len() && left <= 2 && digits <= 4
}

fn fold(text: &str) -> String {
    text.chars().flat_map(folded).collect()
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    std::iter::once(name).chain(name.split(|character: char| !character.is_alphanumeric()))
}

/// The character in lowercase; characters that zxcvbn may read as one letter become the same.
fn folded(character: char) -> impl Iterator<Item = char> {
    character.to_lowercase().map(|character| match character {
        '4' | '@' => 'a',
        '8' => 'b',
        '(' | '{' | '[' | '<' => 'c',
        '3' => 'e',
        '6' | '9' => 'g',
        '1' | '!' | '|' | '7' | '+' | 'l' | 't' => 'i',
        '0' => 'o',
        '$' | '5' => 's',
        '%' => 'x',
        '2' => 'z',
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::known;

    fn known_words<'a>(rated: &str, names: &[&'a str]) -> Vec<&'a str> {
        known(rated, rated, "ana@example.com", names.iter().copied()).words
    }

    #[test]
    fn only_words_that_may_occur_are_kept() {
        let names = ["Deep Learning", "Perception", "ab", ""];
        assert_eq!(known_words("my-p3rcep+!on", &names), ["Perception"]);
        assert_eq!(known_words("gninraelpeed", &names), ["Deep", "Learning"]);
        assert_eq!(known_words("qK7#vPz2!mWx", &names), [""; 0]);
    }

    #[test]
    fn the_beginning_of_a_longer_word_is_known_too() {
        let names = ["Department of Autonomous Driving"];
        assert!(known("dep4rtment of aut0nom", "", "ana@example.com", names).is_beginning);
        assert!(!known("epartment of autonom", "", "ana@example.com", names).is_beginning);
    }

    #[test]
    fn very_many_names_are_no_burden() {
        let names: Vec<String> = (0..100_000).map(|number| format!("department {number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let known = known_words("department of 7", &names);
        assert_eq!(known, ["department 0", "department"], "the 0 may be an o");
    }
}
