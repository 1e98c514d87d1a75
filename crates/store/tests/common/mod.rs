//! The harness of the conformance suite: every test runs on a fresh SQLite file and on a fresh PostgreSQL database.
#![allow(dead_code, unused_macros, unused_imports, reason = "each test file uses its part of the harness")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must fail")]

pub mod people;

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use rolecall_store::{Database, Store};
use tokio_postgres::NoTls;

/// Makes two tests of each function, one per database. A function takes a `Store`; after `databases:` it takes a
/// `Database` that is not open yet.
macro_rules! on_both_databases {
    (databases: $($name:ident),* $(,)?) => {
        mod database_sqlite { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { crate::common::with_sqlite(super::$name).await; }
        )* }
        mod database_postgres { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { crate::common::with_postgres(super::$name).await; }
        )* }
    };
    ($($name:ident),* $(,)?) => {
        mod sqlite { $(
            #[tokio::test]
            async fn $name() { crate::common::with_sqlite(|it| crate::common::opened(it, super::$name)).await; }
        )* }
        mod postgres { $(
            #[tokio::test]
            async fn $name() { crate::common::with_postgres(|it| crate::common::opened(it, super::$name)).await; }
        )* }
    };
}
pub(crate) use on_both_databases;

/// Opens the database for a test that takes a store.
pub async fn opened<F: Future<Output = ()>>(database: Database, test: impl FnOnce(Store) -> F) {
    let store = Store::open(&database).await.unwrap();
    test(store.clone()).await;
    store.close().await;
}

/// Runs a test on a fresh SQLite file.
pub async fn with_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Database) -> F) {
    let folder = tempfile::tempdir().unwrap();
    test(Database::Sqlite { file: folder.path().join("rolecall.db") }).await;
}

/// Runs a test on a fresh PostgreSQL database, which is removed when the test has passed.
pub async fn with_postgres<F: Future<Output = ()>>(test: impl FnOnce(Database) -> F) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("ROLECALL_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("run `cargo xtask test`, or `cargo xtask postgres` and set ROLECALL_TEST_POSTGRES to what it prints")
    });
    let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    postgres(&server, &format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")).await;
    let (host, _) = server.rsplit_once('/').expect("an address that ends in the name of a database");
    test(Database::Postgres { url: format!("{host}/{name}") }).await;
    postgres(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

/// Runs statements on a PostgreSQL database, bypassing the store.
pub async fn postgres(url: &str, text: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(text).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}

/// The first column, which must be text, of a query that bypasses the store.
pub async fn answered(database: &Database, question: &str) -> Vec<String> {
    match database {
        Database::Sqlite { file } => {
            let connection = rusqlite::Connection::open(file).unwrap();
            let mut statement = connection.prepare(question).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        }
        Database::Postgres { url } => {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
            let connection = tokio::spawn(connection);
            let rows = client.query(question, &[]).await.unwrap();
            drop(client);
            connection.await.unwrap().unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }
}

/// Runs statements on a database, bypassing the store.
pub async fn past_the_store(database: &Database, text: &str) {
    match database {
        Database::Sqlite { file } => rusqlite::Connection::open(file).unwrap().execute_batch(text).unwrap(),
        Database::Postgres { url } => postgres(url, text).await,
    }
}

/// The reverse of each migration, as far as later ones need it: its number, and statements that remove it.
const UNDONE_BY: &[(u32, &str)] = &[
    (
        22,
        "DROP INDEX users_searched; ALTER TABLE users DROP COLUMN first_name; ALTER TABLE users DROP COLUMN last_name; \
         ALTER TABLE users DROP COLUMN names_key;",
    ),
    (
        21,
        "ALTER TABLE roles DROP COLUMN description; \
         ALTER TABLE roles DROP COLUMN custom; \
         ALTER TABLE roles DROP COLUMN enabled; \
         ALTER TABLE roles DROP COLUMN permissions; \
         ALTER TABLE roles DROP COLUMN presets; \
         ALTER TABLE roles DROP COLUMN kubernetes; \
         ALTER TABLE roles DROP COLUMN created_by; \
         ALTER TABLE roles DROP COLUMN created_at; \
         ALTER TABLE roles DROP COLUMN updated_at; \
         ALTER TABLE roles DROP COLUMN revision; \
         ALTER TABLE roles DROP COLUMN revision_id; \
         ALTER TABLE roles DROP COLUMN deleted_at; \
         DELETE FROM counters WHERE name = 'role';",
    ),
    (20, "DROP INDEX users_email_there; ALTER TABLE users DROP COLUMN email_there;"),
    (19, "ALTER TABLE identity_providers DROP COLUMN auto_redirect;"),
    (18, "DROP TABLE sign_ins; DROP TABLE last_claims;"),
    (
        17,
        "DROP INDEX sessions_provider_person; DROP INDEX sessions_provider_session; \
         ALTER TABLE sessions DROP COLUMN provider_person; ALTER TABLE sessions DROP COLUMN provider_session; \
         ALTER TABLE sessions DROP COLUMN provider_sign_out;",
    ),
    (
        16,
        "DROP TABLE vanished_groups; ALTER TABLE identity_providers DROP COLUMN groups_absent; \
         DROP INDEX users_groups_at; ALTER TABLE users DROP COLUMN groups_at;",
    ),
    (15, "DROP TABLE posted_answers; DROP TABLE used_assertions;"),
    (14, "ALTER TABLE identity_providers DROP COLUMN emails;"),
    (13, "DROP INDEX sessions_created;"),
    (
        12,
        "DROP TABLE identity_providers; DROP INDEX sessions_provider; ALTER TABLE sessions DROP COLUMN provider; \
         DROP INDEX users_binding; ALTER TABLE users DROP COLUMN provider; ALTER TABLE users DROP COLUMN issuer; \
         ALTER TABLE users DROP COLUMN subject;",
    ),
    (
        9,
        "ALTER TABLE nodes DROP COLUMN revision_id; ALTER TABLE users DROP COLUMN revision_id; \
         ALTER TABLE service_accounts DROP COLUMN revision_id;",
    ),
    (8, "ALTER TABLE refresh_tokens DROP COLUMN siblings;"),
    (7, "ALTER TABLE users DROP COLUMN password_generation; ALTER TABLE sessions DROP COLUMN wrong_passwords;"),
    (6, "DROP TABLE write_probe; ALTER TABLE changes DROP COLUMN id;"),
    (
        5,
        "DROP INDEX nodes_name; DROP INDEX access_rules_subject_key; DROP INDEX users_created_by; \
    DROP INDEX users_last_login_first; DROP INDEX users_generated_password; \
    ALTER TABLE nodes DROP COLUMN name_key; ALTER TABLE roles DROP COLUMN name_key; \
    ALTER TABLE access_rules DROP COLUMN subject_key; ALTER TABLE users DROP COLUMN generated_password; \
    CREATE UNIQUE INDEX nodes_cluster_name ON nodes (lower(name)) WHERE kind = 'cluster' AND deleted_at IS NULL; \
    CREATE UNIQUE INDEX nodes_unit_name ON nodes (kind, cluster, lower(name)) \
        WHERE kind IN ('department', 'project') AND deleted_at IS NULL; \
    CREATE INDEX nodes_name ON nodes (kind, name, number, id) WHERE deleted_at IS NULL; \
    CREATE INDEX access_rules_subject_in_any_case ON access_rules (lower(subject)); \
    CREATE INDEX users_created_by ON users (created_by, email);",
    ),
    (4, "DROP TABLE rule_counts;"),
    (
        3,
        "ALTER TABLE nodes DROP COLUMN revision; ALTER TABLE users DROP COLUMN revision; \
         ALTER TABLE service_accounts DROP COLUMN revision;",
    ),
];

/// Downgrades a closed database to an older schema, as that migration's version left it.
pub async fn back_to_schema(database: &Database, number: u32) {
    for (_, undo) in UNDONE_BY.iter().filter(|(undone, _)| *undone > number) {
        past_the_store(database, undo).await;
    }
    past_the_store(database, &format!("DELETE FROM migrations WHERE number > {number}")).await;
}
