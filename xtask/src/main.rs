//! Every command a developer of Rolecall needs, as `cargo xtask <command>`.
//!
//! Owns which steps run, in which order, and their requirements. Must not contain anything that the product needs at
//! run time: nothing here is shipped.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks to a terminal")]

#[cfg(not(unix))]
compile_error!("the developer commands need a Unix system: on Windows, work inside WSL");

mod bench;
mod check;
mod codegen;
mod commands;
mod console;
mod deny;
mod dist;
mod documents;
mod e2e;
mod fuzz;
mod jobs;
mod node;
mod postgres;
mod requirements;
mod start;
mod step;
mod test;
mod words;
mod workspace;

use std::process::ExitCode;

fn main() -> ExitCode {
    match commands::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
