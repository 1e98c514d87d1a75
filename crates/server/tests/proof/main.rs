//! The proof, through the database: random worlds are written into it, random changes follow, and the resulting
//! decisions and lists equal the naive evaluation. The comparison is the one of `rolecall doctor --verify`: there is no
//! second definition of what is correct, or of who sees what.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking, and their fixtures are known to fit"
)]

#[path = "../../../store/tests/common/mod.rs"]
mod common;

mod altered;
mod lists;
mod worlds;

use rolecall_store::Database;

/// Runs a test on another fresh database of the same kind.
async fn on_another<F: Future<Output = ()>>(like: &Database, test: impl FnOnce(Database) -> F) {
    match like {
        Database::Sqlite { .. } => common::with_sqlite(test).await,
        Database::Postgres { .. } => common::with_postgres(test).await,
    }
}
