//! Acts that make a user another person's, or give them another name: ending bindings, and following an email that changed at
//! the identity provider.

use std::collections::BTreeSet;

use super::rules::gone;
use super::users::{changed, over_user};
use super::{Act, EndedSessions, Entity, EntityKind};
use crate::access::{Actor, Principal, Rule, RuleId, require};
use crate::catalogue::{Action, ResourceType};
use crate::error::{Error, Result};
use crate::identity::{Email, Subject, User, UserId};
use crate::org::Scope;
use crate::world::{Change, World};

/// End the bindings of users: the next person with the email of one who signs in with an identity provider gets that user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnbindUsers(pub Vec<UserId>);

/// Give a user the email that their identity provider calls them by now; their rules go with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeEmail {
    /// The user.
    pub user: UserId,
    /// The new email.
    pub email: Email,
}

impl Act for UnbindUsers {
    const ACTION: &'static str = "update";
    type New = ();

    /// An act on each of the users.
    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        let (world, Self(users)) = (caller.world(), self);
        let mut entities = users.iter().map(|id| {
            let entity = over_user(caller, *id, Action::Update)?;
            match world.user_by_id(*id).and_then(|user| user.binding.as_ref()) {
                Some(_) => Ok(entity),
                None => Err(Error::invalid(format!(
                    "{} is bound to nobody at an identity provider, so there is no binding to end",
                    entity.name
                ))),
            }
        });
        let first = entities.next().unwrap_or_else(|| Err(Error::invalid("no user is named")))?;
        let others = entities.try_fold(0_usize, |count, entity| entity.map(|_| count + 1))?;
        let name = match others {
            0 => return Ok(first),
            1 => format!("{} and another user", first.name),
            _ => format!("{} and {others} other users", first.name),
        };
        Ok(Entity { kind: EntityKind::User, name, id: format!("{} users", users.len()) })
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        let users: BTreeSet<UserId> = self.0.iter().copied().collect();
        let unbound = |id| {
            changed(world, id, |user| {
                user.binding = None;
                user.email_there = None;
                // They were those of the person.
                user.groups = [].into();
            })
        };
        users.into_iter().flat_map(unbound).collect()
    }

    fn ends_sessions(&self, _: &Actor, _: &[Change]) -> Option<EndedSessions> {
        Some(EndedSessions::OfUsers(self.0.clone()))
    }
}

impl Act for ChangeEmail {
    const ACTION: &'static str = "update";
    type New = Vec<RuleId>;

    /// An act on the user, on their rules, and on those that name the new email already.
    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        let (world, Self { user: id, email }) = (caller.world(), self);
        let entity = over_user(caller, *id, Action::Update)?;
        for action in [Action::Create, Action::Delete] {
            require(caller, ResourceType::AccessRules, action, Scope::Account)?;
        }
        let refused = |message| Err(Error::conflict(message).with_reason("email-not-asserted"));
        match world.user_by_id(*id).and_then(|user| user.email_there.as_ref()) {
            Some(there) if there == email => {}
            Some(there) => {
                return refused(format!("the identity provider reports {there} for {}, not {email}", entity.name));
            }
            None => return refused(format!("the identity provider reports no other email for {}", entity.name)),
        }
        let binding = world.user_by_id(*id).and_then(|user| user.binding.as_ref());
        if binding.and_then(|binding| world.provider(binding.provider())).is_none() {
            return refused(format!("the identity provider that reported {email} for {} was removed", entity.name));
        }
        if world.user(email).is_some() {
            return Err(Error::conflict(format!(
                "a user {email} already exists; if it is the same person, delete that user first"
            ))
            .with_reason("email-taken"));
        }
        if caller.first_not_held(world.rules_of(&Subject::User(email.clone()))).is_some() {
            return Err(Error::forbidden(format!(
                "there are already access rules for {email} that permit more than you have; an administrator with those \
                 permissions must do this"
            )));
        }
        Ok(Entity { kind: EntityKind::User, name: format!("{} as {email}", entity.name), ..entity })
    }

    fn effects(&self, world: &World, _: &Actor, ids: Vec<RuleId>) -> Vec<Change> {
        let Self { user: id, email } = self;
        let Some(user) = world.user_by_id(*id) else { return Vec::new() };
        let mut changes = gone(world.rules_of(&Subject::User(user.email.clone())));
        changes.extend(changed(world, *id, |user| {
            user.email = email.clone();
            user.email_there = None;
        }));
        let moving = world.rules_that_follow(user, email).into_iter().zip(ids);
        changes.extend(
            moving.map(|(rule, id)| Change::RuleSet(Rule { id, subject: Subject::User(email.clone()), ..rule })),
        );
        changes
    }

    fn ends_sessions(&self, _: &Actor, _: &[Change]) -> Option<EndedSessions> {
        EndedSessions::of_user(self.user)
    }
}

impl World {
    /// The rules of a user that would go with them to a new email: each once, and none that the new email has already.
    #[must_use]
    pub fn rules_that_follow(&self, user: &User, email: &Email) -> Vec<Rule> {
        let (from, to) = (Subject::User(user.email.clone()), Subject::User(email.clone()));
        let mut known: BTreeSet<_> = self.rules_of(&to).map(|rule| (rule.role, rule.scope)).collect();
        self.rules_of(&from).filter(|rule| known.insert((rule.role, rule.scope))).collect()
    }
}
