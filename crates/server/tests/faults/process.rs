//! The real program in a separate process, which is stopped when dropped, however the test ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rolecall_store::Database;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::client::Client;
use crate::harness::{ROOT, ROOTS_PASSWORD, Token};
use crate::until::{SOON, until};

/// Log lines of a server in the output of a failed test.
const SHOWN: usize = 30;

/// A running `rolecall serve`.
#[derive(Debug)]
pub struct Rolecall {
    child: Child,
    log: Arc<Mutex<String>>,
    pub client: Client,
}

/// The end of a `rolecall serve` that did not start.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub log: String,
}

impl Rolecall {
    /// Starts a server on the database, and bootstraps it if empty: root has their own password.
    pub async fn start(database: &Database) -> Self {
        Self::start_with(database, &[]).await
    }

    /// The same, with more arguments.
    pub async fn start_with(database: &Database, more: &[&str]) -> Self {
        Self::try_to_start(database, more).await.unwrap_or_else(|ended| panic!("it does not serve: {ended:?}"))
    }

    /// A server with root's account.
    pub async fn start_signed_in(database: &Database) -> (Self, Token) {
        let server = Self::start(database).await;
        let root = server.client.sign_in(ROOT, ROOTS_PASSWORD).await;
        (server, root)
    }

    /// The same, where it may not start.
    pub async fn try_to_start(database: &Database, more: &[&str]) -> Result<Self, Ended> {
        // A limit on file sizes should cause an error, not end the process.
        let mut command = Command::new("sh");
        command.args(["-c", r#"trap "" XFSZ; exec "$0" "$@""#, env!("CARGO_BIN_EXE_rolecall")]);
        // Settings in the tester's environment must not reach the server under test.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROLECALL_")) {
            command.env_remove(name);
        }
        // Tokens contain the public address, so one is valid for all replicas and after a restart.
        command.args(["serve", "--listen", "127.0.0.1:0", "--public-url", "http://localhost", "--admin-email", ROOT]);
        let folder = tempfile::tempdir().unwrap();
        let password = folder.path().join("password");
        std::fs::File::create(&password).unwrap().write_all(ROOTS_PASSWORD.as_bytes()).unwrap();
        command.arg("--admin-password-file").arg(&password);
        match database {
            Database::Sqlite { file } => command.arg("--data-dir").arg(data_directory(file)),
            Database::Postgres { url } => command.arg("--database-url").arg(url),
        };
        command.args(more).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());

        let mut child = command.spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (announce, announced) = oneshot::channel();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let errors = thread::spawn({
            let log = log.clone();
            move || keep(stderr, &log, None)
        });
        thread::spawn({
            let log = log.clone();
            move || keep(stdout, &log, Some(announce))
        });
        let nowhere = Client::new(SocketAddr::from(([127, 0, 0, 1], 0)));
        let mut server = Self { child, log, client: nowhere };
        match timeout(SOON, announced).await.expect("it neither serves nor ends") {
            Ok(address) => {
                server.client = Client::new(address);
                Ok(server)
            }
            Err(_) => {
                let status = server.child.wait().unwrap();
                errors.join().unwrap();
                Err(Ended { status, log: server.log() })
            }
        }
    }

    /// Waits until the text is in its output or log. Both streams are read side by side, so a log line from before the
    /// start may be read after it.
    pub async fn until_logged(&self, text: &str) {
        until(text, || async { self.log().contains(text).then_some(()) }).await;
    }

    /// Its output and log so far, as far as they were read.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`, and waits until it is gone.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Rolecall {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        if thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            let newest = lines.len().saturating_sub(SHOWN);
            println!("--- the newest lines of process {} ---\n{}", self.child.id(), lines[newest..].join("\n"));
        }
    }
}

/// The data directory for the store's file.
pub fn data_directory(file: &Path) -> &Path {
    assert!(file.ends_with("rolecall.db"), "{}", file.display());
    file.parent().unwrap()
}

/// Reads the output of a process as long as it runs, and finds its address.
fn keep(from: impl Read, log: &Mutex<String>, mut announce: Option<oneshot::Sender<SocketAddr>>) {
    for line in BufReader::new(from).lines().map_while(Result::ok) {
        let address = line.strip_prefix("listening on http://").and_then(|text| text.parse().ok());
        if let (Some(address), true) = (address, announce.is_some()) {
            let _ = announce.take().unwrap().send(address);
        }
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push_str(&line);
        log.push('\n');
    }
}
