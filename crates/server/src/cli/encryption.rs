//! The encryption key of the secrets in the database: read from its file, or created beside the SQLite database.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rolecall_core::{Error, Result};
use rolecall_signin::sealed::{SealingKey, is_sealed};
use rolecall_store::Store;
use zeroize::Zeroizing;

use crate::app::{Vault, identity_providers};
use crate::config::{EncryptionKey, Settings, Storage};
use crate::random::Random;

/// Reads the key, or creates it in a data directory without one.
///
/// # Errors
/// `Invalid`, with the setting, when there is no usable key, or when it is not the one that the database needs.
pub async fn vault(settings: &Settings, store: &Store, random: &Random) -> Result<Vault> {
    let key = match (&settings.encryption_key.file, &settings.storage) {
        (Some(path), _) => Some(read(path)?),
        (None, Storage::Directory(directory)) => {
            let path = EncryptionKey::default_file(directory);
            if path.exists() {
                Some(read(&path)?)
            } else {
                ensure_not_lost(&path, store).await?;
                Some(create(&path, random)?)
            }
        }
        (None, Storage::Postgres(_)) => None,
    };
    let clear = key.is_none();
    let vault = Vault::new(key);
    vault.ensure_opens(store).await?;
    if clear {
        tracing::warn!(
            "the keys in the database are not encrypted: set --encryption-key-file to a file with what `openssl rand \
             -base64 32` prints, the same for all servers of this database"
        );
    }
    Ok(vault)
}

/// The key that the servers use, for a command on the host.
///
/// # Errors
/// As [`vault`]; no key is created.
pub async fn existing(file: Option<&Path>, storage: &Storage, store: &Store) -> Result<Vault> {
    let path = match (file, storage) {
        (Some(file), _) => Some(file.to_owned()),
        (None, Storage::Directory(directory)) => {
            Some(EncryptionKey::default_file(directory)).filter(|path| path.exists())
        }
        (None, Storage::Postgres(_)) => None,
    };
    let vault = Vault::new(path.as_deref().map(read).transpose()?);
    vault.ensure_opens(store).await?;
    Ok(vault)
}

/// What an operator should know about the key and the secrets in the database. Changes nothing.
///
/// # Errors
/// As [`vault`].
pub async fn examine(file: Option<&Path>, storage: &Storage, store: &Store) -> Result<String> {
    if !store.keys().await?.iter().any(|(_, stored)| is_sealed(stored)) {
        return Ok(
            "The keys in the database are not encrypted; start the servers with --encryption-key-file.".to_owned()
        );
    }
    if file.is_none() && matches!(storage, Storage::Postgres(_)) {
        return Ok(
            "The keys in the database are encrypted; to check that they can be read, set --encryption-key-file."
                .to_owned(),
        );
    }
    if let (None, Storage::Directory(directory)) = (file, storage) {
        let path = EncryptionKey::default_file(directory);
        if !path.exists() {
            ensure_not_lost(&path, store).await?;
        }
    }
    let vault = existing(file, storage, store).await?;
    let unreadable = identity_providers::unreadable_secrets(store, &vault).await?;
    if unreadable.is_empty() {
        return Ok("The keys in the database are encrypted, and can be read.".to_owned());
    }
    let names: Vec<_> = unreadable.iter().map(ToString::to_string).collect();
    Ok(format!(
        "The keys in the database are encrypted, and can be read; but not the secrets of the identity providers {}: enter them again, \
         or nobody signs in with these.",
        names.join(", ")
    ))
}

/// Refuses to create a key where the database needs an earlier one.
async fn ensure_not_lost(path: &Path, store: &Store) -> Result<()> {
    if store.keys().await?.iter().any(|(_, stored)| is_sealed(stored)) {
        return Err(Error::invalid(format!(
            "encryption-key-file: {} is missing, and it encrypted the keys in the database. Restore it from a backup; if it is \
             lost, run `rolecall admin discard-keys`",
            path.display()
        )));
    }
    Ok(())
}

fn read(path: &Path) -> Result<SealingKey> {
    let wrong = |what: &str| Error::invalid(format!("encryption-key-file: {}: {what}", path.display()));
    let text = Zeroizing::new(fs::read_to_string(path).map_err(|e| wrong(&e.to_string()))?);
    SealingKey::parse(&text).map_err(|e| wrong(&e.to_string()))
}

fn create(path: &Path, random: &Random) -> Result<SealingKey> {
    let bytes = Zeroizing::new(random.bytes()?);
    write(path, &SealingKey::text(&bytes))
        .map_err(|e| Error::invalid(format!("encryption-key-file: {} cannot be created: {e}", path.display())))?;
    tracing::info!(file = %path.display(), "the encryption key was created: back it up apart from the database");
    SealingKey::new(&bytes).map_err(Error::internal)
}

/// Writes the whole file, or none: a crash must not leave half a key.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let unfinished = path.with_extension("new");
    let mut file = File::options().create(true).truncate(true).write(true).mode(0o600).open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    match path.parent() {
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}
