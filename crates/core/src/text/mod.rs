//! Text for people: how it is shortened, when two texts are the same, and which characters are invisible.
//!
//! Owns the Unicode tables for names; [`crate::org`] and [`crate::identity`] decide what a valid name is.

mod fold;
#[cfg(test)]
mod tests;
mod unseen;

pub use fold::{composed, folded};
pub use unseen::unseen;

/// The text, cut after 60 characters with a mark, for error messages: hostile input must not make a response grow.
#[must_use]
pub fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(MOST).collect();
    if chars.next().is_some() { format!("{head}…") } else { head }
}
