//! Impact: who gains and who loses what by changes. It compares two worlds, and decides nothing.

use std::collections::BTreeSet;

use super::{Role, Subtrees, WhatCan};
use crate::catalogue::{PermissionSet, RoleId};
use crate::identity::Subject;
use crate::org::{Cluster, Department, Project, Scope, ScopePath};
use crate::world::{Change, World};

/// What one subject gains and loses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectImpact {
    /// The subject.
    pub subject: Subject,
    /// The scopes where what is gained or lost is not as above them, in the order of the tree; never empty. In every other
    /// scope it is as in the nearest of these above, and nothing where there is none.
    pub scopes: Vec<ScopeImpact>,
}

/// What a subject gains and loses in a scope and below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeImpact {
    /// The scope. A scope that goes counts as far as its own rules reached: what is permitted above it goes with it for
    /// everybody.
    pub path: ScopePath,
    /// What the subject may do there afterwards, and could not before.
    pub gained: PermissionSet,
    /// What the subject could do there before, and may not afterwards.
    pub lost: PermissionSet,
}

impl SubjectImpact {
    /// Whether the subject gains something in any scope.
    #[must_use]
    pub fn gains(&self) -> bool {
        self.scopes.iter().any(|scope| !scope.gained.is_empty())
    }

    /// Whether the subject loses something in any scope.
    #[must_use]
    pub fn loses(&self) -> bool {
        self.scopes.iter().any(|scope| !scope.lost.is_empty())
    }
}

/// The changes from one world to the next.
#[derive(Debug, Clone)]
pub struct Impact<'c> {
    pub(super) before: &'c World,
    pub(super) after: &'c World,
    /// The subjects that the changes are about, and those that their rules name.
    pub(super) named: BTreeSet<Subject>,
    /// The members of the groups among these.
    pub(super) members: BTreeSet<Subject>,
    /// Where the changes may matter; the account for those that may matter anywhere.
    pub(super) touched: BTreeSet<ScopePath>,
}

impl<'c> Impact<'c> {
    /// Compares a world with the one after these changes. It looks for nobody more when `is_wanted` says no.
    ///
    /// Time grows with the rules and groups that the changes are about, not with the world: each is read once, however many
    /// changes are about it.
    #[must_use]
    pub fn of(before: &'c World, changes: &[Change], after: &'c World, is_wanted: &dyn Fn() -> bool) -> Self {
        let touched = BTreeSet::new();
        let mut impact = Self { before, after, named: BTreeSet::new(), members: BTreeSet::new(), touched };
        let (mut roles, mut moved) = (BTreeSet::new(), BTreeSet::new());
        for change in changes {
            impact.add(change, &mut roles, &mut moved);
        }
        for world in [before, after] {
            let of_roles: BTreeSet<Scope> =
                roles.iter().flat_map(|role| world.uses_of(*role).map(|(scope, _)| scope)).collect();
            for scope in of_roles.union(&moved).take_while(|_| is_wanted()) {
                let rules = world.rules_in(*scope).filter(|rule| moved.contains(scope) || roles.contains(&rule.role));
                impact.named.extend(rules.map(|rule| rule.subject));
            }
            for subject in impact.named.iter().take_while(|_| is_wanted()) {
                if let Subject::Group(group) = subject {
                    impact.members.extend(world.members_of(group).cloned().map(Subject::User));
                }
            }
        }
        impact
    }

    /// The subjects that may gain or lose something, by kind and name: these are to be compared.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.named.union(&self.members)
    }

    fn add(&mut self, change: &Change, roles: &mut BTreeSet<RoleId>, moved: &mut BTreeSet<Scope>) {
        let (before, after) = (self.before, self.after);
        let everywhere = self.scope_path(Scope::Account);
        match change {
            Change::UserSet(user) => {
                self.named.insert(Subject::User(user.email.clone()));
                let known = before.user_by_id(user.id).map(|known| Subject::User(known.email.clone()));
                self.named.extend(known);
                self.touched.extend(everywhere);
            }
            Change::UserGone { email } => {
                self.named.insert(Subject::User(email.clone()));
                self.touched.extend(everywhere);
            }
            Change::ServiceAccountSet(account) => {
                self.named.insert(Subject::ServiceAccount(account.client_id.clone()));
                self.touched.extend(everywhere);
            }
            Change::ServiceAccountGone { client_id } => {
                self.named.insert(Subject::ServiceAccount(client_id.clone()));
                self.touched.extend(everywhere);
            }
            Change::RuleSet(rule) => {
                self.touched.extend(self.scope_path(rule.scope));
                self.named.insert(rule.subject.clone());
            }
            Change::RuleGone { id } => {
                if let Some(rule) = before.rule(*id).or_else(|| after.rule(*id)) {
                    self.touched.extend(self.scope_path(rule.scope));
                    self.named.insert(rule.subject);
                }
            }
            Change::RoleSet(Role { id, .. }) | Change::RoleGone { id } => {
                roles.insert(*id);
                self.touched.extend(everywhere);
            }
            Change::ClusterSet(Cluster { id, .. }) | Change::ClusterGone { id } => {
                self.add_moved(Scope::Cluster(*id), moved)
            }
            Change::DepartmentSet(Department { id, .. }) | Change::DepartmentGone { id } => {
                self.add_moved(Scope::Department(*id), moved);
            }
            Change::ProjectSet(Project { id, .. }) | Change::ProjectGone { id } => {
                self.add_moved(Scope::Project(*id), moved)
            }
            Change::ProviderSet(_) | Change::ProviderGone { .. } | Change::SessionEnded { .. } => {}
        }
    }

    /// A scope that comes, goes or moves: its rules begin or end to count.
    fn add_moved(&mut self, scope: Scope, moved: &mut BTreeSet<Scope>) {
        if self.before.scope_path(scope) != self.after.scope_path(scope) {
            moved.insert(scope);
            self.touched.extend(self.scope_path(scope));
        }
    }

    /// What a subject gains and loses; `None` for nothing.
    #[must_use]
    pub fn on(&self, subject: &Subject) -> Option<SubjectImpact> {
        let (before, after) = (self.before.what_can(subject), self.after.what_can(subject));
        self.between(subject, &before, &after, &Subtrees::Everything, &[])
    }

    /// The difference of what a subject can do in both worlds, within `known`. Where that begins, everything is new, wherever
    /// it comes from.
    pub(super) fn between(
        &self,
        subject: &Subject,
        before: &WhatCan,
        after: &WhatCan,
        known: &Subtrees,
        begins: &[ScopePath],
    ) -> Option<SubjectImpact> {
        let changing =
            [before, after].into_iter().flat_map(WhatCan::iter).filter_map(|(scope, _)| self.scope_path(scope));
        let paths: BTreeSet<ScopePath> =
            changing.filter(|path| known.includes(path)).chain(begins.iter().copied()).collect();
        let mut scopes: Vec<ScopeImpact> = Vec::new();
        // The listed scopes above the path, the nearest last: paths come as in a walk of the tree.
        let mut above: Vec<ScopeImpact> = Vec::new();
        for path in paths {
            let (then, now) = (before.at(&path), after.at(&path));
            let here = ScopeImpact { path, gained: now.minus(then), lost: then.minus(now) };
            while above.last().is_some_and(|it| !path.includes(it.path.scope())) {
                above.pop();
            }
            let nearest = above.last().map_or(PermissionSet::EMPTY, |it| it.gained);
            let nearest = (nearest, above.last().map_or(PermissionSet::EMPTY, |it| it.lost));
            if (here.gained, here.lost) != nearest {
                scopes.push(here);
                above.push(here);
            }
        }
        (!scopes.is_empty()).then(|| SubjectImpact { subject: subject.clone(), scopes })
    }

    /// The path of a scope of either world.
    pub(super) fn scope_path(&self, scope: Scope) -> Option<ScopePath> {
        self.before.scope_path(scope).or_else(|| self.after.scope_path(scope))
    }
}
