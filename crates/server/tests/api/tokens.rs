//! Tokens: their claims, lifetimes, and what ends them.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::{
    GIA, PLATFORM, ROOTS_PASSWORD, Server, Token, Tokens, claims, forged, on_both_databases, resigned,
};

on_both_databases!(
    a_token_says_who_and_expires,
    a_forged_or_foreign_token_is_nothing,
    a_refresh_token_that_comes_twice_ends_its_family,
    a_refresh_token_may_be_used_again_for_a_moment,
    the_second_endpoint_speaks_oauth,
    a_client_authenticates_in_one_way,
    a_member_that_is_given_twice_is_refused,
    tokens_end_when_their_user_is_disabled_deleted_or_created_again,
    an_unknown_user_and_a_wrong_password_read_the_same,
    a_failed_sign_in_leaves_a_row_of_bounded_size_without_the_query,
    the_oldest_way_to_a_token_works_too,
    a_page_of_another_site_gets_no_token_and_uses_no_attempt,
);

async fn a_token_says_who_and_expires(server: Server) {
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    let said = claims(&gia);
    assert_eq!((said["sub"].as_str(), said["aud"].as_str()), (Some(GIA), Some("runai")));
    assert_eq!(said["groups"], json!([PLATFORM]));
    assert!(said["sid"].is_string() && said["exp"].is_i64());
    server.get(&gia, "/api/v1/session").await.ok();
    server.later(Duration::from_secs(3601)).await;
    server.get(&gia, "/api/v1/session").await.refused(401).names("expired");
}

async fn a_forged_or_foreign_token_is_nothing(server: Server) {
    let changes: [fn(&mut Value); 4] = [
        |it| it["aud"] = json!("cli"),
        |it| it["aud"] = json!(["runai", "other"]),
        |it| it["iss"] = json!("http://elsewhere.example"),
        |it| it["sub"] = json!("sol@example.com"),
    ];
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    server.get(&forged(&gia, |it| it["exp"] = json!(9_999_999_999_i64)), "/api/v1/session").await.refused(401);
    for change in changes {
        server.get(&resigned(&gia, change), "/api/v1/session").await.refused(401);
    }
}

async fn a_refresh_token_that_comes_twice_ends_its_family(server: Server) {
    let refresh = |token: &str| json!({ "grantType": "refresh_token", "refreshToken": token });
    let first = server.sign_in_for_both(GIA, ROOTS_PASSWORD).await;
    let second = Tokens::of(&server.ask("POST", "/api/v1/token").json(&refresh(&first.refresh)).send().await.ok());
    server.get(&second.access, "/api/v1/session").await.ok();
    server.later(Duration::from_secs(30)).await;
    server.ask("POST", "/api/v1/token").json(&refresh(&first.refresh)).send().await.refused(401);
    server.get(&second.access, "/api/v1/session").await.refused(401);
    server.ask("POST", "/api/v1/token").json(&refresh(&second.refresh)).send().await.refused(401);
}

async fn a_refresh_token_may_be_used_again_for_a_moment(server: Server) {
    let refresh = async |token: &str| {
        let wanted = json!({ "grantType": "refresh_token", "refreshToken": token });
        Tokens::of(&server.ask("POST", "/api/v1/token").json(&wanted).send().await.ok())
    };
    let first = server.sign_in_for_both(GIA, ROOTS_PASSWORD).await;
    // The response was lost, or there are two tabs.
    let one = refresh(&first.refresh).await;
    server.later(Duration::from_secs(29)).await;
    let other = refresh(&first.refresh).await;
    assert_ne!(one.refresh, other.refresh);
    server.later(Duration::from_secs(600)).await;
    for tab in [one, other] {
        server.get(&tab.access, "/api/v1/session").await.ok();
        server.get(&refresh(&tab.refresh).await.access, "/api/v1/session").await.ok();
    }
}

async fn the_second_endpoint_speaks_oauth(server: Server) {
    let machine = server.service_account("nightly").await;
    let ask = |members: &[(&str, &str)]| server.ask("POST", "/api/v2/token").form(members);
    let good = ask(&[
        ("grant_type", "client_credentials"),
        ("client_id", &machine.client_id),
        ("client_secret", &machine.secret),
    ]);
    assert_eq!(good.send().await.ok()["token_type"], "Bearer");
    for (members, status, error) in [
        (vec![("grant_type", "client_credentials"), ("client_id", "x"), ("client_secret", "y")], 401, "invalid_client"),
        (vec![("grant_type", "password"), ("username", GIA), ("password", "wrong")], 400, "invalid_grant"),
        (vec![("grant_type", "magic")], 400, "unsupported_grant_type"),
        (vec![], 400, "invalid_request"),
    ] {
        let answer = ask(&members).send().await;
        assert_eq!((answer.status, answer.json()["error"].as_str()), (status, Some(error)), "{members:?}");
    }
}

async fn a_client_authenticates_in_one_way(server: Server) {
    let machine = server.service_account("nightly").await;
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", machine.client_id, machine.secret)));
    let ask = |more: &[(&str, &str)]| {
        let form = [&[("grant_type", "client_credentials")], more].concat();
        server.ask("POST", "/api/v2/token").header("authorization", basic.as_str()).form(&form).send()
    };
    ask(&[]).await.ok();
    ask(&[("client_id", &machine.client_id)]).await.ok();
    for twice in [("client_id", "other"), ("client_secret", machine.secret.as_str())] {
        let answer = ask(&[twice]).await;
        assert_eq!((answer.status, answer.json()["error"].as_str()), (400, Some("invalid_request")), "{twice:?}");
    }
}

async fn a_member_that_is_given_twice_is_refused(server: Server) {
    let machine = server.service_account("nightly").await;
    let (id, secret) = (&machine.client_id, &machine.secret);
    let good = format!(r#""grantType":"client_credentials","clientId":"{id}","clientSecret":"{secret}""#);
    let send = |path: &str, content_type: &str, body: String| {
        server.ask("POST", path).header("content-type", content_type).body(body).send()
    };
    let v1 = |more: &str| send("/api/v1/token", "application/json", format!("{{{good}{more}}}"));
    v1("").await.ok();
    v1(r#","scope":"a","scope":"b""#).await.ok();
    for (twice, named) in [
        (format!(r#","clientId":"{id}""#), "clientId"),
        (format!(r#","clientID":"{id}""#), "clientId"),
        (r#","clientId":"other""#.to_owned(), "clientId"),
        (r#","grantType":"password""#.to_owned(), "grantType"),
        (r#","username":"ana@example.com","username":"bob@example.com""#.to_owned(), "username"),
        (r#","password":null,"password":"x""#.to_owned(), "password"),
    ] {
        v1(&twice).await.refused(400).names(&format!("{named}: given more than once"));
    }
    // The same as a JSON string, as one half of the Run:ai Python client sends it.
    let encoded = serde_json::to_string(&format!(r#"{{{good},"clientId":"{id}"}}"#)).unwrap();
    send("/api/v1/token", "application/json", encoded).await.refused(400).names("clientId: given more than once");

    let oldest = format!(r#"{{"id":"{id}","secret":"{secret}","id":"{id}"}}"#);
    let answer = send("/v1/k8s/auth/oauth/apptoken", "application/json", oldest).await;
    answer.refused(400).names("id: given more than once");

    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let v2 = |more: &str| send("/api/v2/token", "application/x-www-form-urlencoded", format!("{form}{more}"));
    v2("").await.ok();
    v2("&resource=a&resource=b").await.ok();
    for (twice, named) in [
        (format!("&client_id={id}"), "client_id"),
        ("&client%5Fid=".to_owned(), "client_id"),
        ("&username=ana&username=bob".to_owned(), "username"),
    ] {
        let answer = v2(&twice).await;
        assert_eq!((answer.status, answer.json()["error"].as_str()), (400, Some("invalid_request")), "{twice}");
        assert_eq!(answer.json()["error_description"], format!("{named}: given more than once"));
    }
}

/// A browser sends forms and plain text for any page, without asking first. Each wrong password would count against the
/// address of the person who reads the page.
async fn a_page_of_another_site_gets_no_token_and_uses_no_attempt(server: Server) {
    let wrong = json!({ "grantType": "password", "username": GIA, "password": "wrong", "id": "x", "secret": "y" });
    let form = format!("grant_type=password&username={GIA}&password=wrong");
    let requests = [
        ("/api/v1/token", "text/plain;charset=UTF-8", wrong.to_string()),
        ("/v1/k8s/auth/oauth/apptoken", "text/plain;charset=UTF-8", wrong.to_string()),
        ("/api/v2/token", "application/x-www-form-urlencoded", form),
    ];
    for (path, content_type, body) in requests {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let asked = server.ask("POST", path).header("content-type", content_type).header(name, value);
            let answer = asked.body(body.clone()).send().await;
            assert_eq!(answer.status, 403, "{path} {name} {value}: {}", answer.text());
        }
    }
    let failures = server.app.store.audit_newest(100).await.unwrap();
    assert!(failures.iter().all(|row| row.http_status_code < 400), "nothing was tried: {failures:?}");

    let right = json!({ "grantType": "password", "username": GIA, "password": ROOTS_PASSWORD });
    let ours = server.ask("POST", "/api/v1/token").header("sec-fetch-site", "same-origin").json(&right);
    ours.send().await.ok();
    server.ask("POST", "/api/v1/token").json(&right).send().await.ok();
}

async fn tokens_end_when_their_user_is_disabled_deleted_or_created_again(server: Server) {
    let (id, password) = server.user("ana@example.com").await;
    let ana = server.sign_in("ana@example.com", &password).await;
    server.post(&server.root, &format!("/api/v1/users/{id}/disable"), json!({})).await.gone();
    server.get(&ana, "/api/v1/session").await.refused(401);
    server.post(&server.root, &format!("/api/v1/users/{id}/enable"), json!({})).await.gone();
    server.get(&ana, "/api/v1/session").await.refused(401);
    let ana = server.sign_in("ana@example.com", &password).await;
    server.delete(&server.root, &format!("/api/v1/users/{id}")).await.gone();
    server.get(&ana, "/api/v1/session").await.refused(401);
    server.user("ana@example.com").await;
    server.get(&ana, "/api/v1/session").await.refused(401);
}

async fn an_unknown_user_and_a_wrong_password_read_the_same(server: Server) {
    let unknown = server.try_to_sign_in("nobody@example.com", "whatever it is").await;
    let wrong = server.try_to_sign_in(GIA, "whatever it is").await;
    assert_eq!(unknown.refused(401), wrong.refused(401));
    for _ in 0..3 {
        server.try_to_sign_in(GIA, "whatever it is").await.refused(401);
    }
    server.sign_in(GIA, ROOTS_PASSWORD).await;
}

async fn a_failed_sign_in_leaves_a_row_of_bounded_size_without_the_query(server: Server) {
    let wanted = json!({ "grantType": "password", "clientID": "cli", "username": GIA, "password": "wrong" });
    let path = format!("/api/v1/token?password=secret&{}", "a".repeat(30_000));
    server.ask("POST", &path).json(&wanted).send().await.refused(401);
    let rows = server.app.store.audit_newest(10).await.unwrap();
    let row = rows.iter().find(|row| row.subject == GIA && row.http_status_code == 401).unwrap();
    assert_eq!(row.url, "/api/v1/token");
}

async fn the_oldest_way_to_a_token_works_too(server: Server) {
    let machine = server.service_account("nightly").await;
    let ask = |secret: &str| {
        let body = json!({ "id": machine.client_id, "name": "nightly", "secret": secret });
        server.ask("POST", "/v1/k8s/auth/oauth/apptoken").json(&body).send()
    };
    let tokens = ask(&machine.secret).await.ok();
    assert_eq!(tokens["access_token"], tokens["id_token"]);
    let token = Token(tokens["access_token"].as_str().unwrap().to_owned());
    assert_eq!(server.get(&token, "/api/v1/session").await.ok()["username"], machine.client_id);
    ask("wrong").await.refused(401).because("wrong-credentials");
    let nobody = json!({ "name": "nightly", "secret": "x" });
    server.ask("POST", "/v1/k8s/auth/oauth/apptoken").json(&nobody).send().await.refused(400).names("id");
}
