//! Subjects of access rules. They are names, not records: a rule applies to the identity that has the name.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ClientId, Email, GroupName};
use crate::error::Result;

/// The kinds of subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// A user, by email.
    User,
    /// The users that an identity provider puts into the group.
    Group,
    /// A service account, by client id.
    ServiceAccount,
}

impl SubjectKind {
    /// Every kind, in the order of lists.
    pub const ALL: [Self; 3] = [Self::User, Self::Group, Self::ServiceAccount];

    /// The word that the API and the store use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::ServiceAccount => "service-account",
        }
    }

    /// The word in sentences.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::ServiceAccount => "service account",
        }
    }

    /// The kind with that word; `app` is the old word for a service account.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "user" => Some(Self::User),
            "group" => Some(Self::Group),
            "service-account" | "app" => Some(Self::ServiceAccount),
            _ => None,
        }
    }
}

/// The subject of an access rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The user with that email.
    User(Email),
    /// The members of that group.
    Group(GroupName),
    /// The service account with that client id.
    ServiceAccount(ClientId),
}

impl Subject {
    /// The subject with that kind and name, which may exist already. Names that only earlier versions accepted are
    /// allowed.
    ///
    /// # Errors
    /// `Invalid` when the name is not valid for that kind.
    pub fn known(field: &str, kind: SubjectKind, name: &str) -> Result<Self> {
        Ok(match kind {
            SubjectKind::User => Self::User(Email::known(field, name)?),
            SubjectKind::Group => Self::Group(GroupName::known(field, name)?),
            SubjectKind::ServiceAccount => Self::ServiceAccount(ClientId::known(field, name)?),
        })
    }

    /// The subject with that kind and a new name.
    ///
    /// # Errors
    /// `Invalid` when the name is not valid for that kind.
    pub fn parse(field: &str, kind: SubjectKind, name: &str) -> Result<Self> {
        Ok(match kind {
            SubjectKind::User => Self::User(Email::parse(field, name)?),
            SubjectKind::Group => Self::Group(GroupName::parse(field, name)?),
            SubjectKind::ServiceAccount => Self::ServiceAccount(ClientId::parse(field, name)?),
        })
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> SubjectKind {
        match self {
            Self::User(_) => SubjectKind::User,
            Self::Group(_) => SubjectKind::Group,
            Self::ServiceAccount(_) => SubjectKind::ServiceAccount,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::User(email) => email.as_str(),
            Self::Group(group) => group.as_str(),
            Self::ServiceAccount(client_id) => client_id.as_str(),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
