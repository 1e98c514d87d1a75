//! `cargo xtask dist`: the release program, with the console.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{console, step};

/// # Errors
/// When a build fails; a binary without the console is never produced.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    console::build(workspace)?;
    step::timed("build rolecall", || {
        let mut build = workspace.cargo(&["build", "--profile=dist", "--package=rolecall", "--bin=rolecall"]);
        step::run(build.env("ROLECALL_CONSOLE_REQUIRED", "1"))
    })?;
    eprintln!("made {}", workspace.target().join("dist").join("rolecall").display());
    Ok(())
}
