//! Signs out, and ends a session that is no longer trusted.

use std::sync::Arc;

use rolecall_core::Result;
use rolecall_core::access::{Act, Actor};
use rolecall_core::identity::{SessionId, Subject};

use crate::app::{App, Call, Changed, OpenChange, RequestInfo};

/// Ends the caller's session; its cookie and tokens become invalid.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(call: &Call) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::SignOut).await?;
    change.tx.end_sessions(&permit, change.now).await?;
    change.commit(permit, 204, ()).await
}

/// Ends a session on Rolecall's own behalf; the request that caused it gets 401.
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
