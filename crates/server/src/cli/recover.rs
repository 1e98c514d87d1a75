//! `rolecall admin recover`.

use clap::Args;
use rolecall_core::Result;
use rolecall_core::identity::Email;
use rolecall_store::Store;

use super::{block_on, data, terminal};
use crate::app::recovery;
use crate::clock::Clock;
use crate::config::Storage;
use crate::random::Random;

#[derive(Debug, Args)]
pub struct Options {
    /// The user who gets access; created if there is no such user [default: the first local administrator]
    #[arg(long, value_name = "EMAIL")]
    email: Option<String>,

    #[command(flatten)]
    storage: Storage,
}

/// Recovers access, and prints the password.
pub fn run(Options { email, storage }: Options) -> Result<()> {
    let email = email.map(|text| Email::known("email", &text)).transpose()?;
    data::ensure_exists(&storage)?;
    block_on(recover(storage, email))
}

async fn recover(storage: Storage, email: Option<Email>) -> Result<()> {
    let store = Store::open(&storage.database()).await?;
    let recovered = recovery::recover(&store, &Clock::system(), &Random::system(), email).await;
    store.close().await;
    let recovered = recovered?;
    terminal::show(&format!(
        "email      {}\npassword   {}\n\nThe password is temporary and shown only once: sign in with it and choose your own.",
        recovered.email,
        recovered.password.expose()
    ));
    Ok(())
}
