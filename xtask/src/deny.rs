//! Checks the dependencies with cargo-deny, by the rules in `deny.toml`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::step;
use crate::workspace::Workspace;

/// Pinned, so that the same rules have the same meaning later.
const VERSION: &str = "0.20.2";

/// Bans, licenses and sources. Needs no network once cargo-deny is built.
pub(crate) fn dependencies(workspace: &Workspace) -> Result<()> {
    // Without the graphs the output fits on a screen; `cargo tree --invert <crate>` shows which crate needs another.
    check(workspace, &["--hide-inclusion-graph", "bans", "licenses", "sources"])
}

/// Known vulnerabilities and abandoned crates. Fetches the advisory database.
pub(crate) fn advisories(workspace: &Workspace) -> Result<()> {
    check(workspace, &["advisories"])
}

fn check(workspace: &Workspace, what: &[&str]) -> Result<()> {
    let program = program(workspace)?;
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml", "bench/Cargo.toml"] {
        let mut deny = workspace.command(&program);
        deny.args(["--manifest-path", manifest, "--config", "deny.toml", "--workspace", "--locked", "check"]);
        step::run(deny.args(what))?;
    }
    Ok(())
}

/// The path of cargo-deny, which is built into the target directory if missing.
fn program(workspace: &Workspace) -> Result<PathBuf> {
    let tools = workspace.target().join("tools");
    let program = tools.join("bin").join("cargo-deny");
    if installed_version(&program).as_deref() == Some(VERSION) {
        return Ok(program);
    }
    step::timed(&format!("build cargo-deny {VERSION} (once, a minute or two)"), || {
        let build = tools.join("build");
        let mut install = workspace.cargo(&["install", "cargo-deny", "--version", VERSION, "--locked", "--debug"]);
        // A debug build takes a fraction of the time, and is fast enough here.
        install.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_TARGET_DIR", &build);
        step::run(install.arg("--root").arg(&tools))?;
        fs::remove_dir_all(&build).with_context(|| format!("cannot remove {}", build.display()))
    })?;
    Ok(program)
}

fn installed_version(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().nth(1).map(str::to_owned)
}
