//! Characters that a reader cannot see, or cannot distinguish from others.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

/// A blank that Unicode classifies as a symbol.
const BRAILLE_BLANK: char = '\u{2800}';

/// The first invisible character, or character without a standard form: control (Cc) and format characters (Cf), line
/// and paragraph separators, private-use and unassigned code points, characters without a glyph (Unicode's default
/// ignorables, such as U+3164 and the variation selectors), and the Braille blank.
#[must_use]
pub fn unseen(text: &str) -> Option<char> {
    if text.is_ascii() {
        return text.chars().find(char::is_ascii_control);
    }
    text.chars().find(|it| is_unseen(*it))
}

fn is_unseen(it: char) -> bool {
    use GeneralCategory as Is;
    let category = CodePointMapData::<GeneralCategory>::new().get(it);
    matches!(
        category,
        Is::Control | Is::Format | Is::LineSeparator | Is::ParagraphSeparator | Is::PrivateUse | Is::Unassigned
    ) || it == BRAILLE_BLANK
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(it)
}
