//! What becomes of a sign-in when the provider does not say which groups the person is in.

use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};

/// No word about groups is not the word that there are none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GroupsAbsent {
    /// It fails.
    #[default]
    Refuse,
    /// The person keeps the groups that are known, until these are too old. A newcomer has none.
    Keep,
    /// The person is in no group: the provider leaves an empty list out. More groups than it sends are not that.
    None,
}

impl GroupsAbsent {
    /// Its word in the API and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Keep => "keep",
            Self::None => "none",
        }
    }

    /// Reads its word.
    ///
    /// # Errors
    /// `Invalid` for another word.
    pub fn parse(field: &str, word: &str) -> Result<Self> {
        let all = [Self::Refuse, Self::Keep, Self::None];
        let found = all.into_iter().find(|it| it.as_str() == word);
        found.ok_or_else(|| Error::invalid(format!("{field}: {} is not one of refuse, keep, none", quoted(word))))
    }
}
