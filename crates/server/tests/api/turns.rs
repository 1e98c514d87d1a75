//! Reads of one caller wait for one another, and so do changes. What they answer was true after the wait.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use rolecall_core::access::Actor;
use rolecall_core::identity::{Email, SessionId, UserId};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{GIA, ROOTS_PASSWORD, Server, on_both_databases};

on_both_databases!(
    a_caller_who_is_disabled_while_they_wait_reads_nothing,
    a_caller_with_many_changes_waits_and_others_do_not,
);

const USERS: &str = "/api/v1/users";

async fn a_caller_who_is_disabled_while_they_wait_reads_nothing(server: Server) {
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    server.get(&gia, "/api/v1/session").await.ok();
    let caller = user(GIA);
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(server.app.reads.turn(&caller).await.unwrap());
    }
    let mut waiting = pin!(server.get(&gia, "/api/v1/session"));
    assert!(poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_pending())).await);

    let found = server.get(&server.root, &format!("{USERS}?filterBy=username%3D%3D{GIA}")).await.ok();
    let id = found[0]["id"].as_str().unwrap();
    server.post(&server.root, &format!("{USERS}/{id}/disable"), json!({})).await.gone();
    drop(held);
    waiting.await.refused(401).because("session-ended");
}

fn user(email: &str) -> Actor {
    let email = Email::parse("email", email).unwrap();
    Actor::User { email, id: UserId::new(Uuid::nil()), session: SessionId::new(Uuid::nil()) }
}

async fn a_caller_with_many_changes_waits_and_others_do_not(server: Server) {
    let batch = "/api/v1/authorization/access-rules/batch";
    let hopeless = json!({ "action": "delete", "ids": [900_000] });
    let (_, password) = server.user("ana@example.com").await;
    let ana = server.sign_in("ana@example.com", &password).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(server.app.changes.turn(&user("ana@example.com")).await.unwrap());
    }
    let mut waiting = pin!(server.post(&ana, batch, hopeless.clone()));
    assert!(poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_pending())).await);
    let decision = json!({ "subject": { "type": "user", "id": GIA }, "action": { "name": "read" },
        "resource": { "type": "project", "id": "project:1" } });
    server.post(&ana, "/access/v1/evaluation", decision).await.ok();
    server.get(&ana, "/api/v1/session").await.ok();
    // Someone else with their token does not keep them from ending it.
    let change = json!({ "currentPassword": "wrong", "newPassword": "plum-quartz-lantern-41" });
    server.post(&ana, "/api/v1/me/password", change).await.refused(400).names("currentPassword");
    let another = server.sign_in("ana@example.com", &password).await;
    server.delete(&another, "/api/v1/session").await.gone();
    server.post(&server.root, "/api/v1/clusters", json!({ "name": "oslo" })).await.created();
    held.pop();
    assert_eq!(waiting.await.ok()["failed"][0]["code"], 404);
}
