//! `rolecall admin saml-keys`.

use clap::{Args, ValueEnum};
use rolecall_core::Result;
use rolecall_store::Store;

use super::{block_on, data, encryption, terminal};
use crate::app::Vault;
use crate::app::sso::{RollOver, roll_over, saml_keys};
use crate::clock::Clock;
use crate::config::{EncryptionKey, Storage};
use crate::random::Random;

#[derive(Debug, Args)]
pub struct Options {
    /// What to do; the keys are shown in any case
    #[arg(value_enum, default_value_t = Step::Show)]
    step: Step,

    #[command(flatten)]
    storage: Storage,

    #[command(flatten)]
    encryption_key: EncryptionKey,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Step {
    /// Show the keys
    Show,
    /// Add a key, so that providers learn its certificate from the metadata
    Add,
    /// Sign with the added key, once every provider has read the metadata again
    Switch,
    /// Remove the key that no longer signs, once no provider encrypts for it
    Remove,
}

impl Step {
    const fn roll_over(self) -> Option<RollOver> {
        match self {
            Self::Show => None,
            Self::Add => Some(RollOver::Add),
            Self::Switch => Some(RollOver::Switch),
            Self::Remove => Some(RollOver::Remove),
        }
    }
}

/// Does the step, and shows the keys.
pub fn run(Options { step, storage, encryption_key }: Options) -> Result<()> {
    data::ensure_exists(&storage)?;
    block_on(async {
        let store = Store::open(&storage.database()).await?;
        let done = match encryption::existing(encryption_key.file.as_deref(), &storage, &store).await {
            Ok(vault) => take(step, &store, &vault).await,
            Err(error) => Err(error),
        };
        store.close().await;
        done
    })
}

async fn take(step: Step, store: &Store, vault: &Vault) -> Result<()> {
    if let Some(step) = step.roll_over() {
        roll_over(step, (store, vault), &Random::system(), Clock::system().now()).await?;
    }
    let keys = saml_keys(store, vault).await?;
    if keys.is_empty() {
        terminal::show("There are no SAML keys yet: servers make one when SAML is first used.");
    }
    for (number, key) in keys.iter().enumerate() {
        let role = if number == 0 { "signs" } else { "decrypts only" };
        terminal::show(&format!("{role}: certificate {} until {}", key.fingerprint, key.ends_at));
    }
    match step {
        Step::Add => {
            terminal::show("Have every SAML provider read the metadata again, then: rolecall admin saml-keys switch")
        }
        Step::Switch => terminal::show("When sign-ins work with every SAML provider: rolecall admin saml-keys remove"),
        Step::Show | Step::Remove => {}
    }
    Ok(())
}
