//! A user in the world: what decisions and guards need.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Binding, Email, GroupName, UserId};

/// How a user authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credential {
    /// By an identity provider; they have no password here.
    External,
    /// By their own password.
    Own,
    /// By a temporary password, which expires and only allows changing it.
    Temporary,
    /// By a temporary password that does not expire, because the user is the account's last way in.
    LastingTemporary,
}

impl Credential {
    /// Whether a sign-in with it only allows changing it.
    #[must_use]
    pub const fn must_change(self) -> bool {
        matches!(self, Self::Temporary | Self::LastingTemporary)
    }
}

/// A user in the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Their email.
    pub email: Email,
    /// A disabled user cannot sign in, and their tokens are refused.
    pub enabled: bool,
    /// How they authenticate.
    pub credential: Credential,
    /// Their groups from the identity provider; empty for local users.
    pub groups: Arc<[GroupName]>,
    /// Who they are at their identity provider; `None` for local users, and for others until they sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binding: Option<Arc<Binding>>,
    /// What their identity provider called them at their last sign-in, where that is another email than theirs here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_there: Option<Email>,
}

impl User {
    /// Whether they sign in here, with a password.
    #[must_use]
    pub const fn is_local(&self) -> bool {
        !matches!(self.credential, Credential::External)
    }
}
