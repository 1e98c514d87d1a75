//! `cargo xtask codegen`: the checked-in files that are generated from the code.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::workspace::Workspace;
use crate::{console, step};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Write nothing; fail when a file is out of date.
    #[arg(long)]
    check: bool,
}

/// A file with the output of `rolecall`.
#[derive(Debug)]
struct Printed {
    /// Path from the root of the checkout.
    file: &'static str,
    /// The arguments of `rolecall`.
    by: &'static [&'static str],
}

const PRINTED: &[Printed] = &[Printed { file: "openapi.json", by: &["openapi"] }];

/// A file that a test compares, and writes when `UPDATE_EXPECT` is set.
#[derive(Debug)]
struct Compared {
    file: &'static str,
    package: &'static str,
    test: &'static str,
}

const COMPARED: &[Compared] =
    &[Compared { file: "crates/core/policy-table.txt", package: "rolecall-core", test: "policy_table" }];

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.check { check(workspace) } else { write(workspace) }
}

/// Compares the printed files. `cargo xtask test` compares the others.
///
/// # Errors
/// When a file is out of date; the message names all of them.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let rolecall = workspace.build_rolecall()?;
    let mut stale = Vec::new();
    for printed in PRINTED {
        let fresh = step::output(Command::new(&rolecall).args(printed.by))?;
        // A missing file is out of date.
        let present = fs::read_to_string(workspace.root().join(printed.file)).ok();
        if present.as_ref() != Some(&fresh) {
            stale.push(printed.file);
        }
    }
    // Generated from the file, not from the code: the check above has just compared these.
    if fs::read_to_string(workspace.root().join(console::SCHEMA)).ok().as_ref() != Some(&console::schema(workspace)?) {
        stale.push(console::SCHEMA);
    }
    if !stale.is_empty() {
        bail!("not what the code generates: {}\nrun `cargo xtask codegen` and commit the result", stale.join(", "));
    }
    Ok(())
}

fn write(workspace: &Workspace) -> Result<()> {
    let rolecall = workspace.build_rolecall()?;
    for printed in PRINTED {
        let fresh = step::output(Command::new(&rolecall).args(printed.by))?;
        fs::write(workspace.root().join(printed.file), fresh)
            .with_context(|| format!("cannot write {}", printed.file))?;
        eprintln!("wrote {}", printed.file);
    }
    fs::write(workspace.root().join(console::SCHEMA), console::schema(workspace)?)?;
    eprintln!("wrote {}", console::SCHEMA);
    for compared in COMPARED {
        let mut test = workspace.cargo(&["test", "--package", compared.package, compared.test]);
        step::run(test.env("UPDATE_EXPECT", "1"))?;
        eprintln!("wrote {}", compared.file);
    }
    Ok(())
}
