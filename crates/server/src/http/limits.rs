//! Limits of requests and responses. The parsers and the API document use the same numbers.
//!
//! Strings are counted in characters (Unicode scalar values), as `maxLength` of JSON Schema does. The limits keep the
//! largest response of every operation below [`ANSWER`], since responses repeat parts of requests.

use std::fmt;

use rolecall_core::{Error, Result};

/// Maximum characters of a name of a scope, group or client, of a password, secret or search text, and of any other
/// parameter.
pub const NAME: usize = 255;

/// Maximum characters of an email.
pub const EMAIL: usize = 254;

/// Maximum characters of a service account's name.
pub const SERVICE_ACCOUNT: usize = 63;

/// Maximum characters of any id except a subject's, which is a UUID.
pub const ID: usize = 36;

/// Maximum characters of a word of a closed vocabulary, such as a scope type. The longest existing word has 28.
pub const WORD: usize = 40;

/// Maximum characters of a description of a department or project.
pub const DESCRIPTION: usize = 1000;

/// Maximum permission sets of a role in a request.
pub const PERMISSION_SETS: usize = 100;

/// Maximum lines of permissions of a role in a request.
pub const PERMISSIONS: usize = 100;

/// Maximum characters of a scope path: three names, each after a slash.
pub const SCOPE: usize = 3 * (1 + NAME);

/// Maximum characters of the alias of an identity provider.
pub const ALIAS: usize = 63;

/// Maximum characters of an address (URL) of an identity provider.
pub const ADDRESS: usize = 2048;

/// Maximum characters of a secret that another system issued.
pub const FOREIGN_SECRET: usize = 1000;

/// Maximum characters of the metadata of a SAML provider.
pub const METADATA: usize = 128 * 1024;

/// Maximum characters of a token or an assertion that an administrator pastes.
pub const PASTED: usize = 128 * 1024;

/// Maximum scopes to request from an identity provider, and values of a mandatory claim.
pub const SCOPES: usize = 50;

/// Maximum email domains of an identity provider.
pub const DOMAINS: usize = 100;

/// Maximum characters of a list of entity tags.
pub const IF_MATCH: usize = 1000;

/// Maximum characters of a page token.
pub const PAGE_TOKEN: usize = 4096;

/// Maximum characters of a list of names in one parameter.
pub const NAMES: usize = 32 * 1024;

/// Maximum items of a batch, subjects of a list, and rows of a page.
pub const ITEMS: usize = 500;

/// Maximum questions in one request.
pub const QUESTIONS: usize = 1000;

/// Maximum users whose rules are requested at once.
pub const USERS: usize = 100;

/// Maximum access rules in an explanation of a decision.
pub const REASONS: usize = 100;

/// Maximum body of a request with a list or metadata, in bytes.
pub const LIST_BODY: usize = 256 * 1024;

/// Maximum body of any other request, in bytes.
pub const BODY: usize = 64 * 1024;

/// Maximum response, in bytes; exports are streams without a limit.
pub const ANSWER: usize = 2 * 1024 * 1024;

/// A text exceeds its maximum length.
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
    // A text has at most as many characters as bytes.
    if text.len() <= most {
        return Ok(());
    }
    let length = text.chars().count();
    if length <= most { Ok(()) } else { Err(TooLong { length, most }) }
}

/// Checks the length of the field, parameter or header of that name.
///
/// # Errors
/// `Invalid`, with the name, the length and the limit.
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
