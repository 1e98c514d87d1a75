//! Parallel jobs, for commands that mostly wait or use one processor: each announced, timed, and with its output in one
//! piece.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::step;
use crate::workspace::Workspace;

/// A command that can run beside others.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) command: Command,
}

/// The state that parallel jobs share.
#[derive(Debug, Default)]
struct Progress {
    waiting: VecDeque<Job>,
    failed: Vec<Failed>,
}

#[derive(Debug)]
struct Failed {
    name: String,
    log: PathBuf,
    error: anyhow::Error,
}

/// Runs `jobs`, at most one per processor of this machine, in this order.
///
/// The output of each is in `target/logs`, to watch it, and is printed when the job has ended, so that outputs do not
/// mix. After a failure no further job starts, and failures are printed last. A single job runs in the foreground.
///
/// # Errors
/// When one fails; the message names all that did.
pub(crate) fn run(workspace: &Workspace, mut jobs: Vec<Job>) -> Result<()> {
    if let [only] = jobs.as_mut_slice() {
        return step::timed(&only.name, || step::run(&mut only.command));
    }
    let logs = workspace.target().join("logs");
    fs::create_dir_all(&logs).with_context(|| format!("cannot make {}", logs.display()))?;
    let at_a_time = thread::available_parallelism().map_or(1, NonZero::get).min(jobs.len());
    let progress = Mutex::new(Progress { waiting: jobs.into(), failed: Vec::new() });
    thread::scope(|scope| {
        for _ in 0..at_a_time {
            scope.spawn(|| {
                while let Some(job) = next(&progress) {
                    let log = logs.join(format!("{}.log", file_name(&job.name)));
                    if let Err(error) = carry_out(&job.name, job.command, &log) {
                        lock(&progress).failed.push(Failed { name: job.name, log, error });
                    }
                }
            });
        }
    });
    let failed = progress.into_inner().unwrap_or_else(PoisonError::into_inner).failed;
    if failed.is_empty() {
        return Ok(());
    }
    for Failed { name, log, .. } in &failed {
        show(name, log)?;
    }
    let names: Vec<String> = failed.iter().map(|Failed { name, error, .. }| format!("{name}: {error:#}")).collect();
    bail!("{}", names.join("\n"))
}

fn lock(progress: &Mutex<Progress>) -> std::sync::MutexGuard<'_, Progress> {
    progress.lock().unwrap_or_else(PoisonError::into_inner)
}

fn next(progress: &Mutex<Progress>) -> Option<Job> {
    let mut progress = lock(progress);
    if progress.failed.is_empty() { progress.waiting.pop_front() } else { None }
}

fn carry_out(name: &str, mut command: Command, log: &Path) -> Result<()> {
    eprintln!("\n==> {name}: begun; its output is in {}, and follows when it has ended", log.display());
    let start = Instant::now();
    let outcome = logged(&mut command, log);
    let seconds = start.elapsed().as_secs_f64();
    if outcome.is_ok() {
        show(name, log)?;
        eprintln!("==> {name}: done in {seconds:.1} s");
    } else {
        eprintln!("\n==> {name}: FAILED in {seconds:.1} s; its output follows when what runs beside it has ended");
    }
    outcome
}

fn logged(command: &mut Command, log: &Path) -> Result<()> {
    let output = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    step::run(command)
}

/// Prints a job's output in one piece.
fn show(name: &str, log: &Path) -> Result<()> {
    let output = fs::read(log).with_context(|| format!("cannot read {}", log.display()))?;
    let mut errors = io::stderr().lock();
    writeln!(errors, "\n==> {name}: its output")?;
    Ok(errors.write_all(&output)?)
}

/// `pytest e2e with runapy 1.2` as `pytest-e2e-with-runapy-1.2`.
fn file_name(name: &str) -> String {
    name.chars().map(|letter| if letter.is_alphanumeric() || letter == '.' { letter } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;
    use std::process::Command;
    use std::{fs, thread};

    use super::{Job, run};
    use crate::workspace::Workspace;

    fn job(name: &str, script: &str) -> Job {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Job { name: name.to_owned(), command }
    }

    #[test]
    fn the_output_of_each_is_kept_in_one_piece() {
        let workspace = Workspace::locate().unwrap();
        let script = |word: &str| format!("echo {word}; echo {word} >&2; echo {word}");
        run(&workspace, vec![job("jobs test: left", &script("left")), job("jobs test: right", &script("right"))])
            .unwrap();
        for word in ["left", "right"] {
            let log = workspace.target().join("logs").join(format!("jobs-test--{word}.log"));
            assert_eq!(fs::read_to_string(log).unwrap(), format!("{word}\n").repeat(3));
        }
    }

    #[test]
    fn what_failed_is_named_and_nothing_is_begun_after_it() {
        let workspace = Workspace::locate().unwrap();
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        let mut jobs: Vec<Job> = (0..processors).map(|number| job(&format!("jobs test: {number}"), "exit 3")).collect();
        let mark = workspace.target().join("logs").join("begun-after-a-failure");
        jobs.push(job("jobs test: afterwards", &format!("touch {}", mark.display())));
        let error = run(&workspace, jobs).unwrap_err().to_string();
        assert!(error.contains("jobs test: ") && error.contains("exit status: 3"), "{error}");
        assert!(!mark.exists());
    }
}
