//! Changing one's own password: for guessing it counts as a sign-in.

use std::net::IpAddr;

use serde_json::{Value, json};

use crate::harness::{GIA, ROOTS_PASSWORD, Server, on_both_databases};

on_both_databases!(
    five_wrong_ones_in_a_row_end_the_session_and_each_leaves_a_row,
    the_new_one_is_judged_after_the_current_one_was_verified,
    one_change_at_a_time,
    a_known_browser_is_one_until_the_password_is_another,
    names_of_the_account_are_easy_to_guess,
    a_password_is_the_same_on_every_keyboard
);

const OWN: &str = "plum-quartz-lantern-41";
const PATH: &str = "/api/v1/me/password";

fn change(current: &str, new: &str) -> Value {
    json!({ "currentPassword": current, "newPassword": new })
}

async fn five_wrong_ones_in_a_row_end_the_session_and_each_leaves_a_row(server: Server) {
    let (id, password) = server.user("ana@example.com").await;
    let [here, elsewhere] =
        [server.sign_in("ana@example.com", &password).await, server.sign_in("ana@example.com", &password).await];
    for number in 0..4 {
        server.post(&here, PATH, change(&format!("wrong {number}"), OWN)).await.refused(400).names("currentPassword");
    }
    // The right one resets the count, even if the new one is refused.
    server.post(&here, PATH, change(&password, "password")).await.refused(400).names("newPassword");
    for number in 4..8 {
        server.post(&here, PATH, change(&format!("wrong {number}"), OWN)).await.refused(400).names("currentPassword");
    }
    server.post(&here, PATH, change("wrong 8", OWN)).await.refused(401).because("session-ended");
    server.get(&here, "/api/v1/session").await.refused(401).because("session-ended");
    server.post(&here, PATH, change(&password, OWN)).await.refused(401);
    server.get(&elsewhere, "/api/v1/session").await.ok();

    let rows = server.app.store.audit_newest(1000).await.unwrap();
    let wrong = |row: &&rolecall_store::AuditRecord| row.url == PATH && row.result == "failure";
    let wrong: Vec<_> = rows.iter().filter(wrong).collect();
    assert_eq!(wrong.len(), 9);
    for row in wrong {
        assert_eq!(
            (row.subject.as_str(), row.entity_id.as_str(), row.action.as_str()),
            ("ana@example.com", &*id, "update")
        );
        assert_eq!(row.http_status_code, 400);
    }
    assert!(rows.iter().any(|row| row.action == "sign-out" && row.subject == "rolecall"), "the session's end");
}

async fn the_new_one_is_judged_after_the_current_one_was_verified(server: Server) {
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    for new in ["password", &"4@8({[<3691!|70$5+%2".repeat(5)] {
        server.post(&gia, PATH, change("wrong", new)).await.refused(400).names("currentPassword");
    }
    server.post(&gia, PATH, change(ROOTS_PASSWORD, "password")).await.refused(400).names("newPassword");
}

async fn one_change_at_a_time(server: Server) {
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    let guess = |password: &str| server.post(&gia, PATH, change(password, OWN));
    let (first, second) = tokio::join!(guess("wrong 1"), guess("wrong 2"));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [400, 429]);
    guess(ROOTS_PASSWORD).await.done();
}

async fn a_known_browser_is_one_until_the_password_is_another(server: Server) {
    let (id, password) = server.user("ana@example.com").await;
    let sign_in = async |password: &str| {
        let who = json!({ "username": "ana@example.com", "password": password });
        let ask = server.ask("POST", "/api/v1/session").header("sec-fetch-site", "same-origin");
        let cookie = ask.json(&who).send().await.set_cookie("rolecall_device").unwrap();
        cookie.split_once('=').unwrap().1.split(';').next().unwrap().to_owned()
    };
    let is_known = async |proof: &str| {
        let email = rolecall_core::identity::Email::parse("email", "ana@example.com").unwrap();
        let user = server.app.store.user_for_sign_in(&email).await.unwrap().unwrap();
        server.app.guard.knows_device(&user, proof, server.clock.now())
    };
    let proof = sign_in(&password).await;
    assert!(is_known(&proof).await);
    // Strangers delayed the name by five seconds; a known browser is not delayed, and admits no other caller.
    for number in 0..20 {
        server.app.guard.failed(Some("ana@example.com"), IpAddr::from([198, 51, 100, number]), server.clock.now());
    }
    let began = std::time::Instant::now();
    let who = json!({ "username": "ana@example.com", "password": password });
    let ask = server.ask("POST", "/api/v1/session").header("sec-fetch-site", "same-origin");
    ask.header("cookie", &format!("rolecall_device={proof}")).json(&who).send().await.ok();
    assert!(began.elapsed() < rolecall_signin::throttle::LONGEST_DELAY);

    let reset = server.post(&server.root, &format!("/api/v1/users/{id}/password"), json!({})).await.ok();
    assert!(!is_known(&proof).await, "a reset ends it");
    let temporary = reset["tempPassword"].as_str().unwrap().to_owned();
    let proof = sign_in(&temporary).await;
    assert!(is_known(&proof).await);
    let ana = server.sign_in("ana@example.com", &temporary).await;
    server.post(&ana, PATH, change(&temporary, OWN)).await.done();
    assert!(!is_known(&proof).await, "so does another password");

    server.delete(&server.root, &format!("/api/v1/users/{id}")).await.gone();
    let (_, password) = server.user("ana@example.com").await;
    assert!(!is_known(&proof).await, "and it is not for a later user of the same name");
    assert!(is_known(&sign_in(&password).await).await);
}

async fn names_of_the_account_are_easy_to_guess(server: Server) {
    let cluster = server.cluster("wexplorniatech").await;
    server.department("Perzeptronik", &cluster).await;
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    for weak in ["Wexplorniatech7", "p3rz3ptronik!"] {
        let answer = server.post(&gia, PATH, change(ROOTS_PASSWORD, weak)).await;
        answer.refused(400).names("newPassword").names("easy to guess");
    }
    server.post(&gia, PATH, change(ROOTS_PASSWORD, OWN)).await.done();
}

async fn a_password_is_the_same_on_every_keyboard(server: Server) {
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    let (composed, decomposed) = ("plum-qu\u{e4}rtz-lantern 41", "plum-qua\u{308}rtz-lantern\u{a0}41");
    server.post(&gia, PATH, change(ROOTS_PASSWORD, decomposed)).await.done();
    server.sign_in(GIA, composed).await;
    server.sign_in(GIA, decomposed).await;
    server.post(&gia, PATH, change(composed, decomposed)).await.refused(400).names("same as the old one");
    server.try_to_sign_in(GIA, "plum-quartz-lantern 41").await.refused(401);
}
