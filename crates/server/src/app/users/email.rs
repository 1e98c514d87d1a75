//! Follows an email that changed at the identity provider: the person is the same, and an administrator decides.

use rolecall_core::Result;
use rolecall_core::access::Act;
use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::identity::{Email, Subject, UserId};
use rolecall_core::org::Scope;

use crate::app::sso::Accesses;
use crate::app::{Call, Changed};

const READ_RULES: Permission = Permission::new(ResourceType::AccessRules, Action::Read);

/// What would come of giving a user the email that their identity provider calls them by.
#[derive(Debug)]
pub struct EmailChange {
    /// Their email.
    pub email: Email,
    /// What the provider calls them.
    pub email_there: Email,
    /// The access of their rules, which would name the new email.
    pub moving: Accesses,
    /// The access of rules that name the new email already, which would be theirs.
    pub joining: Accesses,
}

/// What [`change_email`] would do.
///
/// # Errors
/// As [`change_email`]; `Forbidden` without `access-rules:read` at the account.
pub fn email_change(call: &Call, id: UserId) -> Result<EmailChange> {
    let (world, principal) = (&call.world, call.principal()?);
    let user = world.user_by_id(id).ok_or_else(|| principal.no_user(id))?;
    let there = user.email_there.as_ref().unwrap_or(&user.email);
    world.authorize(&call.actor, Act::ChangeEmail { user: id, email: there.clone() })?;
    principal.ensure_may(READ_RULES, Scope::Account)?;
    Ok(EmailChange {
        email: user.email.clone(),
        email_there: there.clone(),
        moving: Accesses::of(world, world.rules_that_follow(user, there)),
        joining: Accesses::of(world, world.rules_of(&Subject::User(there.clone()))),
    })
}

/// Gives a user the email that their identity provider calls them by, with their rules, and ends their sessions.
///
/// # Errors
/// `NotFound`; `Forbidden` without `users:update`, `access-rules:create` and `access-rules:delete` at the account, and every
/// permission that the user has or that rules for the new email give; `Conflict` when the provider does not call them so, or
/// another user has the email.
pub async fn change_email(call: &Call, id: UserId, email: Email) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::ChangeEmail { user: id, email }).await?;
    change.tx.change_email(&permit, &change.world, change.now).await?;
    change.commit(permit, 204, ()).await
}
