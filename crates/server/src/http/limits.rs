//! How much of anything one request may hold and one answer may be. What reads a request and what describes it take the
//! numbers from here.
//!
//! Strings are counted in characters (Unicode scalar values), as `maxLength` of JSON Schema counts them. The numbers keep the
//! largest answer of every operation below [`ANSWER`], since answers repeat what requests said.

use std::fmt;

use rolecall_core::{Error, Result};

/// The longest name of a scope, a group or a client, and the longest password, secret, search text and other parameter.
pub const NAME: usize = 255;

/// The longest email.
pub const EMAIL: usize = 254;

/// The longest name of a service account.
pub const SERVICE_ACCOUNT: usize = 63;

/// The longest id of anything but a subject, which is a UUID.
pub const ID: usize = 36;

/// The longest word of a closed vocabulary, such as a scope type. The longest one that is known has 28 characters.
pub const WORD: usize = 40;

/// The longest description of a department or project.
pub const DESCRIPTION: usize = 1000;

/// The longest scope in one piece: three names, each behind a slash.
pub const SCOPE: usize = 3 * (1 + NAME);

/// The longest list of entity tags.
pub const IF_MATCH: usize = 1000;

/// The longest token of a page.
pub const PAGE_TOKEN: usize = 4096;

/// The longest list of names in one parameter.
pub const NAMES: usize = 32 * 1024;

/// The most items of a batch, the most subjects of a list, and the most rows of a page.
pub const ITEMS: usize = 500;

/// The most questions in one request.
pub const QUESTIONS: usize = 1000;

/// The most users whose rules are asked for at once.
pub const USERS: usize = 100;

/// The most access rules by which one decision is explained.
pub const REASONS: usize = 100;

/// The largest body of a request that holds a list, in bytes.
pub const LIST_BODY: usize = 256 * 1024;

/// The largest body of any other request, in bytes.
pub const BODY: usize = 64 * 1024;

/// The largest answer, in bytes; exports are streams and have no end of their own.
pub const ANSWER: usize = 2 * 1024 * 1024;

/// A text is longer than it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong {
    length: usize,
    most: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it has {} characters; at most {} are accepted", self.length, self.most)
    }
}

/// Checks the length of a text.
///
/// # Errors
/// When it has more than `most` characters.
pub fn ensure_length(text: &str, most: usize) -> Result<(), TooLong> {
    // No text has more characters than bytes.
    if text.len() <= most {
        return Ok(());
    }
    let length = text.chars().count();
    if length <= most { Ok(()) } else { Err(TooLong { length, most }) }
}

/// Checks the length of the field, parameter or header of that name.
///
/// # Errors
/// Invalid, with the name, the length and the limit.
pub fn ensure_field(name: &str, text: &str, most: usize) -> Result<()> {
    ensure_length(text, most).map_err(|e| Error::invalid(format!("{name}: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert_eq!(ensure_length(&"🦒".repeat(NAME), NAME), Ok(()));
        let message = ensure_field("name", &"é".repeat(NAME + 1), NAME).unwrap_err().message;
        assert_eq!(message, "name: it has 256 characters; at most 255 are accepted");
    }
}
