//! The right answers to the questions that one asks about others, worked out the naive way for a whole world: who may
//! what, where, and by which rules. Everything follows from one table that `naive` fills.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_core::access::{Act, Actor, RuleId};
use rolecall_core::catalogue::{Permission, Role, RoleId};
use rolecall_core::identity::{GroupName, Subject, SubjectKind};
use rolecall_core::org::Scope;

use crate::facts::{Facts, scopes, subjects};
use crate::naive::{self, Permissions, Who};

/// By which rules each subject has each permission in each scope, whether it is disabled or not.
pub struct Truth {
    pub facts: Facts,
    ways: BTreeMap<(Subject, Scope), BTreeMap<Permission, BTreeSet<RuleId>>>,
}

/// A rule by which somebody may, its role, where it is inherited from, and the group that it came through.
pub type Way = (RuleId, RoleId, Option<Scope>, Option<GroupName>);

/// A rule that is missing, and whether whoever asks could make it.
pub type Missing = (Subject, RoleId, Scope, bool);

#[derive(Debug, Clone, PartialEq)]
pub enum Explained {
    Allowed(Vec<Way>),
    NoSuchScope,
    Disabled(Vec<Way>),
    NoRule { disabled: bool, fixes: Vec<Missing> },
}

impl Truth {
    pub fn of(facts: &Facts) -> Self {
        let lists: BTreeMap<RoleId, Permissions> =
            facts.rules.iter().map(|rule| (rule.role, naive::listed(rule.role))).collect();
        let mut ways: BTreeMap<_, BTreeMap<_, BTreeSet<_>>> = BTreeMap::new();
        for subject in subjects() {
            let who = who(facts, &subject);
            for scope in scopes().into_iter().filter(|scope| naive::exists(facts, *scope)) {
                let here = |rule: &&_| who.is_named_by(rule) && naive::at_or_below(facts, scope, rule.scope);
                for rule in facts.rules.iter().filter(here) {
                    for permission in &lists[&rule.role] {
                        let by = ways.entry((subject.clone(), scope)).or_default().entry(*permission).or_default();
                        by.insert(rule.id);
                    }
                }
            }
        }
        Self { facts: facts.clone(), ways }
    }

    pub fn disabled(&self, subject: &Subject) -> bool {
        let user = |it: &_| self.facts.users.iter().any(|user| user.email == *it && !user.enabled);
        let machine = |it: &_| self.facts.machines.iter().any(|machine| machine.client_id == *it && !machine.enabled);
        match subject {
            Subject::User(email) => user(email),
            Subject::ServiceAccount(client_id) => machine(client_id),
            Subject::Group(_) => false,
        }
    }

    /// The rules by which he would, were he enabled.
    fn rules(&self, subject: &Subject, permission: Permission, scope: Scope) -> Vec<RuleId> {
        let here = self.ways.get(&(subject.clone(), scope)).and_then(|ways| ways.get(&permission));
        here.into_iter().flatten().copied().collect()
    }

    /// The rules by which he may.
    pub fn decide(&self, subject: &Subject, permission: Permission, scope: Scope) -> Vec<RuleId> {
        if self.disabled(subject) { Vec::new() } else { self.rules(subject, permission, scope) }
    }

    pub fn may(&self, subject: &Subject, permission: Permission, scope: Scope) -> bool {
        !self.decide(subject, permission, scope).is_empty()
    }

    pub fn explain(
        &self,
        subject: &Subject,
        permission: Permission,
        scope: Scope,
        could: &mut dyn FnMut(&Facts, Act) -> bool,
    ) -> Explained {
        if !naive::exists(&self.facts, scope) {
            return Explained::NoSuchScope;
        }
        let disabled = self.disabled(subject);
        let ways = self.rules(subject, permission, scope).into_iter().map(|id| {
            let rule = self.facts.rules.iter().find(|rule| rule.id == id).unwrap();
            let group = match &rule.subject {
                Subject::Group(group) if rule.subject != *subject => Some(group.clone()),
                _ => None,
            };
            (id, rule.role, (rule.scope != scope).then_some(rule.scope), group)
        });
        let ways: Vec<Way> = ways.collect();
        match (ways.is_empty(), disabled) {
            (false, false) => Explained::Allowed(ways),
            (false, true) => Explained::Disabled(ways),
            (true, disabled) => {
                let fixes = least_roles(permission).into_iter().map(|role| {
                    let could = could(&self.facts, Act::CreateRule { subject: subject.clone(), role, scope });
                    (subject.clone(), role, scope, could)
                });
                Explained::NoRule { disabled, fixes: fixes.collect() }
            }
        }
    }

    /// The names of all who may, in order.
    pub fn who_can(&self, kind: SubjectKind, permission: Permission, scope: Scope) -> Vec<String> {
        let who = subjects().into_iter().filter(|it| it.kind() == kind && self.may(it, permission, scope));
        let names: BTreeSet<String> = who.map(|it| it.name().to_owned()).collect();
        names.into_iter().collect()
    }

    /// What he may do in a scope.
    pub fn held(&self, subject: &Subject, scope: Scope) -> Permissions {
        match self.ways.get(&(subject.clone(), scope)) {
            Some(ways) if !self.disabled(subject) => ways.keys().copied().collect(),
            _ => Permissions::new(),
        }
    }

    /// The scopes in which he may do more than above them, with what he may do there.
    pub fn what_can(&self, subject: &Subject) -> Vec<(Scope, Permissions)> {
        let above = |scope| naive::parent(&self.facts, scope).map(|above| self.held(subject, above));
        let there = scopes().into_iter().filter(|scope| naive::exists(&self.facts, *scope));
        let all = there.map(|scope| (scope, self.held(subject, scope)));
        all.filter(|(scope, held)| *held != above(*scope).unwrap_or_default()).collect()
    }
}

/// Whoever carries that name, with the groups that he is known to be in.
fn who(facts: &Facts, subject: &Subject) -> Who {
    let known = facts.users.iter().find(|user| Subject::User(user.email.clone()) == *subject);
    known.map_or_else(|| Who::named(subject.clone()), Who::user)
}

/// Of the roles that list a permission those that list the fewest.
pub fn least_roles(permission: Permission) -> Vec<RoleId> {
    static LISTS: std::sync::OnceLock<Vec<(RoleId, Permissions)>> = std::sync::OnceLock::new();
    let lists = LISTS.get_or_init(|| Role::all().iter().map(|role| (role.id, naive::listed(role.id))).collect());
    let having = || lists.iter().filter(|(_, listed)| listed.contains(&permission));
    let fewest = having().map(|(_, listed)| listed.len()).min();
    having().filter(|(_, listed)| Some(listed.len()) == fewest).map(|(id, _)| *id).collect()
}

/// What the naive verdict says of an act, worked out once for each role and scope: whom a missing rule would be about
/// makes no difference.
pub fn could<'a>(asker: &'a Actor) -> impl FnMut(&Facts, Act) -> bool + 'a {
    let mut known: BTreeMap<(RoleId, Scope), bool> = BTreeMap::new();
    move |facts, act| match &act {
        Act::CreateRule { role, scope, .. } => {
            *known.entry((*role, *scope)).or_insert_with(|| naive::verdict(facts, asker, &act).is_ok())
        }
        _ => panic!("{act:?} makes no rule"),
    }
}
