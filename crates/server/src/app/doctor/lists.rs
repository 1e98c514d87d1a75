//! What somebody sees in the lists, compared with what is visible to him by the rules.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_core::access::{Principal, Rule, RuleId, Sight};
use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::filter::Filter;
use rolecall_core::identity::{Subject, UserId};
use rolecall_core::org::{Scope, ScopeKind};
use rolecall_core::verify::naive::{self, Who};
use rolecall_core::verify::{Facts, Tally};
use rolecall_core::{Result, World};
use rolecall_store::{MOST_HELD_RULES, MOST_SERVICE_ACCOUNTS, Page, RuleQuery, Sort, Store, UserQuery};

use crate::app::{org, rules};

/// How much of a list is compared name by name; its total in any case.
const PAGE: u32 = 1000;

/// Compares the lists that somebody sees: access rules, clusters, departments, projects, users, service accounts, and the
/// rules that some users hold.
pub async fn compare(
    store: &Store,
    (facts, world): (&Facts, &World),
    asker: &Subject,
    users: &[UserId],
    tally: &mut Tally,
) -> Result<()> {
    let principal = world.principal_of(asker);
    let who = Who::of(facts, asker);
    let his = facts.about(asker);
    let visible = naive::visible_rules(facts, &who);
    let ids: Vec<RuleId> = visible.iter().map(|rule| rule.id).collect();
    access_rules(store, &principal, &ids, tally).await?;
    for kind in [ScopeKind::Cluster, ScopeKind::Department, ScopeKind::Project] {
        nodes(store, &principal, (&his, &who), kind, tally).await?;
    }
    let reads = |what| naive::may_somewhere(&his, &who, Permission::new(what, Action::Read));
    if reads(ResourceType::Users) {
        everybody(store, &principal, facts, tally).await?;
        by_rules(store, &principal, facts, &visible, tally).await?;
        held_rules(store, &principal, facts, (users, &visible), tally).await?;
    }
    if reads(ResourceType::ServiceAccount) {
        service_accounts(store, &principal, facts, tally).await?;
    }
    Ok(())
}

fn ensure(tally: &mut Tally, is_right: bool, words: impl FnOnce() -> String) {
    tally.lists += 1;
    if !is_right {
        tally.differs(words);
    }
}

async fn access_rules(store: &Store, principal: &Principal<'_>, right: &[RuleId], tally: &mut Tally) -> Result<()> {
    let visible = rules::visible_to(principal, rules::Whose::Everybodys);
    let (listed, total) = store.rules(&RuleQuery::all(visible, Page { offset: 0, limit: PAGE })).await?;
    let listed: Vec<RuleId> = listed.iter().map(|rule| rule.id).collect();
    let page = first(right);
    ensure(tally, listed == page && is(total, right.len()), || {
        let apart =
            apart(listed.iter(), page.iter()).map_or_else(String::new, |id| format!("; they differ about rule {id}"));
        let who = principal.subject();
        format!("which access rules does {who} see? The list has {total}, {} are right{apart}", right.len())
    });
    Ok(())
}

async fn nodes(
    store: &Store,
    principal: &Principal<'_>,
    (his, who): (&Facts, &Who),
    kind: ScopeKind,
    tally: &mut Tally,
) -> Result<()> {
    let of_kind = his.scopes().into_iter().filter(|scope| scope.kind() == kind && naive::sees(his, who, *scope));
    let read = Permission::new(kind.resource_type(), Action::Read);
    let right: BTreeMap<Scope, bool> = of_kind.map(|scope| (scope, naive::may(his, who, read, scope))).collect();
    let (listed, total) = store.nodes(&org::seen_by(principal, kind, org::Listing::default())).await?;
    let listed: BTreeMap<Scope, bool> = listed.iter().map(|it| (it.scope, it.sight == Sight::Full)).collect();
    ensure(tally, listed == right && is(total, right.len()), || {
        let (a, b): (BTreeSet<_>, BTreeSet<_>) =
            (listed.into_iter().collect(), right.iter().map(|(k, v)| (*k, *v)).collect());
        let apart = a
            .symmetric_difference(&b)
            .next()
            .map_or_else(String::new, |(scope, _)| format!("; they differ about {scope}"));
        let (who, kind) = (principal.subject(), kind.as_str());
        format!("which {kind}s does {who} see? The list has {total}, {} are right{apart}", right.len())
    });
    Ok(())
}

async fn everybody(store: &Store, principal: &Principal<'_>, facts: &Facts, tally: &mut Tally) -> Result<()> {
    let query = all_users(principal, Sort::default());
    let mut right: Vec<&str> = facts.users.iter().map(|user| user.email.as_str()).collect();
    right.sort_unstable();
    let (found, total) = (store.users(&query).await?, store.count_users(&query).await?);
    let listed: Vec<&str> = found.iter().map(|user| user.email.as_str()).collect();
    ensure(tally, listed == first(&right) && is(total, right.len()), || {
        format!("which users does {} see? The list has {total}, {} are right", principal.subject(), right.len())
    });
    Ok(())
}

/// Compares the order of users by how many of the visible rules each holds.
async fn by_rules(
    store: &Store,
    principal: &Principal<'_>,
    facts: &Facts,
    visible: &[&Rule],
    tally: &mut Tally,
) -> Result<()> {
    let mut about: BTreeMap<&Subject, usize> = BTreeMap::new();
    for rule in visible {
        *about.entry(&rule.subject).or_default() += 1;
    }
    let mut right: Vec<(usize, &str)> = Vec::with_capacity(facts.users.len());
    for user in &facts.users {
        let groups = user.groups.iter().cloned().map(Subject::Group);
        // Whoever is in a group twice holds its rules once.
        let names: BTreeSet<Subject> = groups.chain([Subject::User(user.email.clone())]).collect();
        right.push((names.iter().filter_map(|name| about.get(name)).sum(), user.email.as_str()));
    }
    right.sort_unstable();
    let sort = Sort { by: Some("accessRules"), ..Sort::default() };
    let found = store.users(&all_users(principal, sort)).await?;
    let listed = found.iter().map(|user| user.email.as_str());
    ensure(tally, listed.eq(first(&right).iter().map(|(_, email)| *email)), || {
        format!("who holds how many of the access rules that {} sees? The order of users is wrong", principal.subject())
    });
    Ok(())
}

/// The users as somebody sees them, from the first on.
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

async fn service_accounts(store: &Store, principal: &Principal<'_>, facts: &Facts, tally: &mut Tally) -> Result<()> {
    let mut right: Vec<(&str, &str)> =
        facts.machines.iter().map(|machine| (machine.name.as_str(), machine.client_id.as_str())).collect();
    right.sort_unstable();
    let found = store.service_accounts().await?;
    let listed = found.iter().map(|machine| (machine.name.as_str(), machine.client_id.as_str()));
    let most = usize::try_from(MOST_SERVICE_ACCOUNTS).unwrap_or(usize::MAX);
    ensure(tally, listed.eq(right.iter().copied().take(most)), || {
        let (who, count, right) = (principal.subject(), found.len(), right.len());
        format!("which service accounts does {who} see? The list has {count}, {right} are right")
    });
    Ok(())
}

async fn held_rules(
    store: &Store,
    principal: &Principal<'_>,
    facts: &Facts,
    (users, visible): (&[UserId], &[&Rule]),
    tally: &mut Tally,
) -> Result<()> {
    let seen = rules::visible_to(principal, rules::Whose::Everybodys);
    for held in store.held_rules(&seen, users).await? {
        let Some(user) = facts.users.iter().find(|user| user.id == held.id) else { continue };
        let who = Who::user(user);
        let right: Vec<RuleId> = visible.iter().filter(|rule| who.is_named_by(rule)).map(|rule| rule.id).collect();
        let listed: Vec<RuleId> = held.rules.iter().map(|rule| rule.id).collect();
        let most = usize::try_from(MOST_HELD_RULES).unwrap_or(usize::MAX);
        let is_right = listed.iter().eq(right.iter().take(most)) && is(held.total, right.len());
        ensure(tally, is_right, || {
            let asker = principal.subject();
            let (email, total) = (&user.email, held.total);
            format!("which rules of {email}'s does {asker} see? The list has {total}, {} are right", right.len())
        });
    }
    Ok(())
}

fn first<T>(all: &[T]) -> &[T] {
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    all.get(..most).unwrap_or(all)
}

fn is(total: u64, right: usize) -> bool {
    u64::try_from(right) == Ok(total)
}

/// The first thing that only one of them has.
fn apart<'a, T: Ord>(one: impl Iterator<Item = &'a T>, other: impl Iterator<Item = &'a T>) -> Option<&'a T> {
    let (one, other): (BTreeSet<&T>, BTreeSet<&T>) = (one.collect(), other.collect());
    one.symmetric_difference(&other).next().copied()
}
