//! Follows an email that changed at the identity provider: the person is the same, and an administrator decides.

use rolecall_core::acts::ChangeEmail;
use rolecall_core::identity::{Email, Subject, User, UserId};
use rolecall_core::org::Scope;
use rolecall_core::{Error, Result, World};
use rolecall_store::ProviderRecord;

use crate::app::identity_providers::Emails;
use crate::app::sso::Accesses;
use crate::app::{Call, Changed};

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
    /// Which rules these are.
    pub seen: String,
}

/// What [`change_email`] would do.
///
/// # Errors
/// As [`change_email`]; `Forbidden` without `access-rules:read` at the account.
pub async fn email_change(call: &Call, id: UserId) -> Result<EmailChange> {
    let (world, principal) = (&call.world, call.principal()?);
    let user = world.user_by_id(id).ok_or_else(|| principal.no_user(id))?;
    let there = user.email_there.as_ref().unwrap_or(&user.email);
    world.authorize(&call.actor, ChangeEmail { user: id, email: there.clone() })?;
    principal.ensure_reads_rules_in(Scope::Account)?;
    if let Some(binding) = &user.binding {
        ensure_covered(call.app.store.provider(binding.provider()).await?, there)?;
    }
    Ok(EmailChange {
        email: user.email.clone(),
        email_there: there.clone(),
        moving: Accesses::of(world, world.rules_that_follow(user, there)),
        joining: Accesses::of(world, world.rules_of(&Subject::User(there.clone()))),
        seen: rules_of_both(world, user, there),
    })
}

/// Gives a user the email that their identity provider calls them by, with their rules, and ends their sessions. `seen`: as
/// [`email_change`] told it.
///
/// # Errors
/// `NotFound`; `Forbidden` without `users:update`, `access-rules:create` and `access-rules:delete` at the account, and every
/// permission that the user has or that rules for the new email give; `Conflict` when the provider does not call them so, may
/// not assert that email or was removed, or another user has the email; `Outdated` when other rules would go with them than seen.
pub async fn change_email(call: &Call, id: UserId, email: Email, seen: Option<&str>) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(ChangeEmail { user: id, email: email.clone() }).await?;
    if let Some(user) = change.tx.world().user_by_id(id) {
        if seen.is_some_and(|seen| seen != rules_of_both(change.tx.world(), user, &email)) {
            return Err(Error::outdated(format!(
                "seen: the access rules of {} or {email} have changed since you looked; look again",
                user.email
            )));
        }
        if let Some(binding) = &user.binding {
            ensure_covered(change.tx.provider(binding.provider()).await?, &email)?;
        }
    }
    change.tx.change_email(&permit).await?;
    change.commit(permit, ()).await
}

/// Refuses an email that the provider may not assert: the person could not sign in with it.
fn ensure_covered(provider: Option<ProviderRecord>, email: &Email) -> Result<()> {
    let Some(provider) = provider else { return Ok(()) };
    let emails: Emails = serde_json::from_str(&provider.emails).map_err(Error::internal)?;
    if emails.cover(email) {
        return Ok(());
    }
    let alias = provider.provider.alias;
    Err(Error::conflict(format!("{email} is in none of the email domains of {alias} (emailDomains)"))
        .with_reason("email-domain"))
}

/// Which rules name the user by either email. Ids only grow: their number and the highest one tell of every change.
fn rules_of_both(world: &World, user: &User, email: &Email) -> String {
    let names = [Subject::User(user.email.clone()), Subject::User(email.clone())];
    let ids: Vec<i32> = names.iter().flat_map(|name| world.rules_of(name)).map(|rule| rule.id.number()).collect();
    format!("{}-{}", ids.len(), ids.iter().max().copied().unwrap_or_default())
}
