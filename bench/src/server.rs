//! A server in a process of its own, and how to ask it. It goes when its value goes.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::Agent;

use crate::measure;

pub const ROOT: &str = "root@example.com";
const PASSWORD: &str = "harbour-Quince-58-tundra";

/// How long a server may take to load its world.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server.
pub struct Server {
    child: Child,
    pub url: String,
    agent: Agent,
}

impl Server {
    /// Starts `program` with the arguments of `rolecall serve` that say where its data lies.
    pub fn start(program: &Path, storage: [&OsStr; 2], processor: Option<u32>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let password = folder.path().join("password");
        fs::write(&password, PASSWORD).expect("a file");
        let mut command = match processor {
            Some(number) => {
                let mut command = Command::new("taskset");
                command.args(["--cpu-list", &number.to_string()]).arg(program);
                command
            }
            None => Command::new(program),
        };
        // Settings in the tester's environment must not reach the measured server.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROLECALL_")) {
            command.env_remove(name);
        }
        // Tokens name the address that people know, so one is good for all replicas.
        command.args(["serve", "--listen", "127.0.0.1:0", "--public-url", "http://localhost", "--admin-email", ROOT]);
        command.arg("--admin-password-file").arg(&password).args(storage);
        // It logs as it does by default, a line for each request, which is discarded.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap_or_else(|e| panic!("cannot start {}: {e}", program.display()));
        let mut lines = BufReader::new(child.stdout.take().expect("output")).lines();
        let url = lines.find_map(|line| Some(line.ok()?.strip_prefix("listening on ")?.to_owned()));
        let Some(url) = url else { panic!("{} does not serve: {:?}", program.display(), child.wait()) };
        let agent = Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build().into();
        Self { child, url, agent }
    }

    /// Root's access token.
    pub fn sign_in(&self) -> String {
        let asked = json!({ "grantType": "password", "clientID": "cli", "username": ROOT, "password": PASSWORD });
        let answer = self.post("/api/v1/token", None, &asked.to_string());
        answer["accessToken"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned()
    }

    /// What it answers; nothing but a success is an answer here.
    pub fn post(&self, path: &str, token: Option<&str>, body: &str) -> Value {
        let mut request = self.agent.post(format!("{}{path}", self.url)).content_type("application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        read(path, request.send(body))
    }

    pub fn delete(&self, path: &str, token: &str) -> Value {
        let request = self.agent.delete(format!("{}{path}", self.url));
        read(path, request.header("authorization", format!("Bearer {token}")).call())
    }

    /// The processors' time that it has taken.
    pub fn spent(&self) -> Duration {
        measure::spent(&self.child.id().to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn read(path: &str, answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Value {
    let mut answer = answer.unwrap_or_else(|e| panic!("{path}: {e}"));
    let status = answer.status();
    let text = answer.body_mut().read_to_string().expect("text");
    assert!(status.is_success(), "{path}: {status} {text}");
    if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") }
}

/// How long `act` takes.
pub fn took<T>(act: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let value = act();
    (start.elapsed(), value)
}
