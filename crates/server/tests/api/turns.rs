//! Reads of one caller wait for one another. What they answer was true after the wait.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use rolecall_core::access::Actor;
use rolecall_core::identity::{Email, SessionId, UserId};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{GIA, ROOTS_PASSWORD, Server, on_both_databases};

on_both_databases!(a_caller_who_is_disabled_while_they_wait_reads_nothing);

const USERS: &str = "/api/v1/users";

async fn a_caller_who_is_disabled_while_they_wait_reads_nothing(server: Server) {
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    server.get(&gia, "/api/v1/session").await.ok();
    let email = Email::parse("email", GIA).unwrap();
    let caller = Actor::User { email, id: UserId::new(Uuid::nil()), session: SessionId::new(Uuid::nil()) };
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(server.app.reads.read(&caller).await.unwrap());
    }
    let mut waiting = pin!(server.get(&gia, "/api/v1/session"));
    assert!(poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_pending())).await);

    let found = server.get(&server.root, &format!("{USERS}?filterBy=username%3D%3D{GIA}")).await.ok();
    let id = found[0]["id"].as_str().unwrap();
    server.post(&server.root, &format!("{USERS}/{id}/disable"), json!({})).await.gone();
    drop(held);
    waiting.await.refused(401).because("session-ended");
}
