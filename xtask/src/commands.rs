//! The command line: names, options and help texts. Each command's work is in the file of its name.

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;
use crate::{bench, check, codegen, console, deny, dist, fuzz, postgres, requirements, start, test};

/// Developer commands of Rolecall.
///
/// New here? `cargo xtask start` runs the product with a sample organisation, and `cargo xtask test` runs every test,
/// installing what is missing first.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build Rolecall and serve it on http://localhost:8080 with a sample organisation.
    Start(start::Options),
    /// Run all tests, on SQLite and on a throwaway PostgreSQL; the end-to-end tests with each official client.
    Test(test::Options),
    /// Everything a change must pass except the tests: format, lints, docs, generated files, dependencies.
    Check,
    /// Make the program that people install, with the console in it: target/dist/rolecall.
    Dist,
    /// What the gate runs: `check`, `test`, `bench --smoke`, and `fuzz` for 20 seconds a target.
    Ci,
    /// Look for inputs that break the readers of filters and query strings.
    ///
    /// Runs the seeds in fuzz/seeds and what earlier runs found worth keeping, then looks for more. An input that breaks
    /// something is shown and stored, and the command fails. `cargo xtask fuzz lists --seconds 600` runs one target for
    /// ten minutes.
    Fuzz(fuzz::Options),
    /// Write the checked-in files that are generated from the code.
    Codegen(codegen::Options),
    /// Measure decisions, in memory beside other engines and over HTTP, and how soon a change is seen.
    ///
    /// At a million users and five million rules; prints Markdown for docs/benchmarks.md. Takes ten minutes and 10 GB,
    /// and half an hour of building before, once.
    Bench(bench::Options),
    /// Ask the advisory database about our dependencies. Needs a network, so the gate does not.
    Advisories,
    /// Run a throwaway PostgreSQL in the foreground, for use with plain `cargo test`. Ctrl-C removes it.
    ///
    /// Prints `ROLECALL_TEST_POSTGRES=<url>` on standard output when it is ready; export that in another terminal.
    /// Nothing of it is kept, and nothing else on this machine is touched.
    Postgres,
}

/// Parses the command line and does what it says.
///
/// # Errors
/// When the command fails; the message says what to do next.
pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::locate()?;
    match CommandLine::parse().command {
        Command::Start(options) => start::run(&workspace, &options),
        Command::Test(options) => test::run(&workspace, &options, Vec::new()),
        Command::Check => check::run(&workspace),
        Command::Dist => dist::run(&workspace),
        Command::Ci => {
            // The server takes the console in: built first, the server is built once.
            console::build(&workspace)?;
            check::run(&workspace)?;
            requirements::ensure(&[&requirements::CPLUSPLUS])?;
            test::run(&workspace, &test::Options::default(), vec![bench::job(&workspace), fuzz::job(&workspace)?])?;
            bench::run(&workspace, &bench::Options::smoke())?;
            fuzz::run(&workspace, &fuzz::Options::short())
        }
        Command::Fuzz(options) => fuzz::run(&workspace, &options),
        Command::Codegen(options) => codegen::run(&workspace, &options),
        Command::Bench(options) => bench::run(&workspace, &options),
        Command::Advisories => deny::advisories(&workspace),
        Command::Postgres => postgres::run_in_foreground(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::CommandLine;

    #[test]
    fn the_command_line_is_well_formed() {
        CommandLine::command().debug_assert();
    }
}
