//! The bindings of users to people at an identity provider, ended for all of them: after it was replaced, or calls everybody by
//! another subject.

use rolecall_core::access::{Act, Actor, READ_PROVIDERS};
use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::identity::{Email, GroupName, ProviderId, Subject, User, UserId};
use rolecall_core::org::Scope;
use rolecall_core::{Error, Result, World};

use super::{Emails, find, unknown};
use crate::app::{Call, Changed};

/// Maximum bindings that end in one change.
const AT_ONCE: usize = 1000;
/// Maximum users that are told by name.
const TOLD: usize = 30;

const UPDATE_USERS: Permission = Permission::new(ResourceType::Users, Action::Update);

/// What would come of ending the bindings of all users of a provider.
#[derive(Debug, Default)]
pub struct Bindings {
    /// How many users are bound to somebody there.
    pub users: usize,
    /// How many have access through groups, and have none of it until they sign in again.
    pub losing: usize,
    /// How many have an email that no enabled provider may assert: they cannot sign in again.
    pub stranded: usize,
    /// The first of those by email, at most 30.
    pub told: Vec<Email>,
}

/// What was done of ending bindings.
#[derive(Debug)]
pub struct Ended {
    /// How many ended now.
    pub ended: usize,
    /// How many are left.
    pub left: usize,
}

/// Rehearses [`end_bindings`], until nothing is left to end.
///
/// # Errors
/// As [`end_bindings`].
pub async fn bindings(call: &Call, alias: &str) -> Result<Bindings> {
    let provider = provider(call, alias)?;
    let mut emails = Vec::new();
    for record in call.app.store.providers().await?.into_iter().filter(|record| record.provider.enabled) {
        emails.push(serde_json::from_str(&record.emails).map_err(Error::internal)?);
    }
    // One after the other: it is work for a processor.
    let _turn = call.app.sso.rehearsals.acquire().await.map_err(Error::internal)?;
    let (world, actor) = (call.world.clone(), call.actor.clone());
    let work = move || rehearsed(&world, &actor, provider, &emails);
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// Ends the bindings of the users of a provider, at most 1,000 in one change, and their sessions.
///
/// # Errors
/// `NotFound` when there is no such provider for the caller; `Forbidden` without `users:update` at the account and every
/// permission that these users have.
pub async fn end_bindings(call: &Call, alias: &str) -> Result<Changed<Ended>> {
    let provider = provider(call, alias)?;
    let mut change = call.open_change().await?;
    let users = next_users(&change.world, &call.actor, provider);
    let ended = users.len();
    if ended == 0 {
        return Ok(Changed { value: Ended { ended, left: 0 }, revision: change.world.stamp() });
    }
    let left = change.world.users_bound_at(provider).count().saturating_sub(ended);
    let permit = change.authorize(Act::UnbindUsers(users)).await?;
    change.tx.unbind_users(&permit, change.now).await?;
    change.commit(permit, 200, Ended { ended, left }).await
}

/// The users of the next change. The caller comes last: their session ends with their binding.
fn next_users(world: &World, actor: &Actor, provider: ProviderId) -> Vec<UserId> {
    let is_caller = |user: &UserId| matches!(actor, Actor::User { id, .. } if id == user);
    let bound = || world.users_bound_at(provider).map(|user| user.id);
    bound().filter(|id| !is_caller(id)).chain(bound().filter(is_caller)).take(AT_ONCE).collect()
}

fn provider(call: &Call, alias: &str) -> Result<ProviderId> {
    let caller = call.principal()?;
    if !caller.may(READ_PROVIDERS, Scope::Account) {
        return Err(unknown(alias));
    }
    let provider = find(&call.world, alias)?;
    caller.ensure_may(UPDATE_USERS, Scope::Account)?;
    Ok(provider)
}

fn rehearsed(world: &World, actor: &Actor, provider: ProviderId, emails: &[Emails]) -> Result<Bindings> {
    let mut users: Vec<&User> = world.users_bound_at(provider).collect();
    users.sort_by(|a, b| a.email.cmp(&b.email));
    let mut bindings = Bindings { users: users.len(), ..Bindings::default() };
    for user in users {
        world.authorize(actor, Act::UnbindUsers(vec![user.id]))?;
        if !emails.iter().any(|emails| emails.cover(&user.email)) {
            bindings.stranded += 1;
            if bindings.told.len() < TOLD {
                bindings.told.push(user.email.clone());
            }
        }
        let has_rules = |group: &GroupName| world.rules_of(&Subject::Group(group.clone())).next().is_some();
        bindings.losing += usize::from(user.groups.iter().any(has_rules));
    }
    Ok(bindings)
}
