//! Signing out, and ending a session that is not trusted any more.

use std::sync::Arc;

use rolecall_core::Result;
use rolecall_core::access::{Act, Actor};
use rolecall_core::identity::{SessionId, Subject};

use crate::app::{App, Call, Changed, OpenChange, RequestInfo};

/// Ends the session of whoever asks; its cookie and its tokens count for nothing from now on.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(call: &Call) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::SignOut).await?;
    change.tx.end_sessions(&permit, change.now).await?;
    change.commit(permit, 204, ()).await
}

/// Ends a session on Rolecall's own account; the request that brought it about is answered 401.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn end_session(
    app: &Arc<App>,
    request: &RequestInfo,
    session: SessionId,
    subject: Subject,
) -> Result<()> {
    let mut change = OpenChange::open(app.clone(), Actor::Rolecall, request.clone()).await?;
    let permit = change.authorize(Act::EndSession { session, subject }).await?;
    change.tx.end_sessions(&permit, change.now).await?;
    change.commit(permit, 401, ()).await.map(|_| ())
}
