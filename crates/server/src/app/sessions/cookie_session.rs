//! Browser sessions: identified by a cookie, stored by its hash, ended by idleness.

use std::time::Duration;

use rolecall_core::access::Actor;
use rolecall_core::{Error, Result, Timestamp};
use rolecall_signin::opaque::{OpaqueSecret, SecretKind};
use rolecall_signin::secret::Secret;
use rolecall_store::NOT_WRITABLE;

use super::password;
use super::refresh::owner;
use crate::app::{App, RequestInfo};

/// A session that a browser has opened.
#[derive(Debug)]
pub struct BrowserSession {
    /// The session's cookie.
    pub secret: OpaqueSecret,
    /// The device cookie, after a sign-in with a password: failures of others for the name do not delay this browser later.
    pub device_proof: Option<String>,
    /// The user.
    pub actor: Actor,
    /// When the session ends at the latest.
    pub expires_at: Timestamp,
}

/// Signs a user in from a browser. The session's secret is always new.
///
/// # Errors
/// As for clients.
pub async fn open_for_browser(
    app: &App,
    request: &RequestInfo,
    username: &str,
    password: &Secret,
    device_proof: Option<&str>,
) -> Result<BrowserSession> {
    let verified = password::verify(app, request, username, password, device_proof).await?;
    let secret = OpaqueSecret::new(SecretKind::Session, &app.random.bytes()?);
    let session = password::open(app, request, &verified, Some(*secret.hash().as_bytes()), None).await?;
    Ok(BrowserSession {
        secret,
        device_proof: Some(app.guard.device_proof(&verified.user, verified.at)),
        expires_at: password::session_end(app, &verified),
        actor: Actor::User { email: verified.user.email, id: verified.user.id, session },
    })
}

/// The actor of a cookie's secret.
///
/// # Errors
/// `Unauthenticated` when there is no such session, or it has ended or expired.
pub async fn actor_of_cookie(app: &App, secret: &str, now: Timestamp) -> Result<Actor> {
    let ended = || Error::unauthenticated("your session has ended; sign in again").with_reason("session-ended");
    let secret = OpaqueSecret::parse(SecretKind::Session, secret).ok_or_else(ended)?;
    let session = app.store.session_by_secret(secret.hash().as_bytes()).await?.ok_or_else(ended)?;
    let idle_until = session.last_seen_at.plus(app.lifetimes.session_idle);
    if session.ended_at.is_some() || session.expires_at <= now || idle_until <= now {
        return Err(ended());
    }
    if now.since(session.last_seen_at) >= seen_every(app.lifetimes.session_idle) {
        match app.store.touch_session(session.id, now).await {
            // A reading request continues. The session may end sooner because of it, never later.
            Err(error) if error.reason == Some(NOT_WRITABLE) => {
                tracing::debug!(%error, "a session's use was not recorded")
            }
            noted => noted?,
        }
    }
    owner(&*app.engine.current(now)?, &session).ok_or_else(ended)
}

/// Minimum age of the recorded last use before it is recorded again, which is a write. A session may end this much
/// before it was idle for the full time.
fn seen_every(idle: Duration) -> Duration {
    (idle / 10).min(Duration::from_secs(60))
}
