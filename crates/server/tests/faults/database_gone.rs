//! The database disappears and comes back, or stops answering, while servers run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rolecall_store::Database;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::harness::people::rule;
use crate::harness::{Answer, ROOT, RULES, TestScope, Token, query, with_postgres};
use crate::process::Rolecall;
use crate::proxy::{Proxy, Road};
use crate::until::until;
use crate::whole::ensure_whole;

/// How long a server may answer without its database in these tests.
const MAX_STALENESS: Duration = Duration::from_secs(2);
/// The connection breaks a moment after the test breaks it; data in transit may still arrive.
const A_MOMENT: Duration = Duration::from_millis(500);
/// Time until a server recovers after its database does. It checks at least every four seconds, and drops a connection
/// that is silent for five.
const RECOVERS_WITHIN: Duration = Duration::from_secs(15);
/// Number of concurrent writers.
const WRITERS: usize = 6;
/// A path that is answered from memory.
const ROLES: &str = "/api/v1/authorization/roles";
/// A role that may read users: Department administrator.
const READER: i32 = 1710;

#[tokio::test]
async fn it_goes_away_and_comes_back() {
    with_postgres(|database| trouble(database, Road::Cut)).await;
}

#[tokio::test]
async fn it_falls_silent_and_only_new_connections_get_through_later() {
    with_postgres(|database| trouble(database, Road::Swallowing)).await;
}

/// The network to the database breaks during writes, and is repaired later.
async fn trouble(database: Database, road: Road) {
    let proxy = Proxy::before(&database).await;
    // Another server, whose network stays intact.
    let (other, root) = Rolecall::start_signed_in(&database).await;
    let process = Rolecall::start_with(&proxy.database, &["--max-staleness", "2s"]).await;
    let (other, server) = (other.client, process.client);
    let found = other.get(&root, &query("/api/v1/users", &[("filterBy", &format!("username=={ROOT}"))])).await.ok();
    let user = format!("/api/v1/users/{}", found[0]["id"].as_str().unwrap());
    let (_, password) = other.user(&root, "ana@example.com").await;
    let ana = other.sign_in("ana@example.com", &password).await;
    until("ana is known", || async { (server.get(&ana, ROLES).await.status != 401).then_some(()) }).await;

    let writing = Arc::new(AtomicBool::new(true));
    let writers: Vec<_> = (0..WRITERS).map(|number| write(server, root.clone(), number, writing.clone())).collect();
    let count = || async { server.get(&root, "/api/v1/users/count").await.ok()["count"].as_i64() };
    until("they write", || async { (count().await > Some(8)).then_some(()) }).await;

    proxy.set(road);
    let broken = Instant::now();
    ensure_old_truth_ends(server, &root, broken).await;
    let readiness = server.ask("GET", "/readyz").send().await;
    assert_eq!(readiness.status, 503, "{}", readiness.text());
    assert_eq!(readiness.json()["status"], "unavailable");
    assert_eq!(server.ask("GET", "/healthz").send().await.status, 200, "to restart it would not mend this");
    let refused = server.post(&root, "/api/v1/users", json!({ "email": "late@example.com" })).await;
    assert_eq!(refused.status, 503, "{}", refused.text());
    ensure_come_back_later(&refused);
    // All requests in progress end by themselves, with a response.
    writing.store(false, Ordering::SeqCst);
    let mut made = Vec::new();
    for writer in writers {
        made.extend(writer.await.unwrap());
    }
    println!("all who wrote have their answers after {:?}", broken.elapsed());

    // Ana gets the rule at the database. A change in progress may delay others for a while.
    let granted = until("the other server changes", || async {
        let wanted = rule("user", "ana@example.com", READER, &TestScope::account());
        let answer = other.post(&root, RULES, wanted).await;
        (answer.status != 503).then_some(answer)
    });
    granted.await.0.created();
    ensure_come_back_later(&server.get(&ana, &user).await);

    proxy.set(Road::Open);
    let (seen, took) = until("it recovers", || async {
        let answer = server.get(&ana, &user).await;
        (answer.status != 503).then_some(answer)
    })
    .await;
    // The first response is already up to date.
    seen.ok();
    assert!(took <= RECOVERS_WITHIN, "{took:?}");
    assert_eq!(server.ask("GET", "/readyz").send().await.status, 200);
    until("it changes", || async {
        let answer = server.post(&root, "/api/v1/users", json!({ "email": "after@example.com" })).await;
        if answer.status == 503 { None } else { Some(answer.created()) }
    })
    .await;

    let told = ensure_whole(&database).await;
    let there = |email: &str| told.world.users().any(|user| user.email.as_str() == email);
    assert!(!there("late@example.com"), "it was refused");
    for email in made {
        assert!(there(&email), "{email} was acknowledged and is lost");
    }
}

/// Reads continue from memory, but not longer than allowed.
async fn ensure_old_truth_ends(server: Client, root: &Token, broken: Instant) {
    let mut answered = 0;
    loop {
        let asked = broken.elapsed();
        let answer = server.get(root, ROLES).await;
        if answer.status == 503 {
            ensure_come_back_later(&answer);
            assert!(answered > 0, "it refused at once, after {asked:?}");
            return;
        }
        answer.ok();
        answered += 1;
        assert!(asked <= MAX_STALENESS + A_MOMENT, "an old truth after {asked:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[track_caller]
fn ensure_come_back_later(answer: &Answer) {
    answer.refused(if answer.status == 429 { 429 } else { 503 });
    let wait = answer.header("retry-after").and_then(|text| text.parse::<u64>().ok());
    assert!(wait.is_some_and(|seconds| seconds > 0), "{}: Retry-After: {wait:?}", answer.asked);
}

/// Creates users until told to stop; returns the acknowledged ones. Every response is a success or says to come back.
fn write(server: Client, root: Token, number: usize, go_on: Arc<AtomicBool>) -> JoinHandle<Vec<String>> {
    tokio::spawn(async move {
        let mut made = Vec::new();
        for turn in 0.. {
            if !go_on.load(Ordering::SeqCst) {
                break;
            }
            let email = format!("w{number}-{turn}@example.com");
            let answer = server.post(&root, "/api/v1/users", json!({ "email": email })).await;
            // 429: they are one caller, whose other changes hang.
            if matches!(answer.status, 429 | 503) {
                ensure_come_back_later(&answer);
                tokio::time::sleep(Duration::from_millis(100)).await;
            } else {
                answer.created();
                made.push(email);
            }
        }
        made
    })
}
