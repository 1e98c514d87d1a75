//! Reads JSON from clients: strict about objects, with errors in the terms of JSON rather than of Rust.
//!
//! The text becomes a [`Tree`] first, so that an error can name the value that was found.

mod reader;
mod text;
mod tree;
mod wrong;

use rolecall_core::{Error, Result};
use serde::Deserialize;

pub use text::Text;
pub use tree::Tree;

/// Reads a value. An array is never accepted as an object.
///
/// # Errors
/// `Invalid`, with the path of the member, what was expected and what was found.
pub fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
    read_tree(&tree(text)?)
}

/// Reads a value from a tree.
///
/// # Errors
/// As [`read`].
pub fn read_tree<'a, T: Deserialize<'a>>(tree: &Tree<'a>) -> Result<T> {
    T::deserialize(tree).map_err(wrong::Wrong::into_error)
}

/// Parses a text into a tree.
///
/// # Errors
/// `Invalid` where it is not JSON, with the line and column.
pub fn tree(text: &str) -> Result<Tree<'_>> {
    serde_json::from_str(text).map_err(|e| {
        Error::invalid(match e.classify() {
            serde_json::error::Category::Eof => {
                format!("the body is not complete JSON: it ends at line {}, column {}", e.line(), e.column())
            }
            _ => not_json(&e),
        })
    })
}

/// Says where a text stops being JSON.
fn not_json(error: &serde_json::Error) -> String {
    // The reader has no other mark for its limit of depth.
    if error.to_string().starts_with("recursion limit") {
        return format!("the body is nested more than {DEEPEST} levels deep");
    }
    format!("the body is not JSON: what is at line {}, column {} cannot stand there", error.line(), error.column())
}

/// The number of arrays and objects inside each other that serde_json reads.
const DEEPEST: usize = 127;

/// The text of a body.
///
/// # Errors
/// `Invalid` when it is empty or not UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str> {
    let text = str::from_utf8(bytes)
        .map_err(|e| Error::invalid(format!("the body is not UTF-8: byte {} is wrong", e.valid_up_to())))?;
    if text.is_empty() {
        return Err(Error::invalid("the body is empty; it must be a JSON object"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
