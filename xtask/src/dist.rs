//! `cargo xtask dist`: the program that people install, with the console in it.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{console, step};

/// # Errors
/// When something does not build; a binary without the console is never made.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    console::build(workspace)?;
    step::timed("build rolecall", || {
        let mut build = workspace.cargo(&["build", "--profile=dist", "--package=rolecall", "--bin=rolecall"]);
        step::run(build.env("ROLECALL_CONSOLE_REQUIRED", "1"))
    })?;
    eprintln!("made {}", workspace.target().join("dist").join("rolecall").display());
    Ok(())
}
