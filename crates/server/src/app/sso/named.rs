//! What a provider has this server do to the sessions that it names: each of its messages counts once, and the sessions
//! end in revisions, so that their access tokens stop on all replicas and the audit log has them.

use std::sync::Arc;
use std::time::Duration;

use rolecall_core::identity::Provider;
use rolecall_core::text::quoted;
use rolecall_core::{Result, Timestamp};
use rolecall_signin::opaque::SecretHash;
use rolecall_signin::time::UnixSeconds;
use rolecall_store::NamedSessions;

use super::Failure;
use crate::app::{App, RequestInfo, sessions};

/// How much longer than necessary a used message is kept in mind: the clocks of replicas differ.
const REPLAY_MARGIN: Duration = Duration::from_secs(10 * 60);

/// A message of a provider that counts once.
pub(super) struct Message<'a> {
    /// Its kind: ids are unique among those of a kind.
    pub kind: &'static str,
    /// Who sent it.
    pub issuer: &'a str,
    /// Its id.
    pub id: &'a str,
    /// From then on it is refused by its age.
    pub remember_until: UnixSeconds,
}

/// Refuses a message that was used before, here or on another replica.
pub(super) async fn ensure_first(app: &App, provider: &Provider, message: &Message<'_>) -> Result<(), Failure> {
    let Message { kind, issuer, id, remember_until } = message;
    let hash = SecretHash::of(&format!("{kind}\n{}\n{issuer}\n{id}", provider.id));
    let forget_at = Timestamp::from_millis(remember_until.0.saturating_mul(1000)).plus(REPLAY_MARGIN);
    if app.store.use_assertion(hash.as_bytes(), forget_at, app.clock.now()).await? {
        return Ok(());
    }
    Err(Failure::new("sign-out-replayed", format!("the {kind} {} was used before", quoted(id))))
}

/// Ends the sessions that a provider names, and returns how many. `status` is that of the response, for the audit log.
///
/// # Errors
/// When the database does not answer; some may have ended by then.
pub(super) async fn end(app: &Arc<App>, request: &RequestInfo, named: NamedSessions, status: u16) -> Result<usize> {
    let found = app.store.sessions_named(named, app.clock.now()).await?;
    for (session, user) in &found {
        sessions::end_session_of(app, request, *session, *user, status).await?;
    }
    Ok(found.len())
}
