//! The two databases behind one face: reading, and transactions that write.
//!
//! This is the one file that tells SQLite from PostgreSQL; nothing above it knows which one answers. It must not know any
//! table either: it runs text and returns rows.

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
        let opened = match database {
            Database::Sqlite { file } => Opened::Sqlite(sqlite::Sqlite::open(file).await?),
            Database::Postgres { url } => Opened::Postgres(postgres::Postgres::open(url).await?),
        };
        Ok(Self { opened, trouble: Arc::default() })
    }

    /// Opens a database that is there, and changes nothing in it.
    pub(crate) async fn open_to_read(database: &Database) -> Result<Self> {
        let opened = match database {
            Database::Sqlite { file } => Opened::Sqlite(sqlite::Sqlite::open_to_read(file).await?),
            Database::Postgres { url } => Opened::Postgres(postgres::Postgres::open_to_read(url).await?),
        };
        Ok(Self { opened, trouble: Arc::default() })
    }

    /// Runs the statements, which must only read, in one snapshot; the rows of each, in order.
    pub(crate) async fn read(&self, statements: Vec<Sql>) -> Result<Vec<Vec<Row>>> {
        statements.iter().try_for_each(ensure_text)?;
        match &self.opened {
            Opened::Sqlite(sqlite) => sqlite.read(statements).await,
            Opened::Postgres(postgres) => postgres.read(statements).await,
        }
    }

    /// The rows of the statements, which must only read, from one snapshot, as they are taken: `part` at a time. `kept` is kept
    /// for as long as the database is read.
    pub(crate) async fn stream(&self, statements: Vec<Sql>, part: NonZeroU16, kept: Kept) -> Result<Rows> {
        statements.iter().try_for_each(ensure_text)?;
        match &self.opened {
            Opened::Sqlite(sqlite) => sqlite.stream(statements, part, kept),
            Opened::Postgres(postgres) => postgres.stream(statements, part, kept).await,
        }
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self, purpose: Purpose) -> Result<Transaction> {
        let open = match &self.opened {
            Opened::Sqlite(sqlite) => sqlite.begin().await.map(Open::Sqlite),
            Opened::Postgres(postgres) => postgres.begin(purpose).await.map(|open| Open::Postgres(Box::new(open))),
        };
        let open = open.inspect_err(|error| self.trouble.note(error))?;
        Ok(Transaction { open, failed: false, trouble: Arc::clone(&self.trouble) })
    }

    /// Whether the database can be written, as far as writing has shown.
    pub(crate) fn trouble(&self) -> &Trouble {
        &self.trouble
    }

    /// Makes sure that what is open is still what the address names. A file that was replaced is not.
    ///
    /// # Errors
    /// Overloaded when it is not.
    pub(crate) fn ensure_in_place(&self) -> Result<()> {
        match &self.opened {
            Opened::Sqlite(sqlite) => sqlite.ensure_in_place(),
            Opened::Postgres(_) => Ok(()),
        }
    }

    /// Closes connections that nobody uses: they lead where the address led once.
    pub(crate) fn renew(&self) {
        match &self.opened {
            Opened::Sqlite(_) => {}
            Opened::Postgres(postgres) => postgres.renew(),
        }
    }

    /// Listens to what [`Transaction::announce`] says; nothing where the database tells nobody.
    pub(crate) async fn listen(&self) -> Result<Option<Listener>> {
        match &self.opened {
            Opened::Sqlite(_) => Ok(None),
            Opened::Postgres(postgres) => postgres.listen().await.map(Some),
        }
    }

    /// The expression by which a session says why nothing can be written in it; empty where something can.
    pub(crate) fn why_not_writable(&self) -> &'static str {
        match &self.opened {
            // SQLite reports it only when something is written.
            Opened::Sqlite(_) => "''",
            Opened::Postgres(_) => {
                "CASE WHEN pg_is_in_recovery() THEN 'it is a standby' \
                 WHEN current_setting('transaction_read_only') = 'on' THEN 'it is read-only' ELSE '' END"
            }
        }
    }

    /// Fills in the database's own words for what migrations name in braces: types, a random 64-bit integer for each row,
    /// and the function that makes rows with a `value` of a JSON list of texts.
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

    /// Closes all connections. What is under way elsewhere fails.
    pub(crate) async fn close(&self) {
        match &self.opened {
            Opened::Sqlite(sqlite) => sqlite.close().await,
            Opened::Postgres(postgres) => postgres.close(),
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
    trouble: Arc<Trouble>,
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
        self.noted(done)
    }

    fn noted<T>(&mut self, done: Result<T>) -> Result<T> {
        if let Err(error) = &done {
            self.failed = true;
            self.trouble.note(error);
        }
        done
    }

    /// Refuses what was found to be wrong by a query, as a failed statement would have: nothing is committed.
    pub(crate) fn refused(&mut self, error: Error) -> Error {
        self.failed = true;
        error
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
        self.noted(done)
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
        let done = match self.open {
            Open::Sqlite(transaction) => transaction.commit().await,
            Open::Postgres(transaction) => transaction.commit().await,
        };
        done.inspect_err(|error| self.trouble.note(error))
    }
}
