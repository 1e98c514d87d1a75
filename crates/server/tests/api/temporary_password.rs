//! Temporary passwords: their single purpose and their lifetime.

use std::time::Duration;

use serde_json::json;

use crate::harness::{GIA, PLATFORM, ROOT, ROOTS_PASSWORD, Server, Token, Tokens, claims, on_both_databases};

on_both_databases!(
    it_is_good_for_choosing_ones_own,
    no_relying_party_takes_its_token,
    what_is_not_an_access_token_opens_nothing,
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

    assert_eq!(server.get(&ana, "/api/v1/session").await.ok()["mustChangePassword"], false);
    // The token was for changing the password; the session continues with another one.
    server.get(&ana, "/api/v1/users").await.refused(401).because("token-for-password-change");
    server.try_to_sign_in("ana@example.com", &temporary).await.refused(401);
    server.sign_in("ana@example.com", OWN).await;
}

async fn no_relying_party_takes_its_token(server: Server) {
    let id = server.id_of(GIA).await;
    let reset = server.post(&server.root, &format!("/api/v1/users/{id}/password"), json!({})).await.ok();
    let temporary = reset["tempPassword"].as_str().unwrap().to_owned();
    let first = server.sign_in_for_both(GIA, &temporary).await;
    let form = [("grant_type", "password"), ("username", GIA), ("password", &temporary)];
    let second = server.ask("POST", "/api/v2/token").form(&form).send().await.ok();
    let second = Token(second["access_token"].as_str().unwrap().to_owned());
    let refresh = |token: &str| json!({ "grantType": "refresh_token", "refreshToken": token });
    let refreshed = Tokens::of(&server.ask("POST", "/api/v1/token").json(&refresh(&first.refresh)).send().await.ok());
    for token in [&first.access, &second, &refreshed.access] {
        let said = claims(token);
        assert_eq!((said["aud"].as_str(), &said["groups"]), (Some("rolecall:password-change"), &json!([])));
        server.get(token, "/api/v1/users").await.refused(403).because("password-change-required");
    }

    let change = json!({ "currentPassword": temporary, "newPassword": OWN });
    server.post(&refreshed.access, "/api/v1/me/password", change).await.done();
    let full = Tokens::of(&server.ask("POST", "/api/v1/token").json(&refresh(&refreshed.refresh)).send().await.ok());
    let said = claims(&full.access);
    assert_eq!((said["aud"].as_str(), &said["groups"]), (Some("runai"), &json!([PLATFORM])));
    server.get(&full.access, "/api/v1/authorization/me/access-rules").await.ok();
    // It never serves another purpose.
    for path in ["/api/v1/users", "/api/v1/authorization/me/access-rules"] {
        server.get(&refreshed.access, path).await.refused(401).because("token-for-password-change");
    }
}

async fn what_is_not_an_access_token_opens_nothing(server: Server) {
    let tokens = server.sign_in_for_both(GIA, ROOTS_PASSWORD).await;
    let who = json!({ "username": GIA, "password": ROOTS_PASSWORD });
    let browser = server.ask("POST", "/api/v1/session").header("sec-fetch-site", "same-origin").json(&who).send().await;
    let value = |name: &str| {
        let cookie = browser.set_cookie(name).unwrap();
        cookie.split_once('=').unwrap().1.split(';').next().unwrap().to_owned()
    };
    for other in [tokens.refresh, value("rolecall_session"), value("rolecall_device")] {
        server.get(&Token(other), "/api/v1/session").await.refused(401).names("access token");
    }
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
    server.root = server.sign_in(ROOT, OWN).await;
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
