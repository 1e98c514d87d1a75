//! Names of the tree's nodes.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::text::shortened;

/// The name of a cluster, department or project: 1 to 255 characters, no `/` (which separates the parts of a scope's
/// path), no control characters, no spaces around it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct NodeName(Arc<str>);

impl NodeName {
    /// Reads a name.
    ///
    /// # Errors
    /// Invalid, with the field's name and what is wrong.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        const MOST: usize = 255;
        let length = text.chars().count();
        if length == 0 || length > MOST {
            return Err(Error::invalid(format!("{field}: a name has 1 to {MOST} characters, this one has {length}")));
        }
        if text.chars().any(char::is_control) || text.contains('/') {
            return Err(Error::invalid(format!("{field}: {:?} holds a slash or a control character", shortened(text))));
        }
        if text.trim() != text {
            return Err(Error::invalid(format!("{field}: {:?} begins or ends with a space", shortened(text))));
        }
        Ok(Self(text.into()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for NodeName {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::parse("name", &text)
    }
}

impl fmt::Display for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
