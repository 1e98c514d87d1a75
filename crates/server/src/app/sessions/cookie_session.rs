//! Sessions of browsers: held by a cookie, found by its hash, ended by idleness.

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
    /// What the browser keeps.
    pub secret: OpaqueSecret,
    /// What it keeps to be recognized later, so that failures of others for the name do not delay it.
    pub device_proof: String,
    /// Who signed in.
    pub actor: Actor,
    /// When the session ends at the latest.
    pub expires_at: Timestamp,
}

/// Signs a person in for a browser. The session's secret is always a new one.
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
        device_proof: app.guard.device_proof(&verified.user, verified.at),
        expires_at: password::session_end(app, &verified),
        actor: Actor::User { email: verified.user.email, id: verified.user.id, session },
    })
}

/// Who a cookie's secret speaks for.
///
/// # Errors
/// Unauthenticated when there is no such session, or it has ended or lapsed.
pub async fn actor_of_cookie(app: &App, secret: &str, now: Timestamp) -> Result<Actor> {
    let ended = || Error::unauthenticated("your session has ended; sign in again").with_reason("session-ended");
    let secret = OpaqueSecret::parse(SecretKind::Session, secret).ok_or_else(ended)?;
    let session = app.store.session_by_secret(secret.hash().as_bytes()).await?.ok_or_else(ended)?;
    let idle_until = session.last_seen_at.plus(app.policy.session_idle);
    if session.ended_at.is_some() || session.expires_at <= now || idle_until <= now {
        return Err(ended());
    }
    if now.since(session.last_seen_at) >= seen_every(app.policy.session_idle) {
        match app.store.touch_session(session.id, now).await {
            // Who only reads goes on. The session may end sooner for it, never later.
            Err(error) if error.reason == Some(NOT_WRITABLE) => tracing::debug!(%error, "a session's use is not noted"),
            noted => noted?,
        }
    }
    owner(&*app.engine.current(now)?, &session).ok_or_else(ended)
}

/// How long a session's last use may lie back before it is noted anew, which is a write. A session may end this much before it
/// was idle for the whole time.
fn seen_every(idle: Duration) -> Duration {
    (idle / 10).min(Duration::from_secs(60))
}
