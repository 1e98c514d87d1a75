//! The store: the only crate that knows SQL, and what lasts.
//!
//! One concrete [`Store`] over SQLite or PostgreSQL. What changes access goes through a [`ChangeTx`] and needs a
//! `Permit`; what people see comes from the lists; signing in has functions of its own, which change no access. The store
//! decides nothing about who may do what, and asks for neither the time nor randomness.

mod audit;
mod backend;
mod change;
mod feed;
mod keys;
mod lists;
mod load;
mod migrations;
mod scope_key;
mod sessions;
mod sql;
mod stored;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use rolecall_core::{Error, Result};

pub use backend::{Kept, NOT_WRITABLE};
pub use change::*;
pub use feed::{Announcements, Feed, GoneHistory, Proven};
pub use lists::*;
pub use load::Loading;
pub use sessions::*;

use backend::{Backend, Purpose};
use sql::{Row, Sql};

/// Where the data is.
#[derive(Clone)]
pub enum Database {
    /// In a file of this machine, for one replica.
    Sqlite {
        /// The file; made when there is none.
        file: PathBuf,
    },
    /// In a PostgreSQL database, which replicas share.
    Postgres {
        /// Its address, such as `postgres://user:password@host:5432/name?sslmode=verify-full`: one or several hosts, and libpq's
        /// parameters.
        url: String,
    },
}

impl Database {
    /// The file with the private key that is shown to PostgreSQL, where the address names one.
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

/// An open database. Cloning it costs nothing and opens nothing.
#[derive(Debug, Clone)]
pub struct Store {
    backend: Arc<Backend>,
}

impl Store {
    /// Opens the database, makes a SQLite file where there is none (readable for its owner alone), and brings the schema
    /// up to date.
    ///
    /// # Errors
    /// Invalid when the file or address is of no use, or when a newer Rolecall has written the database; overloaded
    /// when the database does not answer.
    pub async fn open(database: &Database) -> Result<Self> {
        let backend = Backend::open(database).await?;
        migrations::run(&backend).await?;
        Ok(Self { backend: Arc::new(backend) })
    }

    /// Opens a database that is there, of today's schema, for reading alone: nothing is made, changed or migrated, and
    /// whoever serves from it is in nobody's way. What would write fails.
    ///
    /// # Errors
    /// Invalid when there is no such database, or another Rolecall's schema is in it; overloaded when it does not answer.
    pub async fn open_to_read(database: &Database) -> Result<Self> {
        let store = Self { backend: Arc::new(Backend::open_to_read(database).await?) };
        migrations::ensure_current(&store).await?;
        Ok(store)
    }

    /// Closes the database, for its clones too: what they do afterwards fails.
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

    /// Whether the database can be written, as far as writing has shown.
    ///
    /// # Errors
    /// Overloaded while it cannot.
    pub fn ensure_writable(&self) -> Result<()> {
        self.backend.trouble().ensure_none()
    }

    /// Finds out whether the database can be written again; asks it nothing while it can.
    ///
    /// # Errors
    /// Overloaded while it cannot.
    pub async fn try_writing(&self) -> Result<()> {
        if self.ensure_writable().is_ok() {
            return Ok(());
        }
        // As much as a change takes, and committed before it is removed: what is only planned fills no disk.
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

    /// The rows that a statement returns, which must only read.
    pub(crate) async fn read(&self, sql: Sql) -> Result<Vec<Row>> {
        let mut answers = self.read_together(vec![sql]).await?;
        answers.pop().ok_or_else(|| Error::internal("a statement was not answered"))
    }

    /// The rows that each of these statements returns, all from one snapshot; they must only read.
    pub(crate) async fn read_together(&self, statements: Vec<Sql>) -> Result<Vec<Vec<Row>>> {
        self.backend.read(statements).await
    }
}
