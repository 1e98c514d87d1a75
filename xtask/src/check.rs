//! `cargo xtask check`: everything a change must pass except the tests, cheapest first.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{codegen, console, deny, documents, step, words};

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    step::timed("format: cargo fmt --all repairs it, and in fuzz/ and bench/ cargo fmt", || {
        step::run(&mut workspace.cargo(&["fmt", "--all", "--check"]))?;
        step::run(&mut workspace.cargo(&["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))?;
        step::run(&mut workspace.cargo(&["fmt", "--manifest-path", "bench/Cargo.toml", "--check"]))
    })?;
    step::timed("lints", || {
        let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        step::run(&mut workspace.cargo(&arguments))
    })?;
    step::timed("documentation", || {
        // With the examples the dependencies are those that the lints have just checked, as in `build_rolecall`.
        let mut doc = workspace.cargo(&["doc", "--workspace", "--no-deps", "--lib", "--bins", "--examples"]);
        step::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    step::timed("documents: their paths", || documents::check(workspace))?;
    step::timed("words", || words::check(workspace))?;
    step::timed("the console: types and lints", || console::check(workspace))?;
    step::timed("generated files", || codegen::check(workspace))?;
    step::timed("the API document: lints", || console::lint_document(workspace))?;
    step::timed("dependencies", || deny::dependencies(workspace))
}
