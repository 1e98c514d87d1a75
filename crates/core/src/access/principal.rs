//! Principals: who asks, and what he holds. The decision is here.

use std::iter;

use super::Rule;
use crate::catalogue::{Permission, PermissionSet, Role};
use crate::error::{Error, Result};
use crate::identity::{ClientId, Email, GroupName, ServiceAccountId, SessionId, Subject, UserId};
use crate::org::{Lineage, Scope};
use crate::world::World;

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
    subject: Subject,
    groups: &'w [GroupName],
    must_change_password: bool,
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
        match subject {
            Subject::User(email) => self.user(email).map(|user| self.principal_of_user(user)),
            Subject::Group(_) | Subject::ServiceAccount(_) => None,
        }
        .unwrap_or_else(|| Principal {
            world: self,
            subject: subject.clone(),
            groups: &[],
            must_change_password: false,
        })
    }

    /// The principal that a user is, whether he may sign in or not.
    #[must_use]
    pub fn principal_of_user<'w>(&'w self, user: &'w crate::identity::User) -> Principal<'w> {
        Principal {
            world: self,
            subject: Subject::User(user.email.clone()),
            groups: &user.groups,
            must_change_password: user.credential.must_change(),
        }
    }

    /// The principal that a service account is, whether it may sign in or not.
    #[must_use]
    pub fn principal_of_service_account(&self, account: &crate::identity::ServiceAccount) -> Principal<'_> {
        Principal {
            world: self,
            subject: Subject::ServiceAccount(account.client_id.clone()),
            groups: &[],
            must_change_password: false,
        }
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
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Everything that rules may name him by: himself and his groups.
    pub fn subjects(&self) -> impl Iterator<Item = Subject> {
        iter::once(self.subject.clone()).chain(self.groups.iter().cloned().map(Subject::Group))
    }

    /// Whether he signed in with a temporary password and may do nothing but change it.
    #[must_use]
    pub const fn must_change_password(&self) -> bool {
        self.must_change_password
    }

    /// The rules that hold for him, by name or by group.
    pub fn rules(&self) -> impl Iterator<Item = &'w Rule> {
        let world = self.world;
        self.subjects().flat_map(move |subject| world.rules_of(&subject).collect::<Vec<_>>())
    }

    /// His rules with their roles. A rule whose role is unknown permits nothing.
    pub(super) fn grants(&self) -> impl Iterator<Item = (&'w Rule, &'static Role)> {
        self.rules().filter_map(|rule| Some((rule, Role::find(rule.role)?)))
    }

    /// The decision: every rule that permits it there, with its role. What does not exist is permitted to nobody.
    pub(super) fn allowing(
        &self,
        permission: Permission,
        scope: Scope,
    ) -> impl Iterator<Item = (&'w Rule, &'static Role)> {
        let here = self.world.lineage(scope).map(|lineage| {
            self.grants()
                .filter(move |(rule, role)| role.permissions.contains(permission) && lineage.includes(rule.scope))
        });
        here.into_iter().flatten()
    }

    /// A rule that permits it there, or none.
    #[must_use]
    pub fn allowing_rule(&self, permission: Permission, scope: Scope) -> Option<&'w Rule> {
        self.allowing(permission, scope).next().map(|(rule, _)| rule)
    }

    /// Whether he may do that there.
    #[must_use]
    pub fn may(&self, permission: Permission, scope: Scope) -> bool {
        self.allowing_rule(permission, scope).is_some()
    }

    /// Whether he may do that in any scope at all that exists.
    #[must_use]
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        self.grants()
            .any(|(rule, role)| role.permissions.contains(permission) && self.world.lineage(rule.scope).is_some())
    }

    /// Everything he may do at a place.
    #[must_use]
    pub fn held_at(&self, lineage: &Lineage) -> PermissionSet {
        self.grants()
            .filter(|(rule, _)| lineage.includes(rule.scope))
            .fold(PermissionSet::EMPTY, |held, (_, role)| held.union(role.permissions))
    }

    /// Everything he may do in any scope at all that exists.
    #[must_use]
    pub fn held_somewhere(&self) -> PermissionSet {
        self.grants()
            .filter(|(rule, _)| self.world.lineage(rule.scope).is_some())
            .fold(PermissionSet::EMPTY, |held, (_, role)| held.union(role.permissions))
    }
}
