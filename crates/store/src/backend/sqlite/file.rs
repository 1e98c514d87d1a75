//! The file of a SQLite database, and connections to it.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rolecall_core::Error;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::LONGEST_WAIT;

/// Maximum prepared statements of a connection.
const STATEMENTS: usize = 200;

/// Device and inode of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity(u64, u64);

impl Identity {
    pub(super) fn of(file: &Path) -> std::io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(file).map(|metadata| Self(metadata.dev(), metadata.ino()))
    }
}

/// Creates the file, which contains secrets, readable for its owner alone; and its directory if missing.
pub(super) fn create(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // SQLite gives the files beside it (-wal, -shm) the same mode.
    std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(file)?;
    Ok(())
}

pub(super) fn cannot_open(file: &Path, cause: &dyn std::fmt::Display) -> Error {
    let file: PathBuf = file.to_owned();
    Error::invalid(format!("the database file {} cannot be opened: {cause}", file.display()))
}

pub(super) fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = open_with(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    write_ahead(&connection)?;
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    Ok(connection)
}

/// Has a new file use a write-ahead log. Of two connections that do so at once SQLite refuses one without waiting, since each
/// would wait for the other; the next try finds it done.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    const PAUSE: Duration = Duration::from_millis(10);
    let mut waited = Duration::ZERO;
    loop {
        match connection.execute_batch("PRAGMA journal_mode = WAL;") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && waited < LONGEST_WAIT => {
                thread::sleep(PAUSE);
                waited += PAUSE;
            }
            done => return done,
        }
    }
}

/// A connection that writes nothing, not even the WAL into the file when it closes last.
pub(super) fn connect_to_read(file: &Path) -> rusqlite::Result<Connection> {
    open_with(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn open_with(file: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(LONGEST_WAIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_opened_by_all_who_come_at_once() {
        for _ in 0..100 {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("rolecall.db");
            create(&file).unwrap();
            let together = std::sync::Barrier::new(8);
            thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        together.wait();
                        connect(&file).unwrap();
                    });
                }
            });
        }
    }
}
