//! The command line. Each command is in the file with its name.

mod data;
mod discard_keys;
mod doctor;
pub mod encryption;
mod exposure;
mod listener;
mod logs;
mod openapi;
mod recover;
mod saml_keys;
mod serve;
mod signals;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rolecall_core::{Error, ErrorKind, Result};

use crate::config::{self, Settings};

/// Identity and access control for organizations that share GPU clusters
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
    /// Set options on the command line, as environment variables, or in the TOML file that --config names, under the same
    /// name without the leading dashes. The command line overrides the environment, and the environment overrides the file.
    /// Times are a whole number and s, m, h or d: 30s, 15m, 1h, 7d.
    ///
    /// No option is required: data goes to ./data by default, and the first start creates an administrator and shows their
    /// temporary password.
    Serve(Box<Settings>),
    /// Administer the data from the host
    #[command(subcommand)]
    Admin(Admin),
    /// Check the database; read-only, and safe while the server runs
    ///
    /// Checks that it opens, has this version's schema, an administrator who can sign in, and the key that signs tokens. With
    /// --verify, compares decisions and lists with a second, naive evaluation of the same rules. Exits with an error if
    /// something is wrong.
    Doctor(doctor::Options),
    /// Print the API document (OpenAPI, JSON)
    Openapi,
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Regain access: give a local administrator of the account a new temporary password and show it
    ///
    /// Works whether or not the server runs. Ends the user's sessions, enables the user, and is recorded in the audit log.
    Recover(recover::Options),
    /// Delete the keys in the database, after the file with their encryption key was lost
    ///
    /// Restart the servers afterwards: they make new keys. Access tokens end, and clients get others; sessions of browsers and
    /// refresh tokens stay. The secrets of identity providers must be entered again: they were encrypted, too.
    DiscardKeys(discard_keys::Options),
    /// Replace the keys for SAML, in three steps: add, switch, remove
    ///
    /// Works while the servers run, and needs no restart. The metadata of this server has the certificates of all keys. It signs
    /// with the first, and decrypts with any, so that providers have time to read the metadata again after each step.
    SamlKeys(saml_keys::Options),
}

/// Runs the command line.
pub fn run() -> ExitCode {
    let line: CommandLine = config::parse(std::env::args_os()).unwrap_or_else(|refused| refused.exit());
    let done = match line.command {
        Command::Serve(settings) => serve::run(*settings),
        Command::Admin(Admin::Recover(options)) => recover::run(options),
        Command::Admin(Admin::DiscardKeys(options)) => discard_keys::run(options),
        Command::Admin(Admin::SamlKeys(options)) => saml_keys::run(options),
        Command::Doctor(options) => doctor::run(options),
        Command::Openapi => openapi::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&error);
            // As clap exits for its own errors.
            if error.kind == ErrorKind::Invalid { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

/// Runs a command that works with the store.
fn block_on(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|e| Error::internal(format!("the runtime's threads could not be started: {e}")))?.block_on(work)
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
            Command::Serve(settings) => settings.demo,
            other => panic!("{other:?}"),
        };
        assert!(demo(&["rolecall", "serve", "--demo"]));
        assert!(!demo(&["rolecall", "serve", "--demo=false"]));
        assert!(!demo(&["rolecall", "serve"]));
    }
}
