//! Text for people: how it is shortened, when two texts are the same, and which characters are invisible.
//!
//! Owns the Unicode tables for names; [`crate::org`] and [`crate::identity`] decide what a valid name is.

use std::fmt::Write as _;

use crate::error::{Error, Result};

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

/// Maximum bytes of the form in which a name is compared: what 255 characters have at most that fold to themselves.
const MOST_KEY: usize = 4 * 255;

/// The form in which a new name is compared: the [`folded`] one. Some characters fold to 18; a name of many of these would cost
/// everybody who compares names, and fits no index of a database.
///
/// # Errors
/// `Invalid`, with the field's name, when it has more than 1,020 bytes.
pub fn key_of_new(field: &str, name: &str) -> Result<String> {
    let key = folded(name);
    if key.len() <= MOST_KEY {
        return Ok(key);
    }
    Err(Error::invalid(format!(
        "{field}: {} is too long in the form in which names are compared, where some of its characters become several; shorten it",
        quoted(name)
    )))
}

/// The text, cut after 60 characters with a mark, for error messages: hostile input must not make a response grow.
#[must_use]
pub fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(MOST).collect();
    if chars.next().is_some() { format!("{head}…") } else { head }
}
