//! Names that are compared exactly: groups, client ids, service accounts.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::text::{quoted, unseen};

const MOST: usize = 255;

/// Checks that every version made.
fn checked(field: &str, text: &str) -> Result<Arc<str>> {
    let refused = |what: &str| Err(Error::invalid(format!("{field}: {} {what}", quoted(text))));
    let length = text.chars().count();
    if !(1..=MOST).contains(&length) {
        return Err(Error::invalid(format!("{field}: a name has 1 to {MOST} characters; this one has {length}")));
    }
    if let Some(it) = text.chars().find(|it| it.is_control()) {
        return refused(&format!("contains the control character U+{:04X}; remove it", u32::from(it)));
    }
    if text.trim() != text {
        return refused("begins or ends with a space; remove it");
    }
    // kube-apiserver would honor such a name as one of its own (system:masters) when it reads it from a token.
    if text.to_ascii_lowercase().starts_with("system:") {
        return refused("begins with `system:`, which Kubernetes reserves; use another name");
    }
    Ok(text.into())
}

/// Checks on new names only.
fn ensure_seen(field: &str, text: &str) -> Result<()> {
    let Some(it) = unseen(text) else { return Ok(()) };
    Err(Error::invalid(format!(
        "{field}: {} contains U+{:04X}, which is invisible or has no standard form; remove it",
        quoted(text),
        u32::from(it)
    )))
}

/// The name of a group of an identity provider. Exact: `Dev` and `dev` are two groups, and so are both spellings of
/// `é`, since the provider decides which it means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct GroupName(Arc<str>);

/// The name that a service account signs in with. Exact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ClientId(Arc<str>);

/// The display name of a service account: a lowercase letter, then lowercase letters, digits, `-` and `_`; 2 to 63
/// characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ServiceAccountName(Arc<str>);

impl GroupName {
    /// Parses a new group name.
    ///
    /// # Errors
    /// `Invalid`, with the field's name: empty, over 255 characters, invisible characters, surrounding spaces,
    /// `system:`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        ensure_seen(field, text)?;
        Self::known(field, text)
    }

    /// Parses a group name that may exist already. It also accepts what earlier versions did.
    ///
    /// # Errors
    /// `Invalid`, as for a new one except for invisible characters that are not control characters.
    pub fn known(field: &str, text: &str) -> Result<Self> {
        checked(field, text).map(Self)
    }
}

impl ClientId {
    /// Parses a new client id.
    ///
    /// # Errors
    /// As for groups, and for `@`, which would make it look like a user.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        ensure_seen(field, text)?;
        Self::known(field, text)
    }

    /// Parses a client id that may exist already. It also accepts what earlier versions did.
    ///
    /// # Errors
    /// As for groups, and for `@`.
    pub fn known(field: &str, text: &str) -> Result<Self> {
        if text.contains('@') {
            return Err(Error::invalid(format!("{field}: {} is an email address, not a client id", quoted(text))));
        }
        checked(field, text).map(Self)
    }
}

impl ServiceAccountName {
    /// Parses a service account's name. ASCII and lowercase give it a single spelling.
    ///
    /// # Errors
    /// `Invalid`, with the field's name and the rule.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let fits = (2..=63).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
        if !fits {
            return Err(Error::invalid(format!(
                "{field}: {} is not a service account name: use 2 to 63 lowercase letters, digits, - and _, with a letter first and a letter or digit last",
                quoted(text)
            )));
        }
        Ok(Self(text.into()))
    }
}

macro_rules! name_impls {
    ($($name:ident $known:ident $field:literal;)*) => {$(
        impl $name {
            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        // Hashed and ordered as its text.
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self> {
                Self::$known($field, &text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

name_impls! {
    GroupName known "group";
    ClientId known "clientId";
    ServiceAccountName parse "name";
}
