//! E-mail addresses, which are the names of users.

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
        Ok(Self(text.to_ascii_lowercase().into()))
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
    let of = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    !local.is_empty()
        && of(local, "._%+-")
        && !host.is_empty()
        && of(host, ".-")
        && top.len() >= 2
        && top.chars().all(|c| c.is_ascii_alphabetic())
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
