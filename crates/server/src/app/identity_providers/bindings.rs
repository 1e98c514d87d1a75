//! The bindings of users to people at an identity provider, ended for all of them: after it was replaced, or calls everybody by
//! another subject.

use rolecall_core::access::Actor;
use rolecall_core::acts::UnbindUsers;
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

/// Whose people the users are bound to.
#[derive(Debug, Clone, Copy)]
pub enum Where<'a> {
    /// Of the provider with that alias.
    Provider(&'a str),
    /// Of providers that were removed.
    Removed,
}

/// What would come of ending the bindings of all users of a provider.
#[derive(Debug, Default)]
pub struct Bindings {
    /// How many users are bound to someone there.
    pub users: usize,
    /// How many have access through groups, and have none of it until they sign in again.
    pub losing: usize,
    /// Those whom the provider calls by another email: the next person with the one of before becomes them.
    pub renamed: Told,
    /// Those whose email no enabled provider may assert: they cannot sign in again.
    pub stranded: Told,
}

/// Some users.
#[derive(Debug, Default)]
pub struct Told {
    /// How many these are.
    pub total: usize,
    /// The first of them by email, at most 30.
    pub first: Vec<Email>,
}

/// What was done of ending bindings.
#[derive(Debug)]
pub struct Ended {
    /// How many ended now.
    pub ended: usize,
    /// Where to go on; `None` when each has had its turn.
    pub next: Option<UserId>,
}

/// Rehearses [`end_bindings`], until nothing is left to end.
///
/// # Errors
/// As [`end_bindings`].
pub async fn bindings(call: &Call, there: Where<'_>) -> Result<Bindings> {
    let provider = provider(call, there)?;
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

/// Ends the bindings of the users of a provider after that user, at most 1,000 in one change, and their sessions. Each user has
/// one turn: who signs in again meanwhile stays.
///
/// # Errors
/// `NotFound` when there is no such provider for the caller; `Forbidden` without `users:update` at the account and every
/// permission that these users have.
pub async fn end_bindings(call: &Call, there: Where<'_>, after: Option<UserId>) -> Result<Changed<Ended>> {
    let provider = provider(call, there)?;
    let mut change = call.open_change().await?;
    let (users, next) = turn(change.tx.world(), &call.actor, provider, after);
    let ended = users.len();
    if ended == 0 {
        return Ok(Changed { value: Ended { ended, next }, revision: change.tx.world().stamp() });
    }
    let permit = change.authorize(UnbindUsers(users)).await?;
    change.tx.unbind_users(&permit).await?;
    change.commit(permit, Ended { ended, next }).await
}

/// Whose turn it is, by id, and where to go on. The caller comes last of all: their session ends with their binding.
fn turn(
    world: &World,
    actor: &Actor,
    provider: Option<ProviderId>,
    after: Option<UserId>,
) -> (Vec<UserId>, Option<UserId>) {
    let is_caller = |user: &UserId| matches!(actor, Actor::User { id, .. } if id == user);
    let bound = || world.users_bound_at(provider).map(|user| user.id);
    let mut users: Vec<UserId> = bound().filter(|id| !is_caller(id) && after.is_none_or(|after| *id > after)).collect();
    users.sort_unstable();
    if users.len() > AT_ONCE {
        users.truncate(AT_ONCE);
        let next = users.last().copied();
        return (users, next);
    }
    users.extend(bound().find(is_caller));
    (users, None)
}

fn provider(call: &Call, there: Where<'_>) -> Result<Option<ProviderId>> {
    let caller = call.principal()?;
    let provider = match there {
        Where::Provider(alias) if !caller.reads_providers() => return Err(unknown(alias)),
        Where::Provider(alias) => Some(find(&call.world, alias)?),
        Where::Removed => {
            caller.ensure_reads_providers()?;
            None
        }
    };
    caller.ensure_may(UPDATE_USERS, Scope::Account)?;
    Ok(provider)
}

fn rehearsed(world: &World, actor: &Actor, provider: Option<ProviderId>, emails: &[Emails]) -> Result<Bindings> {
    let mut users: Vec<&User> = world.users_bound_at(provider).collect();
    users.sort_by(|a, b| a.email.cmp(&b.email));
    let mut bindings = Bindings { users: users.len(), ..Bindings::default() };
    for user in users {
        world.authorize(actor, UnbindUsers(vec![user.id]))?;
        if user.email_there.is_some() {
            bindings.renamed.tell(user);
        }
        if !emails.iter().any(|emails| emails.cover(&user.email)) {
            bindings.stranded.tell(user);
        }
        let has_rules = |group: &GroupName| world.rules_of(&Subject::Group(group.clone())).next().is_some();
        bindings.losing += usize::from(user.groups.iter().any(has_rules));
    }
    Ok(bindings)
}

impl Told {
    fn tell(&mut self, user: &User) {
        self.total += 1;
        if self.first.len() < TOLD {
            self.first.push(user.email.clone());
        }
    }
}
