//! What a caller must have, and in which words they are refused. A refusal tells nothing that the caller may not see.

use super::{Directory, Principal, RuleId};
use crate::catalogue::{Action, Permission, ResourceType};
use crate::error::{Error, Result};
use crate::identity::UserId;
use crate::org::Scope;
use crate::text::quoted;
use crate::world::World;

impl World {
    /// A node as messages name it: its level and its name, or its id if it has no name.
    pub(crate) fn described(&self, scope: Scope) -> String {
        match self.name_of(scope) {
            Some(name) if scope != Scope::Account => format!("{} {}", scope.kind().as_str(), quoted(name)),
            _ => scope.to_string(),
        }
    }
}

/// The refusal for a caller with a temporary password, everywhere except where they change it.
#[must_use]
fn must_change_password() -> Error {
    Error::forbidden("your password is temporary; choose a new one first, with POST /api/v1/me/password")
        .with_reason("password-change-required")
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
        Error::not_found(format!("there is no access rule {id}{}", seen(self.reads_rules_in(Scope::Account))))
            .with_reason("rule-not-found")
    }

    /// The refusal of a user who does not exist, and in the same words of one whom the caller does not see.
    #[must_use]
    pub fn no_user(&self, id: UserId) -> Error {
        Error::not_found(format!("there is no user with the id {id}{}", seen(self.reads(Directory::Users))))
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

/// Refuses a caller without that permission in that scope.
pub(crate) fn require(
    principal: &Principal<'_>,
    resource_type: ResourceType,
    action: Action,
    scope: Scope,
) -> Result<()> {
    principal.ensure_may(Permission::new(resource_type, action), scope)
}

/// Refuses a caller who does not have everything that the other one has.
pub(crate) fn require_over(principal: &Principal<'_>, other: &Principal<'_>) -> Result<()> {
    match principal.first_not_held(other.rules()) {
        None => Ok(()),
        Some(_) => Err(Error::forbidden(format!(
            "{} has permissions that you don't have; an administrator with those permissions must do this",
            other.subject()
        ))),
    }
}
