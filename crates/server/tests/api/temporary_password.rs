//! Temporary passwords: good for one thing, for a time.

use std::time::Duration;

use serde_json::json;

use crate::harness::{ROOT, ROOTS_PASSWORD, Server, on_both_databases};

on_both_databases!(
    it_is_good_for_choosing_ones_own,
    it_lapses_but_not_for_the_last_way_in,
    a_change_ends_the_other_sessions
);

const OWN: &str = "plum-quartz-lantern-41";

async fn it_is_good_for_choosing_ones_own(server: Server) {
    let (_, temporary) = server.newcomer("ana@example.com").await;
    let ana = server.sign_in("ana@example.com", &temporary).await;
    server.get(&ana, "/api/v1/users").await.refused(403).because("password-change-required");
    assert_eq!(server.get(&ana, "/api/v1/session").await.ok()["mustChangePassword"], true);

    let change = |new: &str| json!({ "currentPassword": temporary, "newPassword": new });
    server.post(&ana, "/api/v1/me/password", change("password1")).await.refused(400).names("newPassword");
    server.post(&ana, "/api/v1/me/password", change(&temporary)).await.refused(400).names("newPassword");
    let wrong = json!({ "currentPassword": "not this one", "newPassword": OWN });
    server.post(&ana, "/api/v1/me/password", wrong).await.refused(400).names("currentPassword");
    server.post(&ana, "/api/v1/me/password", change(OWN)).await.done();

    assert_eq!(server.get(&ana, "/api/v1/session").await.ok()["mustChangePassword"], false, "the same token");
    server.try_to_sign_in("ana@example.com", &temporary).await.refused(401);
    server.sign_in("ana@example.com", OWN).await;
}

async fn it_lapses_but_not_for_the_last_way_in(mut server: Server) {
    let (_, temporary) = server.newcomer("ana@example.com").await;
    let root = server.id_of(ROOT).await;
    let reset = server.post(&server.root, &format!("/api/v1/users/{root}/password"), json!({})).await.ok();
    let lasting = reset["tempPassword"].as_str().unwrap().to_owned();
    server.try_to_sign_in(ROOT, ROOTS_PASSWORD).await.refused(401);

    server.later(Duration::from_secs(8 * 24 * 60 * 60)).await;
    server.try_to_sign_in("ana@example.com", &temporary).await.refused(401).because("password-lapsed");
    server.root = server.sign_in(ROOT, &lasting).await;
    let change = json!({ "currentPassword": lasting, "newPassword": OWN });
    server.post(&server.root, "/api/v1/me/password", change).await.done();
    server.get(&server.root, "/api/v1/users").await.ok();
}

async fn a_change_ends_the_other_sessions(server: Server) {
    let (_, password) = server.user("ana@example.com").await;
    let (here, there) = (
        server.sign_in_for_both("ana@example.com", &password).await,
        server.sign_in_for_both("ana@example.com", &password).await,
    );
    let change = json!({ "currentPassword": password, "newPassword": OWN });
    server.post(&here.access, "/api/v1/me/password", change).await.done();
    server.get(&here.access, "/api/v1/session").await.ok();
    server.get(&there.access, "/api/v1/session").await.refused(401).because("session-ended");
    let refresh = json!({ "grantType": "refresh_token", "refreshToken": there.refresh });
    server.ask("POST", "/api/v1/token").json(&refresh).send().await.refused(401);
}
