//! When two texts count as the same.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// The text in Unicode's normalization form C: `e` and a combining accent are one `é`.
#[must_use]
pub fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// The form in which texts are compared: two texts are the same if these forms are equal bytewise. It is the canonical
/// caseless match of the Unicode Standard (D145): full case folding for no particular language, then composition. So
/// `STRASSE` and `straße` are the same, and so are both spellings of `é`.
///
/// For ASCII it is the text in lowercase, which a database can compute as well.
///
/// The dotless `ı` of Turkish is its own letter. It is neither `i` nor `I`, which are the same in every other language.
#[must_use]
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Decomposed first: U+0345 folds to a letter, and would otherwise be in another position than in its composed
    // forms.
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    composed(&CaseMapper::new().fold_string(&decomposed)).into_owned()
}
