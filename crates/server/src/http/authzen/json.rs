//! JSON responses, written directly into one buffer.
//!
//! An answer is a few hundred bytes, mostly names of members, and a response may have a thousand. Decision 5 has what serde
//! would cost.

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

    /// A string.
    pub fn string(&mut self, text: &str) {
        self.0.push(b'"');
        self.escaped(text);
        self.0.push(b'"');
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
        for text in ["", plain, "\"\\\u{0}\u{1f}\u{7f}/", &all] {
            let mut json = Json::with_capacity(0);
            json.string(text);
            let read: String = serde_json::from_slice(&json.into_bytes()).unwrap();
            assert_eq!(read, text);
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
