//! The reader of the log disappears: a pager, a terminal, a collector that crashed.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use crate::client::Client;
use crate::until::until;

/// A process that is stopped when dropped.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test]
async fn a_server_with_a_closed_log_goes_on_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--public-url", "http://localhost", "--data-dir"]);
    command.arg(folder.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut served = Served(command.spawn().unwrap());
    let mut said = BufReader::new(served.0.stdout.take().unwrap()).lines().map_while(Result::ok);
    let address = said.find_map(|line| line.strip_prefix("listening on http://")?.parse::<SocketAddr>().ok());
    let client = Client::new(address.expect("it serves"));
    // Both ends are closed: the system refuses what it writes from now on.
    drop(said);
    drop(served.0.stderr.take());

    for _ in 0..3 {
        client.ask("GET", "/api/v1/nothing").send().await.refused(404);
    }
    assert!(Command::new("kill").arg(served.0.id().to_string()).status().unwrap().success());
    let (status, _) = until("it stops", || {
        let status = served.0.try_wait().unwrap();
        async move { status }
    })
    .await;
    assert!(status.success(), "{status}");
}
