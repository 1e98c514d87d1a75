//! When two texts are the same.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// The text in Unicode's normalization form C: `e` and a combining accent are one `é`.
#[must_use]
pub fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// The form in which texts are compared: two texts are the same where these are equal bytewise. It is the canonical
/// caseless match of The Unicode Standard (D145): full case folding in no particular language, then composed, so
/// `STRASSE` and `straße` are the same and so are both spellings of `é`.
///
/// Of ASCII text it is the text in lower case, which is all that a database can work out by itself.
///
/// The dotless `ı` of Turkish is a letter of its own: it is neither `i` nor `I`, which are the same in every other language.
#[must_use]
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Decomposed first: U+0345 folds to a letter, and would otherwise stand in another place than its composed forms have it.
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    composed(&CaseMapper::new().fold_string(&decomposed)).into_owned()
}
