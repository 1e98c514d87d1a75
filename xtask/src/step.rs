//! Runs one step: announced, timed, with its output unchanged and its failure described.

use std::ffi::OsStr;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// Announces `name`, runs `work`, and prints the time it took.
///
/// # Errors
/// The error of `work`, prefixed with `name`.
pub(crate) fn timed<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("\n==> {name}");
    let start = Instant::now();
    let result = work().with_context(|| name.to_owned());
    let outcome = if result.is_ok() { "done" } else { "FAILED" };
    eprintln!("==> {name}: {outcome} in {:.1} s", start.elapsed().as_secs_f64());
    result
}

/// Runs `command` with inherited input and output.
///
/// # Errors
/// When it cannot be started or does not exit with 0; the message names the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", text(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", text(command));
    }
    Ok(())
}

/// Runs `command` and returns its standard output; its error output stays visible.
///
/// # Errors
/// As [`run`], and when the output is not UTF-8.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start `{}`", text(command)))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", text(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("the output of `{}` is not UTF-8", text(command)))
}

/// Whether `command` can be started and exits with 0. Silent.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command as a developer would type it, for messages.
fn text(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
