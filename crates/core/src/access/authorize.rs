//! Authorization: the only place that permits or refuses acts.

use super::{Act, Actor, Entity, EntityKind, Permit, Principal, RuleId};
use crate::catalogue::{Action, Permission, ResourceType, Role, RoleId};
use crate::error::{Error, Result};
use crate::identity::{ServiceAccount, ServiceAccountId, Subject, User, UserId};
use crate::org::{ClusterId, DepartmentId, Scope, ScopeKind};
use crate::text::quoted;
use crate::world::World;

impl World {
    /// Permits an act.
    ///
    /// # Errors
    /// `Unauthenticated` when the actor is gone; `NotFound` when the act's entity is not visible to the actor;
    /// `Forbidden` when it is visible but the act is not permitted; `Invalid` or `Conflict` when no actor could do it.
    pub fn authorize(&self, actor: &Actor, act: Act) -> Result<Permit> {
        let entity = match actor {
            Actor::Host => match &act {
                Act::FoundAccount(_) => self.account_entity(),
                Act::RecoverAccess { email } => {
                    let id = self.user(email).map(|user| user.id.to_string()).unwrap_or_default();
                    Entity { kind: EntityKind::User, name: email.to_string(), id }
                }
                _ => return Err(not_through_the_api()),
            },
            Actor::Rolecall => match &act {
                Act::EndSessions { sessions, subject } => {
                    let id = match sessions.as_slice() {
                        [only] => only.to_string(),
                        several => format!("{} sessions", several.len()),
                    };
                    Entity { kind: EntityKind::Session, name: subject.to_string(), id }
                }
                Act::AdmitNewcomer(admission) => self.admit_newcomer(admission)?,
                Act::AdmitUser(admission) => self.admit_user(admission)?,
                Act::ForgetGroups(id) => self.forget_groups(*id)?,
                _ => return Err(not_through_the_api()),
            },
            Actor::User { .. } | Actor::ServiceAccount { .. } => {
                let principal = self.principal(actor)?;
                if principal.must_change_password() && !matches!(act, Act::ChangeOwnPassword | Act::SignOut) {
                    return Err(must_change_password());
                }
                self.authorize_principal(&principal, actor, &act)?
            }
        };
        Ok(Permit::new(self.stamp(), actor.clone(), act, entity))
    }

    fn authorize_principal(&self, principal: &Principal<'_>, actor: &Actor, act: &Act) -> Result<Entity> {
        use Action::{Create, Delete, Update};
        match act {
            Act::CreateUser { email } => {
                require(principal, ResourceType::Users, Create, Scope::Account)?;
                if self.user(email).is_some() {
                    return Err(Error::conflict(format!("a user {email} already exists")));
                }
                // Rules may name a user before the user exists. Creating the user activates those rules.
                if principal.first_not_held(self.rules_of(&Subject::User(email.clone()))).is_some() {
                    return Err(Error::forbidden(format!(
                        "there are already access rules for {email} that permit more than you have; an administrator \
                         with those permissions must create this user"
                    )));
                }
                Ok(new_entity(EntityKind::User, email.as_str()))
            }
            Act::DeleteUser(id) => self.over_user(principal, *id, Delete),
            Act::EnableUser(id) | Act::DisableUser(id) | Act::LogOutUser(id) => self.over_user(principal, *id, Update),
            Act::ResetPassword(id) => {
                let entity = self.over_user(principal, *id, Update)?;
                match self.user_by_id(*id) {
                    Some(user) if user.is_local() => Ok(entity),
                    _ => Err(Error::invalid(format!(
                        "{} signs in with single sign-on and has no password here to reset",
                        entity.name
                    ))),
                }
            }
            Act::ChangeOwnPassword => match principal.subject() {
                Subject::User(email) if self.user(email).is_some_and(User::is_local) => match actor {
                    Actor::User { id, .. } => {
                        Ok(Entity { kind: EntityKind::User, name: email.to_string(), id: id.to_string() })
                    }
                    _ => Err(not_through_the_api()),
                },
                subject => Err(Error::forbidden(format!("{subject} has no password to change"))),
            },
            Act::SignOut => {
                let id = actor.session().map(|session| session.to_string()).unwrap_or_default();
                Ok(Entity { kind: EntityKind::Session, name: actor.name().to_owned(), id })
            }
            Act::CreateRule { subject, role, scope } => {
                principal.ensure_may_make_rules(*scope)?;
                let role = Role::find(*role).ok_or_else(|| {
                    Error::invalid(format!(
                        "roleId: there is no role {}; see GET /api/v1/authorization/roles",
                        role.number()
                    ))
                })?;
                principal.ensure_contains(role, *scope)?;
                // Checked last: whether such a service account exists is not public.
                if !self.can_be_named(subject) {
                    return Err(Error::not_found(format!(
                        "there is no {} {}",
                        subject.kind().noun(),
                        quoted(subject.name())
                    )));
                }
                if self.rules_of(subject).any(|rule| rule.role == role.id && rule.scope == *scope) {
                    return Err(Error::conflict(format!(
                        "{subject} already has {} in {}: this access rule already exists",
                        role.name,
                        self.described(*scope)
                    )));
                }
                Ok(new_entity(EntityKind::AccessRule, &self.sentence(subject, role.id, *scope)))
            }
            Act::DeleteRule(id) => {
                let unknown = || principal.no_rule(*id);
                let rule = self.rule(*id).ok_or_else(unknown)?;
                let read = Permission::new(ResourceType::AccessRules, Action::Read);
                let own = principal.subjects().any(|subject| subject == rule.subject);
                if !own && !principal.may(read, rule.scope) {
                    return Err(unknown());
                }
                require(principal, ResourceType::AccessRules, Delete, rule.scope)?;
                // A role that this version does not know permits nothing, so the actor needs no permissions for it.
                if let Some(role) = Role::find(rule.role) {
                    principal.ensure_contains(role, rule.scope)?;
                }
                let sentence = self.sentence(&rule.subject, rule.role, rule.scope);
                Ok(Entity { id: id.to_string(), ..new_entity(EntityKind::AccessRule, &sentence) })
            }
            Act::CreateCluster { name } => {
                require(principal, ResourceType::Cluster, Create, Scope::Account)?;
                Ok(new_entity(EntityKind::Cluster, name.as_str()))
            }
            Act::CreateDepartment { cluster, name } => {
                principal.ensure_sees(Scope::Cluster(*cluster))?;
                require(principal, ResourceType::Department, Create, Scope::Cluster(*cluster))?;
                Ok(new_entity(EntityKind::Department, name.as_str()))
            }
            Act::CreateProject { department, name } => {
                principal.ensure_sees(Scope::Department(*department))?;
                require(principal, ResourceType::Project, Create, Scope::Department(*department))?;
                Ok(new_entity(EntityKind::Project, name.as_str()))
            }
            Act::UpdateCluster { cluster, .. } => self.over_node(principal, Scope::Cluster(*cluster), Update),
            Act::UpdateDepartment { department, .. } => {
                self.over_node(principal, Scope::Department(*department), Update)
            }
            Act::UpdateProject { project, .. } => self.over_node(principal, Scope::Project(*project), Update),
            Act::DeleteCluster(id) => self.remove_node(principal, Scope::Cluster(*id)),
            Act::DeleteDepartment(id) => self.remove_node(principal, Scope::Department(*id)),
            Act::DeleteProject(id) => self.remove_node(principal, Scope::Project(*id)),
            Act::CreateServiceAccount { name } => {
                require(principal, ResourceType::ServiceAccount, Create, Scope::Account)?;
                Ok(new_entity(EntityKind::ServiceAccount, name.as_str()))
            }
            Act::EnableServiceAccount(id) | Act::DisableServiceAccount(id) | Act::RenewSecret(id) => {
                self.over_service_account(principal, *id, Update)
            }
            Act::DeleteServiceAccount(id) => self.over_service_account(principal, *id, Delete),
            Act::CreateProvider { alias, .. } => {
                self.ensure_may_create_provider(principal, alias)?;
                Ok(new_entity(EntityKind::Provider, alias.as_str()))
            }
            Act::UpdateProvider(id) => self.over_provider(principal, *id, Update),
            Act::DeleteProvider(id) => {
                let entity = self.over_provider(principal, *id, Delete)?;
                self.ensure_signs_in_here(principal)?;
                Ok(entity)
            }
            Act::RedirectTo(provider) => self.redirect(principal, *provider),
            Act::UnbindUsers(users) => self.unbind(principal, users),
            Act::ChangeEmail { user, email } => self.change_email(principal, *user, email),
            Act::AdmitNewcomer(_)
            | Act::AdmitUser(_)
            | Act::ForgetGroups(_)
            | Act::EndSessions { .. }
            | Act::FoundAccount(_)
            | Act::RecoverAccess { .. } => Err(not_through_the_api()),
        }
    }

    /// An act on another identity needs the permission at the account, and everything that the identity has.
    pub(super) fn over_user(&self, principal: &Principal<'_>, id: UserId, action: Action) -> Result<Entity> {
        let user = self
            .user_by_id(id)
            .filter(|_| principal.may_somewhere(Permission::new(ResourceType::Users, Action::Read)))
            .ok_or_else(|| principal.no_user(id))?;
        require(principal, ResourceType::Users, action, Scope::Account)?;
        require_over(principal, &self.principal_of_user(user))?;
        Ok(Entity { kind: EntityKind::User, name: user.email.to_string(), id: id.to_string() })
    }

    fn over_service_account(&self, principal: &Principal<'_>, id: ServiceAccountId, action: Action) -> Result<Entity> {
        let account: &ServiceAccount = self
            .service_account_by_id(id)
            .filter(|_| principal.may_somewhere(Permission::new(ResourceType::ServiceAccount, Action::Read)))
            .ok_or_else(|| Error::not_found(format!("there is no service account with the id {id}")))?;
        require(principal, ResourceType::ServiceAccount, action, Scope::Account)?;
        require_over(principal, &self.principal_of_service_account(account))?;
        Ok(Entity { kind: EntityKind::ServiceAccount, name: account.name.to_string(), id: id.to_string() })
    }

    fn remove_node(&self, principal: &Principal<'_>, scope: Scope) -> Result<Entity> {
        let entity = self.over_node(principal, scope, Action::Delete)?;
        match self.child_that_stays(scope) {
            None => Ok(entity),
            Some(child) => Err(Error::conflict(format!(
                "{} still contains {} {}; delete everything in it first",
                self.described(scope),
                child.kind().as_str(),
                quoted(self.name_of(child).unwrap_or_default()),
            ))),
        }
    }

    fn over_node(&self, principal: &Principal<'_>, scope: Scope, action: Action) -> Result<Entity> {
        principal.ensure_sees(scope)?;
        require(principal, scope.kind().resource_type(), action, scope)?;
        let kind = match scope.kind() {
            ScopeKind::Account => EntityKind::Account,
            ScopeKind::Cluster => EntityKind::Cluster,
            ScopeKind::Department => EntityKind::Department,
            ScopeKind::Project => EntityKind::Project,
        };
        Ok(Entity { kind, name: self.name_of(scope).unwrap_or_default().to_owned(), id: self.id_of(scope) })
    }

    /// The scopes deleted with this one: itself, and a cluster's default department.
    #[must_use]
    pub fn falls_with(&self, scope: Scope) -> Vec<Scope> {
        let default = match scope {
            Scope::Cluster(id) => self.default_department(id).map(Scope::Department),
            _ => None,
        };
        default.into_iter().chain([scope]).collect()
    }

    /// The default department of a cluster, if it exists and belongs to that cluster.
    fn default_department(&self, cluster: ClusterId) -> Option<DepartmentId> {
        let default = self.cluster(cluster)?.default_department;
        self.department(default).filter(|department| department.cluster == cluster).map(|department| department.id)
    }

    /// A node below `scope` that prevents its deletion.
    fn child_that_stays(&self, scope: Scope) -> Option<Scope> {
        match scope {
            Scope::Account | Scope::Project(_) => None,
            Scope::Department(id) => self.projects_of(id).next().map(Scope::Project),
            Scope::Cluster(id) => {
                let default = self.default_department(id);
                self.departments_of(id)
                    .find(|department| Some(*department) != default)
                    .map(Scope::Department)
                    .or_else(|| self.projects_of(default?).next().map(Scope::Project))
            }
        }
    }

    /// A rule as the audit log names it: subject, role and scope path.
    #[must_use]
    pub fn sentence(&self, subject: &Subject, role: RoleId, scope: Scope) -> String {
        let place = self.path_of(scope).unwrap_or_default();
        match Role::find(role) {
            Some(role) => format!("{subject} has {} in {place}", role.name),
            None => format!("{subject} has role {} in {place}", role.number()),
        }
    }

    /// A node as messages name it: its level and its name, or its id if it has no name.
    pub(super) fn described(&self, scope: Scope) -> String {
        match self.name_of(scope) {
            Some(name) if scope != Scope::Account => format!("{} {}", scope.kind().as_str(), quoted(name)),
            _ => scope.to_string(),
        }
    }

    fn account_entity(&self) -> Entity {
        Entity { kind: EntityKind::Account, name: self.account().name.to_string(), id: self.account().id.to_string() }
    }
}

pub(super) fn new_entity(kind: EntityKind, name: &str) -> Entity {
    Entity { kind, name: name.to_owned(), id: String::new() }
}

/// The refusal for a caller with a temporary password, everywhere except where they change it.
#[must_use]
fn must_change_password() -> Error {
    Error::forbidden("your password is temporary; choose a new one first, with POST /api/v1/me/password")
        .with_reason("password-change-required")
}

fn not_through_the_api() -> Error {
    Error::forbidden("this cannot be done through the API")
}

/// A caller who may not see everything is told only about what they see.
const fn seen(sees_all: bool) -> &'static str {
    if sees_all { "" } else { " that you can see" }
}

impl Principal<'_> {
    /// Refuses a caller with a temporary password.
    ///
    /// # Errors
    /// Forbidden, with the reason `password-change-required`.
    pub fn ensure_password_changed(&self) -> Result<()> {
        if self.must_change_password() { Err(must_change_password()) } else { Ok(()) }
    }

    /// Refuses a caller who does not see that node, as if it did not exist.
    ///
    /// # Errors
    /// Not found.
    pub fn ensure_sees(&self, scope: Scope) -> Result<()> {
        match self.sight(scope) {
            Some(_) => Ok(()),
            None if scope == Scope::Account => Err(Error::not_found("there is no account that you can see")),
            None => Err(Error::not_found(format!("there is no {scope}"))),
        }
    }

    /// The refusal of a rule that does not exist, and in the same words of one that the caller does not see.
    #[must_use]
    pub fn no_rule(&self, id: RuleId) -> Error {
        let read = Permission::new(ResourceType::AccessRules, Action::Read);
        Error::not_found(format!("there is no access rule {id}{}", seen(self.may(read, Scope::Account))))
            .with_reason("rule-not-found")
    }

    /// The refusal of a user who does not exist, and in the same words of one whom the caller does not see.
    #[must_use]
    pub fn no_user(&self, id: UserId) -> Error {
        let read = Permission::new(ResourceType::Users, Action::Read);
        Error::not_found(format!("there is no user with the id {id}{}", seen(self.may_somewhere(read))))
            .with_reason("user-not-found")
    }

    /// Refuses a caller without that permission in that scope.
    ///
    /// # Errors
    /// Forbidden, with the missing permission.
    pub fn ensure_may(&self, permission: Permission, scope: Scope) -> Result<()> {
        if self.may(permission, scope) {
            return Ok(());
        }
        Err(Error::forbidden(format!("you need {permission} in {}", self.world().described(scope))))
    }

    /// Refuses a caller without that permission in any scope.
    ///
    /// # Errors
    /// Forbidden, with the missing permission.
    pub fn ensure_may_somewhere(&self, permission: Permission) -> Result<()> {
        if self.may_somewhere(permission) {
            return Ok(());
        }
        Err(Error::forbidden(format!("you need {permission} in at least one scope")))
    }
}

pub(super) fn require(
    principal: &Principal<'_>,
    resource_type: ResourceType,
    action: Action,
    scope: Scope,
) -> Result<()> {
    principal.ensure_may(Permission::new(resource_type, action), scope)
}

fn require_over(principal: &Principal<'_>, other: &Principal<'_>) -> Result<()> {
    match principal.first_not_held(other.rules()) {
        None => Ok(()),
        Some(_) => Err(Error::forbidden(format!(
            "{} has permissions that you don't have; an administrator with those permissions must do this",
            other.subject()
        ))),
    }
}
