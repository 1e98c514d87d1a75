//! The command line: names, options and help texts. Each command is in the file with its name.

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;
use crate::{bench, check, codegen, console, deny, dist, fuzz, postgres, requirements, start, test};

/// Developer commands of Rolecall.
///
/// New here? `cargo xtask start` runs the product with a sample organization, and `cargo xtask test` runs every test,
/// installing missing requirements first.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build Rolecall and serve it on http://localhost:8080 with a sample organization.
    Start(start::Options),
    /// Run all tests, on SQLite and on a throwaway PostgreSQL; the end-to-end tests with each version of the Run:ai
    /// Python client.
    Test(test::Options),
    /// Everything a change must pass except the tests: format, lints, docs, generated files, dependencies.
    Check,
    /// Build the release program, with the console: target/dist/rolecall.
    Dist,
    /// Run the gate: `check`, `test`, `bench --smoke`, and `fuzz` for 20 seconds per target.
    Ci,
    /// Fuzz the parsers of filters and query strings.
    ///
    /// Runs the seeds in fuzz/seeds and the corpus of earlier runs, then searches for new inputs. An input that fails
    /// is shown and stored, and the command fails. `cargo xtask fuzz lists --seconds 600` runs one target for ten
    /// minutes.
    Fuzz(fuzz::Options),
    /// Write the checked-in files that are generated from the code.
    Codegen(codegen::Options),
    /// Measure decisions, in memory beside other engines and over HTTP, and how fast a change becomes visible.
    ///
    /// With a million users and five million rules; prints Markdown for docs/benchmarks.md. Takes ten minutes and 10
    /// GB, and the first time half an hour to build.
    Bench(bench::Options),
    /// Check the dependencies against the advisory database. Needs a network, so the gate does not run it.
    Advisories,
    /// Run a throwaway PostgreSQL in the foreground, for use with plain `cargo test`. Ctrl-C removes it.
    ///
    /// Prints `ROLECALL_TEST_POSTGRES=<url>` on standard output when it is ready; export that in another terminal.
    /// Nothing is kept, and nothing else on this machine is touched.
    Postgres,
}

/// Parses and runs the command line.
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
            // The server includes the console: it is built first, so that the server is built once.
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
