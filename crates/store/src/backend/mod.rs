//! The two databases behind one face: reading, and transactions that write.
//!
//! This is the one file that tells SQLite from PostgreSQL; nothing above it knows which one answers. It must not know any
//! table either: it runs text and returns rows.

mod failure;
mod listener;
mod postgres;
mod proven;
mod sqlite;
mod stream;

use std::num::NonZeroU16;

use rolecall_core::{Error, Result};

pub(crate) use listener::Listener;
pub(crate) use postgres::client_key;
pub use stream::Kept;
pub(crate) use stream::Rows;

use crate::Database;
use crate::sql::{Row, Sql, Value};

/// An open database.
#[derive(Debug)]
pub(crate) enum Backend {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

/// What a writing transaction is for, which decides what it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Whatever changes no access: locks only the rows that it touches.
    Record,
    /// Changing access. These happen one after another anyway, so that one of them at a time is enough per process.
    Change,
    /// Changing the schema: nobody else does at the same time.
    Migrate,
}

impl Backend {
    pub(crate) async fn open(database: &Database) -> Result<Self> {
        Ok(match database {
            Database::Sqlite { file } => Self::Sqlite(sqlite::Sqlite::open(file).await?),
            Database::Postgres { url } => Self::Postgres(postgres::Postgres::open(url).await?),
        })
    }

    /// Opens a database that is there, and changes nothing in it.
    pub(crate) async fn open_to_read(database: &Database) -> Result<Self> {
        Ok(match database {
            Database::Sqlite { file } => Self::Sqlite(sqlite::Sqlite::open_to_read(file).await?),
            Database::Postgres { url } => Self::Postgres(postgres::Postgres::open_to_read(url).await?),
        })
    }

    /// Runs the statements, which must only read, in one snapshot; the rows of each, in order.
    pub(crate) async fn read(&self, statements: Vec<Sql>) -> Result<Vec<Vec<Row>>> {
        statements.iter().try_for_each(ensure_text)?;
        match self {
            Self::Sqlite(sqlite) => sqlite.read(statements).await,
            Self::Postgres(postgres) => postgres.read(statements).await,
        }
    }

    /// The rows of the statements, which must only read, from one snapshot, as they are taken: `part` at a time. `kept` is kept
    /// for as long as the database is read.
    pub(crate) async fn stream(&self, statements: Vec<Sql>, part: NonZeroU16, kept: Kept) -> Result<Rows> {
        statements.iter().try_for_each(ensure_text)?;
        match self {
            Self::Sqlite(sqlite) => sqlite.stream(statements, part, kept),
            Self::Postgres(postgres) => postgres.stream(statements, part, kept).await,
        }
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self, purpose: Purpose) -> Result<Transaction> {
        let open = match self {
            Self::Sqlite(sqlite) => Open::Sqlite(sqlite.begin().await?),
            Self::Postgres(postgres) => Open::Postgres(Box::new(postgres.begin(purpose).await?)),
        };
        Ok(Transaction { open, failed: false })
    }

    /// Listens to what [`Transaction::announce`] says; nothing where the database tells nobody.
    pub(crate) async fn listen(&self) -> Result<Option<Listener>> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(postgres) => postgres.listen().await.map(Some),
        }
    }

    /// Fills in the database's own words for what migrations name in braces: types, and the function that makes rows with
    /// a `value` of a JSON list of texts.
    pub(crate) fn in_its_words(&self, migration: &str) -> String {
        let words = match self {
            Self::Sqlite(_) => [("{text}", "TEXT"), ("{bytes}", "BLOB"), ("{json}", "TEXT"), ("{texts}", "json_each")],
            Self::Postgres(_) => [
                ("{text}", r#"TEXT COLLATE "C""#),
                ("{bytes}", "BYTEA"),
                ("{json}", "JSON"),
                ("{texts}", "json_array_elements_text"),
            ],
        };
        words.into_iter().fold(migration.to_owned(), |text, (name, word)| text.replace(name, word))
    }

    /// Closes all connections. What is under way elsewhere fails.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(sqlite) => sqlite.close().await,
            Self::Postgres(postgres) => postgres.close(),
        }
    }
}

/// Refuses text with a zero byte, which PostgreSQL cannot hold: both databases take the same.
fn ensure_text(sql: &Sql) -> Result<()> {
    if sql.values().iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0'))) {
        return Err(Error::invalid("text must not contain U+0000"));
    }
    Ok(())
}

/// A transaction that writes. Dropping it without a commit rolls it back, also when that happens amid a statement.
#[derive(Debug)]
pub(crate) struct Transaction {
    open: Open,
    failed: bool,
}

#[derive(Debug)]
enum Open {
    Sqlite(sqlite::Transaction),
    Postgres(Box<postgres::Transaction>),
}

/// What a statement did.
#[derive(Debug)]
pub(crate) struct Done {
    /// The rows it returned.
    pub(crate) rows: Vec<Row>,
    /// How many rows it inserted, updated or deleted, or returned.
    pub(crate) touched: u64,
}

impl Transaction {
    async fn run(&mut self, sql: Sql) -> Result<Done> {
        ensure_text(&sql)?;
        let done = match &mut self.open {
            Open::Sqlite(transaction) => transaction.run(sql).await,
            Open::Postgres(transaction) => transaction.run(&sql).await,
        };
        self.failed |= done.is_err();
        done
    }

    /// The rows that a statement returns.
    pub(crate) async fn query(&mut self, sql: Sql) -> Result<Vec<Row>> {
        self.run(sql).await.map(|done| done.rows)
    }

    /// The first row that a statement returns, if any.
    pub(crate) async fn first(&mut self, sql: Sql) -> Result<Option<Row>> {
        self.run(sql).await.map(|done| done.rows.into_iter().next())
    }

    /// How many rows a statement touched.
    pub(crate) async fn execute(&mut self, sql: Sql) -> Result<u64> {
        self.run(sql).await.map(|done| done.touched)
    }

    /// Runs several statements that take no parameters.
    pub(crate) async fn batch(&mut self, text: &str) -> Result<()> {
        let done = match &mut self.open {
            Open::Sqlite(transaction) => transaction.batch(text).await,
            Open::Postgres(transaction) => transaction.batch(text).await,
        };
        self.failed |= done.is_err();
        done
    }

    /// Wakes whoever follows the change feed, once this is committed. Followers of SQLite poll.
    pub(crate) async fn announce(&mut self) -> Result<()> {
        match &self.open {
            Open::Sqlite(_) => Ok(()),
            Open::Postgres(_) => self.batch("NOTIFY rolecall_changes").await,
        }
    }

    /// Makes it last.
    pub(crate) async fn commit(self) -> Result<()> {
        // INVARIANT: nothing is committed after a statement failed. PostgreSQL answers such a COMMIT by rolling back
        // without an error, and SQLite would keep the half that succeeded.
        if self.failed {
            return Err(Error::internal("a transaction was to be committed after one of its statements had failed"));
        }
        match self.open {
            Open::Sqlite(transaction) => transaction.commit().await,
            Open::Postgres(transaction) => transaction.commit().await,
        }
    }
}
