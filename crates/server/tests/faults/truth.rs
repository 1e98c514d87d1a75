//! A server must never again allow what is no longer allowed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::harness::people::rule;
use crate::harness::{Answer, ROOT, ROOTS_PASSWORD, RULES, TestScope, Token, query};
use crate::until::until;

/// A role that may read users: Department administrator.
const READER: i32 = 1710;

/// A user, and a path that only callers who may read users see.
#[derive(Debug, Clone)]
pub struct Ana {
    pub token: Token,
    path: String,
    password: String,
}

impl Ana {
    pub const EMAIL: &str = "ana@example.com";

    /// Creates Ana, without a rule.
    pub async fn hired(server: Client, root: &Token) -> Self {
        let found = server.get(root, &query("/api/v1/users", &[("filterBy", &format!("username=={ROOT}"))])).await.ok();
        let path = format!("/api/v1/users/{}", found[0]["id"].as_str().unwrap());
        let (_, password) = server.user(root, Self::EMAIL).await;
        let token = server.sign_in(Self::EMAIL, &password).await;
        Self { token, password, path }
    }

    /// Gives Ana a rule for reading; returns the response to the change.
    pub async fn allowed(server: Client, root: &Token) -> Answer {
        let made = server.post(root, RULES, rule("user", Self::EMAIL, READER, &TestScope::account())).await;
        made.created();
        made
    }

    pub async fn reads(&self, server: Client) -> Answer {
        server.get(&self.token, &self.path).await
    }

    /// Waits until the server lets Ana read.
    pub async fn until_allowed(&self, server: Client) {
        until("ana reads", || async { (self.reads(server).await.status == 200).then_some(()) }).await;
    }

    /// The same user, signed in again.
    pub async fn again(&self, server: Client) -> Self {
        let (signed_in, _) = until("ana signs in", || async {
            let answer = server.sign_in_request(Self::EMAIL, &self.password).send().await;
            (answer.status == 200).then_some(answer)
        })
        .await;
        Self { token: crate::client::token(&signed_in), ..self.clone() }
    }

    /// Repeats the question: after a denial it must never be allowed again.
    pub fn watch(&self, server: Client) -> Watch {
        let go_on = Arc::new(AtomicBool::new(true));
        let (ana, goes_on, began) = (self.clone(), go_on.clone(), Instant::now());
        let watching = tokio::spawn(async move {
            let mut allowed_for = Duration::ZERO;
            let mut ended = false;
            while goes_on.load(Ordering::SeqCst) {
                let answer = ana.reads(server).await;
                match answer.status {
                    200 if ended => panic!("an old truth came back: {}", answer.text()),
                    200 => allowed_for = began.elapsed(),
                    401 | 403 | 404 => ended = true,
                    // A lost connection proves nothing about answers from memory.
                    503 => {}
                    _ => panic!("{answer:?}"),
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            allowed_for
        });
        Watch { watching, go_on }
    }
}

/// Monitors what a server allows.
#[derive(Debug)]
pub struct Watch {
    watching: JoinHandle<Duration>,
    go_on: Arc<AtomicBool>,
}

impl Watch {
    /// How long it was allowed.
    pub async fn end(self) -> Duration {
        self.go_on.store(false, Ordering::SeqCst);
        self.watching.await.unwrap()
    }
}

/// Waits until a server is ready; returns its root, signed in again.
pub async fn root_when_ready(server: Client) -> Token {
    until("it is ready", || async { (server.ask("GET", "/readyz").send().await.status == 200).then_some(()) }).await;
    server.sign_in(ROOT, ROOTS_PASSWORD).await
}

/// Waits until a server is not ready, with this reason.
pub async fn until_not_ready(server: Client, words: &str) {
    until(words, || async {
        let answer = server.ask("GET", "/readyz").send().await;
        (answer.status == 503 && answer.text().contains(words)).then_some(())
    })
    .await;
    assert_eq!(server.ask("GET", "/healthz").send().await.status, 200, "to restart it would not mend this");
}

/// Asserts that servers on one database agree: changes of one are visible on the others by their revision.
pub async fn ensure_in_agreement(servers: &[Client], root: &Token) {
    for (number, changing) in servers.iter().enumerate() {
        let email = format!("agreed-{number}@example.com");
        let made = changing.post(root, "/api/v1/users", json!({ "email": email })).await;
        let id = made.created()["id"].as_str().unwrap().to_owned();
        let revision = made.header("rolecall-revision").unwrap();
        for server in servers {
            let seen = server.ask("GET", &format!("/api/v1/users/{id}")).by(root).header("rolecall-revision", revision);
            assert_eq!(seen.send().await.ok()["username"], email.as_str());
        }
    }
}

/// Asserts that a revision of a lost history is refused.
pub async fn ensure_refused(server: Client, root: &Token, gone: &str) {
    let asked = server.ask("GET", "/api/v1/users/count").by(root).header("rolecall-revision", gone).send().await;
    asked.refused(400).names(gone).because("revision-gone");
}
