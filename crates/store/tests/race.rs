//! Concurrency: replicas on one database, canceled transactions, abandoned statements.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on must fail"
)]

mod common;

use std::time::Duration;

use common::on_both_databases;
use common::people::*;
use rolecall_core::acts::{CreateDepartment, CreateRule, DeleteUser, DisableUser, SignOut, UpdateProject};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{GroupName, Subject};
use rolecall_core::org::ProjectId;
use rolecall_core::{ErrorKind, Revision};
use rolecall_store::{Database, Store};

on_both_databases!(databases:
    changes_of_two_replicas_are_in_one_order,
    of_two_last_administrators_one_stays,
    of_two_who_want_one_name_one_gets_it,
    what_is_dropped_never_happened,
);

async fn replicas(database: &Database) -> (Store, Store) {
    let store = Store::open(database).await.unwrap();
    bootstrapped(&store, &sample()).await;
    (store, Store::open(database).await.unwrap())
}

async fn changes_of_two_replicas_are_in_one_order(database: Database) {
    let (one, other) = replicas(&database).await;
    let bootstrapped = one.load_world().await.unwrap();
    let changing: Vec<_> = (0..64)
        .map(|n| {
            let store = if n % 2 == 0 { one.clone() } else { other.clone() };
            let subject = Subject::Group(GroupName::parse("group", &format!("group-{n}")).unwrap());
            let rule = CreateRule { subject, role: RoleId::new(DEPARTMENT_ADMINISTRATOR), scope: research_scope() };
            tokio::spawn(async move { act(&store, &root(), rule, at(1)).await.unwrap().revision() })
        })
        .collect();
    let mut revisions = Vec::new();
    for change in changing {
        revisions.push(change.await.unwrap().number());
    }
    revisions.sort_unstable();
    assert_eq!(revisions, (2..=65).collect::<Vec<i64>>());
    let world = other.load_world().await.unwrap();
    assert_eq!(facts(&followed(&one, &bootstrapped).await), facts(&world));
    assert_eq!(world.rules().count(), 4 + 64);
}

async fn of_two_last_administrators_one_stays(database: Database) {
    let (one, other) = replicas(&database).await;
    let remove = |store: Store, who, whom| {
        tokio::spawn(async move { act(&store, &who, DeleteUser(user_id(whom)), at(1)).await })
    };
    for _ in 0..5 {
        let first = remove(one.clone(), actor("root", 1, 1), 2);
        let second = remove(other.clone(), actor("vice", 2, 2), 1);
        let outcomes = [first.await.unwrap(), second.await.unwrap()];
        assert!(outcomes.iter().filter(|outcome| outcome.is_ok()).count() <= 1, "{outcomes:?}");
    }
    assert_eq!(one.load_world().await.unwrap().ways_in().count(), 1);
}

async fn of_two_who_want_one_name_one_gets_it(database: Database) {
    let (one, other) = replicas(&database).await;
    let rename = |store: &Store, project: i64, name: String| {
        let (store, project) = (store.clone(), ProjectId::new(project));
        let rename = UpdateProject { project, name: Some(node(&name)) };
        tokio::spawn(async move { act(&store, &root(), rename, at(1)).await })
    };
    for n in 0..5 {
        let (first, second) = (rename(&one, 3, format!("wanted-{n}")), rename(&other, 4, format!("WANTED-{n}")));
        let outcomes = [first.await.unwrap(), second.await.unwrap()];
        let refused: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
        assert_eq!(refused.len(), 1, "{outcomes:?}");
        assert_eq!(refused[0].kind, ErrorKind::Conflict);
        assert!(refused[0].message.contains("already exists"), "{}", refused[0].message);
    }
}

async fn what_is_dropped_never_happened(database: Database) {
    let (store, other) = replicas(&database).await;
    let before = facts(&store.load_world().await.unwrap());

    let (mut tx, permit) = permitted(&store, &root(), DisableUser(user_id(3)), at(1)).await.unwrap();
    assert_eq!(tx.stamp().revision, Revision::new(2));
    tx.disable_user(&permit).await.unwrap();
    drop(tx);
    assert_eq!(facts(&store.load_world().await.unwrap()), before);

    // Canceled at any point: at any of its statements, or while it waits for its turn.
    for micros in (0..3000).step_by(40) {
        let disabling = async {
            let (mut tx, permit) = permitted(&store, &root(), DisableUser(user_id(3)), at(1)).await?;
            tx.disable_user(&permit).await?;
            std::future::pending::<rolecall_core::Result<()>>().await
        };
        assert!(tokio::time::timeout(Duration::from_micros(micros), disabling).await.is_err());
    }
    assert_eq!(facts(&store.load_world().await.unwrap()), before);
    // The next change succeeds at once, on both replicas.
    for (n, store) in [(2, &store), (3, &other)] {
        assert_eq!(act(store, &root(), SignOut, at(2)).await.unwrap().revision(), Revision::new(n));
    }

    // After a failed statement nothing is committed, even if the caller tries.
    let department = CreateDepartment { cluster: cluster_id(), name: node("research") };
    let (mut tx, permit) = permitted(&store, &root(), department, at(3)).await.unwrap();
    assert_eq!(tx.create_department(&permit, "").await.unwrap_err().kind, ErrorKind::Conflict);
    assert_eq!(tx.commit(permit, &request()).await.unwrap_err().kind, ErrorKind::Internal);
    assert_eq!(store.head().await.unwrap(), Revision::new(3));
}

#[tokio::test]
async fn a_lost_connection_is_replaced() {
    common::with_postgres(|database| async move {
        let (store, _) = replicas(&database).await;
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        common::past_the_store(&database, others).await;
        // Each pooled connection may be found dead once, which is reported as a temporary error.
        let mut lost = 0;
        while let Err(error) = store.head().await {
            assert_eq!(error.kind, ErrorKind::Overloaded, "{error}");
            lost += 1;
            assert!(lost <= 16, "the dead connections are used again and again");
        }
        assert_eq!(act(&store, &root(), SignOut, at(1)).await.unwrap().revision(), Revision::new(2));
    })
    .await;
}
