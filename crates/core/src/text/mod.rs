//! Text for people: how it is shortened, when two texts are the same, and which characters are invisible.
//!
//! Owns the Unicode tables for names; [`crate::org`] and [`crate::identity`] decide what a valid name is.

use std::fmt::Write as _;

mod fold;
#[cfg(test)]
mod tests;
mod unseen;

pub use fold::{composed, folded};
use unseen::is_unseen;
pub use unseen::unseen;

/// The text in quotation marks, [shortened], for error messages. An invisible character is named: `"Lab<U+200B>"`.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for it in shortened(text).chars() {
        if is_unseen(it) {
            // Writing to a string does not fail.
            let _ = write!(quoted, "<U+{:04X}>", u32::from(it));
        } else {
            quoted.push(it);
        }
    }
    quoted.push('"');
    quoted
}

/// The text, cut after 60 characters with a mark, for error messages: hostile input must not make a response grow.
#[must_use]
pub fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(MOST).collect();
    if chars.next().is_some() { format!("{head}…") } else { head }
}
