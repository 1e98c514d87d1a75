//! The web console: its build, checks, typed client and tests.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use anyhow::{Context, Result};

use crate::node::{self, Packages};
use crate::requirements::{self, NODE};
use crate::step;
use crate::workspace::Workspace;

/// The typed client, generated from `openapi.json`.
pub(crate) const SCHEMA: &str = "console/src/api/schema.d.ts";

/// Builds the console for the server, unless its inputs are unchanged.
///
/// # Errors
/// When the console does not build.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let packages = packages(workspace)?;
    let dist = packages.folder().join("dist");
    let stamp = dist.join("built-from");
    let inputs = format!("{:016x}", hash_of_inputs(packages.folder())?);
    if dist.join("site/index.html").is_file() && fs::read_to_string(&stamp).is_ok_and(|built| built == inputs) {
        return Ok(());
    }
    step::timed("build the console", || {
        step::run(&mut packages.program("vite", &["build", "--logLevel=warn"]))?;
        Ok(fs::write(stamp, inputs)?)
    })
}

/// Types and lints.
///
/// # Errors
/// When a check fails; its output is above.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let packages = packages(workspace)?;
    step::run(&mut packages.program("tsc", &[]))?;
    step::run(&mut packages.program("eslint", &["--max-warnings=0", "."]))
}

/// The expected typed client.
///
/// # Errors
/// When it cannot be generated.
pub(crate) fn schema(workspace: &Workspace) -> Result<String> {
    step::output(&mut packages(workspace)?.program("openapi-typescript", &["../openapi.json"]))
}

/// Lints `openapi.json`, which its client is generated from, by `redocly.yaml`.
///
/// # Errors
/// When there is something to mend; it is named above.
pub(crate) fn lint_document(workspace: &Workspace) -> Result<()> {
    let mut lint = packages(workspace)?.program("redocly", &["lint", "--config", "../redocly.yaml", "../openapi.json"]);
    step::run(lint.env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"))
}

/// The tests of its parts.
///
/// # Errors
/// When one fails.
pub(crate) fn unit_tests(workspace: &Workspace) -> Result<()> {
    step::run(&mut packages(workspace)?.program("vitest", &["run"]))
}

/// The browser tests, against the binary `rolecall`. `arguments` are for Node's test runner.
///
/// # Errors
/// When the packages cannot be installed.
pub(crate) fn browser_tests(workspace: &Workspace, rolecall: &Path, arguments: &[String]) -> Result<Command> {
    let packages = Packages::install(workspace, "e2e/console")?;
    let mut command = Command::new("node");
    command.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]).args(arguments);
    command.args(files_named(packages.folder(), ".test.js")?).current_dir(packages.folder());
    command.env("ROLECALL_BIN", rolecall).env("ROLECALL_TEST_CHROMIUM", node::chromium());
    command.env("ROLECALL_SCREENSHOTS", workspace.target().join("screenshots"));
    Ok(command)
}

/// The installed packages of its build.
///
/// # Errors
/// When they cannot be installed.
pub(crate) fn packages(workspace: &Workspace) -> Result<Packages> {
    requirements::ensure(&[&NODE])?;
    Packages::install(workspace, "console")
}

/// Changes whenever an input of the build changes.
fn hash_of_inputs(console: &Path) -> Result<u64> {
    let mut files = Vec::new();
    for entry in fs::read_dir(console)? {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    for folder in ["src", "build", "public"] {
        collect(&console.join(folder), &mut files)?;
    }
    // The console tells what helps when a sign-in fails.
    files.push(console.join("../docs/sso/codes.md"));
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(console)?.hash(&mut hasher);
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn files_named(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(|path| path.to_string_lossy().ends_with(ending));
    files.sort();
    Ok(files)
}
