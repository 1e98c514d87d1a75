//! Signing out.

use rolecall_core::Result;
use rolecall_core::access::Act;

use crate::app::{Call, Changed};

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
