//! Starts and stops the throwaway PostgreSQL.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{requirements, step};

/// Another process may take the port before PostgreSQL binds it; three times in a row is not plausible.
const ATTEMPTS: u32 = 3;

/// A running throwaway PostgreSQL on loopback, with a superuser `postgres` without a password.
///
/// INVARIANT: it never outlives this process, and leaves nothing behind. `server.sh` ensures both: it runs as long as
/// this process holds its standard input open, which the system closes when the process ends in any way.
#[derive(Debug)]
pub(crate) struct Server {
    script: Child,
    port: u16,
}

impl Server {
    /// Starts a server on a free port and waits until it accepts connections.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start; its log has been printed then.
    pub(crate) fn start() -> Result<Self> {
        let programs = super::find().context("PostgreSQL is not installed")?;
        for _ in 0..ATTEMPTS {
            if let Some(server) = Self::attempt(&programs, free_port()?)? {
                return Ok(server);
            }
        }
        bail!("PostgreSQL ({}) did not start in {ATTEMPTS} attempts; the reason is above", programs.display());
    }

    fn attempt(programs: &Path, port: u16) -> Result<Option<Self>> {
        let mut command = Command::new("sh");
        command.args(["-c", include_str!("server.sh"), "server.sh"]).arg(programs).arg(port.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
        // The user of the server may not be able to enter the current directory.
        command.current_dir("/");
        if requirements::is_root() {
            // PostgreSQL refuses to run as root.
            let (user, group) = unprivileged_user()?;
            command.uid(user).gid(group);
        }
        let mut script = command.spawn().context("cannot start `sh`")?;
        let output = script.stdout.take().context("the script has no output")?;
        // From here on, dropping the server cleans up.
        let server = Self { script, port };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        Ok((line.trim_end() == "ready").then_some(server))
    }

    /// The URL of its database `postgres`, as superuser.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        if let Err(error) = self.script.wait() {
            eprintln!("warning: cannot tell whether PostgreSQL on port {} has stopped: {error}", self.port);
        }
    }
}

/// Numeric user and group for the server: those of PostgreSQL's package, or else the one every Unix has.
fn unprivileged_user() -> Result<(u32, u32)> {
    for name in ["postgres", "nobody"] {
        if step::succeeds(Command::new("id").arg(name)) {
            let number =
                |option| -> Result<u32> { Ok(step::output(Command::new("id").args([option, name]))?.trim().parse()?) };
            return Ok((number("-u")?, number("-g")?));
        }
    }
    bail!(
        "PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`: run this as yourself"
    )
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot find a free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}
