//! Containment: nobody passes on, takes over or takes away what he does not hold.

use super::{Principal, Rule};
use crate::catalogue::{Action, Permission, PermissionSet, ResourceType, Role};
use crate::error::{Error, Result};
use crate::identity::Subject;
use crate::org::Scope;
use crate::world::World;

const GRANT: Permission = Permission::new(ResourceType::AccessRules, Action::Create);

impl World {
    /// Whether a rule can be made about that subject. A user or a group may be named before anybody has seen them; a service
    /// account has the name that it was given here, or there is none.
    pub(super) fn can_be_named(&self, subject: &Subject) -> bool {
        match subject {
            Subject::User(_) | Subject::Group(_) => true,
            Subject::ServiceAccount(client_id) => self.service_account(client_id).is_some(),
        }
    }
}

impl Principal<'_> {
    /// What of these permissions he does not hold in `scope`. Empty means: he may pass them on there. Nobody holds
    /// anything in a scope that does not exist.
    #[must_use]
    pub fn lacks(&self, permissions: PermissionSet, scope: Scope) -> PermissionSet {
        permissions.minus(self.held_in(scope))
    }

    /// The first of these rules whose permissions he does not hold in its scope, all of them. None means: whoever has
    /// just these rules, he may take over. A rule in a scope that does not exist (any more) permits nothing, so it asks
    /// for nothing either.
    pub fn first_not_held(&self, rules: impl IntoIterator<Item = Rule>) -> Option<Rule> {
        rules.into_iter().find(|rule| match Role::find(rule.role) {
            Some(role) => {
                self.world().lineage(rule.scope).is_some() && !self.lacks(role.permissions, rule.scope).is_empty()
            }
            None => false,
        })
    }

    /// The roles that he may grant in `scope`, by id.
    ///
    /// # Errors
    /// Not found when the scope is not visible to him.
    pub fn grantable_roles(&self, scope: Scope) -> Result<Vec<&'static Role>> {
        self.ensure_sees(scope)?;
        Ok(Role::all().iter().filter(|role| self.ensure_may_grant(role, scope).is_ok()).collect())
    }

    /// Whether he may make rules there, where he holds `held`: those of all roles that have nothing more.
    pub(super) fn may_grant_some(&self, scope: Scope, held: PermissionSet) -> bool {
        let reads = Permission::new(scope.kind().resource_type(), Action::Read);
        !self.must_change_password() && held.contains(GRANT) && (held.contains(reads) || self.sight(scope).is_some())
    }

    /// Refuses whoever may not grant that role there, whomever he would grant it to.
    pub(super) fn ensure_may_grant(&self, role: &Role, scope: Scope) -> Result<()> {
        self.ensure_may_make_rules(scope)?;
        self.ensure_contains(role, scope)
    }

    /// Refuses whoever may make no rule there at all. What else is wrong with a rule is told to nobody before.
    ///
    /// # Errors
    /// Not found when the scope is not there for him, forbidden when he may make no rule in it.
    pub fn ensure_may_make_rules(&self, scope: Scope) -> Result<()> {
        self.ensure_sees(scope)?;
        self.ensure_may(GRANT, scope)
    }

    /// Refuses whoever does not hold all of that role there.
    pub(super) fn ensure_contains(&self, role: &Role, scope: Scope) -> Result<()> {
        let lacking = self.lacks(role.permissions, scope);
        let Some(first) = lacking.iter().next() else { return Ok(()) };
        let more = lacking.iter().count().saturating_sub(1);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        Err(Error::forbidden(format!(
            "{} permits {first}{more} in {}, which you don't have there; you can grant or remove only permissions that you have",
            role.name,
            self.world().described(scope),
        )))
    }
}
