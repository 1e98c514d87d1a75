//! Names of the tree's nodes.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::text::{composed, folded, key_of_new, quoted, unseen};

/// Maximum characters of a name.
const MOST: usize = 255;

/// The name of a cluster, department or project: 1 to 255 characters, no `/` (which separates the names of a scope
/// path), no invisible characters, and no white space except single spaces between words. In normalization form C.
///
/// Equality and order are bytewise. Names with the same [`key`](Self::key) are the same name to people.
// INVARIANT: stored values and feeds are read with `known`, since earlier versions accepted more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct NodeName(Arc<str>);

impl NodeName {
    /// Parses a new name, in either normalization form.
    ///
    /// # Errors
    /// `Invalid`, with the field's name and what is wrong.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let refused = |what: &str| Err(Error::invalid(format!("{field}: {} {what}", quoted(text))));
        // Composing shortens a name to a quarter at most.
        let text = if text.len() > 16 * MOST { text.into() } else { composed(text) };
        ensure_length(field, &text)?;
        if let Some(it) = unseen(&text) {
            let code = u32::from(it);
            return refused(&format!("contains U+{code:04X}, which is invisible or has no standard form; remove it"));
        }
        if text.contains('/') {
            return refused("contains a slash, which separates names; remove it");
        }
        if let Some(blank) = text.chars().find(|it| it.is_whitespace() && *it != ' ') {
            let code = u32::from(blank);
            return refused(&format!("contains U+{code:04X}, which looks like a space; use a plain space"));
        }
        if text.trim() != text || text.contains("  ") {
            return refused("begins or ends with a space, or contains two in a row; use single spaces between words");
        }
        key_of_new(field, &text)?;
        Ok(Self(text.into()))
    }

    /// Parses a name that may exist already. It also accepts what earlier versions did.
    ///
    /// # Errors
    /// `Invalid` when no version ever accepted it.
    pub fn known(field: &str, text: &str) -> Result<Self> {
        ensure_length(field, text)?;
        if text.chars().any(char::is_control) || text.contains('/') || text.trim() != text {
            return Err(Error::invalid(format!(
                "{field}: {} is not the name of a cluster, department or project",
                quoted(text)
            )));
        }
        Ok(Self(text.into()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which names are compared.
    #[must_use]
    pub fn key(&self) -> String {
        folded(&self.0)
    }
}

fn ensure_length(field: &str, text: &str) -> Result<()> {
    let length = text.chars().count();
    if (1..=MOST).contains(&length) {
        return Ok(());
    }
    Err(Error::invalid(format!("{field}: a name has 1 to {MOST} characters; this one has {length}")))
}

impl TryFrom<String> for NodeName {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::known("name", &text)
    }
}

impl fmt::Display for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
