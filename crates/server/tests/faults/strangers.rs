//! Strangers guess a name's password, from a few addresses and as fast as they can: its owner signs in all the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rolecall_store::Database;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::client::{Ask, Client, text};
use crate::harness::{ROOT, ROOTS_PASSWORD, on_both_databases};
use crate::process::Rolecall;
use crate::until::SOON;

on_both_databases!(databases: strangers_lock_no_user_out);

/// Number of their addresses, and of their connections.
const ADDRESSES: usize = 3;
const CONNECTIONS: usize = 40;
/// Number of the owner's sign-ins meanwhile: at once, each from another address, and in a row.
const AT_ONCE: usize = 8;
const IN_A_ROW: usize = 3;
/// The longest delay of five seconds, with a reserve for a busy machine.
const LONGEST: Duration = Duration::from_secs(20);

async fn strangers_lock_no_user_out(database: Database) {
    let process = Rolecall::start_with(&database, &["--trusted-proxies", "127.0.0.1"]).await;
    let server = process.client;
    let root = server.sign_in(ROOT, ROOTS_PASSWORD).await;
    let (_, password) = server.user(&root, "ana@example.com").await;
    let made = server.post(&root, "/api/v1/service-accounts", json!({ "name": "nightly" })).await.created();
    let (id, secret) = (text(&made, "clientId"), text(&made, "clientSecret"));

    let strangers = Strangers::begin(server, &id);
    let began = Instant::now();
    while strangers.refused.load(Ordering::SeqCst) < CONNECTIONS {
        assert!(began.elapsed() < SOON, "strangers are never refused");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for round in 0..IN_A_ROW {
        let tries = (0..AT_ONCE).map(|number| {
            let address = format!("192.0.2.{}", round * AT_ONCE + number);
            let ask = server.sign_in_request("ana@example.com", &password).header("x-forwarded-for", address);
            tokio::spawn(timed(ask))
        });
        for one in tries.collect::<Vec<_>>() {
            let (status, took) = one.await.unwrap();
            assert_eq!(status, 200, "the right password from an address that never failed");
            assert!(took < LONGEST, "it took {took:?}");
        }
        // A service account with the right secret is not even delayed, from any address.
        for address in ["192.0.2.200", &stranger(0)] {
            let (status, took) = timed(machine(server, &id, &secret).header("x-forwarded-for", address)).await;
            assert_eq!(status, 200, "the right secret from {address}");
            println!("the right secret from {address}: {took:?}");
        }
    }
    assert!(strangers.end().await, "strangers guessed all the time");
}

async fn timed(ask: Ask) -> (u16, Duration) {
    let began = Instant::now();
    let answer = ask.send().await;
    (answer.status, began.elapsed())
}

fn machine(server: Client, id: &str, secret: &str) -> Ask {
    let wanted = json!({ "grantType": "app_token", "AppId": id, "AppSecret": secret });
    server.ask("POST", "/api/v1/token").json(&wanted)
}

fn stranger(number: usize) -> String {
    format!("198.51.100.{}", number % ADDRESSES)
}

/// Many connections that send wrong passwords for one name, and wrong secrets for one client id, as fast as they are
/// answered.
struct Strangers {
    go_on: Arc<AtomicBool>,
    refused: Arc<AtomicUsize>,
    guessing: Vec<JoinHandle<bool>>,
}

impl Strangers {
    fn begin(server: Client, client_id: &str) -> Self {
        let (go_on, refused) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
        let guessing = (0..CONNECTIONS).map(|number| {
            let (go_on, refused, client_id) = (go_on.clone(), refused.clone(), client_id.to_owned());
            tokio::spawn(async move {
                let mut only_refused = true;
                while go_on.load(Ordering::SeqCst) {
                    let ask = match number % 10 {
                        0 => machine(server, &client_id, "rca_of-course-not"),
                        _ => server.sign_in_request("ana@example.com", "a wrong password"),
                    };
                    let status = ask.header("x-forwarded-for", stranger(number)).send().await.status;
                    only_refused &= matches!(status, 401 | 429 | 503);
                    if matches!(status, 429 | 503) {
                        refused.fetch_add(1, Ordering::SeqCst);
                        // As fast as a script that ignores `Retry-After`, and slow enough for this machine.
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                }
                only_refused
            })
        });
        Self { guessing: guessing.collect(), go_on, refused }
    }

    /// Whether none of them was ever let in.
    async fn end(self) -> bool {
        self.go_on.store(false, Ordering::SeqCst);
        let mut all = true;
        for one in self.guessing {
            all &= one.await.unwrap();
        }
        all
    }
}
