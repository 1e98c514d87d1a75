//! Containment: a caller can grant, take over or revoke only permissions that they have.

use super::{Principal, Role, Rule};
use crate::catalogue::{Action, Permission, PermissionSet, ResourceType};
use crate::error::{Error, Result};
use crate::identity::Subject;
use crate::org::Scope;
use crate::world::World;

const GRANT: Permission = Permission::new(ResourceType::AccessRules, Action::Create);

impl World {
    /// Whether a rule can name that subject. A user or group may be named before its first sign-in; a service account
    /// must exist.
    pub(crate) fn can_be_named(&self, subject: &Subject) -> bool {
        match subject {
            Subject::User(_) | Subject::Group(_) => true,
            Subject::ServiceAccount(client_id) => self.service_account(client_id).is_some(),
        }
    }
}

impl Principal<'_> {
    /// The permissions of this set that the caller lacks in `scope`; empty means that they may grant all of them there.
    /// No caller has permissions in a scope that does not exist.
    #[must_use]
    pub fn lacks(&self, permissions: PermissionSet, scope: Scope) -> PermissionSet {
        permissions.minus(self.held_in(scope))
    }

    /// The first of these rules whose role the caller does not fully have in the rule's scope. `None` means that the
    /// caller may take over an identity with just these rules. A rule in a scope that does not exist permits nothing,
    /// so it needs nothing. A disabled role counts, since it can be enabled again.
    pub fn first_not_held(&self, rules: impl IntoIterator<Item = Rule>) -> Option<Rule> {
        rules.into_iter().find(|rule| match self.world().role(rule.role) {
            Some(role) => {
                self.world().scope_path(rule.scope).is_some() && !self.lacks(role.permissions(), rule.scope).is_empty()
            }
            None => false,
        })
    }

    /// The roles that the caller may grant in `scope`, by id.
    ///
    /// # Errors
    /// `NotFound` when the caller does not see the scope.
    pub fn grantable_roles(&self, scope: Scope) -> Result<Vec<&Role>> {
        self.ensure_sees(scope)?;
        Ok(self.world().roles().filter(|role| role.enabled && self.ensure_may_grant(role, scope).is_ok()).collect())
    }

    /// Whether the caller may create rules there, with `held`: for the roles that permit no more than that.
    pub(super) fn may_grant_some(&self, scope: Scope, held: PermissionSet) -> bool {
        let reads = Permission::new(scope.kind().resource_type(), Action::Read);
        !self.must_change_password() && held.contains(GRANT) && (held.contains(reads) || self.sight(scope).is_some())
    }

    /// Refuses a caller who may not grant that role there, to any subject.
    pub(super) fn ensure_may_grant(&self, role: &Role, scope: Scope) -> Result<()> {
        self.ensure_may_make_rules(scope)?;
        self.ensure_contains(role, scope)
    }

    /// Refuses a caller who may not create rules there. It comes first: nothing else about the rule is checked before.
    ///
    /// # Errors
    /// `NotFound` when the caller does not see the scope; `Forbidden` when they may not create rules in it.
    pub fn ensure_may_make_rules(&self, scope: Scope) -> Result<()> {
        self.ensure_sees(scope)?;
        self.ensure_may(GRANT, scope)
    }

    /// Refuses a caller who lacks some permission of that role there.
    pub(crate) fn ensure_contains(&self, role: &Role, scope: Scope) -> Result<()> {
        self.ensure_contains_all(role.name(), role.permissions(), scope)
    }

    /// The same for permissions that a role of that name has, or is to have.
    pub(crate) fn ensure_contains_all(&self, role: &str, permissions: PermissionSet, scope: Scope) -> Result<()> {
        let lacking = self.lacks(permissions, scope);
        let Some(first) = lacking.iter().next() else { return Ok(()) };
        let more = lacking.iter().count().saturating_sub(1);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        Err(Error::forbidden(format!(
            "{role} permits {first}{more} in {}, which you don't have there; you can grant or remove only permissions that you have",
            self.world().described(scope),
        )))
    }
}
