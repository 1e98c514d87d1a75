//! Where the data is, and the key for its secrets: the settings of every command that opens the database.
#![allow(rustdoc::invalid_html_tags, reason = "the doc comments are the help texts of the command line")]

use std::fmt;
use std::path::{self, Path, PathBuf};

use clap::{ArgMatches, Args, Command, FromArgMatches};
use rolecall_store::Database;

use super::{PostgresUrl, file};

/// The storage of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In a directory, with SQLite.
    Directory(PathBuf),
    /// In PostgreSQL.
    Postgres(PostgresUrl),
}

#[derive(Args)]
struct Given {
    /// The directory of the SQLite database; the server creates it if missing. Not used with --database-url
    #[arg(long, env = "ROLECALL_DATA_DIR", value_name = "DIRECTORY", default_value = "data")]
    data_dir: PathBuf,

    /// Use PostgreSQL instead, as postgres://user:password@host/database?sslmode=verify-full; several servers can share it
    // The URL may contain a password: it appears neither in --help nor in messages.
    #[arg(long, env = "ROLECALL_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: Option<PostgresUrl>,
}

impl FromArgMatches for Storage {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let Given { data_dir, database_url } = Given::from_arg_matches(matches)?;
        Ok(database_url.map_or(Self::Directory(data_dir), Self::Postgres))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// A command that has these settings has `--config` too, so that it finds the database of the server.
impl Args for Storage {
    fn augment_args(command: Command) -> Command {
        Given::augment_args(command).arg(file::argument())
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl Storage {
    /// The database for the store.
    #[must_use]
    pub fn database(&self) -> Database {
        match self {
            Self::Directory(directory) => Database::Sqlite { file: Self::file(directory) },
            Self::Postgres(url) => Database::Postgres { url: url.expose().to_owned() },
        }
    }

    /// The SQLite file in a data directory.
    #[must_use]
    pub fn file(directory: &Path) -> PathBuf {
        directory.join("rolecall.db")
    }
}

/// The storage in words, without a password.
impl fmt::Display for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(directory) => {
                write!(f, "{}", path::absolute(directory).as_deref().unwrap_or(directory).display())
            }
            Self::Postgres(_) => f.write_str("the PostgreSQL database of --database-url"),
        }
    }
}

/// The key that encrypts secrets in the database.
#[derive(Debug, Clone, Args)]
pub struct EncryptionKey {
    /// A file with the key that encrypts secrets in the database, as `openssl rand -base64 32` prints it; the same for all
    /// servers of a database [default: encryption.key in the data directory, which the server creates if missing; with
    /// --database-url none]
    #[arg(
        id = "encryption_key_file",
        long = "encryption-key-file",
        env = "ROLECALL_ENCRYPTION_KEY_FILE",
        value_name = "FILE"
    )]
    pub file: Option<PathBuf>,
}

impl EncryptionKey {
    /// The default file in a data directory.
    #[must_use]
    pub fn default_file(directory: &Path) -> PathBuf {
        directory.join("encryption.key")
    }
}
