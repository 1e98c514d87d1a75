//! A throwaway PostgreSQL: its own data and port, removed when this process ends.

mod programs;
mod server;

use std::io::{self, Write};
use std::thread;

use anyhow::Result;

pub(crate) use programs::find;
pub(crate) use server::Server;

use crate::requirements;

/// The environment variable with the address of a PostgreSQL in which tests may create databases.
pub(crate) const ADDRESS_VARIABLE: &str = "ROLECALL_TEST_POSTGRES";

/// Serves until this process is ended, by Ctrl-C or otherwise.
pub(crate) fn run_in_foreground() -> Result<()> {
    requirements::ensure(&[&requirements::POSTGRES])?;
    let server = Server::start()?;
    println!("{ADDRESS_VARIABLE}={}", server.url());
    io::stdout().flush()?;
    eprintln!("PostgreSQL is ready; Ctrl-C stops and removes it.");
    loop {
        // The server ends with this process in any case (see `server`), so this only waits.
        thread::park();
    }
}
