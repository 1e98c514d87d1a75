//! `cargo xtask bench`: measure what the product promises of itself, and print it as Markdown. Nothing passes or fails on a
//! time; what is measured must answer rightly, or the run ends.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::jobs::Job;
use crate::postgres::Server;
use crate::requirements::{self, POSTGRES, TASKSET, WRK};
use crate::step;
use crate::workspace::Workspace;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only see whether it runs, with a small organisation and unoptimised.
    #[arg(long)]
    smoke: bool,
    /// A tenth of the users, rules and projects: for the time in between.
    #[arg(long, conflicts_with = "smoke")]
    tenth: bool,
}

impl Options {
    /// What the gate runs.
    pub(crate) fn smoke() -> Self {
        Self { smoke: true, tenth: false }
    }
}

/// Builds before what [`Options::smoke`] will run.
pub(crate) fn job(workspace: &Workspace) -> Job {
    Job { name: "build the benchmark".to_owned(), command: build(workspace, true) }
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    requirements::ensure(&[&POSTGRES, &WRK, &TASKSET])?;
    let repair = "if bench/Cargo.lock is refused: cargo update --workspace --manifest-path bench/Cargo.toml";
    let bench = step::timed(&format!("build the benchmark and what it compares with; {repair}"), || {
        bench(workspace, options.smoke)
    })?;
    let (rolecall, measured) = step::timed("build the server that is measured", || server(workspace, options.smoke))?;
    let postgres = step::timed("start a throwaway PostgreSQL", Server::start)?;
    let amount = match (options.smoke, options.tenth) {
        (true, _) => "smoke",
        (false, true) => "tenth",
        (false, false) => "full",
    };
    step::timed("measure", || {
        step::run(workspace.command(bench).arg(amount).arg(rolecall).arg(measured).arg(postgres.url()))
    })
}

/// Builds the benchmark and returns the path of its binary.
fn bench(workspace: &Workspace, unoptimised: bool) -> Result<PathBuf> {
    step::run(&mut build(workspace, unoptimised))?;
    Ok(directory(workspace).join(if unoptimised { "debug" } else { "release" }).join("bench"))
}

fn build(workspace: &Workspace, unoptimised: bool) -> Command {
    let mut cargo = workspace.cargo(&["build", "--manifest-path", "bench/Cargo.toml", "--locked"]);
    cargo.args((!unoptimised).then_some("--release")).env("CARGO_TARGET_DIR", directory(workspace));
    cargo
}

/// Beside what the tests are built from and not among it: its dependencies are others.
fn directory(workspace: &Workspace) -> PathBuf {
    workspace.target().join("bench")
}

/// Builds the product, and the product with a route that does nothing. Unoptimised they are what the tests use.
fn server(workspace: &Workspace, unoptimised: bool) -> Result<(PathBuf, PathBuf)> {
    let mut cargo = workspace.cargo(&["build", "--workspace", "--bin", "rolecall", "--example", "measured"]);
    // What people install, otherwise.
    cargo.args((!unoptimised).then_some(["--profile", "dist"]).into_iter().flatten());
    step::run(&mut cargo)?;
    let programs = workspace.target().join(if unoptimised { "debug" } else { "dist" });
    Ok((programs.join("rolecall"), programs.join("examples").join("measured")))
}
