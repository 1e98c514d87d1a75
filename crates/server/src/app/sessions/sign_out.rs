//! Signs out, and ends a session that is no longer trusted.

use std::sync::Arc;

use rolecall_core::access::Actor;
use rolecall_core::acts::{EndSessions, SignOut};
use rolecall_core::identity::{SessionId, Subject, UserId};
use rolecall_core::{ErrorKind, Result};

use crate::app::{App, Call, Changed, OpenChange, RequestInfo};

/// Ends the caller's session; its cookie and tokens become invalid.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(call: &Call) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(SignOut).await?;
    change.tx.sign_out(&permit).await?;
    change.commit(permit, ()).await
}

/// Ends a session on Rolecall's own behalf; the request that caused it is refused.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn end_session(
    app: &Arc<App>,
    request: &RequestInfo,
    session: SessionId,
    subject: Subject,
) -> Result<()> {
    let refused = request.refused(ErrorKind::Unauthenticated);
    let change = OpenChange::open(app.clone(), Actor::Rolecall, refused).await?;
    end(change, vec![session], subject).await
}

/// Ends sessions of a user because their identity provider says so. False when the user was deleted: their sessions are over.
///
/// # Errors
/// When the database does not answer.
pub(in crate::app) async fn end_sessions_of(
    app: &Arc<App>,
    request: &RequestInfo,
    sessions: Vec<SessionId>,
    user: UserId,
) -> Result<bool> {
    let change = OpenChange::open(app.clone(), Actor::Rolecall, request.clone()).await?;
    let Some(email) = change.tx.world().user_by_id(user).map(|user| user.email.clone()) else { return Ok(false) };
    end(change, sessions, Subject::User(email)).await.map(|()| true)
}

async fn end(mut change: OpenChange, sessions: Vec<SessionId>, subject: Subject) -> Result<()> {
    let permit = change.authorize(EndSessions { sessions, subject }).await?;
    change.tx.end_sessions(&permit).await?;
    change.commit(permit, ()).await.map(|_| ())
}
