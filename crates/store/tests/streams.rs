//! Whole lists with a slow or dropped receiver: the database is not read further for them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on must fail"
)]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::people::{bootstrap_rule, bootstrapped, sample};
use common::{answered, with_postgres, with_sqlite};
use rolecall_core::access::Subtrees;
use rolecall_core::identity::{GroupName, Subject};
use rolecall_store::{BootstrapScope, Database, Page, RuleQuery, Store, Stream, Visibility};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_postgres::NoTls;

/// Less than the longest wait of a statement for a lock, which is 10 seconds.
const SOON: Duration = Duration::from_secs(5);

/// Signals when it is dropped.
struct Going(Option<oneshot::Sender<()>>);

impl Drop for Going {
    fn drop(&mut self) {
        let _ = self.0.take().map(|gone| gone.send(()));
    }
}

fn everything() -> RuleQuery {
    RuleQuery::all(Visibility { own: Vec::new(), subtrees: Subtrees::Everything }, Page { offset: 0, limit: 0 })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_abandoned_query_without_rows_is_canceled() {
    with_postgres(|database| async move {
        let store = Store::open(&database).await.unwrap();
        bootstrapped(&store, &sample()).await;
        let Database::Postgres { url } = &database else { panic!("{database:?}") };
        let (other, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        other.batch_execute("BEGIN; LOCK TABLE access_rules IN ACCESS EXCLUSIVE MODE").await.unwrap();

        let (gone, is_gone) = oneshot::channel();
        let rules = store.all_rules(&everything(), Box::new(Going(Some(gone)))).await.unwrap();
        let waiting =
            "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let is_waiting = async { while answered(&database, waiting).await.is_empty() {} };
        timeout(SOON, is_waiting).await.expect("it waits for the table");
        drop(rules);
        timeout(SOON, is_gone).await.expect("it still waits").unwrap();
        assert_eq!(answered(&database, waiting).await, [""; 0]);
        drop(other);
        connection.await.unwrap().unwrap();
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_nobody_waits_for_is_canceled_and_its_connection_closed() {
    with_postgres(|database| async move {
        let store = Arc::new(Store::open(&database).await.unwrap());
        bootstrapped(&store, &sample()).await;
        let Database::Postgres { url } = &database else { panic!("{database:?}") };
        let (other, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        other.batch_execute("BEGIN; LOCK TABLE access_rules IN ACCESS EXCLUSIVE MODE").await.unwrap();

        let reading = tokio::spawn({
            let store = store.clone();
            async move { store.rules(&everything()).await.map(|_| ()) }
        });
        let waiting =
            "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let is_waiting = async { while answered(&database, waiting).await.is_empty() {} };
        timeout(SOON, is_waiting).await.expect("it waits for the table");
        reading.abort();
        assert!(reading.await.unwrap_err().is_cancelled());
        let is_over = async { while !answered(&database, waiting).await.is_empty() {} };
        timeout(SOON, is_over).await.expect("it still waits");
        drop(other);
        connection.await.unwrap().unwrap();
        store.rules(&everything()).await.unwrap();
        Arc::into_inner(store).unwrap().close().await;
    })
    .await;
}

/// Takes the remaining rows, which must not look like a complete end.
async fn broken_off<R>(mut stream: Stream<R>) {
    loop {
        match stream.next().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("this looks like the end"),
            Err(error) => break assert!(error.retry_after.is_some(), "{error:?}"),
        }
    }
}

async fn a_taker_who_stalls(database: Database) {
    let store = Store::open(&database).await.unwrap();
    let group = |n: i32| Subject::Group(GroupName::parse("group", &format!("group-{n}")).unwrap());
    let mut bootstrap = sample();
    bootstrap.rules.extend((0..5000).map(|n| bootstrap_rule(group(n), 7, BootstrapScope::Account)));
    bootstrapped(&store, &bootstrap).await;

    let (gone, is_gone) = oneshot::channel();
    let mut rules = store.all_rules(&everything(), Box::new(Going(Some(gone)))).await.unwrap();
    assert!(rules.next().await.unwrap().is_some());
    // From here on the clock jumps whenever all tasks wait.
    tokio::time::pause();
    is_gone.await.unwrap();
    tokio::time::resume();
    broken_off(rules).await;
    assert_eq!(store.count_rules(&everything()).await.unwrap(), 5000 + 4, "the connection is of use to others");
    store.close().await;
}

#[tokio::test]
async fn who_takes_no_rows_for_long_gets_no_more_from_sqlite() {
    with_sqlite(a_taker_who_stalls).await;
}

#[tokio::test]
async fn who_takes_no_rows_for_long_gets_no_more_from_postgresql() {
    with_postgres(a_taker_who_stalls).await;
}
