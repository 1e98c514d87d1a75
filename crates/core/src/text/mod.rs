//! Text that people read: how it is shortened, when two texts are the same, and what in a text cannot be seen.
//!
//! Owns the only use of Unicode's tables. It knows no names; [`crate::org`] and [`crate::identity`] say what a name is.

mod fold;
#[cfg(test)]
mod tests;
mod unseen;

pub use fold::{composed, folded};
pub use unseen::unseen;

/// The text, cut after 60 characters with a mark, for error messages: an answer never grows with hostile input.
#[must_use]
pub fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(MOST).collect();
    if chars.next().is_some() { format!("{head}…") } else { head }
}
