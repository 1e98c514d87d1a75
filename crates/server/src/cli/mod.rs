//! The command line: what `rolecall` can be told to do. Each command's work is in the file of its name.

mod data;
mod doctor;
mod listener;
mod logs;
mod openapi;
mod recover;
mod serve;
mod signals;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rolecall_core::{Error, ErrorKind, Result};

use crate::config::Given;

/// Identity and access control for organisations that share GPU clusters
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, max_term_width = 100)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API
    ///
    /// Each setting can be given here, as an environment variable, or in the TOML file that --config names, where it has
    /// the same name without the dashes in front. The command line goes before the environment, the environment before
    /// the file. Times are a whole number and s, m, h or d: 30s, 15m, 1h, 7d.
    ///
    /// Nothing is needed: by default the data lies in ./data, and the first start makes an administrator and shows a
    /// temporary password for him.
    Serve(Box<Given>),
    /// Work on the data with the rights of this host's shell
    #[command(subcommand)]
    Admin(Admin),
    /// See whether the database is sound; reads only, also while the server runs
    ///
    /// It opens, is of this version's schema, an administrator can sign in, and the key that signs tokens is there. With
    /// --verify, decisions and lists are compared with a second, naive reading of the same rules. Ends with an error when
    /// something is wrong.
    Doctor(doctor::Options),
    /// Print the description of the API (OpenAPI, JSON)
    Openapi,
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Get back in: give a local administrator of the account a new temporary password, and show it
    ///
    /// Works while the server runs, or not. His sessions end, and he is enabled if he was not. It is noted in the audit
    /// log.
    Recover(recover::Options),
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    let done = match CommandLine::parse().command {
        Command::Serve(given) => serve::run(*given),
        Command::Admin(Admin::Recover(options)) => recover::run(options),
        Command::Doctor(options) => doctor::run(options),
        Command::Openapi => openapi::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&error);
            // As clap does for what it refuses itself.
            if error.kind == ErrorKind::Invalid { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

/// Runs a command that works with the store.
fn block_on(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|e| Error::internal(format!("no threads to run on: {e}")))?.block_on(work)
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::{Command, CommandLine};

    #[test]
    fn the_command_line_is_well_formed() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn a_flag_may_be_bare_or_have_a_value() {
        let demo = |arguments: &[&str]| match CommandLine::try_parse_from(arguments).unwrap().command {
            Command::Serve(given) => given.demo,
            other => panic!("{other:?}"),
        };
        assert_eq!(demo(&["rolecall", "serve", "--demo"]), Some(true));
        assert_eq!(demo(&["rolecall", "serve", "--demo=false"]), Some(false));
        assert_eq!(demo(&["rolecall", "serve"]), None);
    }
}
