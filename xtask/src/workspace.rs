//! Paths: the checkout, its target directory, and the programs built from it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::step;

/// This checkout.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The checkout this program was built from.
    pub(crate) fn locate() -> Result<Self> {
        // Cargo sets the variable for programs that it runs; the compiled-in value is for direct starts.
        let xtask = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = xtask.parent().context("xtask lies at the root of the file system")?.to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            // Relative to the developer's directory, not to the root, where our own commands run.
            Some(directory) => env::current_dir()?.join(directory),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The root of the checkout, absolute.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The directory for everything built or downloaded, absolute. Nothing is cached elsewhere.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// A command that runs at the root of the checkout.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// The `cargo` that runs this program, with these arguments.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments);
        command
    }

    /// Builds the product in the dev profile and returns the path of its binary.
    pub(crate) fn build_rolecall(&self) -> Result<PathBuf> {
        // With `--workspace` and an example, shared dependencies have the same features as in the tests, including the
        // examples' own additions: nothing builds twice.
        step::run(&mut self.cargo(&["build", "--workspace", "--bin", "rolecall", "--example", "measured"]))?;
        let this = env::current_exe().context("cannot tell where xtask was built")?;
        // Cargo puts all binaries of a profile into one directory, also with a target triple or another directory.
        Ok(this.with_file_name("rolecall"))
    }
}
