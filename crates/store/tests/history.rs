//! A database that went back: its revisions differ from known ones, and nothing follows on those.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on must fail"
)]

mod common;

use common::people::{act, at, bootstrapped, permitted, request, root, sample, user_id};
use common::{answered, back_to_schema, on_both_databases, past_the_store};
use rolecall_core::acts::{DisableUser, EnableUser, SignOut};
use rolecall_core::{ErrorKind, Revision, RevisionId, RevisionStamp, World};
use rolecall_store::{Database, GoneHistory, Store};

on_both_databases!(databases:
    nothing_follows_on_a_revision_that_is_gone,
    nothing_follows_on_a_revision_that_is_another_one_now,
    revisions_of_an_older_schema_get_ids,
);

/// An id of no other revision in these tests.
const ID: RevisionId = RevisionId::new(0xfeed);

/// Removes the newest revision, as restoring an older backup does.
async fn go_back(database: &Database) {
    past_the_store(database, "DELETE FROM changes WHERE revision = (SELECT value FROM revision)").await;
    past_the_store(database, "UPDATE revision SET value = value - 1").await;
}

/// The error about the lost history, both when following and when beginning a change.
async fn gone(store: &Store, world: &World) -> GoneHistory {
    let known = world.stamp();
    let gone = store.follow(known, 10).await.unwrap().unwrap_err();
    assert_eq!(store.changes_after(known, 10).await.unwrap().unwrap_err(), gone);
    let begun = store.begin(world, ID, || at(0)).await.unwrap().map(|_| ()).unwrap_err();
    assert_eq!((begun.known, gone.known), (known, known));
    gone
}

async fn nothing_follows_on_a_revision_that_is_gone(database: Database) {
    let store = Store::open(&database).await.unwrap();
    let bootstrapped = bootstrapped(&store, &sample()).await.stamp();
    let lost = act(&store, &root(), DisableUser(user_id(3)), at(1)).await.unwrap();
    let known = lost.stamp();
    assert_eq!(store.follow(bootstrapped, 10).await.unwrap().unwrap().len(), 1);
    assert_eq!(store.follow(known, 10).await.unwrap().unwrap(), []);

    go_back(&database).await;
    assert_eq!(gone(&store, &lost).await.found, Some(bootstrapped));
    assert_eq!(store.head().await.unwrap(), bootstrapped.revision, "a change that was refused takes no revision");
    assert_eq!(store.stamp_of(known.revision).await.unwrap(), None);
    assert_eq!(store.follow(bootstrapped, 10).await.unwrap().unwrap(), []);
    store.close().await;
}

async fn nothing_follows_on_a_revision_that_is_another_one_now(database: Database) {
    let store = Store::open(&database).await.unwrap();
    let bootstrapped = bootstrapped(&store, &sample()).await.stamp();
    let lost = act(&store, &root(), DisableUser(user_id(3)), at(1)).await.unwrap();
    let known = lost.stamp();
    go_back(&database).await;

    // Another change takes the number, and then there are more revisions than before.
    let world = store.load_world().await.unwrap();
    assert_eq!(world.stamp(), bootstrapped);
    let mut tx = store.begin(&world, ID, || at(2)).await.unwrap().unwrap();
    assert_eq!(tx.world().stamp(), bootstrapped);
    let permit = tx.authorize(&root(), EnableUser(user_id(3))).unwrap();
    tx.enable_user(&permit).await.unwrap();
    let other = tx.commit(permit, &request()).await.unwrap().stamp();
    assert_eq!(other, RevisionStamp { id: ID, ..known });
    assert_eq!(gone(&store, &lost).await.found, Some(other));
    let newest_world = act(&store, &root(), SignOut, at(3)).await.unwrap();
    let newest = newest_world.stamp();
    assert_eq!(gone(&store, &lost).await.found, Some(other));
    assert_eq!(store.stamp_of(known.revision).await.unwrap(), Some(other));
    let after: Vec<RevisionStamp> =
        store.follow(bootstrapped, 10).await.unwrap().unwrap().iter().map(|(stamp, _)| *stamp).collect();
    assert_eq!(after, [other, newest]);

    // A permit of the other history is invalid, although its number matches.
    let (tx, permit) = permitted(&store, &root(), SignOut, at(4)).await.unwrap();
    let world = tx.world().clone();
    drop(tx);
    let mut tx = store.begin(&newest_world, ID, || at(4)).await.unwrap().unwrap();
    let elsewhere = world.identified(known.id).authorize(&root(), SignOut).unwrap();
    assert_eq!(elsewhere.revision(), permit.revision());
    assert_eq!(tx.sign_out(&elsewhere).await.unwrap_err().kind, ErrorKind::Internal);
    tx.sign_out(&permit).await.unwrap();
    drop(tx);
    store.close().await;
}

async fn revisions_of_an_older_schema_get_ids(database: Database) {
    let store = Store::open(&database).await.unwrap();
    bootstrapped(&store, &sample()).await;
    act(&store, &root(), DisableUser(user_id(3)), at(1)).await.unwrap();
    store.close().await;
    // As if one revision had many rows, and with the schema before.
    let more = "INSERT INTO changes (revision, place, changes) SELECT revision, 1, '[]' FROM changes";
    past_the_store(&database, more).await;
    back_to_schema(&database, 5).await;

    let store = Store::open(&database).await.unwrap();
    let world = store.load_world().await.unwrap();
    let feed = store.changes_after(RevisionStamp::ZERO, 10).await.unwrap().unwrap();
    let stamps: Vec<RevisionStamp> = feed.iter().map(|(stamp, _)| *stamp).collect();
    assert_eq!(stamps.iter().map(|stamp| stamp.revision).collect::<Vec<_>>(), [1, 2].map(Revision::new));
    assert!(stamps.iter().all(|stamp| stamp.id != RevisionId::NONE) && stamps[0].id != stamps[1].id, "{stamps:?}");
    assert_eq!(world.stamp(), stamps[1]);
    let ids = answered(&database, "SELECT count(DISTINCT id) || '/' || count(*) FROM changes").await;
    assert_eq!(ids, ["2/4"], "all rows of a revision have its id");
    store.close().await;
}
