//! `rolecall doctor`.

use std::path::PathBuf;

use clap::Args;
use rolecall_core::verify::Tally;
use rolecall_core::{Error, Result};
use rolecall_store::Store;

use super::{block_on, data, encryption, terminal};
use crate::app::doctor::Doctor;
use crate::config::{Given, GivenStorage, Storage};
use crate::random::Random;

#[derive(Debug, Args)]
pub struct Options {
    /// Also compare decisions and lists with a second, naive evaluation of the same rules
    #[arg(long)]
    verify: bool,

    /// The seed of the random sample where there is too much to compare everything, as an earlier run printed it [default:
    /// random]
    #[arg(long, value_name = "NUMBER", requires = "verify")]
    seed: Option<u32>,

    /// The file with the encryption key of the servers [default: encryption.key in the data directory]
    #[arg(long, env = "ROLECALL_ENCRYPTION_KEY_FILE", value_name = "FILE")]
    encryption_key_file: Option<PathBuf>,

    #[command(flatten)]
    storage: GivenStorage,
}

/// Runs the checks, and prints the findings.
pub fn run(options: Options) -> Result<()> {
    let given = Given { encryption_key_file: options.encryption_key_file, ..Given::from(options.storage) };
    let given = given.with_file()?;
    let storage = Storage::read(&given)?;
    data::ensure_exists(&storage)?;
    let seed = match options.seed {
        Some(seed) => seed,
        None => u32::from_le_bytes(Random::system().bytes()?),
    };
    block_on(examine(storage, given.encryption_key_file, options.verify.then_some(seed)))
}

async fn examine(storage: Storage, key: Option<PathBuf>, seed: Option<u32>) -> Result<()> {
    let store = Store::open_to_read(&storage.database()).await?;
    let examined = match encryption::examine(key.as_deref(), &storage, &store).await {
        Ok(keys) => look(&store, &keys, seed).await,
        Err(error) => Err(error),
    };
    store.close().await;
    examined
}

async fn look(store: &Store, keys: &str, seed: Option<u32>) -> Result<()> {
    let mut progress = terminal::Progress::default();
    let doctor = Doctor::load(store, |read| progress.show(&format!("Read {read} users, rules and scopes"))).await;
    progress.clear();
    let mut doctor = doctor?;
    doctor.check().await?.iter().for_each(|line| terminal::show(line));
    terminal::show(keys);
    let Some(seed) = seed else { return Ok(()) };
    let plan = doctor.plan(seed.into());
    terminal::show(&plan.in_words());
    let tally = doctor.verify(&plan, |tally| progress.show(&compared(tally))).await;
    progress.clear();
    let tally = tally?;
    tally.told.iter().for_each(|difference| terminal::show(difference));
    let differing =
        if tally.differing == 0 { "none differs".to_owned() } else { format!("{} differ", tally.differing) };
    let drawn = if plan.is_complete() { String::new() } else { format!(", sampled from {} decisions", plan.decisions) };
    terminal::show(&format!("{}{drawn}: {differing} (seed {seed})", compared(&tally)));
    if tally.differing == 0 {
        return Ok(());
    }
    Err(Error::conflict("the database or Rolecall is faulty; please report the differences above"))
}

fn compared(tally: &Tally) -> String {
    format!("{} decisions ({} allowed) and {} lists compared", tally.decisions, tally.allowed, tally.lists)
}
