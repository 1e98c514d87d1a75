//! E-mail addresses, which are the names of users.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// An e-mail address: ASCII, 5 to 254 characters, lower case.
// INVARIANT: lower case, so that two spellings of one address are one user and one subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Email(Arc<str>);

impl Email {
    /// Reads an address in any case.
    ///
    /// # Errors
    /// Invalid, with the field's name and what is wrong.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        if !(5..=254).contains(&text.len()) {
            return Err(Error::invalid(format!(
                "{field}: an e-mail address has 5 to 254 characters, this one has {}",
                text.chars().count()
            )));
        }
        if !is_address(text) {
            return Err(Error::invalid(format!(
                "{field}: {:?} is not an e-mail address such as ana@example.com (letters, digits and . _ % + - before the @, a domain after it)",
                crate::text::shortened(text)
            )));
        }
        let upper = text.bytes().any(|byte| byte.is_ascii_uppercase());
        Ok(Self(if upper { text.to_ascii_lowercase().into() } else { text.into() }))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let Some((host, top)) = domain.rsplit_once('.') else { return false };
    let in_local = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_' | b'%' | b'+' | b'-');
    let in_host = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-');
    !local.is_empty()
        && local.bytes().all(in_local)
        && !host.is_empty()
        && host.bytes().all(in_host)
        && top.len() >= 2
        && top.bytes().all(|it| it.is_ascii_alphabetic())
}

impl Borrow<str> for Email {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::parse("email", &text)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
