//! Characters that a reader cannot see, or cannot distinguish from others.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Blanks that Unicode classifies as symbols, letters or marks: of ideographs, Braille, Egyptian hieroglyphs, Khitan and music.
const BLANKS: [char; 6] = ['\u{303f}', '\u{2800}', '\u{13441}', '\u{13442}', '\u{16fe4}', '\u{1d159}'];

/// The first invisible character, or character without a standard form: control (Cc) and format characters (Cf), line
/// and paragraph separators, private-use and unassigned code points, characters without a glyph (Unicode's default
/// ignorables, such as U+3164 and the variation selectors), and blanks of other categories.
#[must_use]
pub fn unseen(text: &str) -> Option<char> {
    if text.is_ascii() {
        return text.chars().find(char::is_ascii_control);
    }
    text.chars().find(|it| is_unseen(*it))
}

pub(super) fn is_unseen(it: char) -> bool {
    use GeneralCategory as Is;
    let category = CodePointMapData::<GeneralCategory>::new().get(it);
    matches!(
        category,
        Is::Control | Is::Format | Is::LineSeparator | Is::ParagraphSeparator | Is::PrivateUse | Is::Unassigned
    ) || BLANKS.contains(&it)
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(it)
}
