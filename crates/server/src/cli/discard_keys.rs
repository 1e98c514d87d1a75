//! `rolecall admin discard-keys`.

use clap::Args;
use rolecall_core::Result;
use rolecall_store::Store;

use super::{block_on, data, terminal};
use crate::app::{Vault, identity_providers, vault};
use crate::clock::Clock;
use crate::config::Storage;
use crate::random::Random;

#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    storage: Storage,
}

async fn discard(store: &Store) -> Result<()> {
    let deleted = vault::discard(store, &Clock::system(), &Random::system()).await?;
    terminal::show(&format!(
        "{deleted} keys were deleted. Restart the servers: they make new ones, encrypted with the key that they are given."
    ));
    // Without the key, what was encrypted with it is unreadable.
    let unreadable = identity_providers::unreadable_secrets(store, &Vault::default()).await?;
    for alias in unreadable {
        terminal::show(&format!(
            "Enter the client secret of the identity provider {alias} again: it was encrypted, too."
        ));
    }
    Ok(())
}

/// Deletes the keys in the database.
pub fn run(Options { storage }: Options) -> Result<()> {
    data::ensure_exists(&storage)?;
    block_on(async {
        let store = Store::open(&storage.database()).await?;
        let done = discard(&store).await;
        store.close().await;
        done
    })
}
