//! Compares what a caller sees in the lists with what the rules make visible.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_core::Result;
use rolecall_core::access::{Principal, Rule, RuleId, Sight};
use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::filter::Filter;
use rolecall_core::identity::{Subject, UserId};
use rolecall_core::org::{Scope, ScopeKind};
use rolecall_core::verify::naive::{self, Who};
use rolecall_core::verify::{Facts, Tally};
use rolecall_store::{HeldRules, Page, RuleQuery, ServiceAccountRecord, Sort, Store, UserQuery, most_held_rules};

use crate::app::{org, rules};

/// Records of a list that are compared by name; the total is always compared.
const PAGE: u32 = 1000;

/// The lists of a caller, as the API reads them.
#[derive(Debug)]
pub struct Listed {
    rules: (Vec<RuleId>, u64),
    nodes: Vec<(ScopeKind, BTreeMap<Scope, bool>, u64)>,
    users: Option<Users>,
    service_accounts: Option<Vec<ServiceAccountRecord>>,
}

/// The lists of a caller who may read users.
#[derive(Debug)]
struct Users {
    by_name: Vec<String>,
    total: u64,
    by_rules: Vec<String>,
    held: Vec<HeldRules>,
    /// Maximum rules of each user among them.
    held_of_each: usize,
}

impl Listed {
    /// Reads access rules, clusters, departments, projects, users, service accounts, and the rules of some users.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn to(store: &Store, principal: &Principal<'_>, users: &[UserId]) -> Result<Self> {
        let visible = rules::visible_to(principal, rules::Whose::Everybodys);
        let (listed, total) = store.rules(&RuleQuery::all(visible, Page { offset: 0, limit: PAGE })).await?;
        let rules = (listed.iter().map(|rule| rule.id).collect(), total);
        let mut nodes = Vec::new();
        for kind in [ScopeKind::Cluster, ScopeKind::Department, ScopeKind::Project] {
            let (listed, total) = store.nodes(&org::seen_by(principal, kind, org::Listing::default())).await?;
            nodes.push((kind, listed.iter().map(|it| (it.scope, it.sight == Sight::Full)).collect(), total));
        }
        let reads = |what| principal.may_somewhere(Permission::new(what, Action::Read));
        let users = if reads(ResourceType::Users) { Some(Users::to(store, principal, users).await?) } else { None };
        let service_accounts = if reads(ResourceType::ServiceAccount) {
            Some(store.service_accounts(Page { offset: 0, limit: PAGE }).await?)
        } else {
            None
        };
        Ok(Self { rules, nodes, users, service_accounts })
    }

    /// Compares them with what the rules make visible.
    pub fn compare(&self, facts: &Facts, caller: &Subject, tally: &mut Tally) {
        let who = Who::of(facts, caller);
        let own = facts.about(caller);
        let visible = naive::visible_rules(facts, &who);
        self.compare_rules(caller, &visible, tally);
        for (kind, listed, total) in &self.nodes {
            compare_nodes((&own, &who), *kind, (listed, *total), tally);
        }
        let reads = |what| naive::may_somewhere(&own, &who, Permission::new(what, Action::Read));
        for (what, listed) in [
            (ResourceType::Users, self.users.is_some()),
            (ResourceType::ServiceAccount, self.service_accounts.is_some()),
        ] {
            let right = reads(what);
            if listed != right {
                let what = what.as_str();
                tally.differs(|| {
                    format!("may {caller} read {what} anywhere? The world says {listed}, {right} is right")
                });
            }
        }
        if let Some(users) = self.users.as_ref().filter(|_| reads(ResourceType::Users)) {
            users.compare_users(facts, caller, tally);
            users.compare_order(facts, (caller, &visible), tally);
            users.compare_held(facts, (caller, &visible), tally);
        }
        if let Some(machines) = self.service_accounts.as_ref().filter(|_| reads(ResourceType::ServiceAccount)) {
            compare_service_accounts(facts, caller, machines, tally);
        }
    }

    fn compare_rules(&self, caller: &Subject, visible: &[&Rule], tally: &mut Tally) {
        let right: Vec<RuleId> = visible.iter().map(|rule| rule.id).collect();
        let (listed, total) = &self.rules;
        let page = first(&right);
        ensure(tally, listed == page && is(*total, right.len()), || {
            let apart = apart(listed.iter(), page.iter())
                .map_or_else(String::new, |id| format!("; they differ about rule {id}"));
            format!("which access rules does {caller} see? The list has {total}, {} are right{apart}", right.len())
        });
    }
}

impl Users {
    async fn to(store: &Store, principal: &Principal<'_>, users: &[UserId]) -> Result<Self> {
        let query = all_users(principal, Sort::default());
        let (found, total) = (store.users(&query).await?, store.count_users(&query).await?);
        let by_name = found.iter().map(|user| user.email.to_string()).collect();
        let sort = Sort { by: Some("accessRules"), ..Sort::default() };
        let found = store.users(&all_users(principal, sort)).await?;
        let by_rules = found.iter().map(|user| user.email.to_string()).collect();
        let held = store.held_rules(&rules::visible_to(principal, rules::Whose::Everybodys), users).await?;
        Ok(Self { by_name, total, by_rules, held, held_of_each: most_held_rules(users.len()) })
    }

    fn compare_users(&self, facts: &Facts, caller: &Subject, tally: &mut Tally) {
        let mut right: Vec<&str> = facts.users.iter().map(|user| user.email.as_str()).collect();
        right.sort_unstable();
        ensure(tally, self.by_name == first(&right) && is(self.total, right.len()), || {
            format!("which users does {caller} see? The list has {}, {} are right", self.total, right.len())
        });
    }

    /// Users ordered by the number of their visible rules.
    fn compare_order(&self, facts: &Facts, (caller, visible): (&Subject, &[&Rule]), tally: &mut Tally) {
        let mut about: BTreeMap<&Subject, usize> = BTreeMap::new();
        for rule in visible {
            *about.entry(&rule.subject).or_default() += 1;
        }
        let mut right: Vec<(usize, &str)> = Vec::with_capacity(facts.users.len());
        for user in &facts.users {
            let groups = user.groups.iter().cloned().map(Subject::Group);
            // A user who is in a group twice has its rules once.
            let names: BTreeSet<Subject> = groups.chain([Subject::User(user.email.clone())]).collect();
            right.push((names.iter().filter_map(|name| about.get(name)).sum(), user.email.as_str()));
        }
        right.sort_unstable();
        ensure(tally, self.by_rules.iter().eq(first(&right).iter().map(|(_, email)| *email)), || {
            format!("who holds how many of the access rules that {caller} sees? The order of users is wrong")
        });
    }

    fn compare_held(&self, facts: &Facts, (caller, visible): (&Subject, &[&Rule]), tally: &mut Tally) {
        for held in &self.held {
            let Some(user) = facts.users.iter().find(|user| user.id == held.id) else { continue };
            let who = Who::user(user);
            let mut right: Vec<&Rule> = visible.iter().copied().filter(|rule| who.is_named_by(rule)).collect();
            right.sort_by_key(|rule| (rule.scope.kind(), matches!(rule.subject, Subject::Group(_)), rule.id));
            let listed = held.rules.iter().map(|rule| rule.id);
            let is_right =
                listed.eq(right.iter().map(|rule| rule.id).take(self.held_of_each)) && is(held.total, right.len());
            ensure(tally, is_right, || {
                let (email, total) = (&user.email, held.total);
                format!("which rules of {email}'s does {caller} see? The list has {total}, {} are right", right.len())
            });
        }
    }
}

fn ensure(tally: &mut Tally, is_right: bool, words: impl FnOnce() -> String) {
    tally.lists += 1;
    if !is_right {
        tally.differs(words);
    }
}

fn compare_nodes(
    (own, who): (&Facts, &Who),
    kind: ScopeKind,
    (listed, total): (&BTreeMap<Scope, bool>, u64),
    tally: &mut Tally,
) {
    let of_kind = own.scopes().into_iter().filter(|scope| scope.kind() == kind && naive::sees(own, who, *scope));
    let read = Permission::new(kind.resource_type(), Action::Read);
    let right: BTreeMap<Scope, bool> = of_kind.map(|scope| (scope, naive::may(own, who, read, scope))).collect();
    ensure(tally, *listed == right && is(total, right.len()), || {
        let (a, b): (BTreeSet<_>, BTreeSet<_>) = (listed.iter().collect(), right.iter().collect());
        let apart = a
            .symmetric_difference(&b)
            .next()
            .map_or_else(String::new, |(scope, _)| format!("; they differ about {scope}"));
        let (who, kind) = (&who.name, kind.as_str());
        format!("which {kind}s does {who} see? The list has {total}, {} are right{apart}", right.len())
    });
}

/// The users that a caller sees, from the first on.
fn all_users(principal: &Principal<'_>, sort: Sort) -> UserQuery {
    UserQuery {
        visible: rules::visible_to(principal, rules::Whose::Everybodys),
        filter: Filter::default(),
        access_in: Vec::new(),
        search: None,
        sort,
        page: Page { offset: 0, limit: PAGE },
    }
}

fn compare_service_accounts(facts: &Facts, caller: &Subject, found: &[ServiceAccountRecord], tally: &mut Tally) {
    let mut right: Vec<(&str, &str)> =
        facts.machines.iter().map(|machine| (machine.name.as_str(), machine.client_id.as_str())).collect();
    right.sort_unstable();
    let listed = found.iter().map(|machine| (machine.name.as_str(), machine.client_id.as_str()));
    ensure(tally, listed.eq(first(&right).iter().copied()), || {
        let (count, right) = (found.len(), right.len());
        format!("which service accounts does {caller} see? The list has {count}, {right} are right")
    });
}

fn first<T>(all: &[T]) -> &[T] {
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    all.get(..most).unwrap_or(all)
}

fn is(total: u64, right: usize) -> bool {
    u64::try_from(right) == Ok(total)
}

/// The first item that only one of them has.
fn apart<'a, T: Ord>(one: impl Iterator<Item = &'a T>, other: impl Iterator<Item = &'a T>) -> Option<&'a T> {
    let (one, other): (BTreeSet<&T>, BTreeSet<&T>) = (one.collect(), other.collect());
    one.symmetric_difference(&other).next().copied()
}
