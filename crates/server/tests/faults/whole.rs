//! Whether a database is consistent: tables, change feed and audit log agree.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_core::{Change, RevisionStamp, World};
use rolecall_store::{AuditRecord, Database, Store};

use crate::harness::Server;

/// The contents of a consistent database.
#[derive(Debug)]
pub struct Told {
    pub world: World,
    /// The changes of each revision.
    pub feed: BTreeMap<i64, Vec<Change>>,
}

impl Told {
    pub fn head(&self) -> i64 {
        self.world.revision().number()
    }

    /// The names of the administrators who can sign in.
    pub fn ways_in(&self) -> Vec<String> {
        self.world.ways_in().map(|user| user.email.to_string()).collect()
    }
}

/// Asserts that nothing is half done: the feed has every revision once, each revision has one audit row, and the tables
/// equal the result of the whole feed.
pub async fn ensure_whole(database: &Database) -> Told {
    let store = Store::open(database).await.unwrap();
    let world = store.load_world().await.unwrap();
    let feed = store.changes_after(RevisionStamp::ZERO, usize::MAX).await.unwrap().unwrap();
    let audit = store.audit_newest(u32::MAX).await.unwrap();
    store.close().await;

    // Another client may have written since the world was loaded.
    let head = world.revision();
    let feed: Vec<_> = feed.into_iter().filter(|(at, _)| at.revision <= head).collect();
    let numbers: Vec<i64> = feed.iter().map(|(at, _)| at.number()).collect();
    assert_eq!(numbers, (1..=head.number()).collect::<Vec<_>>(), "the feed has every revision once");

    let mut rows: BTreeMap<i64, AuditRecord> = BTreeMap::new();
    for row in audit {
        if let Some(revision) = row.revision.filter(|revision| *revision <= head) {
            let other = rows.insert(revision.number(), row.clone());
            assert!(other.is_none(), "revision {revision} has two audit rows: {other:?} and {row:?}");
        }
    }
    assert_eq!(rows.keys().copied().collect::<Vec<_>>(), numbers, "every revision has its audit row");

    // The bootstrap names the account, which no change of the feed does.
    let nothing = World::empty(world.account().clone());
    let followed = feed.iter().fold(nothing, |world, (at, changes)| world.apply(at.revision, changes));
    let changes: Vec<&Change> = feed.iter().flat_map(|(_, changes)| changes).collect();
    ensure_equal(&facts(&world, &changes), &facts(&followed, &changes));
    let (loaded, mut followed) = (ended_sessions(&world, &changes), ended_sessions(&followed, &changes));
    if changes.iter().any(|change| matches!(change, Change::UserGone { .. } | Change::ServiceAccountGone { .. })) {
        // A deleted user's sessions are gone. That they had ended has no effect any more, and only followers know it.
        followed.retain(|session| loaded.contains(session));
    }
    ensure_equal(&loaded, &followed);
    for (revision, changes) in &feed {
        ensure_audited(&rows[&revision.number()], changes);
    }
    Told { world, feed: feed.into_iter().map(|(at, changes)| (at.number(), changes)).collect() }
}

/// Asserts that the world in a server's memory, which has followed all changes one by one, equals a reloaded one.
pub async fn ensure_in_memory_as_loaded(server: &Server) {
    let store = &server.app.store;
    let loaded = store.load_world().await.unwrap();
    let feed = store.changes_after(RevisionStamp::ZERO, usize::MAX).await.unwrap().unwrap();
    let changes: Vec<&Change> = feed.iter().flat_map(|(_, changes)| changes).collect();
    ensure_equal(&facts(&loaded, &changes), &facts(&server.app.engine.world(), &changes));
}

/// The audit row names what the feed says was created or deleted.
fn ensure_audited(row: &AuditRecord, changes: &[Change]) {
    let (name, id) = (row.entity_name.as_str(), row.entity_id.as_str());
    let told = |change: &Change| match (row.action.as_str(), row.entity_type.as_str(), change) {
        ("create", "user", Change::UserSet(user)) => user.email.as_str() == name && user.id.to_string() == id,
        ("delete", "user", Change::UserGone { email }) => email.as_str() == name,
        ("create", "access-rule", Change::RuleSet(rule)) => rule.id.to_string() == id,
        ("delete", "access-rule", Change::RuleGone { id: gone }) => gone.to_string() == id,
        ("create", "department", Change::DepartmentSet(department)) => department.name.as_str() == name,
        ("create" | "delete", "user" | "access-rule" | "department", _) => false,
        _ => true,
    };
    let nothing_to_tell = changes.is_empty() && !matches!(row.action.as_str(), "create" | "delete");
    assert!(nothing_to_tell || changes.iter().any(told), "the audit row {row:?} and the feed disagree: {changes:?}");
}

fn ensure_equal(loaded: &BTreeSet<String>, followed: &BTreeSet<String>) {
    let only = |one: &BTreeSet<String>, other| one.difference(other).cloned().collect::<Vec<_>>();
    let apart = [only(loaded, followed), only(followed, loaded)];
    assert!(loaded == followed, "the tables are not what the feed leads to; only there and only here: {apart:#?}");
}

/// All facts of a world; the feed names what could be in it.
fn facts(world: &World, feed: &[&Change]) -> BTreeSet<String> {
    let mut facts: BTreeSet<String> = world.users().map(|user| format!("{user:?}")).collect();
    facts.extend(world.users().map(|user| format!("{:?}", world.user_by_id(user.id))));
    facts.extend(world.rules().map(|rule| format!("{rule:?} {:?}", world.path_of(rule.scope))));
    facts.extend(world.administrators().map(|email| format!("administrator {email}")));
    facts.extend(feed.iter().filter_map(|change| match change {
        Change::ClusterSet(cluster) => Some(format!("{:?}", world.cluster(cluster.id))),
        Change::DepartmentSet(department) => Some(format!("{:?}", world.department(department.id))),
        Change::ProjectSet(project) => Some(format!("{:?}", world.project(project.id))),
        Change::ServiceAccountSet(machine) => Some(format!("{:?}", world.service_account_by_id(machine.id))),
        _ => None,
    }));
    facts.insert(format!("revision {}", world.revision()));
    facts
}

/// The ended sessions of a world, of those in the feed.
fn ended_sessions(world: &World, feed: &[&Change]) -> BTreeSet<String> {
    let ended = feed.iter().filter_map(|change| match change {
        Change::SessionEnded { id, .. } => world.session_has_ended(*id).then(|| id.to_string()),
        _ => None,
    });
    ended.collect()
}
