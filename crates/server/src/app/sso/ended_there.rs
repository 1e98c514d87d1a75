//! What a provider has this server do to the sessions that it names: each of its messages counts once, and the sessions
//! end in revisions, so that their access tokens stop on all replicas and the audit log has them.

use std::sync::Arc;
use std::time::Duration;

use rolecall_core::identity::Provider;
use rolecall_core::{Error, Timestamp};
use rolecall_signin::oidc::CLOCK_SKEW_SECONDS;
use rolecall_signin::opaque::SecretHash;
use rolecall_signin::time::UnixSeconds;
use rolecall_store::{NAMED_AT_ONCE, NamedSessions};

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

/// The last moment at which a session that is meant can have begun, by a message of that second: clocks differ.
pub(super) fn begun_by(issued_at: UnixSeconds) -> Timestamp {
    Timestamp::from_millis(issued_at.0.saturating_add(CLOCK_SKEW_SECONDS).saturating_mul(1000))
}

/// What a provider says of sessions.
pub(super) struct EndSessions {
    /// Its message, by which it is known again.
    hash: [u8; 32],
    forget_at: Timestamp,
    named: NamedSessions,
}

impl EndSessions {
    /// These sessions end because of that message.
    pub(super) fn new(provider: &Provider, message: &Message<'_>, named: NamedSessions) -> Self {
        let Message { kind, issuer, id, remember_until } = message;
        Self {
            hash: *SecretHash::of(&format!("{kind}\n{}\n{issuer}\n{id}", provider.id)).as_bytes(),
            forget_at: Timestamp::from_millis(remember_until.0.saturating_mul(1000)).plus(REPLAY_MARGIN),
            named,
        }
    }

    /// Ends the sessions, also when nobody waits for it any more, and returns how many.
    ///
    /// # Errors
    /// When the message was used before, here or on another replica; when the database does not answer.
    pub(super) async fn carry_out(self, app: &Arc<App>, request: &RequestInfo) -> Result<usize, Failure> {
        let (app, request) = (app.clone(), request.clone());
        let work = async move { self.end(&app, &request).await };
        tokio::spawn(work).await.map_err(Error::internal)?
    }

    /// INVARIANT: the message counts as used when its sessions have ended, and not before: the provider may send it again.
    async fn end(self, app: &Arc<App>, request: &RequestInfo) -> Result<usize, Failure> {
        let replayed = || Failure::new("sign-out-replayed", "the message of the identity provider was used before");
        if app.store.was_used(&self.hash).await? {
            return Err(replayed());
        }
        app.store.note_ended_there(&self.named.sessions, self.named.begun_by).await?;
        let mut ended = 0;
        loop {
            let found = app.store.sessions_named(&self.named, app.clock.now()).await?;
            let mut more = found.len() == NAMED_AT_ONCE;
            for of_one in found.chunk_by(|(_, one), (_, other)| one == other) {
                let Some((_, user)) = of_one.first() else { continue };
                let sessions = of_one.iter().map(|(session, _)| *session).collect();
                // INVARIANT: a round that leaves a session as it is would find it again, so it is the last.
                more &= sessions::end_sessions_of(app, request, sessions, *user).await?;
            }
            ended += found.len();
            if !more {
                break;
            }
        }
        if app.store.use_assertion(&self.hash, self.forget_at, app.clock.now()).await? {
            return Ok(ended);
        }
        // Twice at the same time: the same sessions ended.
        Err(replayed())
    }
}
