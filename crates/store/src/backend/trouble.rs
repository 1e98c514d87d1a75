//! Remembers that the database cannot be written: set when a write fails, cleared when one succeeds.

use std::sync::{Mutex, PoisonError};

use rolecall_core::{Error, Result};

use super::failure::{NOT_WRITABLE, still_not_writable};

/// The message for callers while the database cannot be written.
#[derive(Debug, Default)]
pub(crate) struct Trouble(Mutex<Option<String>>);

impl Trouble {
    /// Records an error that says so.
    pub(crate) fn note(&self, error: &Error) {
        if error.reason == Some(NOT_WRITABLE) {
            self.set(Some(error.message.clone()));
        }
    }

    /// A write succeeded.
    pub(crate) fn is_over(&self) {
        self.set(None);
    }

    /// # Errors
    /// `Overloaded` while the database cannot be written.
    pub(crate) fn ensure_none(&self) -> Result<()> {
        let message = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        message.map_or(Ok(()), |message| Err(still_not_writable(message)))
    }

    fn set(&self, message: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = message;
    }
}

#[cfg(test)]
mod tests {
    use rolecall_core::ErrorKind;

    use super::NOT_WRITABLE;
    use crate::backend::Purpose;
    use crate::sql::Sql;
    use crate::{Database, Store};

    /// Limits the pages of the writing connection.
    async fn limit(store: &Store, pages: u32) {
        let mut transaction = store.backend.begin(Purpose::Record).await.unwrap();
        transaction.batch(&format!("PRAGMA max_page_count = {pages}")).await.unwrap();
        transaction.commit().await.unwrap();
    }

    #[tokio::test]
    async fn a_full_disk_is_told_until_there_is_room_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Database::Sqlite { file: folder.path().join("rolecall.db") }).await.unwrap();
        store.try_writing().await.unwrap();
        // As many as exist.
        limit(&store, 1).await;
        store.ensure_writable().unwrap();
        let mut transaction = store.backend.begin(Purpose::Record).await.unwrap();
        let mut large = Sql::new("INSERT INTO write_probe (only_one, filler) VALUES (1, ");
        large.bind(vec![7; 1 << 20]).push(")");
        let error = transaction.execute(large).await.unwrap_err();
        assert_eq!((error.kind, error.reason), (ErrorKind::Overloaded, Some(NOT_WRITABLE)), "{error}");
        drop(transaction);
        for error in [store.ensure_writable().unwrap_err(), store.try_writing().await.unwrap_err()] {
            assert!(error.message.contains("its disk is full"), "{error}");
        }
        store.ping().await.unwrap();

        limit(&store, 1_000_000).await;
        store.ensure_writable().unwrap_err();
        store.try_writing().await.unwrap();
        store.ensure_writable().unwrap();
        store.close().await;
    }

    #[tokio::test]
    async fn a_file_that_was_replaced_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rolecall.db");
        let store = Store::open(&Database::Sqlite { file: file.clone() }).await.unwrap();
        std::fs::copy(&file, folder.path().join("copy.db")).unwrap();
        std::fs::rename(folder.path().join("copy.db"), &file).unwrap();
        let error = store.backend.begin(Purpose::Record).await.unwrap_err();
        assert!(error.message.contains("restart the server"), "{error}");
        assert_eq!(store.ensure_writable().unwrap_err().reason, Some(NOT_WRITABLE));
        store.close().await;
    }
}
