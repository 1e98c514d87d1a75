//! `cargo xtask fuzz`: builds the targets in `fuzz/` with coverage and lets libFuzzer search for inputs that break
//! them.
//!
//! Owns how they are built and run, and the report of findings; the targets own the properties. All output is in
//! `target/fuzz`: `corpus/` grows from run to run, `findings/` keeps failing inputs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::jobs::{self, Job};
use crate::requirements::{self, CPLUSPLUS};
use crate::step;
use crate::workspace::Workspace;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Targets to run [default: all, one per processor].
    targets: Vec<Target>,
    /// Seconds to search for new inputs, per target.
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u32,
    /// Run the target on this one input instead, such as a stored finding.
    #[arg(long, value_name = "FILE", requires = "targets")]
    input: Option<PathBuf>,
}

impl Options {
    /// The options of the gate.
    pub(crate) fn short() -> Self {
        Self { targets: Vec::new(), seconds: 20, input: None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// Any text as `filterBy` of each list.
    Filter,
    /// Any text as a query string.
    Query,
    /// Any query string to each list of a server with a database.
    Lists,
    /// Any bytes as a question to each decision endpoint.
    Authzen,
    /// Any bytes as each message of a sign-in with OpenID Connect.
    Oidc,
    /// Any bytes as a SAML response, a logout message and metadata.
    Saml,
}

impl Target {
    fn name(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Query => "query",
            Self::Lists => "lists",
            Self::Authzen => "authzen",
            Self::Oidc => "oidc",
            Self::Saml => "saml",
        }
    }
}

/// Coverage of every edge, and values in comparisons, which guide libFuzzer. These are LLVM options that stable Rust
/// passes on. A sanitizer needs nightly, and would search for errors that safe Rust cannot have. `fuzzing` is the
/// conditional-compilation flag of the crates.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg=fuzzing";

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    requirements::ensure(&[&CPLUSPLUS])?;
    let repair = "if fuzz/Cargo.lock is refused: cargo update --workspace --manifest-path fuzz/Cargo.toml";
    let host = host()?;
    step::timed(&format!("build the fuzz targets; {repair}"), || step::run(&mut build(workspace, &host)))?;
    let programs = directory(workspace).join(host).join("release");
    let home = Home::of(workspace);
    let targets = if options.targets.is_empty() { Target::value_variants() } else { &options.targets };
    let Some(input) = &options.input else { return look(workspace, &home, &programs, targets, options.seconds) };
    let input = input.canonicalize().with_context(|| format!("cannot find {}", input.display()))?;
    for target in targets {
        let name = format!("fuzz {}: {}", target.name(), input.display());
        step::timed(&name, || step::run(home.command(&programs, *target)?.arg(&input)))?;
    }
    Ok(())
}

/// Runs the known inputs and then searches, each target on its own processor.
fn look(workspace: &Workspace, home: &Home, programs: &Path, targets: &[Target], seconds: u32) -> Result<()> {
    let before = home.findings(targets)?;
    let jobs: Result<Vec<_>> = targets.iter().map(|target| home.look(programs, *target, seconds)).collect();
    let Err(error) = jobs::run(workspace, jobs?) else { return Ok(()) };
    let mut told = String::new();
    for (file, target) in home.findings(targets)? {
        if before.contains_key(&file) {
            continue;
        }
        let input = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let (input, file, name) = (input.escape_ascii(), file.display(), target.name());
        told += &format!(
            "\nThe output of fuzz {name} above says what does not hold. The input is stored in {file}:\n\n{input}\n\nTo run it \
             again: cargo xtask fuzz {name} --input {file}\nOnce it is repaired, with a unit test, the input belongs into \
             fuzz/seeds/{name}"
        );
    }
    bail!("{error:#}{told}")
}

/// Builds all targets before they run.
pub(crate) fn job(workspace: &Workspace) -> Result<Job> {
    Ok(Job { name: "build the fuzz targets".to_owned(), command: build(workspace, &host()?) })
}

fn build(workspace: &Workspace, host: &str) -> Command {
    let mut cargo = workspace.cargo(&["build", "--manifest-path", "fuzz/Cargo.toml", "--release", "--locked"]);
    // With an explicit target triple, build scripts and macros are built without the flags, and link.
    cargo.args(["--target", host]).env("CARGO_TARGET_DIR", directory(workspace)).env("RUSTFLAGS", COVERAGE);
    cargo
}

fn directory(workspace: &Workspace) -> PathBuf {
    workspace.target().join("fuzz")
}

/// The host's target triple, such as `x86_64-unknown-linux-gnu`.
fn host() -> Result<String> {
    let version = step::output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("`rustc -vV` names no host")
}

/// The directory of corpora and findings.
struct Home {
    seeds: PathBuf,
    made: PathBuf,
}

impl Home {
    fn of(workspace: &Workspace) -> Self {
        Self { seeds: workspace.root().join("fuzz").join("seeds"), made: directory(workspace) }
    }

    /// The target's program, in a directory where it may leave files.
    fn command(&self, programs: &Path, target: Target) -> Result<Command> {
        let work = self.directory("work", target)?;
        let mut command = Command::new(programs.join(target.name()));
        command.current_dir(work).args(["-timeout=25", "-rss_limit_mb=2048", "-max_len=20000"]);
        Ok(command)
    }

    fn look(&self, programs: &Path, target: Target, seconds: u32) -> Result<Job> {
        let mut command = self.command(programs, target)?;
        command.arg(format!("-max_total_time={seconds}")).args([
            "-use_value_profile=1",
            "-print_final_stats=1",
            "-verbosity=0",
        ]);
        command.arg(format!("-dict={}", self.seeds.join("words.dict").display()));
        command.arg(format!("-artifact_prefix={}/", self.directory("findings", target)?.display()));
        command.arg(self.directory("corpus", target)?).arg(self.seeds.join(target.name()));
        Ok(Job { name: format!("fuzz {} for {seconds} s", target.name()), command })
    }

    /// The failing inputs of these targets, from this run or earlier ones.
    fn findings(&self, targets: &[Target]) -> Result<BTreeMap<PathBuf, Target>> {
        let mut all = BTreeMap::new();
        for target in targets {
            for entry in fs::read_dir(self.directory("findings", *target)?)? {
                all.insert(entry?.path(), *target);
            }
        }
        Ok(all)
    }

    fn directory(&self, purpose: &str, target: Target) -> Result<PathBuf> {
        let directory = self.made.join(purpose).join(target.name());
        fs::create_dir_all(&directory).with_context(|| format!("cannot make {}", directory.display()))?;
        Ok(directory)
    }
}
