//! Both databases behind one interface: reads, and transactions that write.
//!
//! Only this module distinguishes SQLite from PostgreSQL; the modules above do not. It knows no table: it runs text and
//! returns rows.

mod failure;
mod listener;
mod places;
mod postgres;
mod proven;
mod sqlite;
mod stream;
mod trouble;

use std::num::NonZeroU16;
use std::sync::Arc;

use rolecall_core::{Error, Result};

pub use failure::NOT_WRITABLE;
pub(crate) use failure::not_writable;
pub(crate) use listener::Listener;
pub(crate) use postgres::client_key;
pub use stream::Kept;
pub(crate) use stream::Rows;
use trouble::Trouble;

use crate::Database;
use crate::sql::{Row, Sql, Value};

/// An open database.
#[derive(Debug)]
pub(crate) struct Backend {
    opened: Opened,
    trouble: Arc<Trouble>,
}

#[derive(Debug)]
enum Opened {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

/// The purpose of a writing transaction, which decides what it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Changes no access: locks only the rows that it touches.
    Record,
    /// Changes access. These transactions run one after another anyway, so one at a time is enough per process.
    Change,
    /// Changes the schema: exclusive.
    Migrate,
}

impl Backend {
    pub(crate) async fn open(database: &Database) -> Result<Self> {
        let opened = match database {
            Database::Sqlite { file } => Opened::Sqlite(sqlite::Sqlite::open(file).await?),
            Database::Postgres { url } => Opened::Postgres(postgres::Postgres::open(url).await?),
        };
        Ok(Self { opened, trouble: Arc::default() })
    }

    /// Opens an existing database, and changes nothing in it.
    pub(crate) async fn open_to_read(database: &Database) -> Result<Self> {
        let opened = match database {
            Database::Sqlite { file } => Opened::Sqlite(sqlite::Sqlite::open_to_read(file).await?),
            Database::Postgres { url } => Opened::Postgres(postgres::Postgres::open_to_read(url).await?),
        };
        Ok(Self { opened, trouble: Arc::default() })
    }

    /// Runs read-only statements in one snapshot; returns the rows of each, in order.
    pub(crate) async fn read(&self, statements: Vec<Sql>) -> Result<Vec<Vec<Row>>> {
        statements.iter().try_for_each(ensure_text)?;
        match &self.opened {
            Opened::Sqlite(sqlite) => sqlite.read(statements).await,
            Opened::Postgres(postgres) => postgres.read(statements).await,
        }
    }

    /// Streams the rows of read-only statements from one snapshot, `part` at a time. `kept` lives as long as the
    /// database is read.
    pub(crate) async fn stream(&self, statements: Vec<Sql>, part: NonZeroU16, kept: Kept) -> Result<Rows> {
        statements.iter().try_for_each(ensure_text)?;
        match &self.opened {
            Opened::Sqlite(sqlite) => sqlite.stream(statements, part, kept),
            Opened::Postgres(postgres) => postgres.stream(statements, part, kept).await,
        }
    }

    /// Begins a writing transaction.
    pub(crate) async fn begin(&self, purpose: Purpose) -> Result<Transaction> {
        let open = match &self.opened {
            Opened::Sqlite(sqlite) => sqlite.begin().await.map(Open::Sqlite),
            Opened::Postgres(postgres) => postgres.begin(purpose).await.map(|open| Open::Postgres(Box::new(open))),
        };
        let open = open.inspect_err(|error| self.trouble.note(error))?;
        Ok(Transaction { open, failed: false, trouble: Arc::clone(&self.trouble) })
    }

    /// Whether the database can be written, as far as earlier writes have shown.
    pub(crate) fn trouble(&self) -> &Trouble {
        &self.trouble
    }

    /// Checks that the open database is still the one at the address. A replaced file is not.
    ///
    /// # Errors
    /// `Overloaded` when it is not.
    pub(crate) fn ensure_in_place(&self) -> Result<()> {
        match &self.opened {
            Opened::Sqlite(sqlite) => sqlite.ensure_in_place(),
            Opened::Postgres(_) => Ok(()),
        }
    }

    /// Closes idle connections, which may lead to a former address.
    pub(crate) fn renew(&self) {
        match &self.opened {
            Opened::Sqlite(_) => {}
            Opened::Postgres(postgres) => postgres.renew(),
        }
    }

    /// Listens for [`Transaction::announce`]; `None` where the database has no notifications.
    pub(crate) async fn listen(&self) -> Result<Option<Listener>> {
        match &self.opened {
            Opened::Sqlite(_) => Ok(None),
            Opened::Postgres(postgres) => postgres.listen().await.map(Some),
        }
    }

    /// The expression with which a session tells why it cannot write; empty where it can.
    pub(crate) fn why_not_writable(&self) -> &'static str {
        match &self.opened {
            // SQLite reports it only on a write.
            Opened::Sqlite(_) => "''",
            Opened::Postgres(_) => {
                "CASE WHEN pg_is_in_recovery() THEN 'it is a standby' \
                 WHEN current_setting('transaction_read_only') = 'on' THEN 'it is read-only' ELSE '' END"
            }
        }
    }

    /// Replaces the names in braces in migrations with the database's syntax: types, a random 64-bit integer for each
    /// row, and the function that makes rows with a `value` from a JSON list of texts.
    pub(crate) fn in_its_words(&self, migration: &str) -> String {
        let words = match &self.opened {
            Opened::Sqlite(_) => [
                ("{text}", "TEXT"),
                ("{bytes}", "BLOB"),
                ("{json}", "TEXT"),
                ("{texts}", "json_each"),
                ("{random}", "random()"),
            ],
            Opened::Postgres(_) => [
                ("{text}", r#"TEXT COLLATE "C""#),
                ("{bytes}", "BYTEA"),
                ("{json}", "JSON"),
                ("{texts}", "json_array_elements_text"),
                ("{random}", "('x' || substr(md5(random()::text || clock_timestamp()::text), 1, 16))::bit(64)::bigint"),
            ],
        };
        words.into_iter().fold(migration.to_owned(), |text, (name, word)| text.replace(name, word))
    }

    /// Closes all connections. Operations in progress elsewhere fail.
    pub(crate) async fn close(&self) {
        match &self.opened {
            Opened::Sqlite(sqlite) => sqlite.close().await,
            Opened::Postgres(postgres) => postgres.close(),
        }
    }
}

/// Rejects text with a zero byte, which PostgreSQL cannot store: both databases accept the same text.
fn ensure_text(sql: &Sql) -> Result<()> {
    if sql.values().iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0'))) {
        return Err(Error::invalid("text must not contain U+0000"));
    }
    Ok(())
}

/// A writing transaction. Dropping it without a commit rolls it back, also in the middle of a statement.
#[derive(Debug)]
pub(crate) struct Transaction {
    open: Open,
    failed: bool,
    trouble: Arc<Trouble>,
}

#[derive(Debug)]
enum Open {
    Sqlite(sqlite::Transaction),
    Postgres(Box<postgres::Transaction>),
}

/// The result of a statement.
#[derive(Debug)]
pub(crate) struct Done {
    /// The returned rows.
    pub(crate) rows: Vec<Row>,
    /// Number of rows inserted, updated, deleted or returned.
    pub(crate) touched: u64,
}

impl Transaction {
    async fn run(&mut self, sql: Sql) -> Result<Done> {
        ensure_text(&sql)?;
        let done = match &mut self.open {
            Open::Sqlite(transaction) => transaction.run(sql).await,
            Open::Postgres(transaction) => transaction.run(&sql).await,
        };
        self.noted(done)
    }

    fn noted<T>(&mut self, done: Result<T>) -> Result<T> {
        if let Err(error) = &done {
            self.failed = true;
            self.trouble.note(error);
        }
        done
    }

    /// Marks the transaction as failed after a query found a problem: it cannot be committed.
    pub(crate) fn refused(&mut self, error: Error) -> Error {
        self.failed = true;
        error
    }

    /// The rows of a statement.
    pub(crate) async fn query(&mut self, sql: Sql) -> Result<Vec<Row>> {
        self.run(sql).await.map(|done| done.rows)
    }

    /// The first row of a statement, if any.
    pub(crate) async fn first(&mut self, sql: Sql) -> Result<Option<Row>> {
        self.run(sql).await.map(|done| done.rows.into_iter().next())
    }

    /// Number of rows that a statement touched.
    pub(crate) async fn execute(&mut self, sql: Sql) -> Result<u64> {
        self.run(sql).await.map(|done| done.touched)
    }

    /// Runs several statements that take no parameters.
    pub(crate) async fn batch(&mut self, text: &str) -> Result<()> {
        let done = match &mut self.open {
            Open::Sqlite(transaction) => transaction.batch(text).await,
            Open::Postgres(transaction) => transaction.batch(text).await,
        };
        self.noted(done)
    }

    /// Notifies followers of the change feed, once this is committed. Followers of SQLite poll.
    pub(crate) async fn announce(&mut self) -> Result<()> {
        match &self.open {
            Open::Sqlite(_) => Ok(()),
            Open::Postgres(_) => self.batch("NOTIFY rolecall_changes").await,
        }
    }

    /// Commits.
    pub(crate) async fn commit(self) -> Result<()> {
        // INVARIANT: no commit after a failed statement. PostgreSQL answers such a COMMIT with a rollback and no error,
        // and SQLite would keep the half that succeeded.
        if self.failed {
            return Err(Error::internal("a transaction was to be committed after one of its statements had failed"));
        }
        let done = match self.open {
            Open::Sqlite(transaction) => transaction.commit().await,
            Open::Postgres(transaction) => transaction.commit().await,
        };
        done.inspect_err(|error| self.trouble.note(error))
    }
}
