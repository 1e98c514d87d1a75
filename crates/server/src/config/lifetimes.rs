//! Lifetimes and time-outs: how long tokens, sessions, passwords and answers count.

use std::time::Duration;

use clap::Parser;

use super::duration::{grace, lifetime};

/// The lifetimes of a server. Operators set all but the last.
#[derive(Debug, Clone, Parser)]
pub struct Lifetimes {
    /// How long an access token is valid
    #[arg(long = "access-token-lifetime", env = "ROLECALL_ACCESS_TOKEN_LIFETIME", value_name = "TIME", default_value = "1h", value_parser = lifetime)]
    pub access_token: Duration,

    /// The longest time a sign-in lasts, refresh tokens included
    #[arg(long = "session-lifetime", env = "ROLECALL_SESSION_LIFETIME", value_name = "TIME", default_value = "12h", value_parser = lifetime)]
    pub session: Duration,

    /// How long after its first use a refresh token may be used again, as when an answer was lost or two tabs refresh at once;
    /// 0s: never, 5m at most. Later use ends the session
    #[arg(long, env = "ROLECALL_REFRESH_REUSE_GRACE", value_name = "TIME", default_value = "30s", value_parser = grace)]
    pub refresh_reuse_grace: Duration,

    /// How long a browser stays signed in without requests
    #[arg(long = "session-idle-timeout", env = "ROLECALL_SESSION_IDLE_TIMEOUT", value_name = "TIME", default_value = "1h", value_parser = lifetime)]
    pub session_idle: Duration,

    /// How long a temporary password is valid
    #[arg(long = "temporary-password-lifetime", env = "ROLECALL_TEMPORARY_PASSWORD_LIFETIME", value_name = "TIME", default_value = "7d", value_parser = lifetime)]
    pub temporary_password: Duration,

    /// How long a user's groups count after their identity provider last reported them; each sign-in reports them
    #[arg(long = "groups-lifetime", env = "ROLECALL_GROUPS_LIFETIME", value_name = "TIME", default_value = "7d", value_parser = lifetime)]
    pub groups: Duration,

    /// How long this server may answer without confirming that it knows the newest rules; after that it answers 503
    #[arg(long, env = "ROLECALL_MAX_STALENESS", value_name = "TIME", default_value = "10s", value_parser = lifetime)]
    pub max_staleness: Duration,

    /// Interval at which the feed is polled for changes without a notification
    #[arg(skip = Duration::from_millis(250))]
    pub follow_every: Duration,
}
