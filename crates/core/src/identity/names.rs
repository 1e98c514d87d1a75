//! Names that are compared exactly: groups, client ids, service accounts.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::text::shortened;

const MOST: usize = 255;

fn checked(field: &str, text: &str) -> Result<Arc<str>> {
    if text.is_empty() || text.chars().count() > MOST {
        return Err(Error::invalid(format!(
            "{field}: a name has 1 to {MOST} characters, this one has {}",
            text.chars().count()
        )));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(format!("{field}: {:?} holds a control character", shortened(text))));
    }
    if text.trim() != text {
        return Err(Error::invalid(format!("{field}: {:?} begins or ends with a space", shortened(text))));
    }
    // kube-apiserver would honour such a name as one of its own (system:masters) when it reads it from a token.
    if text.to_ascii_lowercase().starts_with("system:") {
        return Err(Error::invalid(format!(
            "{field}: {:?} begins with `system:`, which Kubernetes keeps for itself; use another name",
            shortened(text)
        )));
    }
    Ok(text.into())
}

/// The name of a group that an identity provider puts people in. Exact: `Dev` and `dev` are two groups.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct GroupName(Arc<str>);

/// The name that a service account signs in with. Exact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ClientId(Arc<str>);

/// What people call a service account: a lower-case letter, then lower-case letters, digits, `-` and `_`; 2 to 63 of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ServiceAccountName(Arc<str>);

impl GroupName {
    /// Reads a group's name.
    ///
    /// # Errors
    /// Invalid, with the field's name: empty, over 255 characters, control characters, spaces around it, `system:`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        checked(field, text).map(Self)
    }
}

impl ClientId {
    /// Reads a client id.
    ///
    /// # Errors
    /// As for groups; and it holds no `@`, which would make it look like a user.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        if text.contains('@') {
            return Err(Error::invalid(format!(
                "{field}: {:?} is an e-mail address, not a client id",
                shortened(text)
            )));
        }
        checked(field, text).map(Self)
    }
}

impl ServiceAccountName {
    /// Reads a service account's name.
    ///
    /// # Errors
    /// Invalid, with the field's name and the rule.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let fits = (2..=63).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
        if !fits {
            return Err(Error::invalid(format!(
                "{field}: {:?} is no name for a service account: 2 to 63 lower-case letters, digits, - and _, a letter first, a letter or digit last",
                shortened(text)
            )));
        }
        Ok(Self(text.into()))
    }
}

macro_rules! name_impls {
    ($($name:ident $field:literal;)*) => {$(
        impl $name {
            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        // Hashed and ordered as the text is.
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self> {
                Self::parse($field, &text)
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
    GroupName "group";
    ClientId "clientId";
    ServiceAccountName "name";
}
