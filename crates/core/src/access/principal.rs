//! Principals: who asks, and what he holds. The decision is here.

use std::borrow::Cow;
use std::iter;

use super::{Rule, RuleId};
use crate::catalogue::{Permission, PermissionSet, Role};
use crate::error::{Error, Result};
use crate::identity::{
    ClientId, Email, GroupName, ServiceAccount, ServiceAccountId, SessionId, Subject, SubjectKind, User, UserId,
};
use crate::org::Scope;
use crate::world::{Ancestry, GroupNumber, Held, UnderName, World};

/// Who proved to be who he is. It outlives a world; what he holds is found anew in each ([`World::principal`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person who signed in.
    User {
        /// His name.
        email: Email,
        /// His id: a later user of the same name is somebody else.
        id: UserId,
        /// What his sign-in began.
        session: SessionId,
    },
    /// A machine that signed in.
    ServiceAccount {
        /// Its name.
        client_id: ClientId,
        /// Its id.
        id: ServiceAccountId,
        /// What its sign-in began.
        session: SessionId,
    },
    /// Whoever has a shell on the host and may write the database anyway.
    Host,
    /// Rolecall itself, where it acts on what it saw and nobody asked.
    Rolecall,
}

impl Actor {
    /// The name under which the audit log and `createdBy` know him.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::User { email, .. } => email.as_str(),
            Self::ServiceAccount { client_id, .. } => client_id.as_str(),
            Self::Host => "host",
            Self::Rolecall => "rolecall",
        }
    }

    /// His kind, as the audit log names it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::User { .. } => "user",
            Self::ServiceAccount { .. } => "service-account",
            Self::Host => "host",
            Self::Rolecall => "system",
        }
    }

    /// The session he acts in.
    #[must_use]
    pub const fn session(&self) -> Option<SessionId> {
        match self {
            Self::User { session, .. } | Self::ServiceAccount { session, .. } => Some(*session),
            Self::Host | Self::Rolecall => None,
        }
    }
}

/// An identity in a world: what it holds there.
#[derive(Debug, Clone)]
pub struct Principal<'w> {
    world: &'w World,
    /// As the world has it, if it does: to count a copy of a name, a processor waits for all that it has asked memory for.
    subject: Cow<'w, Subject>,
    /// The rules that name himself.
    rules: &'w [Held],
    groups: &'w [GroupNumber],
    user: Option<&'w User>,
    disabled: bool,
}

/// A rule that holds for a principal, with its role, and the group that it came through.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grant<'w> {
    world: &'w World,
    pub(super) rule: &'w Held,
    pub(super) role: &'static Role,
    pub(super) group: Option<&'w GroupName>,
}

impl<'w> Grant<'w> {
    fn of(world: &'w World, rule: &'w Held, group: Option<&'w GroupName>) -> Option<Self> {
        Some(Self { world, rule, role: Role::find(rule.role)?, group })
    }

    /// Where the rule holds.
    pub(super) fn scope(&self) -> Scope {
        self.world.scope_of(self.rule)
    }
}

impl World {
    /// Finds who asks in this world.
    ///
    /// # Errors
    /// Unauthenticated when he is gone, disabled, somebody else of the same name, or his session has ended; and for
    /// the host and Rolecall itself, which hold no rules.
    pub fn principal(&self, actor: &Actor) -> Result<Principal<'_>> {
        let ended = || Error::unauthenticated("this session has ended; sign in again").with_reason("session-ended");
        if actor.session().is_some_and(|session| self.session_has_ended(session)) {
            return Err(ended());
        }
        match actor {
            Actor::User { email, id, .. } => {
                let user = self.user(email).filter(|user| user.id == *id && user.enabled).ok_or_else(ended)?;
                Ok(self.principal_of_user(user))
            }
            Actor::ServiceAccount { client_id, id, .. } => {
                let account = self
                    .service_account(client_id)
                    .filter(|account| account.id == *id && account.enabled)
                    .ok_or_else(ended)?;
                Ok(self.principal_of_service_account(account))
            }
            Actor::Host | Actor::Rolecall => Err(ended()),
        }
    }

    /// The principal that carries this name: a user with his groups; otherwise whoever carries just the name, known here
    /// or not, and whether he may sign in or not.
    #[must_use]
    pub fn principal_of(&self, subject: &Subject) -> Principal<'_> {
        let under = self.under(subject.kind(), subject.name());
        self.principal_under(under, under.subject.map_or_else(|| Cow::Owned(subject.clone()), Cow::Borrowed))
    }

    /// The same of a name as it was given, as long as it is known here in this spelling: nothing has to be read or copied then.
    #[must_use]
    pub fn principal_named(&self, kind: SubjectKind, name: &str) -> Option<Principal<'_>> {
        let under = self.under(kind, name);
        Some(self.principal_under(under, Cow::Borrowed(under.subject?)))
    }

    fn principal_under<'w>(&'w self, under: UnderName<'w>, subject: Cow<'w, Subject>) -> Principal<'w> {
        let UnderName { user, groups, rules, disabled, .. } = under;
        Principal { world: self, subject, rules, groups, user, disabled }
    }

    /// The principal that a user is, whether he may sign in or not.
    #[must_use]
    pub fn principal_of_user(&self, user: &User) -> Principal<'_> {
        self.principal_of(&Subject::User(user.email.clone()))
    }

    /// The principal that a service account is, whether it may sign in or not.
    #[must_use]
    pub fn principal_of_service_account(&self, account: &ServiceAccount) -> Principal<'_> {
        self.principal_of(&Subject::ServiceAccount(account.client_id.clone()))
    }
}

impl<'w> Principal<'w> {
    /// The world in which he is.
    #[must_use]
    pub const fn world(&self) -> &'w World {
        self.world
    }

    /// Himself, as a subject.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Everything that rules may name him by: himself and his groups.
    pub fn subjects(&self) -> impl Iterator<Item = Subject> {
        iter::once(self.subject().clone()).chain(self.groups().iter().cloned().map(Subject::Group))
    }

    /// His groups, as his identity provider told them.
    pub(super) fn groups(&self) -> &'w [GroupName] {
        self.user.map_or(&[], |user| &user.groups)
    }

    /// Whether he signed in with a temporary password and may do nothing but change it.
    #[must_use]
    pub fn must_change_password(&self) -> bool {
        self.user.is_some_and(|user| user.credential.must_change())
    }

    /// Whether that name is somebody's who may not act at all. A group, or a name that nobody carries yet, is not.
    #[must_use]
    pub const fn is_disabled(&self) -> bool {
        self.disabled
    }

    /// The rules that hold for him, by name or by group.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        self.held().map(|(held, group)| match group {
            Some(group) => self.world.rule_of(&Subject::Group(group.clone()), held),
            None => self.world.rule_of(&self.subject, held),
        })
    }

    /// The same as they are kept, each with the group that it came through.
    fn held(&self) -> impl Iterator<Item = (&'w Held, Option<&'w GroupName>)> + use<'w> {
        let world = self.world;
        let through = move |number: &GroupNumber| {
            let (name, rules) = world.group(*number).map_or((None, &[][..]), |(name, rules)| (Some(name), rules));
            rules.iter().map(move |held| (held, name))
        };
        self.rules.iter().map(|held| (held, None)).chain(self.groups.iter().flat_map(through))
    }

    /// His rules with their roles. A rule whose role is unknown permits nothing.
    pub(super) fn grants(&self) -> impl Iterator<Item = Grant<'w>> + use<'w> {
        let world = self.world;
        self.held().filter_map(move |(rule, group)| Grant::of(world, rule, group))
    }

    /// His rules with their roles, of those that hold at a place.
    pub(super) fn grants_at(&self, place: Ancestry) -> impl Iterator<Item = Grant<'w>> + use<'w> {
        let world = self.world;
        // Few of somebody's rules hold at one place, and finding a role takes longer than comparing numbers.
        let here = self.held().filter(move |(rule, _)| place.includes(rule.place));
        here.filter_map(move |(rule, group)| Grant::of(world, rule, group))
    }

    /// The decision: every rule that permits it there, with its role. What does not exist is permitted to nobody.
    pub(super) fn allowing(&self, permission: Permission, scope: Scope) -> impl Iterator<Item = Grant<'w>> {
        self.world.ancestry(scope).into_iter().flat_map(move |place| self.allowing_at(permission, place))
    }

    /// The same at a place.
    pub(super) fn allowing_at(
        &self,
        permission: Permission,
        place: Ancestry,
    ) -> impl Iterator<Item = Grant<'w>> + use<'w> {
        self.grants_at(place).filter(move |it| it.role.permissions.contains(permission))
    }

    /// A rule that permits it there, or none.
    #[must_use]
    pub fn allowing_rule(&self, permission: Permission, scope: Scope) -> Option<RuleId> {
        self.allowing(permission, scope).next().map(|it| it.rule.id)
    }

    /// Whether he may do that there.
    #[must_use]
    pub fn may(&self, permission: Permission, scope: Scope) -> bool {
        self.allowing_rule(permission, scope).is_some()
    }

    /// Whether he may do that in any scope at all that exists.
    #[must_use]
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        self.grants().any(|it| it.role.permissions.contains(permission) && self.world.ancestry(it.scope()).is_some())
    }

    /// Everything he may do in a scope; nothing when there is no such scope.
    #[must_use]
    pub fn held_in(&self, scope: Scope) -> PermissionSet {
        self.world.ancestry(scope).map_or(PermissionSet::EMPTY, |place| self.held_at(place))
    }

    /// The same of a place.
    pub(super) fn held_at(&self, place: Ancestry) -> PermissionSet {
        self.grants_at(place).fold(PermissionSet::EMPTY, |held, it| held.union(it.role.permissions))
    }

    /// Everything he may do in any scope at all that exists.
    #[must_use]
    pub fn held_somewhere(&self) -> PermissionSet {
        self.grants()
            .filter(|it| self.world.ancestry(it.scope()).is_some())
            .fold(PermissionSet::EMPTY, |held, it| held.union(it.role.permissions))
    }
}
