//! JSON whose base64url form contains neither `-` nor `_`. Owns that one property.
//!
//! The Run:ai Python client decodes a token's payload with the *standard* base64 alphabet, which has `+` and `/` where
//! base64url has `-` and `_`: the six-bit groups 62 and 63. A group's bits come from bytes below 0x80, which start with
//! a zero bit. So only the last group of three bytes can have five leading ones, and it does for exactly `>` `?` `~`
//! and DEL. These characters are escaped, and all characters outside ASCII.

use std::io;

use serde::Serialize;
use serde_json::ser::Formatter;

/// Writes `value` as compact JSON in that form.
pub(super) fn to_vec(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut json = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut json, Ascii))?;
    Ok(json)
}

struct Ascii;

impl Formatter for Ascii {
    /// Receives the parts of a string between the characters that JSON itself escapes.
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for character in fragment.chars() {
            if character.is_ascii() && !matches!(character, '>' | '?' | '~' | '\x7F') {
                write!(writer, "{character}")?;
            } else {
                // Outside the basic plane: a surrogate pair (RFC 8259, section 7).
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn exactly_what_would_hurt_is_escaped() {
        let json = to_vec(&"a>b?c~d\x7Fe\"f\\g\nhé☃𝄞<=}/").unwrap();
        assert_eq!(
            String::from_utf8(json).unwrap(),
            r#""a\u003eb\u003fc\u007ed\u007fe\"f\\g\nh\u00e9\u2603\ud834\udd1e<=}/""#
        );
    }

    #[test]
    fn every_ascii_character_at_every_place_gives_the_same_text_in_both_alphabets() {
        for character in 0..=0x7F_u8 {
            for padding in ["", "x", "xx"] {
                let json = to_vec(&format!("{padding}{}", char::from(character))).unwrap();
                assert_eq!(URL_SAFE_NO_PAD.encode(&json), STANDARD_NO_PAD.encode(&json), "{character:#x}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_survives(text: String) {
            let json = to_vec(&text).unwrap();
            prop_assert!(json.is_ascii());
            prop_assert_eq!(URL_SAFE_NO_PAD.encode(&json), STANDARD_NO_PAD.encode(&json));
            prop_assert_eq!(serde_json::from_slice::<String>(&json).unwrap(), text);
        }
    }
}
