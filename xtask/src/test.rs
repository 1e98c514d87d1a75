//! `cargo xtask test`: all tests, with their requirements.

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::jobs::{self, Job};
use crate::postgres::{ADDRESS_VARIABLE, Server};
use crate::requirements::{self, CHROMIUM, NODE, POSTGRES, PYTHON, Requirement, XMLSEC};
use crate::workspace::Workspace;
use crate::{console, e2e, step};

#[derive(Debug, Default, Args)]
pub(crate) struct Options {
    /// Only the tests of this part; several with commas, or by repeating the option [default: all].
    #[arg(long, value_name = "PART", value_delimiter = ',')]
    only: Vec<Part>,
    /// Arguments for `cargo test`, for pytest with `--only e2e` (`-- -k users`), for Node's test runner with `--only console`:
    /// a part of a test's name, for example.
    #[arg(last = true, value_name = "ARGUMENT")]
    rest: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    Core,
    Signin,
    Store,
    Server,
    Xtask,
    E2e,
    Console,
}

impl Part {
    /// Its Cargo package; the end-to-end tests and the console are none.
    fn package(self) -> Option<&'static str> {
        match self {
            Self::Core => Some("rolecall-core"),
            Self::Signin => Some("rolecall-signin"),
            Self::Store => Some("rolecall-store"),
            Self::Server => Some("rolecall"),
            Self::Xtask => Some("xtask"),
            Self::E2e | Self::Console => None,
        }
    }

    fn needs_postgres(self) -> bool {
        matches!(self, Self::Store | Self::Server | Self::E2e | Self::Console)
    }
}

/// The tests of a run.
#[derive(Debug, PartialEq, Eq)]
struct Plan {
    /// The arguments of `cargo`, if Rust tests run.
    cargo: Option<Vec<String>>,
    /// The arguments of pytest, if end-to-end tests run.
    pytest: Option<Vec<String>>,
    /// The arguments of Node's test runner, if the console is tested.
    console: Option<Vec<String>>,
    postgres: bool,
}

impl Plan {
    fn of(options: &Options) -> Result<Self> {
        let parts: &[Part] = if options.only.is_empty() { Part::value_variants() } else { &options.only };
        let e2e = parts.contains(&Part::E2e);
        let console = parts.contains(&Part::Console);
        let packages: Vec<_> = parts.iter().filter_map(|part| part.package()).collect();
        let runners = [e2e, console, !packages.is_empty()].into_iter().filter(|runs| *runs).count();
        if runners > 1 && !options.rest.is_empty() {
            bail!(
                "`{}` is meant for one test runner, and several would run: add `--only e2e` (pytest), `--only console` \
                 (Node) or `--only core,store`, say (cargo test)",
                options.rest.join(" ")
            );
        }
        let mut cargo = vec!["test".to_owned()];
        if options.only.is_empty() {
            cargo.push("--workspace".to_owned());
        } else {
            cargo.extend(packages.iter().map(|package| format!("--package={package}")));
        }
        cargo.extend(options.rest.iter().cloned());
        Ok(Self {
            cargo: (!packages.is_empty()).then_some(cargo),
            pytest: e2e.then(|| options.rest.clone()),
            console: console.then(|| options.rest.clone()),
            postgres: parts.iter().any(|part| part.needs_postgres()),
        })
    }

    fn requirements(&self) -> Vec<&'static Requirement> {
        let needed = [
            (self.postgres, &POSTGRES),
            (self.pytest.is_some() || self.console.is_some(), &PYTHON),
            (self.pytest.is_some() || self.console.is_some(), &NODE),
            (self.console.is_some(), &CHROMIUM),
            (self.console.is_some(), &XMLSEC),
        ];
        needed.into_iter().filter_map(|(needed, requirement)| needed.then_some(requirement)).collect()
    }
}

/// Runs the tests; `beside` runs in parallel with the end-to-end ones, which leave processor time.
///
/// # Errors
/// When a test fails.
pub(crate) fn run(workspace: &Workspace, options: &Options, beside: Vec<Job>) -> Result<()> {
    let plan = Plan::of(options)?;
    requirements::ensure(&plan.requirements())?;
    // Dropped at the end, also when a step fails, which stops the server.
    let server = if plan.postgres { Some(step::timed("start a throwaway PostgreSQL", Server::start)?) } else { None };
    let address = server.as_ref().map(|server| (ADDRESS_VARIABLE, server.url()));
    if let Some(arguments) = &plan.cargo {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        step::timed("cargo test", || step::run(workspace.cargo(&arguments).envs(address.clone())))?;
    }
    let mut jobs = browser_tests(workspace, &plan)?;
    jobs.extend(client_tests(workspace, &plan)?);
    for job in &mut jobs {
        job.command.envs(address.clone());
    }
    jobs.extend(beside);
    jobs::run(workspace, jobs)
}

/// Runs the console's unit tests; returns its browser tests.
fn browser_tests(workspace: &Workspace, plan: &Plan) -> Result<Vec<Job>> {
    let Some(arguments) = &plan.console else { return Ok(Vec::new()) };
    step::timed("the console: its parts", || console::unit_tests(workspace))?;
    console::build(workspace)?;
    let rolecall = step::timed("build rolecall", || workspace.build_rolecall())?;
    let [client, ..] = e2e::CLIENTS;
    let python = step::timed("prepare Python", || e2e::python(workspace, client))?;
    let mut command = console::browser_tests(workspace, &rolecall, arguments)?;
    command.env("ROLECALL_TEST_PYTHON", python);
    Ok(vec![Job { name: "the console in a browser".to_owned(), command }])
}

/// The end-to-end tests, once for each client version.
fn client_tests(workspace: &Workspace, plan: &Plan) -> Result<Vec<Job>> {
    let Some(arguments) = &plan.pytest else { return Ok(Vec::new()) };
    let rolecall = step::timed("build rolecall", || workspace.build_rolecall())?;
    // Its TypeScript compiles the example in docs/authzen.md.
    console::packages(workspace)?;
    let job = |client| {
        let python = step::timed(&format!("prepare runapy {client}"), || e2e::python(workspace, client))?;
        let mut command = e2e::pytest(workspace, &python, &rolecall);
        command.args(arguments);
        Ok(Job { name: format!("pytest e2e with runapy {client}"), command })
    };
    e2e::CLIENTS.into_iter().map(job).collect()
}

#[cfg(test)]
mod tests {
    use super::{Options, Part, Plan};

    fn plan(only: &[Part], rest: &[&str]) -> anyhow::Result<Plan> {
        Plan::of(&Options { only: only.to_vec(), rest: rest.iter().map(ToString::to_string).collect() })
    }

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn by_default_everything_runs() {
        let everything = Plan {
            cargo: Some(words("test --workspace")),
            pytest: Some(vec![]),
            console: Some(vec![]),
            postgres: true,
        };
        assert_eq!(plan(&[], &[]).unwrap(), everything);
    }

    #[test]
    fn only_what_is_asked_for_runs_with_only_what_it_needs() {
        let core = Plan {
            cargo: Some(words("test --package=rolecall-core filter")),
            pytest: None,
            console: None,
            postgres: false,
        };
        assert_eq!(plan(&[Part::Core], &["filter"]).unwrap(), core);
        assert!(plan(&[Part::Core], &[]).unwrap().requirements().is_empty());

        let e2e = Plan { cargo: None, pytest: Some(words("-k sign_in")), console: None, postgres: true };
        assert_eq!(plan(&[Part::E2e], &["-k", "sign_in"]).unwrap(), e2e);
    }

    #[test]
    fn arguments_for_two_runners_are_refused() {
        assert!(plan(&[], &["sign_in"]).unwrap_err().to_string().contains("`sign_in`"));
        assert!(plan(&[Part::Store, Part::E2e], &["sign_in"]).is_err());
    }
}
