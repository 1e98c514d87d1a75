//! Acts on users. An act on another user needs the permission at the account, and everything that the user has.

use super::rules::gone;
use super::{Act, EndedSessions, Entity, EntityKind, not_through_the_api};
use crate::access::{Actor, Directory, Principal, require, require_over};
use crate::catalogue::{Action, ResourceType};
use crate::error::{Error, Result};
use crate::identity::{Credential, Email, Subject, User, UserId};
use crate::org::Scope;
use crate::world::{Change, World};

/// Create a local user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateUser {
    /// Their email.
    pub email: Email,
}

/// Delete a user, their rules and their sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteUser(pub UserId);

/// Enable a disabled user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnableUser(pub UserId);

/// Disable a user: no sign-in method works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisableUser(pub UserId);

/// Give a local user a temporary password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetPassword(pub UserId);

/// Change the caller's own password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeOwnPassword;

impl Act for CreateUser {
    const ACTION: &'static str = "create";
    type New = (UserId, Credential);

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        let Self { email } = self;
        require(caller, ResourceType::Users, Action::Create, Scope::Account)?;
        if caller.world().user(email).is_some() {
            return Err(Error::conflict(format!("a user {email} already exists")));
        }
        // Rules may name a user before the user exists. Creating the user activates those rules.
        if caller.first_not_held(caller.world().rules_of(&Subject::User(email.clone()))).is_some() {
            return Err(Error::forbidden(format!(
                "there are already access rules for {email} that permit more than you have; an administrator \
                 with those permissions must create this user"
            )));
        }
        Ok(Entity::new(EntityKind::User, email.as_str()))
    }

    fn effects(&self, _: &World, _: &Actor, (id, credential): (UserId, Credential)) -> Vec<Change> {
        vec![Change::UserSet(User {
            id,
            email: self.email.clone(),
            enabled: true,
            credential,
            groups: [].into(),
            binding: None,
            email_there: None,
        })]
    }
}

impl Act for DeleteUser {
    const ACTION: &'static str = "delete";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_user(caller, self.0, Action::Delete)
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        let Some(email) = world.user_by_id(self.0).map(|user| user.email.clone()) else { return Vec::new() };
        let mut changes = gone(world.rules_of(&Subject::User(email.clone())));
        changes.push(Change::UserGone { email });
        changes
    }

    fn ends_sessions(&self, _: &Actor, _: &[Change]) -> Option<EndedSessions> {
        EndedSessions::of_user(self.0)
    }
}

impl Act for EnableUser {
    const ACTION: &'static str = "update";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_user(caller, self.0, Action::Update)
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        changed(world, self.0, |user| user.enabled = true)
    }
}

impl Act for DisableUser {
    const ACTION: &'static str = "update";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_user(caller, self.0, Action::Update)
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        changed(world, self.0, |user| user.enabled = false)
    }

    fn ends_sessions(&self, _: &Actor, _: &[Change]) -> Option<EndedSessions> {
        EndedSessions::of_user(self.0)
    }
}

impl Act for ResetPassword {
    const ACTION: &'static str = "reset-password";
    type New = Credential;

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        let entity = over_user(caller, self.0, Action::Update)?;
        match caller.world().user_by_id(self.0) {
            Some(user) if user.is_local() => Ok(entity),
            _ => Err(Error::invalid(format!(
                "{} signs in with single sign-on and has no password here to reset",
                entity.name
            ))),
        }
    }

    fn effects(&self, world: &World, _: &Actor, new: Credential) -> Vec<Change> {
        changed(world, self.0, |user| user.credential = new)
    }

    fn ends_sessions(&self, _: &Actor, _: &[Change]) -> Option<EndedSessions> {
        EndedSessions::of_user(self.0)
    }
}

impl Act for ChangeOwnPassword {
    const ACTION: &'static str = "update";
    const WITH_TEMPORARY_PASSWORD: bool = true;
    type New = Credential;

    fn by_caller(&self, caller: &Principal<'_>, actor: &Actor) -> Result<Entity> {
        match caller.subject() {
            Subject::User(email) if caller.world().user(email).is_some_and(User::is_local) => match actor {
                Actor::User { id, .. } => {
                    Ok(Entity { kind: EntityKind::User, name: email.to_string(), id: id.to_string() })
                }
                _ => Err(not_through_the_api()),
            },
            subject => Err(Error::forbidden(format!("{subject} has no password to change"))),
        }
    }

    fn effects(&self, world: &World, actor: &Actor, new: Credential) -> Vec<Change> {
        match actor {
            Actor::User { id, .. } => changed(world, *id, |user| user.credential = new),
            _ => Vec::new(),
        }
    }

    fn ends_sessions(&self, actor: &Actor, _: &[Change]) -> Option<EndedSessions> {
        match actor {
            Actor::User { id, session, .. } => Some(EndedSessions::OthersOf(*id, *session)),
            _ => None,
        }
    }
}

/// Permits an act on a user.
pub(super) fn over_user(caller: &Principal<'_>, id: UserId, action: Action) -> Result<Entity> {
    let world = caller.world();
    let user = world.user_by_id(id).filter(|_| caller.reads(Directory::Users)).ok_or_else(|| caller.no_user(id))?;
    require(caller, ResourceType::Users, action, Scope::Account)?;
    require_over(caller, &world.principal_of_user(user))?;
    Ok(Entity { kind: EntityKind::User, name: user.email.to_string(), id: id.to_string() })
}

/// That user with something else about them.
pub(super) fn changed(world: &World, id: UserId, change: impl FnOnce(&mut User)) -> Vec<Change> {
    let Some(mut user) = world.user_by_id(id).cloned() else { return Vec::new() };
    change(&mut user);
    vec![Change::UserSet(user)]
}
