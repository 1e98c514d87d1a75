//! Authorization of what makes a user another person's, or gives them another name: ending bindings, and following an email that
//! changed at the identity provider.

use std::collections::BTreeSet;

use super::authorize::require;
use super::{Entity, EntityKind, Principal, Rule};
use crate::catalogue::{Action, ResourceType};
use crate::error::{Error, Result};
use crate::identity::{Email, Subject, User, UserId};
use crate::org::Scope;
use crate::world::World;

impl World {
    /// Ending bindings is an act on each of the users.
    pub(super) fn unbind(&self, principal: &Principal<'_>, users: &[UserId]) -> Result<Entity> {
        let mut entities = users.iter().map(|id| {
            let entity = self.over_user(principal, *id, Action::Update)?;
            match self.user_by_id(*id).and_then(|user| user.binding.as_ref()) {
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

    /// A new email is an act on the user, on their rules, and on those that name the new email already.
    pub(super) fn change_email(&self, principal: &Principal<'_>, id: UserId, email: &Email) -> Result<Entity> {
        let entity = self.over_user(principal, id, Action::Update)?;
        for action in [Action::Create, Action::Delete] {
            require(principal, ResourceType::AccessRules, action, Scope::Account)?;
        }
        let refused = |message| Err(Error::conflict(message).with_reason("email-not-asserted"));
        match self.user_by_id(id).and_then(|user| user.email_there.as_ref()) {
            Some(there) if there == email => {}
            Some(there) => {
                return refused(format!("the identity provider of {} calls them {there}, not {email}", entity.name));
            }
            None => return refused(format!("the identity provider of {} calls them by no other email", entity.name)),
        }
        let binding = self.user_by_id(id).and_then(|user| user.binding.as_ref());
        if binding.and_then(|binding| self.provider(binding.provider())).is_none() {
            return refused(format!("the identity provider that called {} {email} was removed", entity.name));
        }
        if self.user(email).is_some() {
            return Err(Error::conflict(format!(
                "a user {email} exists already; delete that user first, if it is the same person"
            ))
            .with_reason("email-taken"));
        }
        if principal.first_not_held(self.rules_of(&Subject::User(email.clone()))).is_some() {
            return Err(Error::forbidden(format!(
                "there are already access rules for {email} that permit more than you have; an administrator with those \
                 permissions must do this"
            )));
        }
        Ok(Entity { kind: EntityKind::User, name: format!("{} as {email}", entity.name), ..entity })
    }

    /// The rules of a user that would go with them to a new email: each once, and none that the new email has already.
    #[must_use]
    pub fn rules_that_follow(&self, user: &User, email: &Email) -> Vec<Rule> {
        let (from, to) = (Subject::User(user.email.clone()), Subject::User(email.clone()));
        let mut known: BTreeSet<_> = self.rules_of(&to).map(|rule| (rule.role, rule.scope)).collect();
        self.rules_of(&from).filter(|rule| known.insert((rule.role, rule.scope))).collect()
    }
}
