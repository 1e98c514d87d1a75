//! The secrets that the database keeps for this server and its replicas, encrypted with a key that is not in it.
//!
//! Secrets of an earlier version, or of a server without an encryption key, are in the clear; they are encrypted when a
//! server with a key reads them.

use std::sync::Arc;

use rolecall_core::{Error, Result, Timestamp};
use rolecall_signin::sealed::{SealError, SealingKey, is_sealed};
use rolecall_store::Store;
use zeroize::Zeroizing;

use super::host;
use crate::clock::Clock;
use crate::random::Random;

/// Opens and seals the secrets in the database.
#[derive(Debug, Clone, Default)]
pub struct Vault(Option<Arc<SealingKey>>);

impl Vault {
    /// With this key; without one, secrets are stored in the clear.
    #[must_use]
    pub fn new(key: Option<SealingKey>) -> Self {
        Self(key.map(Arc::new))
    }

    /// Checks that all secrets in the database can be read.
    ///
    /// # Errors
    /// `Invalid` when one is encrypted, and not with this key.
    pub async fn ensure_opens(&self, store: &Store) -> Result<()> {
        store.keys().await?.iter().try_for_each(|(name, stored)| self.open(name, stored).map(drop))
    }

    /// The secret with that name. If there is none, `make` makes it; concurrent callers, here or on another replica, get
    /// the same.
    ///
    /// # Errors
    /// `Invalid` when it is encrypted with another key; otherwise when the store or `make` fails.
    pub async fn secret(
        &self,
        (store, random, now): (&Store, &Random, Timestamp),
        name: &str,
        make: impl AsyncFnOnce() -> Result<Zeroizing<Vec<u8>>>,
    ) -> Result<Zeroizing<Vec<u8>>> {
        let stored = match store.key(name).await? {
            Some(stored) => stored,
            None => {
                let candidate = self.seal(name, &make().await?, random)?;
                store.key_or_insert(name, &candidate, now).await?
            }
        };
        let secret = self.open(name, &stored)?;
        if self.wants_sealing(&stored) {
            store.replace_key(name, &stored, &self.seal(name, &secret, random)?).await?;
            tracing::info!(name, "the key was encrypted");
        }
        Ok(secret)
    }

    /// A secret in its stored form, which can be opened under that name only.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn seal(&self, name: &str, secret: &[u8], random: &Random) -> Result<Vec<u8>> {
        Ok(match &self.0 {
            Some(key) => key.seal(name, secret, random.bytes()?),
            None => secret.to_vec(),
        })
    }

    /// Whether a stored secret is in the clear, and is to be encrypted.
    #[must_use]
    pub fn wants_sealing(&self, stored: &[u8]) -> bool {
        self.0.is_some() && !is_sealed(stored)
    }

    /// The secret in its stored form, which must have been sealed under that name.
    ///
    /// # Errors
    /// `Invalid` when it is encrypted with another key.
    pub fn open(&self, name: &str, stored: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        if !is_sealed(stored) {
            return Ok(Zeroizing::new(stored.to_vec()));
        }
        let Some(key) = &self.0 else {
            return Err(Error::invalid(
                "encryption-key-file: missing; the keys in the database are encrypted. Set the file that the other servers use, \
                 or restore it from a backup",
            ));
        };
        key.open(name, stored).map_err(|error| match error {
            SealError::AnotherKey => Error::invalid(format!(
                "encryption-key-file: {name} in the database cannot be read: {error}. Use the file of the servers that wrote it, or \
                 restore it from a backup; if it is lost, run `rolecall admin discard-keys`"
            )),
            SealError::Altered => Error::internal(format!("{name} in the database cannot be read: {error}")),
        })
    }
}

/// Deletes the secrets in the database, for an operator whose encryption key is lost, and says how many there were. The
/// next server makes new ones.
///
/// # Errors
/// When the database does not answer.
pub async fn discard(store: &Store, clock: &Clock, random: &Random) -> Result<u64> {
    store.delete_keys(&host::facts("rolecall admin discard-keys", random)?, clock.now()).await
}
