//! Verifying the password of a user who is signed in, before it is changed. As far as guessing goes, this is a sign-in.

use std::sync::Arc;

use rolecall_core::identity::{Email, SessionId, Subject, UserId};
use rolecall_core::{Error, Result};
use rolecall_signin::password::hash::Matched;
use rolecall_signin::secret::Secret;

use super::end_session;
use super::password::audit;
use crate::app::{App, RequestInfo};

/// How many wrong passwords in a row end the session that they come from.
const MOST_WRONG: u32 = 5;

/// The user who is asked for the current password, and the session that the request comes from.
#[derive(Debug)]
pub struct SignedIn<'a> {
    /// The user's name.
    pub email: &'a Email,
    /// The user's id.
    pub id: UserId,
    /// The session.
    pub session: SessionId,
}

/// Verifies the current password of a user who is signed in; returns the stored hash it was verified against. The caller
/// holds the user's [turn](super::SignInGuard::begin_password_change).
///
/// A wrong one counts for the name and the address like a failed sign-in, leaves an audit row, and the fifth in a row ends
/// the session.
///
/// # Errors
/// `Invalid` when it is wrong, `Unauthenticated` when the session ends with it; `TooMany` or `Overloaded` as for sign-ins.
pub async fn verify_own_password(
    app: &Arc<App>,
    request: &RequestInfo,
    who: &SignedIn<'_>,
    password: &Secret,
) -> Result<String> {
    // The session belongs to this very user, so failures of others for the name do not delay it.
    let place = app.guard.admit(None, request.source_ip, app.clock.now()).await?;
    let stored = app.store.user_for_sign_in(who.email).await?.and_then(|user| user.password_hash);
    if let Some(hash) = stored
        && app.hashing.verify(password, Some(&hash), place.lane()).await? != Matched::No
    {
        app.store.forget_wrong_passwords(who.session).await?;
        return Ok(hash);
    }
    let at = app.clock.now();
    app.guard.failed(Some(who.email.as_str()), request.source_ip, at);
    let row = audit(app, request, who.email.as_str(), "user", 400, at)?;
    let wrong = app.store.note_wrong_password(who.session, who.id, row).await?;
    if wrong < MOST_WRONG {
        return Err(Error::invalid("currentPassword: this is not your current password"));
    }
    tracing::warn!(user = %who.email, session = %who.session, "{MOST_WRONG} wrong passwords in a row; the session is ended");
    end_session(app, request, who.session, Subject::User(who.email.clone())).await?;
    Err(Error::unauthenticated("currentPassword: wrong too often; this session has ended, sign in again")
        .with_reason("session-ended"))
}
