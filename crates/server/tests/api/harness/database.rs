//! A fresh database for each test.

use std::future::Future;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use rolecall_store::Database;
use tokio_postgres::NoTls;

static NEXT: AtomicU32 = AtomicU32::new(0);

fn unique_name() -> String {
    format!("rolecall_api_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A directory that is removed when its test ends, passed or not.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Runs a test on a fresh SQLite file.
pub async fn with_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Database) -> F) {
    let folder = Folder(std::env::temp_dir().join(unique_name()));
    std::fs::create_dir(&folder.0).unwrap();
    test(Database::Sqlite { file: folder.0.join("rolecall.db") }).await;
}

/// Runs a test on a fresh PostgreSQL database, which is removed when the test has passed.
pub async fn with_postgres<F: Future<Output = ()>>(test: impl FnOnce(Database) -> F) {
    let server = std::env::var("ROLECALL_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("run `cargo xtask test`, or `cargo xtask postgres` and set ROLECALL_TEST_POSTGRES to what it prints")
    });
    let name = unique_name();
    run(&server, &format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")).await;
    let (host, _) = server.rsplit_once('/').expect("an address that ends in the name of a database");
    test(Database::Postgres { url: format!("{host}/{name}") }).await;
    run(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

async fn run(url: &str, statement: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(statement).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}
