//! `rolecall doctor`.

use clap::Args;
use rolecall_core::verify::Tally;
use rolecall_core::{Error, Result};
use rolecall_store::Store;

use super::{block_on, data, encryption, terminal};
use crate::app::doctor::Doctor;
use crate::config::{EncryptionKey, Storage};
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

    #[command(flatten)]
    storage: Storage,

    #[command(flatten)]
    encryption_key: EncryptionKey,
}

/// Runs the checks, and prints the findings.
pub fn run(options: Options) -> Result<()> {
    data::ensure_exists(&options.storage)?;
    let seed = match options.seed {
        Some(seed) => seed,
        None => u32::from_le_bytes(Random::system().bytes()?),
    };
    block_on(examine(options.storage, options.encryption_key, options.verify.then_some(seed)))
}

async fn examine(storage: Storage, key: EncryptionKey, seed: Option<u32>) -> Result<()> {
    let store = Store::open_to_read(&storage.database()).await?;
    let examined = match encryption::examine(key.file.as_deref(), &storage, &store).await {
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
