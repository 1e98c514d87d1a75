//! The data directory: created for its owner alone, and used by one server at a time.

use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use rolecall_core::{Error, Result};

use crate::config::Storage;

/// Keeps other servers out of a data directory until it is dropped, or the process ends in any way.
#[derive(Debug)]
pub struct DataLock(#[expect(dead_code, reason = "held, not read")] File);

/// Creates the data directory, if one is used, and locks it for this server.
///
/// # Errors
/// `Invalid` when it cannot be created or written; `Conflict` when another server has it.
pub fn take(storage: &Storage) -> Result<Option<DataLock>> {
    let Storage::Directory(directory) = storage else { return Ok(None) };
    let cannot = |e: std::io::Error| Error::invalid(format!("data-dir: {} cannot be used: {e}", directory.display()));
    DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(cannot)?;
    let file = File::options().create(true).truncate(false).write(true).open(directory.join("rolecall.lock"));
    let file = file.map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(DataLock(file))),
        Err(TryLockError::WouldBlock) => Err(in_use(directory)),
        Err(TryLockError::Error(e)) => Err(cannot(e)),
    }
}

/// Refuses a directory without a database: opening would create an empty one.
///
/// # Errors
/// `Invalid`, with the directory.
pub fn ensure_exists(storage: &Storage) -> Result<()> {
    match storage {
        Storage::Directory(directory) if !Storage::file(directory).exists() => Err(Error::invalid(format!(
            "data-dir: no database in {storage}; use the --data-dir or --database-url of the server"
        ))),
        _ => Ok(()),
    }
}

fn in_use(directory: &Path) -> Error {
    Error::conflict(format!(
        "data-dir: another rolecall server uses {}; stop it first, or choose another --data-dir. Only PostgreSQL \
         (--database-url) can be shared by several servers",
        directory.display()
    ))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use rolecall_core::ErrorKind;

    use super::take;
    use crate::config::Storage;

    #[test]
    fn a_data_directory_is_for_one_server_and_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("some").join("data");
        let storage = Storage::Directory(directory.clone());

        let first = take(&storage).unwrap();
        assert_eq!(directory.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        let refused = take(&storage).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Conflict);
        assert!(refused.message.contains("some/data"), "{refused}");

        drop(first);
        assert!(take(&storage).unwrap().is_some());
    }
}
