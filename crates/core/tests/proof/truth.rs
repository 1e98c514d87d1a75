//! The correct answers to questions about others, computed naively for a whole world: who may what, where, and by which
//! rules. Everything follows from one table that `naive` fills.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rolecall_core::access::{Actor, Rule, RuleId};
use rolecall_core::acts::{AnyAct, CreateRule};
use rolecall_core::catalogue::{Action, Permission, ResourceType, RoleId};
use rolecall_core::identity::{GroupName, Subject, SubjectKind};
use rolecall_core::org::Scope;

use crate::facts::{Facts, scopes, subjects};
use crate::naive::{self, Permissions, Who};

/// The rules by which each subject has each permission in each scope, whether it is disabled or not.
pub struct Truth {
    pub facts: Facts,
    ways: BTreeMap<(Subject, Scope), BTreeMap<Permission, BTreeSet<RuleId>>>,
}

/// A rule that allows something: the rule, its role, its scope, whether that is above the scope in question, and the
/// group in the rule.
pub type Way = (RuleId, RoleId, Scope, bool, Option<GroupName>);

/// The role of a missing rule, and whether the caller could create it.
pub type Missing = (RoleId, bool);

#[derive(Debug, Clone, PartialEq)]
pub enum Explained {
    Allowed { shown: Vec<Way>, hidden: usize },
    Forbidden,
    NoSuchScope,
    Disabled { shown: Vec<Way>, hidden: usize },
    Withheld,
    NoRule { disabled: bool, fixes: Vec<Missing> },
}

/// A caller, and everything that they may know, computed once.
pub struct Caller {
    pub actor: Actor,
    pub who: Who,
    /// Where the caller may read access rules.
    pub reads_rules: BTreeSet<Scope>,
    /// The scopes that exist for the caller.
    pub sees: BTreeSet<Scope>,
    /// Whether the caller may read users, and service accounts, in any scope.
    pub reads_users: bool,
    pub reads_machines: bool,
    pub reads_roles: bool,
    could: RefCell<BTreeMap<(Subject, RoleId, Scope), bool>>,
}

impl Caller {
    /// `None` for a subject that may not ask.
    pub fn of(facts: &Facts, actor: &Actor) -> Option<Self> {
        let who = naive::known(facts, actor)?;
        let read = |what| Permission::new(what, Action::Read);
        let reads_rules = |scope: &Scope| naive::may(facts, &who, read(ResourceType::AccessRules), *scope);
        Some(Self {
            reads_rules: scopes().into_iter().filter(reads_rules).collect(),
            sees: scopes().into_iter().filter(|scope| naive::sees(facts, &who, *scope)).collect(),
            reads_users: naive::may_somewhere(facts, &who, read(ResourceType::Users)),
            reads_roles: naive::may_somewhere(facts, &who, read(ResourceType::Roles)),
            reads_machines: naive::may_somewhere(facts, &who, read(ResourceType::ServiceAccount)),
            actor: actor.clone(),
            who,
            could: RefCell::default(),
        })
    }

    pub fn is(&self, subject: &Subject) -> bool {
        self.who.name == *subject
    }

    /// Design, 8.
    pub fn sees_rule(&self, rule: &Rule) -> bool {
        self.who.is_named_by(rule) || self.reads_rules.contains(&rule.scope)
    }

    pub fn learns_who_is_disabled(&self, subject: &Subject) -> bool {
        match subject {
            Subject::User(_) => self.reads_users,
            Subject::ServiceAccount(_) => self.reads_machines,
            Subject::Group(_) => true,
        }
    }

    /// The naive decision about creating a rule, computed once for each.
    fn could(&self, facts: &Facts, subject: &Subject, role: RoleId, scope: Scope) -> bool {
        let mut known = self.could.borrow_mut();
        let act = AnyAct::CreateRule(CreateRule { subject: subject.clone(), role, scope });
        *known.entry((subject.clone(), role, scope)).or_insert_with(|| naive::verdict(facts, &self.actor, &act).is_ok())
    }

    /// Where the caller may know about that subject.
    pub fn knows(&self, subject: &Subject, scope: Scope) -> bool {
        self.is(subject) || self.reads_rules.contains(&scope)
    }
}

impl Truth {
    pub fn of(facts: &Facts) -> Self {
        let lists: BTreeMap<RoleId, Permissions> =
            facts.rules.iter().map(|rule| (rule.role, naive::given(facts, rule.role))).collect();
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

    /// The rules that would allow it if the subject were enabled.
    fn rules(&self, subject: &Subject, permission: Permission, scope: Scope) -> Vec<RuleId> {
        let here = self.ways.get(&(subject.clone(), scope)).and_then(|ways| ways.get(&permission));
        here.into_iter().flatten().copied().collect()
    }

    /// The rules that allow it.
    pub fn decide(&self, subject: &Subject, permission: Permission, scope: Scope) -> Vec<RuleId> {
        if self.disabled(subject) { Vec::new() } else { self.rules(subject, permission, scope) }
    }

    pub fn may(&self, subject: &Subject, permission: Permission, scope: Scope) -> bool {
        !self.decide(subject, permission, scope).is_empty()
    }

    pub fn explain(&self, subject: &Subject, permission: Permission, scope: Scope, caller: &Caller) -> Explained {
        let exists = naive::exists(&self.facts, scope);
        if !caller.knows(subject, scope) {
            return if exists && caller.sees.contains(&scope) { Explained::Forbidden } else { Explained::NoSuchScope };
        }
        let all: Vec<&Rule> = self
            .rules(subject, permission, scope)
            .into_iter()
            .map(|id| self.facts.rules.iter().find(|rule| rule.id == id).unwrap())
            .collect();
        let seen: Vec<&Rule> = all.iter().filter(|rule| caller.sees_rule(rule)).copied().collect();
        let (disabled, learns) = (self.disabled(subject), caller.learns_who_is_disabled(subject));
        let hidden = all.len() - seen.len();
        let shown: Vec<Way> = seen.into_iter().map(|rule| way(rule, subject, scope)).collect();
        if !all.is_empty() && !disabled {
            return Explained::Allowed { shown, hidden };
        }
        if !exists || !(caller.sees.contains(&scope) || caller.reads_rules.contains(&scope)) {
            return Explained::NoSuchScope;
        }
        match (all.is_empty(), learns) {
            (false, true) => Explained::Disabled { shown, hidden },
            (false, false) if !shown.is_empty() => Explained::Withheld,
            _ => {
                let fix = |role| (role, caller.could(&self.facts, subject, role, scope));
                let fixes = least_roles(&self.facts, permission, caller.reads_roles).into_iter().map(fix).collect();
                Explained::NoRule { disabled: disabled && learns, fixes }
            }
        }
    }

    /// The scopes in which the subject may, as far as the caller may know, ancestors before descendants.
    pub fn where_can(&self, subject: &Subject, permission: Permission, caller: &Caller) -> Vec<Scope> {
        let mut all: Vec<Scope> = scopes()
            .into_iter()
            .filter(|scope| self.may(subject, permission, *scope) && caller.knows(subject, *scope))
            .collect();
        all.sort_by_key(|scope| self.way_down(*scope));
        all
    }

    /// The scopes from the account down to that one.
    pub fn way_down(&self, scope: Scope) -> Vec<Scope> {
        let above = naive::parent(&self.facts, scope).map(|above| self.way_down(above));
        above.unwrap_or_default().into_iter().chain([scope]).collect()
    }

    /// The same as `what_can`, as far as the caller may know.
    pub fn what_can_as_known_to(&self, subject: &Subject, caller: &Caller) -> Vec<(Scope, Permissions)> {
        let known = |scope| if caller.knows(subject, scope) { self.held(subject, scope) } else { Permissions::new() };
        let there = scopes().into_iter().filter(|scope| naive::exists(&self.facts, *scope));
        let above = |scope| naive::parent(&self.facts, scope).map(known).unwrap_or_default();
        there.map(|scope| (scope, known(scope))).filter(|(scope, held)| *held != above(*scope)).collect()
    }

    /// The names of all subjects that may, in order.
    pub fn who_can(&self, kind: SubjectKind, permission: Permission, scope: Scope) -> Vec<String> {
        let who = subjects().into_iter().filter(|it| it.kind() == kind && self.may(it, permission, scope));
        let names: BTreeSet<String> = who.map(|it| it.name().to_owned()).collect();
        names.into_iter().collect()
    }

    /// The permissions of the subject in a scope.
    pub fn held(&self, subject: &Subject, scope: Scope) -> Permissions {
        match self.ways.get(&(subject.clone(), scope)) {
            Some(ways) if !self.disabled(subject) => ways.keys().copied().collect(),
            _ => Permissions::new(),
        }
    }

    /// The scopes in which the subject has more permissions than above, with its permissions there.
    pub fn what_can(&self, subject: &Subject) -> Vec<(Scope, Permissions)> {
        let above = |scope| naive::parent(&self.facts, scope).map(|above| self.held(subject, above));
        let there = scopes().into_iter().filter(|scope| naive::exists(&self.facts, *scope));
        let all = there.map(|scope| (scope, self.held(subject, scope)));
        all.filter(|(scope, held)| *held != above(*scope).unwrap_or_default()).collect()
    }
}

/// The subject with that name, and its known groups.
fn who(facts: &Facts, subject: &Subject) -> Who {
    let known = facts.users.iter().find(|user| Subject::User(user.email.clone()) == *subject);
    known.map_or_else(|| Who::named(subject.clone()), Who::user)
}

fn way(rule: &Rule, subject: &Subject, scope: Scope) -> Way {
    let group = match &rule.subject {
        Subject::Group(group) if rule.subject != *subject => Some(group.clone()),
        _ => None,
    };
    (rule.id, rule.role, rule.scope, rule.scope != scope, group)
}

/// Of the enabled roles that list a permission and that the caller knows, the first five that list the fewest.
pub fn least_roles(facts: &Facts, permission: Permission, knows_custom: bool) -> Vec<RoleId> {
    let given = |role: &RoleId| naive::given(facts, *role);
    let known = |role: &&RoleId| knows_custom || !facts.roles[*role].custom;
    let having = || facts.roles.keys().filter(known).filter(|role| given(role).contains(&permission));
    let fewest = having().map(|role| given(role).len()).min();
    having().filter(|role| Some(given(role).len()) == fewest).take(5).copied().collect()
}
