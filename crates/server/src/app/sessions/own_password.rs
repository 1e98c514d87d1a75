//! Verifies the password of a signed-in user before it is changed. For guessing it counts as a sign-in.

use std::sync::Arc;

use rolecall_core::identity::{Email, SessionId, Subject, UserId};
use rolecall_core::{Error, ErrorKind, Result};
use rolecall_signin::password::hash::Matched;
use rolecall_signin::secret::Secret;

use super::end_session;
use super::password::audit;
use crate::app::{App, RequestInfo};

/// Consecutive wrong passwords that end their session.
const MOST_WRONG: u32 = 5;

/// The user whose current password is verified, and the session of the request.
#[derive(Debug)]
pub struct SignedIn<'a> {
    /// Their email.
    pub email: &'a Email,
    /// Their id.
    pub id: UserId,
    /// The session.
    pub session: SessionId,
}

/// Verifies the current password of a signed-in user; returns the stored hash that it matched. The caller holds the
/// user's [turn](super::SignInGuard::begin_password_change).
///
/// A wrong one counts for the name and the address like a failed sign-in, and leaves an audit row. The fifth in a row
/// ends the session.
///
/// # Errors
/// `Invalid` when it is wrong, `Unauthenticated` when the session ends with it; `TooMany` or `Overloaded` as for sign-ins.
pub async fn verify_own_password(
    app: &Arc<App>,
    request: &RequestInfo,
    who: &SignedIn<'_>,
    password: &Secret,
) -> Result<String> {
    // The session belongs to this user, so failures of others for the name do not delay them.
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
    let row = audit(app, &request.refused(ErrorKind::Invalid), who.email.as_str(), "user", at)?;
    let wrong = app.store.note_wrong_password(who.session, who.id, row).await?;
    if wrong < MOST_WRONG {
        return Err(Error::invalid("currentPassword: this is not your current password"));
    }
    tracing::warn!(user = %who.email, session = %who.session, "{MOST_WRONG} wrong passwords in a row; the session is ended");
    end_session(app, request, who.session, Subject::User(who.email.clone())).await?;
    Err(Error::unauthenticated("currentPassword: wrong too often; this session has ended, sign in again")
        .with_reason("session-ended"))
}
