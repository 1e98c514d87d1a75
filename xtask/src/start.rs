//! `cargo xtask start`: builds the product and serves a sample organization.

use std::env;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::workspace::Workspace;
use crate::{console, step};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Keep the data in this PostgreSQL instead of in SQLite, as postgres://user:password@host/database.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// The data directory; remove it to start over [default: data/demo in the checkout].
    #[arg(long, value_name = "DIRECTORY")]
    data_dir: Option<PathBuf>,
    /// More options for `rolecall serve`, after `--`. `cargo xtask start -- --help` explains them.
    #[arg(last = true, value_name = "OPTION")]
    rest: Vec<String>,
}

/// Returns only when something fails: on success this process has become the server, so that Ctrl-C and `kill` reach
/// it directly and it can stop gracefully.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    console::build(workspace)?;
    let rolecall = step::timed("build rolecall", || workspace.build_rolecall())?;
    let data_dir = match &options.data_dir {
        Some(directory) => env::current_dir()?.join(directory),
        None => workspace.root().join("data").join("demo"),
    };
    let mut command = Command::new(&rolecall);
    command.args(["serve", "--demo", "--listen", &options.listen]).arg("--data-dir").arg(data_dir);
    if let Some(url) = &options.database_url {
        command.args(["--database-url", url]);
    }
    command.args(&options.rest);
    let error = command.exec();
    Err(error).with_context(|| format!("cannot start {}", rolecall.display()))
}
