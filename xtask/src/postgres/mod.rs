//! A throwaway PostgreSQL: its own data, its own port, gone when we are.

mod programs;
mod server;

use std::io::{self, Write};
use std::thread;

use anyhow::Result;

pub(crate) use programs::find;
pub(crate) use server::Server;

use crate::requirements;

/// The environment variable by which tests learn the address of a PostgreSQL they may fill with databases.
pub(crate) const ADDRESS_VARIABLE: &str = "ROLECALL_TEST_POSTGRES";

/// Serves until this process is ended, by Ctrl-C or otherwise.
pub(crate) fn run_in_foreground() -> Result<()> {
    requirements::ensure(&[&requirements::POSTGRES])?;
    let server = Server::start()?;
    println!("{ADDRESS_VARIABLE}={}", server.url());
    io::stdout().flush()?;
    eprintln!("PostgreSQL is ready; Ctrl-C stops and removes it.");
    loop {
        // The server goes with this process, whatever ends it (see `server`), so there is nothing to do but stay.
        thread::park();
    }
}
