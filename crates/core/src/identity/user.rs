//! What the world knows of a user: just enough to decide and to guard.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Email, GroupName, UserId};

/// How a user proves who he is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credential {
    /// By an identity provider; there is no password here.
    External,
    /// By a password of his own.
    Own,
    /// By a temporary password, which lapses and can only be changed.
    Temporary,
    /// By a temporary password that does not lapse, since it is the account's last way in.
    LastingTemporary,
}

impl Credential {
    /// Whether whoever signs in with it may do nothing but change it.
    #[must_use]
    pub const fn must_change(self) -> bool {
        matches!(self, Self::Temporary | Self::LastingTemporary)
    }
}

/// What the world knows of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// His id.
    pub id: UserId,
    /// His name.
    pub email: Email,
    /// A disabled user signs in by no way, and his tokens count for nothing.
    pub enabled: bool,
    /// How he proves who he is.
    pub credential: Credential,
    /// The groups that his identity provider put him in; none for local users.
    pub groups: Arc<[GroupName]>,
}

impl User {
    /// Whether he signs in here, with a password.
    #[must_use]
    pub const fn is_local(&self) -> bool {
        !matches!(self.credential, Credential::External)
    }
}
