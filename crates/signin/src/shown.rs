//! Text of strangers inside error messages: short, and without control characters.

/// Maximum characters of a quoted text.
const MOST: usize = 100;

/// In quotation marks, escaped as in Rust, cut after 100 characters.
pub(crate) fn quoted(text: &str) -> String {
    format!("{:?}", cut(text))
}

/// Compact JSON of a value that was expected to be something else, cut after 100 characters.
pub(crate) fn json(value: &serde_json::Value) -> String {
    let text: String = cut(&value.to_string());
    // JSON leaves DEL and the C1 control characters as they are.
    text.chars().map(|it| if it.is_control() { '\u{fffd}' } else { it }).collect()
}

fn cut(text: &str) -> String {
    let mut characters = text.chars();
    let mut short: String = characters.by_ref().take(MOST).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_and_control_characters_are_escaped() {
        assert_eq!(quoted("a\n\"b"), r#""a\n\"b""#);
        assert_eq!(quoted(&"é".repeat(101)), format!("\"{}…\"", "é".repeat(100)));
        assert_eq!(json(&serde_json::json!({"a": ["\u{85}"]})), "{\"a\":[\"\u{fffd}\"]}");
    }
}
