//! A browser's session: its cookie, and the origin of a change.

use std::time::Duration;

use rolecall_store::Database;
use serde_json::json;

use crate::harness::{Answer, GIA, Options, ROOTS_PASSWORD, Server, on_both_databases};

on_both_databases!(a_page_of_ours_signs_in_and_others_do_not, it_ends_by_idleness_and_by_signing_out);
on_both_databases!(databases: it_may_end_after_less_than_a_minute_of_idleness);

async fn sign_in(server: &Server) -> Answer {
    let who = json!({ "username": GIA, "password": ROOTS_PASSWORD });
    server.ask("POST", "/api/v1/session").header("sec-fetch-site", "same-origin").json(&who).send().await
}

fn cookie(answer: &Answer) -> String {
    answer.set_cookie("rolecall_session").unwrap().split(';').next().unwrap().to_owned()
}

async fn a_page_of_ours_signs_in_and_others_do_not(server: Server) {
    let who = json!({ "username": GIA, "password": ROOTS_PASSWORD });
    for headers in [vec![], vec![("origin", "http://evil.example")], vec![("sec-fetch-site", "cross-site")]] {
        let ask =
            headers.iter().fold(server.ask("POST", "/api/v1/session"), |ask, (name, value)| ask.header(name, value));
        ask.json(&who).send().await.refused(403).because("foreign-origin");
    }
    let first = sign_in(&server).await;
    let whole = first.set_cookie("rolecall_session").unwrap();
    assert!(whole.contains("HttpOnly") && whole.contains("SameSite=Lax") && !whole.contains("Secure"), "{whole}");
    assert_ne!(cookie(&first), cookie(&sign_in(&server).await), "a new secret at each sign-in");

    let mine = cookie(&first);
    server.ask("GET", "/api/v1/session").header("cookie", &mine).send().await.ok();
    let change = json!({ "currentPassword": "x", "newPassword": "y" });
    let foreign = server.ask("POST", "/api/v1/me/password").header("cookie", &mine).json(&change);
    foreign.send().await.refused(403).because("foreign-origin");
    let ours = server.ask("POST", "/api/v1/me/password").header("cookie", &mine);
    ours.header("origin", "http://localhost:8080").json(&change).send().await.refused(400);
}

async fn it_ends_by_idleness_and_by_signing_out(server: Server) {
    let ask = |mine: String| server.ask("GET", "/api/v1/session").header("cookie", &mine);
    let idle = cookie(&sign_in(&server).await);
    server.later(Duration::from_secs(30 * 60)).await;
    ask(idle.clone()).send().await.ok();
    server.later(Duration::from_secs(45 * 60)).await;
    ask(idle.clone()).send().await.ok();
    server.later(Duration::from_secs(61 * 60)).await;
    ask(idle).send().await.refused(401).because("session-ended");

    let mine = cookie(&sign_in(&server).await);
    let out = server.ask("DELETE", "/api/v1/session").header("cookie", &mine).header("sec-fetch-site", "same-origin");
    out.send().await.gone();
    ask(mine).send().await.refused(401);
}

async fn it_may_end_after_less_than_a_minute_of_idleness(database: Database) {
    let mut options = Options::default();
    options.lifetimes.session_idle = Duration::from_secs(20);
    let server = Server::start_with(&database, options).await;
    let mine = cookie(&sign_in(&server).await);
    let ask = || server.ask("GET", "/api/v1/session").header("cookie", &mine).send();
    for _ in 0..10 {
        server.later(Duration::from_secs(15)).await;
        ask().await.ok();
    }
    server.later(Duration::from_secs(20)).await;
    ask().await.refused(401).because("session-ended");
    server.app.store.clone().close().await;
}
