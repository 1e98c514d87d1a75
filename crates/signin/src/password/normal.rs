//! The normal form of a password: the same text, whichever keyboard or system it is typed on. Owns the mapping alone; the
//! [`policy`](super::policy) decides which characters a password may have.

use icu_normalizer::ComposingNormalizerBorrowed;
use zeroize::Zeroizing;

/// The normal form of RFC 8265, `OpaqueString` (section 4.2.2): other spaces become U+0020, the rest is NFC; case and width
/// stay. Code points that the RFC disallows are kept, since symbols newer than a Unicode table are unassigned for it.
pub(super) fn normal(text: &str) -> Zeroizing<String> {
    if text.is_ascii() {
        return Zeroizing::new(text.to_owned());
    }
    let spaced = text.chars().map(|character| if is_other_space(character) { ' ' } else { character });
    // NFC is at most three times as long (Unicode Standard Annex #15): the buffer never moves, which would leave a copy behind.
    let mut normal = Zeroizing::new(String::with_capacity(text.len().saturating_mul(3)));
    normal.extend(ComposingNormalizerBorrowed::new_nfc().normalize_iter(spaced));
    normal
}

/// The general category Zs without U+0020.
const fn is_other_space(character: char) -> bool {
    matches!(character, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::normal;

    #[test]
    fn the_examples_of_the_rfc() {
        // RFC 8265, section 4.3.
        for (typed, expected) in [
            ("correct horse battery staple", "correct horse battery staple"),
            ("Correct Horse Battery Staple", "Correct Horse Battery Staple"),
            ("\u{3c0}\u{df}\u{e5}", "\u{3c0}\u{df}\u{e5}"),
            ("Jack of \u{2666}s", "Jack of \u{2666}s"),
            ("foo\u{1680}bar", "foo bar"),
        ] {
            assert_eq!(normal(typed).as_str(), expected);
        }
    }

    #[test]
    fn composed_and_decomposed_are_the_same() {
        assert_eq!(normal("pa\u{308}ssword"), normal("p\u{e4}ssword"));
        assert_eq!(normal("\u{1100}\u{1161}"), normal("\u{ac00}"));
        assert_ne!(normal("\u{ff21}"), normal("A"), "width stays");
    }

    proptest! {
        #[test]
        fn it_is_a_fixed_point(text: String) {
            let once = normal(&text);
            prop_assert_eq!(normal(&once), once);
        }
    }
}
