//! Manages users: enable, disable, end sessions, end the binding to a person at an identity provider, delete.

use rolecall_core::Result;
use rolecall_core::acts::{DeleteUser, DisableUser, EnableUser, LogOutUser, UnbindUsers};
use rolecall_core::identity::UserId;

use crate::app::{Call, Changed};

/// Enables a user.
///
/// # Errors
/// `NotFound`; `Forbidden` without `users:update` at the account and every permission that the user has.
pub async fn enable(call: &Call, id: UserId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(EnableUser(id)).await?;
    change.tx.enable_user(&permit).await?;
    change.commit(permit, ()).await
}

/// Disables a user, and ends their sessions.
///
/// # Errors
/// `NotFound`; `Forbidden` as for [`enable`]; `Conflict` when they are the last way in.
pub async fn disable(call: &Call, id: UserId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(DisableUser(id)).await?;
    change.tx.disable_user(&permit).await?;
    change.commit(permit, ()).await
}

/// Ends all sessions of a user.
///
/// # Errors
/// `NotFound`; `Forbidden` as for [`enable`].
pub async fn log_out(call: &Call, id: UserId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(LogOutUser(id)).await?;
    change.tx.log_out_user(&permit).await?;
    change.commit(permit, ()).await
}

/// Ends the binding of an SSO user, and their sessions. The next person whom a provider describes with this email becomes
/// this user, with their access rules.
///
/// # Errors
/// `NotFound`; `Forbidden` as for [`enable`]; `Invalid` for a user who is bound to nobody.
pub async fn unbind(call: &Call, id: UserId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(UnbindUsers(vec![id])).await?;
    change.tx.unbind_users(&permit).await?;
    change.commit(permit, ()).await
}

/// Deletes a user with their credentials, sessions, tokens and rules.
///
/// # Errors
/// `NotFound`; `Forbidden` without `users:delete` at the account and every permission that the user has; `Conflict`
/// when they are the last way in.
pub async fn delete(call: &Call, id: UserId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(DeleteUser(id)).await?;
    change.tx.delete_user(&permit).await?;
    change.commit(permit, ()).await
}
