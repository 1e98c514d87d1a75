//! What can: all permissions of a subject, scope by scope.

use std::collections::BTreeMap;

use super::Principal;
use crate::catalogue::PermissionSet;
use crate::identity::Subject;
use crate::org::{Scope, ScopePath};
use crate::world::World;

/// The permissions of a subject where they change: each scope in which it has more than above, with all its permissions
/// there. In any other scope it has those of the nearest listed ancestor, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatCan(BTreeMap<Scope, PermissionSet>);

impl WhatCan {
    /// The scopes in which it has more than above, with all its permissions there; in the order of scopes.
    pub fn iter(&self) -> impl Iterator<Item = (Scope, PermissionSet)> {
        self.0.iter().map(|(scope, permissions)| (*scope, *permissions))
    }

    /// In the order of the tree, behind that scope.
    #[must_use]
    pub fn behind(&self, after: Option<&ScopePath>, world: &World) -> Vec<(ScopePath, PermissionSet)> {
        let paths = self.iter().filter_map(|(scope, held)| Some((world.scope_path(scope)?, held)));
        let mut behind: Vec<_> = paths.filter(|(path, _)| after.is_none_or(|after| path > after)).collect();
        behind.sort_unstable_by_key(|(path, _)| *path);
        behind
    }

    /// Its permissions at a scope.
    #[must_use]
    pub fn at(&self, path: &ScopePath) -> PermissionSet {
        path.scopes().rev().find_map(|scope| self.0.get(&scope)).copied().unwrap_or(PermissionSet::EMPTY)
    }
}

impl World {
    /// All permissions of a subject: exactly those that [`World::decide`] allows, in each scope. A rule in a scope that
    /// does not exist permits nothing.
    #[must_use]
    pub fn what_can(&self, subject: &Subject) -> WhatCan {
        if self.principal_of(subject).is_disabled() { WhatCan(BTreeMap::new()) } else { self.what_could(subject) }
    }

    /// The same as if the subject were enabled.
    #[must_use]
    pub(super) fn what_could(&self, subject: &Subject) -> WhatCan {
        let mut by_rules_in: BTreeMap<Scope, PermissionSet> = BTreeMap::new();
        for applied in self.principal_of(subject).applied_rules() {
            let sum = by_rules_in.entry(applied.scope()).or_default();
            *sum = sum.union(applied.role.permissions);
        }
        let at = |scope: &Scope| by_rules_in.get(scope).copied().unwrap_or(PermissionSet::EMPTY);
        let changes = by_rules_in.keys().filter_map(|scope| {
            let above = self.scope_path(*scope)?.scopes().filter(|it| it != scope);
            let above = above.fold(PermissionSet::EMPTY, |sum, it| sum.union(at(&it)));
            (!at(scope).minus(above).is_empty()).then_some((*scope, above.union(at(scope))))
        });
        WhatCan(changes.collect())
    }

    /// The permissions of a subject that `caller` may know: all of them when the caller asks about themselves; otherwise
    /// those in scopes where the caller may read access rules.
    #[must_use]
    pub fn what_can_as_known_to(&self, subject: &Subject, caller: &Principal<'_>) -> WhatCan {
        let whole = self.what_can(subject);
        if caller.subject() == subject {
            return whole;
        }
        let known = caller.visible_rules();
        let path = |scope: Scope| Some((scope, self.scope_path(scope)?));
        // Where visibility begins, every permission there is new, wherever it comes from.
        let begins = known.scopes().filter_map(path).map(|(scope, path)| (scope, whole.at(&path)));
        let begins = begins.filter(|(_, permissions)| !permissions.is_empty());
        let within = |(scope, _): &(Scope, _)| self.scope_path(*scope).is_some_and(|path| known.includes(&path));
        WhatCan(whole.iter().filter(within).chain(begins).collect())
    }

    /// The permissions of a subject in a scope; empty when the scope does not exist.
    #[must_use]
    pub fn effective(&self, subject: &Subject, scope: Scope) -> PermissionSet {
        let principal = self.principal_of(subject);
        if principal.is_disabled() { PermissionSet::EMPTY } else { principal.held_in(scope) }
    }
}
