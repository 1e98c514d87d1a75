//! What people are called: their first and last names, where someone said so. They decide nothing.

use std::fmt;

use crate::error::{Error, Result};
use crate::text::{composed, folded, key_of_new, quoted, unseen};

/// Maximum characters of a name.
const MOST: usize = 255;

/// The names of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonNames {
    /// Their first name.
    pub first: Option<PersonName>,
    /// Their last name.
    pub last: Option<PersonName>,
}

impl PersonNames {
    /// The form in which both are searched, with a space between them; empty without names.
    #[must_use]
    pub fn key(&self) -> String {
        let names: Vec<&str> = [&self.first, &self.last].into_iter().flatten().map(PersonName::as_str).collect();
        folded(&names.join(" "))
    }
}

/// A first or a last name: 1 to 255 characters without invisible ones, in normalization form C.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Parses a name; `None` when it is empty or blank.
    ///
    /// # Errors
    /// `Invalid`, with the field's name: invisible characters, over 255 characters, or over 1,020 bytes in the form in which it is searched.
    pub fn parse(field: &str, text: &str) -> Result<Option<Self>> {
        // Composing shortens a name to a quarter at most.
        let text = if text.len() > 16 * MOST { text.into() } else { composed(text.trim()) };
        let length = text.chars().count();
        if length > MOST {
            return Err(Error::invalid(format!(
                "{field}: a name has at most {MOST} characters; this one has {length}"
            )));
        }
        if let Some(it) = unseen(&text) {
            let code = u32::from(it);
            return Err(Error::invalid(format!(
                "{field}: {} contains U+{code:04X}, which is invisible or has no standard form; remove it",
                quoted(&text)
            )));
        }
        key_of_new(field, &text)?;
        Ok((!text.is_empty()).then(|| Self(text.into())))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
