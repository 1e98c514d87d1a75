//! `cargo xtask bench`: measures the product's performance goals, and prints Markdown. No run fails because of a time,
//! but a wrong answer ends it.

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
    /// Only check that it runs, with a small organization and a debug build.
    #[arg(long)]
    smoke: bool,
    /// A tenth of the users, rules and projects, for quick runs.
    #[arg(long, conflicts_with = "smoke")]
    tenth: bool,
}

impl Options {
    /// The options of the gate.
    pub(crate) fn smoke() -> Self {
        Self { smoke: true, tenth: false }
    }
}

/// Builds what [`Options::smoke`] runs.
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
fn bench(workspace: &Workspace, unoptimized: bool) -> Result<PathBuf> {
    step::run(&mut build(workspace, unoptimized))?;
    Ok(directory(workspace).join(if unoptimized { "debug" } else { "release" }).join("bench"))
}

fn build(workspace: &Workspace, unoptimized: bool) -> Command {
    let mut cargo = workspace.cargo(&["build", "--manifest-path", "bench/Cargo.toml", "--locked"]);
    cargo.args((!unoptimized).then_some("--release")).env("CARGO_TARGET_DIR", directory(workspace));
    cargo
}

/// Separate from the tests' target directory: its dependencies differ.
fn directory(workspace: &Workspace) -> PathBuf {
    workspace.target().join("bench")
}

/// Builds the product, and the product with a route that does nothing. The debug builds are those of the tests.
fn server(workspace: &Workspace, unoptimized: bool) -> Result<(PathBuf, PathBuf)> {
    let mut cargo = workspace.cargo(&["build", "--workspace", "--bin", "rolecall", "--example", "measured"]);
    // Otherwise the build that people install.
    cargo.args((!unoptimized).then_some(["--profile", "dist"]).into_iter().flatten());
    step::run(&mut cargo)?;
    let programs = workspace.target().join(if unoptimized { "debug" } else { "dist" });
    Ok((programs.join("rolecall"), programs.join("examples").join("measured")))
}
