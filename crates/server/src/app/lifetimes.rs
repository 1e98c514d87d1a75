//! Lifetimes and time-outs: how long tokens, sessions, passwords and answers count.

use std::time::Duration;

/// The lifetimes of a server. Operators set all but the last.
#[derive(Debug, Clone)]
pub struct Lifetimes {
    /// Lifetime of an access token.
    pub access_token: Duration,
    /// Maximum lifetime of a session, and of its refresh tokens.
    pub session: Duration,
    /// How long after its first use a refresh token may be used again; zero means never.
    pub refresh_reuse_grace: Duration,
    /// Lifetime of a browser's session without requests.
    pub session_idle: Duration,
    /// Lifetime of a temporary password.
    pub temporary_password: Duration,
    /// How long a user's groups count without a word of their identity provider.
    pub groups: Duration,
    /// How long this server may answer without confirming that it is at the head of the feed.
    pub max_staleness: Duration,
    /// Interval at which the feed is polled for changes without a notification.
    pub follow_every: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            access_token: Duration::from_secs(60 * 60),
            session: Duration::from_secs(12 * 60 * 60),
            refresh_reuse_grace: Duration::from_secs(30),
            session_idle: Duration::from_secs(60 * 60),
            temporary_password: Duration::from_secs(7 * 24 * 60 * 60),
            groups: Duration::from_secs(7 * 24 * 60 * 60),
            max_staleness: Duration::from_secs(10),
            follow_every: Duration::from_millis(250),
        }
    }
}
