//! The sessions that end with an act. A world knows which sessions have ended, not which are open: an act names their owner.

use crate::identity::{ProviderId, ServiceAccountId, SessionId, UserId};

/// The open sessions that end with an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndedSessions {
    /// All sessions of these users.
    OfUsers(Vec<UserId>),
    /// All sessions of a user, except this one.
    OthersOf(UserId, SessionId),
    /// All sessions of a service account.
    OfServiceAccount(ServiceAccountId),
    /// The sessions that began with an identity provider.
    OfProvider(ProviderId),
    /// These sessions.
    These(Vec<SessionId>),
}

impl EndedSessions {
    /// All sessions of a user.
    pub(super) fn of_user(id: UserId) -> Option<Self> {
        Some(Self::OfUsers(vec![id]))
    }
}
