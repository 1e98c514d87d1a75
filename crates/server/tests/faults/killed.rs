//! Killed at any moment: acknowledged changes remain, and no change is half done.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rolecall::random::Random;
use rolecall_core::Change;
use rolecall_store::Database;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::client::{Ask, Client, text};
use crate::harness::people::rule;
use crate::harness::{RULES, TestScope, Token, on_both_databases};
use crate::process::Rolecall;
use crate::until::SOON;
use crate::whole::{Told, ensure_whole};

on_both_databases!(databases: what_was_acknowledged_survives_fifty_kills);

const KILLS: usize = 50;
const WRITERS: usize = 6;

/// The environment variable with the seed of a run to repeat.
const SEED: &str = "ROLECALL_TEST_SEED";

/// An acknowledged change.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Made {
    User(String, String),
    UserGone(String),
    Rule(i64),
    RuleGone(i64),
    Department(String),
}

/// What the writers know about their changes.
#[derive(Debug)]
struct Ledger {
    acknowledged: Mutex<BTreeMap<i64, Made>>,
    /// Number of requests that lost their connection before a response.
    interrupted: Mutex<usize>,
    /// Number of changes acknowledged since this process started.
    since_start: watch::Sender<usize>,
}

async fn what_was_acknowledged_survives_fifty_kills(database: Database) {
    let seed = match std::env::var(SEED) {
        Ok(text) => text.parse().expect("a seed is a number"),
        Err(_) => u64::from_le_bytes(Random::system().bytes().unwrap()),
    };
    println!("{SEED}={seed}");
    let random = Random::seeded(seed);
    let upto = |most: u32| u32::from_le_bytes(random.bytes().unwrap()) % most;

    let ledger = Arc::new(Ledger {
        acknowledged: Mutex::default(),
        interrupted: Mutex::default(),
        since_start: watch::channel(0).0,
    });
    let (mut server, root) = Rolecall::start_signed_in(&database).await;
    let cluster = server.client.post(&root, "/api/v1/clusters", json!({ "name": "berlin" })).await.created();
    let cluster = text(&cluster, "uuid");
    let prepared = ensure_whole(&database).await.head();

    for kill in 0..KILLS {
        ledger.since_start.send_replace(0);
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| {
                let writer = Writer {
                    client: server.client,
                    root: root.clone(),
                    cluster: cluster.clone(),
                    name: format!("k{kill}-w{number}"),
                    random: random.clone(),
                    ledger: ledger.clone(),
                };
                tokio::spawn(writer.write())
            })
            .collect();
        let enough = usize::try_from(1 + upto(12)).unwrap();
        let mut since_start = ledger.since_start.subscribe();
        timeout(SOON, since_start.wait_for(|count| *count >= enough)).await.expect("they write").unwrap();
        tokio::time::sleep(Duration::from_micros(upto(8000).into())).await;
        server.kill();
        for writer in writers {
            writer.await.unwrap();
        }

        server = Rolecall::start(&database).await;
        let told = ensure_whole(&database).await;
        ensure_acknowledged(&ledger, &told, prepared);
        ensure_served(server.client, &root, &ledger, &told).await;
    }
    let interrupted = *ledger.interrupted.lock().unwrap();
    assert!(interrupted >= KILLS, "the kills interrupted hardly any client: {interrupted}");
}

/// Every acknowledged change is in the feed under its revision. Any other revision belongs to a request that got no
/// answer.
fn ensure_acknowledged(ledger: &Ledger, told: &Told, prepared: i64) {
    let acknowledged = ledger.acknowledged.lock().unwrap();
    for (revision, made) in acknowledged.iter() {
        let changes = told.feed.get(revision).unwrap_or_else(|| panic!("revision {revision} is lost: {made:?}"));
        let there = changes.iter().any(|change| match (change, made) {
            (Change::UserSet(user), Made::User(email, _)) => user.email.as_str() == email,
            (Change::UserGone { email }, Made::UserGone(gone)) => email.as_str() == gone,
            (Change::RuleSet(rule), Made::Rule(id)) => rule.id.to_string() == id.to_string(),
            (Change::RuleGone { id }, Made::RuleGone(gone)) => id.to_string() == gone.to_string(),
            (Change::DepartmentSet(department), Made::Department(name)) => department.name.as_str() == name,
            _ => false,
        });
        assert!(there, "revision {revision} should be {made:?} and is {changes:?}");
    }
    let unanswered = told.head() - prepared - i64::try_from(acknowledged.len()).unwrap();
    let interrupted = i64::try_from(*ledger.interrupted.lock().unwrap()).unwrap();
    assert!((0..=interrupted).contains(&unanswered), "{unanswered} changes that no client requested, of {interrupted}");
}

/// The new process has everything: all users, and the last created one can sign in.
async fn ensure_served(server: Client, root: &Token, ledger: &Ledger, told: &Told) {
    let count = server.get(root, "/api/v1/users/count").await.ok();
    assert_eq!(count["count"], told.world.users().count());
    let last = ledger.acknowledged.lock().unwrap().iter().rev().find_map(|(_, made)| match made {
        Made::User(email, password) => Some((email.clone(), password.clone())),
        _ => None,
    });
    let Some((email, password)) = last else { return };
    let is_there = told.world.users().any(|user| user.email.as_str() == email);
    let answer = server.sign_in_request(&email, &password).send().await;
    assert_eq!(answer.status, if is_there { 200 } else { 401 }, "{email}: {}", answer.text());
}

/// A caller who makes one change after another.
struct Writer {
    client: Client,
    root: Token,
    cluster: String,
    name: String,
    random: Random,
    ledger: Arc<Ledger>,
}

impl Writer {
    /// Runs until the server is gone.
    async fn write(self) {
        for number in 0.. {
            let name = format!("{}-{number}", self.name);
            let done = match self.random.bytes::<1>().unwrap()[0] % 4 {
                0 => self.make_department(&name).await,
                1 => self.make_and_remove_a_user(&name).await,
                _ => self.make_a_user_with_a_rule(&name).await,
            };
            if done.is_none() {
                return;
            }
        }
    }

    async fn make_department(&self, name: &str) -> Option<()> {
        let wanted = json!({ "name": name, "clusterId": self.cluster, "resources": [] });
        let ask = self.client.ask("POST", "/api/v1/org-unit/departments").json(&wanted);
        self.change(ask, |_| Made::Department(name.to_owned())).await.map(drop)
    }

    async fn make_a_user(&self, name: &str) -> Option<(String, Value)> {
        let email = format!("{name}@example.com");
        let ask = self.client.ask("POST", "/api/v1/users").json(&json!({ "email": email }));
        let made = self.change(ask, |made| Made::User(email.clone(), text(made, "tempPassword"))).await?;
        Some((email, made))
    }

    async fn make_and_remove_a_user(&self, name: &str) -> Option<()> {
        let (email, made) = self.make_a_user(name).await?;
        let ask = self.client.ask("DELETE", &format!("/api/v1/users/{}", text(&made, "id")));
        self.change(ask, |_| Made::UserGone(email)).await.map(drop)
    }

    async fn make_a_user_with_a_rule(&self, name: &str) -> Option<()> {
        let (email, _) = self.make_a_user(name).await?;
        let ask = self.client.ask("POST", RULES).json(&rule("user", &email, 7, &TestScope::account()));
        let id = |made: &Value| made["id"].as_i64().unwrap();
        let made = self.change(ask, |made| Made::Rule(id(made))).await?;
        let ask = self.client.ask("DELETE", &format!("{RULES}/{}", id(&made)));
        self.change(ask, |_| Made::RuleGone(id(&made))).await.map(drop)
    }

    /// Makes a change and records it when acknowledged. `None` when the server is gone.
    async fn change(&self, ask: Ask, made: impl FnOnce(&Value) -> Made) -> Option<Value> {
        let connection = self.client.connect().await.ok()?;
        let Ok(answer) = ask.by(&self.root).send_on(connection).await else {
            *self.ledger.interrupted.lock().unwrap() += 1;
            return None;
        };
        let revision = answer.done().revision();
        let body = if answer.body.is_empty() { Value::Null } else { answer.json() };
        let other = self.ledger.acknowledged.lock().unwrap().insert(revision, made(&body));
        assert!(other.is_none(), "revision {revision} was given twice: {other:?}");
        self.ledger.since_start.send_modify(|count| *count += 1);
        Some(body)
    }
}
