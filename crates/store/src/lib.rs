//! The store: persistence, and the only crate that knows SQL.
//!
//! One concrete [`Store`] over SQLite or PostgreSQL. Changes of access use a [`ChangeTx`] and need a `Permit`; reads
//! for people use the lists; signing in has its own functions, which change no access. The store decides nothing about
//! who may do what, and reads neither the clock nor random numbers.

mod audit;
mod backend;
mod change;
mod feed;
mod groups;
mod keys;
mod lists;
mod load;
mod migrations;
mod saml;
mod scope_key;
mod sessions;
mod sign_ins;
mod sql;
mod stored;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use rolecall_core::{Error, Result};

pub use backend::{Kept, NOT_WRITABLE};
pub use change::*;
pub use feed::{Announcements, Feed, GoneHistory, Proven, replay};
pub use lists::*;
pub use load::Loading;
pub use saml::PostedAnswer;
pub use sessions::*;
pub use sign_ins::{LastClaims, NewSignIn, SIGN_INS_KEPT, SignInFilter, SignInRecord};

use backend::{Backend, Purpose};
use sql::{Row, Sql};

/// The location of the data.
#[derive(Clone)]
pub enum Database {
    /// A file on this machine, for one replica.
    Sqlite {
        /// The file; created if missing.
        file: PathBuf,
    },
    /// A PostgreSQL database, which replicas share.
    Postgres {
        /// Its URL, such as `postgres://user:password@host:5432/name?sslmode=verify-full`: one or several hosts, and
        /// libpq's parameters.
        url: String,
    },
}

impl Database {
    /// The file with the private key for PostgreSQL, where the URL names one.
    #[must_use]
    pub fn client_key(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite { .. } => None,
            Self::Postgres { url } => backend::client_key(url),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { file } => f.debug_struct("Sqlite").field("file", file).finish(),
            Self::Postgres { .. } => f.debug_struct("Postgres").field("url", &"***").finish(),
        }
    }
}

/// An open database. Cloning is free and opens nothing.
#[derive(Debug, Clone)]
pub struct Store {
    backend: Arc<Backend>,
}

impl Store {
    /// Opens the database, creates a SQLite file if missing (readable for its owner alone), and upgrades the schema.
    ///
    /// # Errors
    /// `Invalid` when the file or URL cannot be used, or a newer Rolecall has written the database; `Overloaded` when
    /// the database does not answer.
    pub async fn open(database: &Database) -> Result<Self> {
        let backend = Backend::open(database).await?;
        migrations::run(&backend).await?;
        Ok(Self { backend: Arc::new(backend) })
    }

    /// Opens an existing database with the current schema, read-only: nothing is created, changed or migrated, and a
    /// running server is not disturbed. Writes fail.
    ///
    /// # Errors
    /// `Invalid` when there is no such database, or it has another schema; `Overloaded` when it does not answer.
    pub async fn open_to_read(database: &Database) -> Result<Self> {
        let store = Self { backend: Arc::new(Backend::open_to_read(database).await?) };
        migrations::ensure_current(&store).await?;
        Ok(store)
    }

    /// Closes the database, for its clones too: their later operations fail.
    pub async fn close(self) {
        self.backend.close().await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        self.read(Sql::new("SELECT 1")).await.map(drop)
    }

    /// Whether the database can be written, as far as earlier writes have shown.
    ///
    /// # Errors
    /// `Overloaded` while it cannot.
    pub fn ensure_writable(&self) -> Result<()> {
        self.backend.trouble().ensure_none()
    }

    /// Checks whether the database can be written again; does nothing while it can.
    ///
    /// # Errors
    /// `Overloaded` while it cannot.
    pub async fn try_writing(&self) -> Result<()> {
        if self.ensure_writable().is_ok() {
            return Ok(());
        }
        // As large as a change, and committed before it is removed: an uncommitted row fills no disk.
        const FILLER: usize = 64 * 1024;
        let mut fill = Sql::new("INSERT INTO write_probe (only_one, filler) VALUES (1, ");
        fill.bind(vec![0; FILLER]).push(") ON CONFLICT (only_one) DO UPDATE SET filler = excluded.filler");
        for statement in [fill, Sql::new("DELETE FROM write_probe")] {
            let mut transaction = self.backend.begin(Purpose::Record).await?;
            transaction.execute(statement).await?;
            transaction.commit().await?;
        }
        self.backend.trouble().is_over();
        Ok(())
    }

    /// The rows of a read-only statement.
    pub(crate) async fn read(&self, sql: Sql) -> Result<Vec<Row>> {
        let mut answers = self.read_together(vec![sql]).await?;
        answers.pop().ok_or_else(|| Error::internal("a statement was not answered"))
    }

    /// The rows of each of these read-only statements, all from one snapshot.
    pub(crate) async fn read_together(&self, statements: Vec<Sql>) -> Result<Vec<Vec<Row>>> {
        self.backend.read(statements).await
    }
}
