//! Compares the tables with the result of the change feed, which servers that followed it have.
//!
//! Compares the facts that matter for access, by ids: a migration may change the form of names, and the feed keeps the
//! old form.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};

use rolecall_core::access::RuleId;
use rolecall_core::catalogue::{PermissionSet, RoleId};
use rolecall_core::identity::{ClientId, Email, ProviderId, ProviderKind, ServiceAccountId, UserId};
use rolecall_core::org::Scope;
use rolecall_core::verify::{Facts, Tally};
use rolecall_core::{Change, Result, Revision, RevisionStamp};
use rolecall_store::Store;

use super::BATCH;

/// Maximum facts to compare: a longer feed takes much memory and time.
const MOST: usize = 1_000_000;

/// The result of the feed.
#[derive(Debug, Default)]
struct Told {
    users: BTreeMap<Email, (UserId, bool)>,
    machines: BTreeMap<ClientId, (ServiceAccountId, bool)>,
    scopes: BTreeSet<Scope>,
    roles: BTreeMap<i32, (bool, PermissionSet)>,
    rules: BTreeMap<RuleId, (RoleId, Scope)>,
    providers: BTreeMap<ProviderId, (ProviderKind, bool, Revision)>,
}

impl Told {
    fn apply(&mut self, change: Change) {
        match change {
            Change::UserSet(user) => drop(self.users.insert(user.email, (user.id, user.enabled))),
            Change::UserGone { email } => drop(self.users.remove(&email)),
            Change::ServiceAccountSet(machine) => {
                self.machines.insert(machine.client_id, (machine.id, machine.enabled));
            }
            Change::ServiceAccountGone { client_id } => drop(self.machines.remove(&client_id)),
            Change::ClusterSet(cluster) => drop(self.scopes.insert(Scope::Cluster(cluster.id))),
            Change::ClusterGone { id } => drop(self.scopes.remove(&Scope::Cluster(id))),
            Change::DepartmentSet(department) => drop(self.scopes.insert(Scope::Department(department.id))),
            Change::DepartmentGone { id } => drop(self.scopes.remove(&Scope::Department(id))),
            Change::ProjectSet(project) => drop(self.scopes.insert(Scope::Project(project.id))),
            Change::ProjectGone { id } => drop(self.scopes.remove(&Scope::Project(id))),
            Change::RoleSet(role) => {
                self.roles.insert(role.id.number(), (role.enabled, role.permissions()));
            }
            Change::RoleGone { id } => drop(self.roles.remove(&id.number())),
            Change::RuleSet(rule) => drop(self.rules.insert(rule.id, (rule.role, rule.scope))),
            Change::RuleGone { id } => drop(self.rules.remove(&id)),
            Change::ProviderSet(it) => drop(self.providers.insert(it.id, (it.kind, it.enabled, it.changed))),
            Change::ProviderGone { id } => drop(self.providers.remove(&id)),
            Change::SessionEnded { .. } => {}
        }
    }
}

/// Compares the facts of the tables at revision `at` with the feed up to there. `None` where there are too many.
///
/// # Errors
/// When the database does not answer.
pub async fn compare(store: &Store, facts: &Facts, at: RevisionStamp, tally: &mut Tally) -> Result<()> {
    if facts.users.len().saturating_add(facts.rules.len()) > MOST {
        return Ok(());
    }
    let (mut told, mut known) = (Told::default(), RevisionStamp::ZERO);
    'feed: loop {
        let Ok(feed) = store.changes_after(known, BATCH).await? else { break };
        let is_head = feed.len() < BATCH;
        for (next, changes) in feed {
            if next.revision > at.revision {
                break 'feed;
            }
            if next.revision != known.revision.next() {
                tally.differs(|| format!("the change feed lacks revision {}", known.revision.next()));
            }
            changes.into_iter().for_each(|change| told.apply(change));
            known = next;
        }
        if is_head {
            break;
        }
    }
    tally.lists += 1;
    if known != at {
        tally.differs(|| format!("the change feed ends at revision {known}, and the database is at {at}"));
    }
    let users = facts.users.iter().map(|user| (user.id, user.enabled)).collect();
    compare_kind("user", &users, &told.users.into_values().collect(), tally);
    let machines = facts.machines.iter().map(|machine| (machine.id, machine.enabled)).collect();
    compare_kind("service account", &machines, &told.machines.into_values().collect(), tally);
    let scopes = facts.scopes().into_iter().filter(|scope| *scope != Scope::Account).map(|scope| (scope, ())).collect();
    compare_kind("scope", &scopes, &told.scopes.into_iter().map(|scope| (scope, ())).collect(), tally);
    let roles = facts.roles.values().map(|role| (role.id.number(), (role.enabled, role.permissions()))).collect();
    compare_kind("role", &roles, &told.roles, tally);
    let rules = facts.rules.iter().map(|rule| (rule.id, (rule.role, rule.scope))).collect();
    compare_kind("access rule", &rules, &told.rules, tally);
    let providers = facts.providers.iter().map(|it| (it.id, (it.kind, it.enabled, it.changed))).collect();
    compare_kind("identity provider", &providers, &told.providers, tally);
    Ok(())
}

fn compare_kind<K: Ord + Display, V: PartialEq + Debug>(
    kind: &str,
    tables: &BTreeMap<K, V>,
    feed: &BTreeMap<K, V>,
    tally: &mut Tally,
) {
    for (id, is) in tables {
        match feed.get(id) {
            Some(told) if told == is => {}
            Some(told) => {
                tally.differs(|| format!("{kind} {id} is {is:?} in its table and {told:?} by the change feed"))
            }
            None => tally.differs(|| format!("{kind} {id} is in its table and not there by the change feed")),
        }
    }
    for id in feed.keys().filter(|id| !tables.contains_key(id)) {
        tally.differs(|| format!("{kind} {id} is there by the change feed and not in its table"));
    }
}
