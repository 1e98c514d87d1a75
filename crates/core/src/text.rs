//! Small helpers for text that people read.

/// The text, cut after 60 characters with a mark, for error messages: an answer never grows with hostile input.
#[must_use]
pub fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(MOST).collect();
    if chars.next().is_some() { format!("{head}…") } else { head }
}
