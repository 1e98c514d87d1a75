//! JSON responses, written directly into one buffer.
//!
//! An answer is a few hundred bytes, mostly names of members, and a response may have a thousand. Serializing them with
//! serde took longer than the decisions. `schema` documents what is written here.

use std::fmt::Display;

/// JSON under construction.
#[derive(Debug)]
pub struct Json(Vec<u8>);

impl Json {
    /// An empty buffer with this capacity.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// Number of bytes written.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// The finished JSON.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// A literal piece of JSON.
    pub fn raw(&mut self, json: &'static str) {
        self.0.extend_from_slice(json.as_bytes());
    }

    /// A string made of several pieces.
    pub fn string<const N: usize>(&mut self, pieces: [&str; N]) {
        self.0.push(b'"');
        for piece in pieces {
            self.escaped(piece);
        }
        self.0.push(b'"');
    }

    /// A string of anything that implements `Display`.
    pub fn text(&mut self, text: impl Display) {
        self.string([&text.to_string()]);
    }

    /// A number.
    pub fn number(&mut self, number: impl itoa::Integer) {
        self.0.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    }

    /// A number, as a string.
    pub fn number_string(&mut self, number: impl itoa::Integer) {
        self.0.push(b'"');
        self.number(number);
        self.0.push(b'"');
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    /// RFC 8259, section 7: quotation marks, backslashes and control characters are escaped.
    fn escaped(&mut self, text: &str) {
        let is_special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        // Checks all bytes of a name at once; nearly no name has such a character.
        if !text.bytes().fold(false, |found, byte| found | is_special(byte)) {
            self.0.extend_from_slice(text.as_bytes());
            return;
        }
        for char in text.chars() {
            match char {
                '"' => self.raw("\\\""),
                '\\' => self.raw("\\\\"),
                '\0'..='\u{1f}' => self.0.extend_from_slice(format!("\\u{:04x}", u32::from(char)).as_bytes()),
                char => self.0.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_is_read_as_it_was_written() {
        let all: String = (0..0x300).filter_map(char::from_u32).chain(['\u{2028}', '\u{ffff}', '𝄞']).collect();
        let plain = "ana@example.com";
        for pieces in [["", ""], [plain, ""], [plain, "\"\\\u{0}\u{1f}\u{7f}/"], [&all, plain]] {
            let mut json = Json::with_capacity(0);
            json.string(pieces);
            let read: String = serde_json::from_slice(&json.into_bytes()).unwrap();
            assert_eq!(read, pieces.concat());
        }
    }

    #[test]
    fn numbers_are_written_whole() {
        let mut json = Json::with_capacity(0);
        json.raw("[");
        json.number(i64::MIN);
        json.raw(",");
        json.number_string(usize::MAX);
        json.raw(",");
        json.boolean(false);
        json.raw("]");
        assert_eq!(json.into_bytes(), format!("[{},\"{}\",false]", i64::MIN, usize::MAX).into_bytes());
    }
}
