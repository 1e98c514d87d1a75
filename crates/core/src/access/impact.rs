//! Impact: who gains and who loses what by changes. It compares two worlds, and decides nothing.

use std::collections::BTreeSet;

use super::{Principal, Reach, WhatCan};
use crate::catalogue::{PermissionSet, RoleId};
use crate::identity::Subject;
use crate::org::{Lineage, Scope};
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
    pub place: Lineage,
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
    before: &'c World,
    after: &'c World,
    /// Every subject whose permissions may differ.
    subjects: BTreeSet<Subject>,
}

impl<'c> Impact<'c> {
    /// Compares a world with the one after these changes.
    ///
    /// Time grows with the rules and groups that the changes are about, not with the world.
    #[must_use]
    pub fn of(before: &'c World, changes: &[Change], after: &'c World) -> Self {
        let mut impact = Self { before, after, subjects: BTreeSet::new() };
        for change in changes {
            impact.add(change);
        }
        impact
    }

    /// The subjects that may gain or lose something, by kind and name: these are to be compared.
    #[must_use]
    pub const fn subjects(&self) -> &BTreeSet<Subject> {
        &self.subjects
    }

    fn add(&mut self, change: &Change) {
        let (before, after) = (self.before, self.after);
        match change {
            Change::UserSet(user) => {
                self.subjects.insert(Subject::User(user.email.clone()));
                let known = before.user_by_id(user.id).map(|known| Subject::User(known.email.clone()));
                self.subjects.extend(known);
            }
            Change::UserGone { email } => drop(self.subjects.insert(Subject::User(email.clone()))),
            Change::ServiceAccountSet(account) => {
                self.subjects.insert(Subject::ServiceAccount(account.client_id.clone()));
            }
            Change::ServiceAccountGone { client_id } => {
                self.subjects.insert(Subject::ServiceAccount(client_id.clone()));
            }
            Change::RuleSet(rule) => self.add_named(&rule.subject),
            Change::RuleGone { id } => {
                let named = before.rule(*id).or_else(|| after.rule(*id)).map(|rule| rule.subject);
                named.iter().for_each(|subject| self.add_named(subject));
            }
            Change::RoleSet(role) => self.add_holders(role.id),
            Change::RoleGone { id } => self.add_holders(*id),
            Change::ClusterSet(cluster) => self.add_moved(Scope::Cluster(cluster.id)),
            Change::ClusterGone { id } => self.add_moved(Scope::Cluster(*id)),
            Change::DepartmentSet(department) => self.add_moved(Scope::Department(department.id)),
            Change::DepartmentGone { id } => self.add_moved(Scope::Department(*id)),
            Change::ProjectSet(project) => self.add_moved(Scope::Project(project.id)),
            Change::ProjectGone { id } => self.add_moved(Scope::Project(*id)),
            Change::ProviderSet(_) | Change::ProviderGone { .. } | Change::SessionEnded { .. } => {}
        }
    }

    /// A subject that rules name: itself, and the members of a group.
    fn add_named(&mut self, subject: &Subject) {
        if let Subject::Group(group) = subject {
            for world in [self.before, self.after] {
                self.subjects.extend(world.members_of(group).cloned().map(Subject::User));
            }
        }
        self.subjects.insert(subject.clone());
    }

    fn add_holders(&mut self, role: RoleId) {
        for world in [self.before, self.after] {
            for (scope, _) in world.uses_of(role) {
                for rule in world.rules_in(scope).filter(|rule| rule.role == role) {
                    self.add_named(&rule.subject);
                }
            }
        }
    }

    /// A scope that comes, goes or moves: its rules begin or end to count.
    fn add_moved(&mut self, scope: Scope) {
        if self.before.lineage(scope) == self.after.lineage(scope) {
            return;
        }
        for world in [self.before, self.after] {
            for rule in world.rules_in(scope) {
                self.add_named(&rule.subject);
            }
        }
    }

    /// What a subject gains and loses; `None` for nothing.
    #[must_use]
    pub fn on(&self, subject: &Subject) -> Option<SubjectImpact> {
        self.within(subject, &Reach::Everything, &[])
    }

    /// What `caller`, of the world before, may know of it, and whether there is more: all of it when the caller is the subject,
    /// otherwise what happens in scopes where the caller may read access rules.
    #[must_use]
    pub fn as_known_to(&self, subject: &Subject, caller: &Principal<'_>) -> (Option<SubjectImpact>, bool) {
        let whole = self.on(subject);
        if caller.subject() == subject || whole.is_none() {
            return (whole, false);
        }
        let known = caller.reach_of_rules();
        if known == Reach::Everything {
            return (whole, false);
        }
        // Where visibility begins, everything is new, wherever it comes from.
        let begins: Vec<Lineage> = known.scopes().filter_map(|scope| self.place(scope)).collect();
        let hidden = whole.iter().flat_map(|it| &it.scopes).any(|it| !known.includes(&it.place));
        (self.within(subject, &known, &begins), hidden)
    }

    fn within(&self, subject: &Subject, known: &Reach, begins: &[Lineage]) -> Option<SubjectImpact> {
        let (before, after) = (self.before.what_can(subject), self.after.what_can(subject));
        let changing = [&before, &after].into_iter().flat_map(WhatCan::iter).filter_map(|(scope, _)| self.place(scope));
        let places: BTreeSet<Lineage> =
            changing.filter(|place| known.includes(place)).chain(begins.iter().copied()).collect();
        let mut scopes: Vec<ScopeImpact> = Vec::new();
        // The listed scopes above the place, the nearest last: places come as in a walk of the tree.
        let mut above: Vec<ScopeImpact> = Vec::new();
        for place in places {
            let (then, now) = (before.at(&place), after.at(&place));
            let here = ScopeImpact { place, gained: now.minus(then), lost: then.minus(now) };
            while above.last().is_some_and(|it| !place.includes(it.place.scope())) {
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
    fn place(&self, scope: Scope) -> Option<Lineage> {
        self.before.lineage(scope).or_else(|| self.after.lineage(scope))
    }
}
