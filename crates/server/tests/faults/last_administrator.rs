//! Lockout protection under load: whatever is removed how and when, one way in remains.

use std::collections::BTreeMap;

use rolecall::random::Random;
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{Email, Subject};
use rolecall_store::Database;
use serde_json::json;

use crate::client::{Client, text};
use crate::harness::{Answer, ROOT, ROOTS_PASSWORD, RULES, Token, on_both_databases};
use crate::process::Rolecall;
use crate::whole::{Told, ensure_whole};

on_both_databases!(databases: of_two_administrators_under_fire_one_stays);

/// Number of attempts: the winner is random.
const ROUNDS: u64 = 3;
const ATTEMPTS: usize = 64;
const OWN: &str = "plum-quartz-lantern-41";

/// How a way in can be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    DeleteUser,
    DeleteRule,
    /// Both rules in one request.
    DeleteRules,
    Disable,
    ResetPassword,
}

const WAYS: [Way; 5] = [Way::DeleteUser, Way::DeleteRule, Way::DeleteRules, Way::Disable, Way::ResetPassword];

/// An administrator with their own password.
#[derive(Debug, Clone)]
struct Administrator {
    email: String,
    password: String,
    token: Token,
    id: String,
    rule: String,
}

impl Administrator {
    /// An existing administrator, with the operations that remove one.
    async fn known(server: Client, told: &Told, email: &str, password: &str) -> Self {
        let email_read = Email::parse("email", email).unwrap();
        let subject = Subject::User(email_read.clone());
        let mut rules = told.world.rules_of(&subject);
        let rule = rules.find(|rule| rule.role == RoleId::SYSTEM_ADMINISTRATOR).unwrap().id;
        Self {
            token: server.sign_in(email, password).await,
            email: email.to_owned(),
            password: password.to_owned(),
            id: told.world.user(&email_read).unwrap().id.to_string(),
            rule: rule.to_string(),
        }
    }

    async fn removed(self, server: Client, way: Way, by: Token, rules: [String; 2]) -> Answer {
        let Self { id, rule, .. } = self;
        match way {
            Way::DeleteUser => server.delete(&by, &format!("/api/v1/users/{id}")).await,
            Way::DeleteRule => server.delete(&by, &format!("{RULES}/{rule}")).await,
            Way::DeleteRules => {
                let both = json!({ "ids": rules, "action": "delete" });
                server.post(&by, &format!("{RULES}/batch"), both).await
            }
            Way::Disable => server.post(&by, &format!("/api/v1/users/{id}/disable"), json!({})).await,
            Way::ResetPassword => server.post(&by, &format!("/api/v1/users/{id}/password"), json!({})).await,
        }
    }
}

async fn of_two_administrators_under_fire_one_stays(database: Database) {
    let (first, root) = Rolecall::start_signed_in(&database).await;
    let second = match &database {
        Database::Sqlite { .. } => None,
        Database::Postgres { .. } => Some(Rolecall::start(&database).await),
    };
    let servers = [first.client, second.as_ref().map_or(first.client, |second| second.client)];
    // Service accounts are not a way in, so only the lockout check refuses their changes.
    let machines = [
        first.client.administering_machine(&root, "one").await,
        first.client.administering_machine(&root, "another").await,
    ];

    let (mut email, mut password) = (ROOT.to_owned(), ROOTS_PASSWORD.to_owned());
    for round in 0..ROUNDS {
        let by = first.client.sign_in(&email, &password).await;
        let other = format!("vice-{round}@example.com");
        let (_, others_password) = first.client.user(&by, &other).await;
        first.client.grant(&by, "user", &other, 1).await;
        let told = ensure_whole(&database).await;
        let administrators = [
            Administrator::known(first.client, &told, &email, &password).await,
            Administrator::known(first.client, &told, &other, &others_password).await,
        ];
        assert_eq!(told.ways_in().len(), 2, "{:?}", told.ways_in());
        caught_up(&servers, &administrators[1].token, told.head()).await;

        let resets = fire(&servers, &administrators, &machines, round).await;
        let after = ensure_whole(&database).await;
        let ways = after.ways_in();
        assert_eq!(ways.len(), 1, "round {round}: {ways:?}");
        let left = administrators.iter().find(|it| it.email == ways[0]).expect("one of the two");
        let temporary = resets.get(&left.email).and_then(|passwords| passwords.values().next_back());
        (email, password) = ensure_gets_in(servers[1], left, temporary).await;
    }
}

/// Waits until every server knows the revision.
async fn caught_up(servers: &[Client], who: &Token, head: i64) {
    for server in servers {
        let ask = || server.ask("GET", "/api/v1/users/count").by(who).header("rolecall-revision", head.to_string());
        ask().send().await.ok();
    }
}

/// All attempts at once. Returns the passwords from resets, by name and revision.
async fn fire(
    servers: &[Client; 2],
    administrators: &[Administrator; 2],
    machines: &[Token; 2],
    round: u64,
) -> BTreeMap<String, BTreeMap<i64, String>> {
    let callers = [&administrators[0].token, &administrators[1].token, &machines[0], &machines[1]];
    let mut attempts: Vec<usize> = (0..ATTEMPTS).collect();
    let random = Random::seeded(round);
    for last in (1..attempts.len()).rev() {
        attempts.swap(last, usize::from(u16::from_le_bytes(random.bytes().unwrap())) % (last + 1));
    }
    let rules = [0, 1].map(|number: usize| administrators[number].rule.clone());
    // Each of the two, in each way, by each caller, on each server.
    let fired = attempts.into_iter().enumerate().map(|(place, number)| {
        let (target, way, caller) = (&administrators[number % 2], WAYS[number / 2 % 5], number / 10 % 4);
        let asked = target.clone().removed(servers[place % 2], way, callers[caller].clone(), rules.clone());
        (target.email.clone(), way, caller >= 2, tokio::spawn(asked))
    });
    let mut resets: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
    for (target, way, by_machine, asked) in fired.collect::<Vec<_>>() {
        let answer = asked.await.unwrap();
        match answer.status {
            200 if way == Way::DeleteRules => ensure_batch_explained(&answer, by_machine),
            200 | 204 => {
                let revision = answer.done().revision();
                if way == Way::ResetPassword {
                    resets.entry(target).or_default().insert(revision, text(&answer.json(), "tempPassword"));
                }
            }
            409 => {
                answer.refused(409).because("last-administrator");
            }
            // The caller may have been deleted by now. A service account is not: only its target.
            401 | 403 if !by_machine => drop(answer.refused(answer.status)),
            _ => drop(answer.refused(404)),
        }
    }
    resets
}

/// A part of a batch fails for the same reasons as a single request.
fn ensure_batch_explained(answer: &Answer, by_machine: bool) {
    let told = answer.ok();
    for failed in told["failed"].as_array().unwrap() {
        let message = text(failed, "message");
        match failed["code"].as_u64().unwrap() {
            404 => {}
            409 => assert!(message.contains("lock everyone out"), "{told}"),
            401 | 403 => assert!(!by_machine, "{told}"),
            _ => panic!("{told}"),
        }
    }
}

/// The remaining administrator can really sign in, if needed with the temporary password they got last. Returns their
/// email and password then.
async fn ensure_gets_in(server: Client, left: &Administrator, temporary: Option<&String>) -> (String, String) {
    let Administrator { email, password, .. } = left;
    let Some(temporary) = temporary else {
        let token = server.sign_in(email, password).await;
        server.get(&token, "/api/v1/users").await.ok();
        return (email.clone(), password.clone());
    };
    let token = server.sign_in(email, temporary).await;
    let own = json!({ "currentPassword": temporary, "newPassword": OWN });
    server.post(&token, "/api/v1/me/password", own).await.done();
    let token = server.sign_in(email, OWN).await;
    server.get(&token, "/api/v1/users").await.ok();
    (email.clone(), OWN.to_owned())
}
