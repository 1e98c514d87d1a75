//! What can: everything that a subject may do, scope by scope.

use std::collections::BTreeMap;

use super::Principal;
use crate::catalogue::PermissionSet;
use crate::identity::Subject;
use crate::org::{Lineage, Scope};
use crate::world::World;

/// What a subject may do, said where it changes: for each scope in which it may do more than above it, all that it may
/// do there. In every other scope it may do what it may in the nearest of these above, and nothing where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatCan(BTreeMap<Scope, PermissionSet>);

impl WhatCan {
    /// The scopes in which it may do more than above them, with all that it may do there; in the order of scopes.
    pub fn iter(&self) -> impl Iterator<Item = (Scope, PermissionSet)> {
        self.0.iter().map(|(scope, permissions)| (*scope, *permissions))
    }

    /// What it may do at a place.
    #[must_use]
    pub fn at(&self, place: &Lineage) -> PermissionSet {
        place.scopes().rev().find_map(|scope| self.0.get(&scope)).copied().unwrap_or(PermissionSet::EMPTY)
    }
}

impl World {
    /// Everything that a subject may do: each permission that [`World::decide`] allows it, in each scope, and nothing else.
    /// A rule in a scope that does not exist permits nothing.
    #[must_use]
    pub fn what_can(&self, subject: &Subject) -> WhatCan {
        let mut by_rules_in: BTreeMap<Scope, PermissionSet> = BTreeMap::new();
        let principal = self.principal_of(subject);
        if !principal.is_disabled() {
            for grant in principal.grants() {
                let sum = by_rules_in.entry(grant.scope()).or_default();
                *sum = sum.union(grant.role.permissions);
            }
        }
        let at = |scope: &Scope| by_rules_in.get(scope).copied().unwrap_or(PermissionSet::EMPTY);
        let changes = by_rules_in.keys().filter_map(|scope| {
            let above = self.lineage(*scope)?.scopes().filter(|it| it != scope);
            let above = above.fold(PermissionSet::EMPTY, |sum, it| sum.union(at(&it)));
            (!at(scope).minus(above).is_empty()).then_some((*scope, above.union(at(scope))))
        });
        WhatCan(changes.collect())
    }

    /// What a subject may do, as far as `asker` may know: all of it when he asks about himself; when he asks about somebody
    /// else what that one may do where the asker may read access rules, and nothing elsewhere.
    #[must_use]
    pub fn what_can_as_known_to(&self, subject: &Subject, asker: &Principal<'_>) -> WhatCan {
        let whole = self.what_can(subject);
        if asker.subject() == subject {
            return whole;
        }
        let known = asker.reach_of_rules();
        let lineage = |scope: Scope| Some((scope, self.lineage(scope)?));
        // Where what is known begins, all that it holds there is new, wherever it comes from.
        let begins = known.scopes().filter_map(lineage).map(|(scope, place)| (scope, whole.at(&place)));
        let begins = begins.filter(|(_, permissions)| !permissions.is_empty());
        let within = |(scope, _): &(Scope, _)| self.lineage(*scope).is_some_and(|place| known.includes(&place));
        WhatCan(whole.iter().filter(within).chain(begins).collect())
    }

    /// What a subject may do in a scope; nothing when there is no such scope.
    #[must_use]
    pub fn effective(&self, subject: &Subject, scope: Scope) -> PermissionSet {
        let principal = self.principal_of(subject);
        if principal.is_disabled() { PermissionSet::EMPTY } else { principal.held_in(scope) }
    }
}
