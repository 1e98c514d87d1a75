//! Principals: the authenticated identity, and what it may do. The decision is here.

use std::borrow::Cow;
use std::iter;

use super::{Rule, RuleId};
use crate::catalogue::{Permission, PermissionSet};
use crate::error::{Error, Result};
use crate::identity::{
    ClientId, Email, GroupName, ServiceAccount, ServiceAccountId, SessionId, Subject, SubjectKind, User, UserId,
};
use crate::org::Scope;
use crate::world::{GroupNumber, Held, IndexPath, RoleEntry, UnderName, World};

/// An authenticated actor. It outlives a world; its permissions are looked up in each world ([`World::principal`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A user who signed in.
    User {
        /// Their email.
        email: Email,
        /// Their id: a later user with the same email is another user.
        id: UserId,
        /// The session of the sign-in.
        session: SessionId,
    },
    /// A service account that signed in.
    ServiceAccount {
        /// Its client id.
        client_id: ClientId,
        /// Its id.
        id: ServiceAccountId,
        /// The session of the sign-in.
        session: SessionId,
    },
    /// An operator with a shell on the host, who could write the database anyway.
    Host,
    /// Rolecall itself, acting on an observation without a request.
    Rolecall,
}

impl Actor {
    /// The actor's name in the audit log and `createdBy`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::User { email, .. } => email.as_str(),
            Self::ServiceAccount { client_id, .. } => client_id.as_str(),
            Self::Host => "host",
            Self::Rolecall => "rolecall",
        }
    }

    /// The actor's kind in the audit log.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::User { .. } => "user",
            Self::ServiceAccount { .. } => "service-account",
            Self::Host => "host",
            Self::Rolecall => "system",
        }
    }

    /// The session that the actor acts in.
    #[must_use]
    pub const fn session(&self) -> Option<SessionId> {
        match self {
            Self::User { session, .. } | Self::ServiceAccount { session, .. } => Some(*session),
            Self::Host | Self::Rolecall => None,
        }
    }
}

/// An identity in a world, with its permissions there.
#[derive(Debug, Clone)]
pub struct Principal<'w> {
    world: &'w World,
    /// Borrowed from the world if it has the name: cloning the `Arc` costs an atomic increment on the hot path.
    subject: Cow<'w, Subject>,
    /// The rules that name the principal itself.
    rules: &'w [Held],
    groups: &'w [GroupNumber],
    user: Option<&'w User>,
    disabled: bool,
}

/// A rule that applies to a principal, with its role, and the group in the rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct AppliedRule<'w> {
    world: &'w World,
    pub(super) rule: &'w Held,
    pub(super) role: &'w RoleEntry,
    pub(super) group: Option<&'w GroupName>,
}

impl<'w> AppliedRule<'w> {
    fn of(world: &'w World, rule: &'w Held, group: Option<&'w GroupName>) -> Option<Self> {
        Some(Self { world, rule, role: world.enabled_role(rule.role)?, group })
    }

    /// The scope of the rule.
    pub(super) fn scope(&self) -> Scope {
        self.world.scope_of(self.rule)
    }
}

impl World {
    /// Finds the principal of an actor in this world.
    ///
    /// # Errors
    /// `Unauthenticated` when the actor is gone, disabled, another identity with the same name, or when the session has
    /// ended; and for the host and Rolecall itself, which have no rules.
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

    /// The principal with this name: a user with their groups, or any other subject with its name alone. The identity
    /// need not exist or be able to sign in.
    #[must_use]
    pub fn principal_of(&self, subject: &Subject) -> Principal<'_> {
        let under = self.under(subject.kind(), subject.name());
        self.principal_under(under, under.subject.map_or_else(|| Cow::Owned(subject.clone()), Cow::Borrowed))
    }

    /// The same for a name that the world has in exactly this spelling, without parsing or copying.
    #[must_use]
    pub fn principal_named(&self, kind: SubjectKind, name: &str) -> Option<Principal<'_>> {
        let under = self.under(kind, name);
        Some(self.principal_under(under, Cow::Borrowed(under.subject?)))
    }

    fn principal_under<'w>(&'w self, under: UnderName<'w>, subject: Cow<'w, Subject>) -> Principal<'w> {
        let UnderName { user, groups, rules, disabled, .. } = under;
        Principal { world: self, subject, rules, groups, user, disabled }
    }

    /// The principal of a user, whether or not they may sign in.
    #[must_use]
    pub fn principal_of_user(&self, user: &User) -> Principal<'_> {
        self.principal_of(&Subject::User(user.email.clone()))
    }

    /// The principal of a service account, whether or not it may sign in.
    #[must_use]
    pub fn principal_of_service_account(&self, account: &ServiceAccount) -> Principal<'_> {
        self.principal_of(&Subject::ServiceAccount(account.client_id.clone()))
    }
}

impl<'w> Principal<'w> {
    /// The world that the principal belongs to.
    #[must_use]
    pub const fn world(&self) -> &'w World {
        self.world
    }

    /// The principal itself, as a subject.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Every subject by which rules may name the principal: itself and its groups.
    pub fn subjects(&self) -> impl Iterator<Item = Subject> {
        iter::once(self.subject().clone()).chain(self.groups().iter().cloned().map(Subject::Group))
    }

    /// The principal's groups, as the identity provider reported them.
    pub(super) fn groups(&self) -> &'w [GroupName] {
        self.user.map_or(&[], |user| &user.groups)
    }

    /// Whether the user signed in with a temporary password and may only change it.
    #[must_use]
    pub fn must_change_password(&self) -> bool {
        self.user.is_some_and(|user| user.credential.must_change())
    }

    /// Whether that name belongs to a disabled identity. Groups and names without an identity are never disabled.
    #[must_use]
    pub const fn is_disabled(&self) -> bool {
        self.disabled
    }

    /// The rules that apply to the principal, by name or by group.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        self.held().map(|(held, group)| match group {
            Some(group) => self.world.rule_of(&Subject::Group(group.clone()), held),
            None => self.world.rule_of(&self.subject, held),
        })
    }

    /// The same as stored, each with the group in the rule.
    fn held(&self) -> impl Iterator<Item = (&'w Held, Option<&'w GroupName>)> + use<'w> {
        let world = self.world;
        let through = move |number: &GroupNumber| {
            let (name, rules) = world.group(*number).map_or((None, &[][..]), |(name, rules)| (Some(name), rules));
            rules.iter().map(move |held| (held, name))
        };
        self.rules.iter().map(|held| (held, None)).chain(self.groups.iter().flat_map(through))
    }

    /// The principal's rules with their roles. A rule with an unknown or disabled role permits nothing.
    pub(super) fn applied_rules(&self) -> impl Iterator<Item = AppliedRule<'w>> + use<'w> {
        let world = self.world;
        self.held().filter_map(move |(rule, group)| AppliedRule::of(world, rule, group))
    }

    /// The principal's rules with their roles that apply at a scope index.
    pub(super) fn applied_rules_at(&self, path: IndexPath) -> impl Iterator<Item = AppliedRule<'w>> + use<'w> {
        let world = self.world;
        // Few of a principal's rules apply at one scope, and finding a role takes longer than comparing numbers.
        let here = self.held().filter(move |(rule, _)| path.includes(rule.scope_index));
        here.filter_map(move |(rule, group)| AppliedRule::of(world, rule, group))
    }

    /// The decision: every rule that permits it there, with its role. In a scope that does not exist nothing is
    /// permitted.
    pub(super) fn allowing(&self, permission: Permission, scope: Scope) -> impl Iterator<Item = AppliedRule<'w>> {
        self.world.index_path(scope).into_iter().flat_map(move |path| self.allowing_at(permission, path))
    }

    /// The same at a scope index.
    pub(super) fn allowing_at(
        &self,
        permission: Permission,
        path: IndexPath,
    ) -> impl Iterator<Item = AppliedRule<'w>> + use<'w> {
        self.applied_rules_at(path).filter(move |it| it.role.permissions.contains(permission))
    }

    /// A rule that permits it there, or `None`.
    #[must_use]
    pub fn allowing_rule(&self, permission: Permission, scope: Scope) -> Option<RuleId> {
        self.allowing(permission, scope).next().map(|it| it.rule.id)
    }

    /// Whether the principal may do that there.
    #[must_use]
    pub fn may(&self, permission: Permission, scope: Scope) -> bool {
        self.allowing_rule(permission, scope).is_some()
    }

    /// Whether the principal may do that in any existing scope.
    #[must_use]
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        self.applied_rules()
            .any(|it| it.role.permissions.contains(permission) && self.world.index_path(it.scope()).is_some())
    }

    /// All permissions of the principal in a scope; empty when the scope does not exist.
    #[must_use]
    pub fn held_in(&self, scope: Scope) -> PermissionSet {
        self.world.index_path(scope).map_or(PermissionSet::EMPTY, |path| self.held_at(path))
    }

    /// The same at a scope index.
    pub(super) fn held_at(&self, path: IndexPath) -> PermissionSet {
        self.applied_rules_at(path).fold(PermissionSet::EMPTY, |held, it| held.union(it.role.permissions))
    }

    /// All permissions of the principal in any existing scope.
    #[must_use]
    pub fn held_somewhere(&self) -> PermissionSet {
        self.applied_rules()
            .filter(|it| self.world.index_path(it.scope()).is_some())
            .fold(PermissionSet::EMPTY, |held, it| held.union(it.role.permissions))
    }
}
