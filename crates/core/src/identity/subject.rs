//! Subjects: whom an access rule is about. Names, not records: whoever carries the name has the rule.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ClientId, Email, GroupName};
use crate::error::Result;

/// The kinds of subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// A person, by e-mail.
    User,
    /// Everybody whom an identity provider puts into that group.
    Group,
    /// A machine, by client id.
    ServiceAccount,
}

impl SubjectKind {
    /// Every kind, in the order in which subjects are listed.
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

    /// The kind of that name; `app` is the old word for a service account.
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

/// Whom an access rule is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The user with that e-mail.
    User(Email),
    /// Everybody in that group.
    Group(GroupName),
    /// The service account with that client id.
    ServiceAccount(ClientId),
}

impl Subject {
    /// The subject of that kind and name, which may exist already: also a name that only earlier versions took.
    ///
    /// # Errors
    /// When the name is none for that kind.
    pub fn known(field: &str, kind: SubjectKind, name: &str) -> Result<Self> {
        Ok(match kind {
            SubjectKind::User => Self::User(Email::known(field, name)?),
            SubjectKind::Group => Self::Group(GroupName::known(field, name)?),
            SubjectKind::ServiceAccount => Self::ServiceAccount(ClientId::known(field, name)?),
        })
    }

    /// The subject of that kind and name, which is new here.
    ///
    /// # Errors
    /// When the name is none for that kind.
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
