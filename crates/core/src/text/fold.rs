//! When two texts count as the same.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{GeneralCategory, SoftDotted};
use icu_properties::{CodePointMapData, CodePointSetData};

/// The text in Unicode's normalization form C: `e` and a combining accent are one `é`.
#[must_use]
pub fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// The form in which texts are compared: two texts are the same if these forms are equal bytewise. It is the compatibility
/// caseless match of the Unicode Standard (D146): full case folding for no particular language, with compatibility
/// decomposition, then composition. So `STRASSE` and `straße` are the same, both spellings of `é`, and `ｌａｂ` and `lab`.
/// A dot above a letter that has a dot already is left out, since nobody sees it.
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
    let canonical = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    let compatible = DecomposingNormalizerBorrowed::new_nfkd();
    // Folded twice: what a compatibility character consists of has a case of its own.
    let once = CaseMapper::new().fold_string(&canonical).into_owned();
    let twice = CaseMapper::new().fold_string(&compatible.normalize(&once)).into_owned();
    ComposingNormalizerBorrowed::new_nfkc().normalize(&one_dot_each(&compatible.normalize(&twice))).into_owned()
}

/// The decomposed text without each U+0307 (dot above) whose letter has a dot of its own, such as `i`.
fn one_dot_each(decomposed: &str) -> String {
    const DOT: char = '\u{307}';
    let (soft_dotted, categories) = (CodePointSetData::new::<SoftDotted>(), CodePointMapData::<GeneralCategory>::new());
    let mut has_dot = false;
    let seen = |it: &char| {
        if categories.get(*it) != GeneralCategory::NonspacingMark {
            has_dot = soft_dotted.contains(*it);
        }
        !(has_dot && *it == DOT)
    };
    decomposed.chars().filter(seen).collect()
}
