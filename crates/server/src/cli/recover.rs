//! `rolecall admin recover`.

use clap::Args;
use rolecall_core::identity::Email;
use rolecall_core::{Error, Result};
use rolecall_store::Store;

use super::{block_on, terminal};
use crate::app::recovery;
use crate::clock::Clock;
use crate::config::{Given, GivenStorage, Storage};
use crate::random::Random;

#[derive(Debug, Args)]
pub struct Options {
    /// The user who gets access; created if there is no such user [default: the first local administrator]
    #[arg(long, value_name = "EMAIL")]
    email: Option<String>,

    #[command(flatten)]
    storage: GivenStorage,
}

/// Recovers access, and prints the password.
pub fn run(options: Options) -> Result<()> {
    let storage = Storage::read(&Given::from(options.storage).with_file()?)?;
    let email = options.email.map(|text| Email::known("email", &text)).transpose()?;
    ensure_exists(&storage)?;
    block_on(recover(storage, email))
}

/// Refuses a directory without a database: opening would create an empty one.
pub fn ensure_exists(storage: &Storage) -> Result<()> {
    match storage {
        Storage::Directory(directory) if !Storage::file(directory).exists() => Err(Error::invalid(format!(
            "data-dir: no database in {storage}; use the --data-dir or --database-url of the server"
        ))),
        _ => Ok(()),
    }
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
