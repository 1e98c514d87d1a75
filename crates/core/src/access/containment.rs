//! Containment: nobody passes on, takes over or takes away what he does not hold.

use super::{Principal, Rule};
use crate::catalogue::{PermissionSet, Role};
use crate::org::Scope;

impl Principal<'_> {
    /// What of these permissions he does not hold in `scope`. Empty means: he may pass them on there. Nobody holds
    /// anything in a scope that does not exist.
    #[must_use]
    pub fn lacks(&self, permissions: PermissionSet, scope: Scope) -> PermissionSet {
        match self.world().lineage(scope) {
            Some(lineage) => permissions.minus(self.held_at(&lineage)),
            None => permissions,
        }
    }

    /// The first of these rules whose permissions he does not hold in its scope, all of them. None means: whoever has
    /// just these rules, he may take over. A rule in a scope that does not exist (any more) permits nothing, so it asks
    /// for nothing either.
    pub fn first_not_held<'r>(&self, rules: impl IntoIterator<Item = &'r Rule>) -> Option<&'r Rule> {
        rules.into_iter().find(|rule| match Role::find(rule.role) {
            Some(role) => {
                self.world().lineage(rule.scope).is_some() && !self.lacks(role.permissions, rule.scope).is_empty()
            }
            None => false,
        })
    }
}
