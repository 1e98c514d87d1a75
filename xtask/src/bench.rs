//! `cargo xtask bench`: measure what the product promises of itself. Nothing passes or fails on a time.

use anyhow::Result;
use clap::Args;

use crate::step;
use crate::workspace::Workspace;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only see whether it runs, with a small organisation.
    #[arg(long)]
    smoke: bool,
    /// A tenth of the users, rules and projects: for the time in between.
    #[arg(long, conflicts_with = "smoke")]
    tenth: bool,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut bench = workspace.cargo(&["run", "--release", "--manifest-path", "bench/Cargo.toml", "--"]);
    // Optimised and with other dependencies: beside what the tests are built from, not among it.
    bench.env("CARGO_TARGET_DIR", workspace.target().join("bench"));
    if options.smoke {
        bench.arg("--smoke");
    }
    if options.tenth {
        bench.arg("--tenth");
    }
    step::timed("bench", || step::run(&mut bench))
}
