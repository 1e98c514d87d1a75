//! The database can be read but not written: changes get 503, and reads continue.

use std::process::Command;

use rolecall_store::Database;
use serde_json::json;

use crate::client::Client;
use crate::harness::{ROOT, ROOTS_PASSWORD, Token, on_both_databases};
use crate::pair::postgres;
use crate::process::Rolecall;
use crate::truth::{root_when_ready, until_not_ready};
use crate::until::until;
use crate::whole::ensure_whole;

/// A path that is answered from memory.
const ROLES: &str = "/api/v1/authorization/roles";

on_both_databases!(databases: a_database_that_cannot_be_written,);

async fn a_database_that_cannot_be_written(database: Database) {
    let process = Rolecall::start(&database).await;
    let server = process.client;
    let root = server.sign_in(ROOT, ROOTS_PASSWORD).await;
    server.user(&root, "before@example.com").await;

    refuse_writing(&database, &process).await;
    // The first request finds out, if the server has not yet.
    ensure_come_back_later(&server, &root).await;
    until_not_ready(server, "cannot be written").await;
    ensure_come_back_later(&server, &root).await;
    if matches!(database, Database::Sqlite { .. }) {
        // The file is the only copy, and is read as before.
        server.get(&root, ROLES).await.ok();
        server.get(&root, "/api/v1/users").await.ok();
    }

    allow_writing(&database, &process).await;
    let root = root_when_ready(server).await;
    server.user(&root, "after@example.com").await;
    let told = ensure_whole(&database).await;
    let emails: Vec<&str> = told.world.users().map(|user| user.email.as_str()).collect();
    assert!(emails.contains(&"after@example.com") && !emails.contains(&"late@example.com"), "{emails:?}");
}

async fn ensure_come_back_later(server: &Client, root: &Token) {
    let change = || server.ask("POST", "/api/v1/users").by(root).json(&json!({ "email": "late@example.com" })).send();
    let (refused, _) =
        until("changes are refused", || async { Some(change().await).filter(|it| it.status != 409) }).await;
    for refused in [refused, server.sign_in_request(ROOT, ROOTS_PASSWORD).send().await] {
        refused.refused(503);
        assert!(refused.header("retry-after").is_some(), "{}", refused.asked);
    }
}

/// The disk of a SQLite database is full; a PostgreSQL database is read-only.
async fn refuse_writing(database: &Database, process: &Rolecall) {
    match database {
        Database::Sqlite { .. } => limit_files(process, "0"),
        Database::Postgres { .. } => {
            read_only(database, "SET default_transaction_read_only = on").await;
        }
    }
}

async fn allow_writing(database: &Database, process: &Rolecall) {
    match database {
        Database::Sqlite { .. } => limit_files(process, "unlimited"),
        Database::Postgres { .. } => read_only(database, "RESET default_transaction_read_only").await,
    }
}

/// Maximum size of files that the process writes.
fn limit_files(process: &Rolecall, bytes: &str) {
    let mut limit = Command::new("prlimit");
    limit.args(["--pid", &process.id().to_string(), &format!("--fsize={bytes}:unlimited")]);
    assert!(limit.status().unwrap().success(), "{limit:?}");
}

/// For all new sessions; the others end.
async fn read_only(database: &Database, setting: &str) {
    let Database::Postgres { url } = database else { panic!("{database:?}") };
    let (server, name) = url.rsplit_once('/').unwrap();
    let elsewhere = Database::Postgres { url: format!("{server}/postgres") };
    postgres(&elsewhere, &format!("ALTER DATABASE {name} {setting}")).await;
    let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    postgres(&elsewhere, &end).await;
}
