//! Acting on users: enable, disable, log out, delete.

use rolecall_core::Result;
use rolecall_core::access::Act;
use rolecall_core::identity::UserId;

use crate::app::{Call, Changed};

/// Lets a disabled user sign in again.
///
/// # Errors
/// Not found, or forbidden without `users:update` at the account and everything that he holds.
pub async fn enable(call: &Call, id: UserId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::EnableUser(id)).await?;
    change.tx.set_user_enabled(&permit, change.now).await?;
    change.commit(permit, 204, ()).await
}

/// Keeps a user from signing in by any way, and ends his sessions.
///
/// # Errors
/// Not found; forbidden as for [`enable`]; conflict where he is the last way in.
pub async fn disable(call: &Call, id: UserId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::DisableUser(id)).await?;
    change.tx.set_user_enabled(&permit, change.now).await?;
    change.commit(permit, 204, ()).await
}

/// Ends all sessions of a user.
///
/// # Errors
/// Not found, or forbidden as for [`enable`].
pub async fn log_out(call: &Call, id: UserId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::LogOutUser(id)).await?;
    change.tx.end_sessions(&permit, change.now).await?;
    change.commit(permit, 200, ()).await
}

/// Removes a user with his credentials, sessions, tokens and rules.
///
/// # Errors
/// Not found; forbidden without `users:delete` at the account and everything that he holds; conflict where he is the
/// last way in.
pub async fn delete(call: &Call, id: UserId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::DeleteUser(id)).await?;
    change.tx.delete_user(&permit, &change.world, change.now).await?;
    change.commit(permit, 204, ()).await
}
