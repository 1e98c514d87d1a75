//! Headers and other properties of responses of any operation: challenges, caches, request ids, and errors without a
//! handler.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Answer, GIA, ROOTS_PASSWORD, Server, Token, on_both_databases};

on_both_databases!(
    a_method_that_a_path_does_not_take_is_a_405,
    a_path_that_is_not_utf_8_is_refused_as_all_else,
    a_challenge_says_what_is_wrong_with_the_token,
    tokens_are_kept_by_no_cache_and_keys_for_five_minutes,
    a_request_id_comes_back_as_it_came,
    metrics_come_in_the_format_that_is_accepted,
);

async fn a_method_that_a_path_does_not_take_is_a_405(server: Server) {
    for (method, path) in [("PATCH", "/api/v1/users"), ("DELETE", "/metrics"), ("GET", "/access/v1/evaluation")] {
        let answer = server.ask(method, path).by(&server.root).send().await;
        answer.refused(405).names(method);
        assert!(answer.header("allow").is_some(), "{method} {path}: RFC 9110 wants an Allow header");
    }
}

async fn a_path_that_is_not_utf_8_is_refused_as_all_else(server: Server) {
    for path in ["/api/v1/users/%ff", "/api/v1/clusters/%c3%28", "/api/v1/authorization/access-rules/%fe"] {
        server.get(&server.root, path).await.refused(400).names("UTF-8");
    }
}

async fn a_challenge_says_what_is_wrong_with_the_token(server: Server) {
    fn challenge(answer: &Answer) -> Option<&str> {
        answer.header("www-authenticate")
    }
    let nothing = server.ask("GET", "/api/v1/users").send().await;
    nothing.refused(401);
    assert_eq!(challenge(&nothing), Some("Bearer"), "no token, no error (RFC 6750, section 3)");
    let other = server.ask("GET", "/api/v1/users").header("authorization", "Basic YTpi").send().await;
    other.refused(401);
    assert_eq!(challenge(&other), Some("Bearer"));

    let invalid = Some("Bearer error=\"invalid_token\"");
    let foreign = server.get(&Token("a.b.c".to_owned()), "/api/v1/users").await;
    foreign.refused(401);
    assert_eq!(challenge(&foreign), invalid);
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    let forbidden = server.get(&gia, "/api/v1/users/export").await;
    forbidden.refused(403);
    assert_eq!(challenge(&forbidden), None, "no other token would do");
    let (_, password) = server.newcomer("nele@example.com").await;
    let nele = server.sign_in("nele@example.com", &password).await;
    let early = server.get(&nele, "/api/v1/users").await;
    early.refused(403).because("password-change-required");
    assert_eq!(challenge(&early), Some("Bearer error=\"insufficient_scope\""));
    server.later(Duration::from_secs(3601)).await;
    let expired = server.get(&gia, "/api/v1/session").await;
    expired.refused(401);
    assert_eq!(challenge(&expired), invalid);
}

async fn tokens_are_kept_by_no_cache_and_keys_for_five_minutes(server: Server) {
    let machine = server.service_account("nightly").await;
    let (id, secret) = (machine.client_id.as_str(), machine.secret.as_str());
    for wrong in ["", "x"] {
        let secret = &format!("{secret}{wrong}");
        let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        let old = json!({ "id": id, "name": "nightly", "secret": secret });
        for answer in [
            server.try_to_sign_in_machine(id, secret).await,
            server.ask("POST", "/api/v2/token").form(&form).send().await,
            server.ask("POST", "/v1/k8s/auth/oauth/apptoken").json(&old).send().await,
        ] {
            assert_eq!(answer.status, if wrong.is_empty() { 200 } else { 401 }, "{}", answer.text());
            let caching = (answer.header("cache-control"), answer.header("pragma"));
            assert_eq!(caching, (Some("no-store"), Some("no-cache")), "{}", answer.asked);
        }
    }
    for path in ["/.well-known/jwks.json", "/.well-known/openid-configuration", "/.well-known/authzen-configuration"] {
        let answer = server.ask("GET", path).send().await;
        answer.ok();
        assert_eq!(answer.header("cache-control"), Some("max-age=300"), "{path}");
    }
    let other = server.get(&server.root, "/api/v1/users").await;
    assert_eq!((other.header("cache-control"), other.header("pragma")), (Some("no-store"), None));
}

async fn a_request_id_comes_back_as_it_came(server: Server) {
    let long = "a".repeat(256);
    let visible: String = ('!'..='~').collect();
    for id in ["x7", "Root=1-5759e988-bd862e3fe1be46a994272793", "a/b:c;d,e\"f\\g<h>", &visible, &long] {
        let answer = server.ask("GET", "/healthz").header("x-request-id", id).send().await;
        assert_eq!(answer.header("x-request-id"), Some(id));
    }
    for id in ["a b", &"a".repeat(257), "é"] {
        let answer = server.ask("GET", "/healthz").header("x-request-id", id).send().await;
        let given = answer.header("x-request-id").unwrap();
        assert_eq!((given.len(), given == id), (36, false), "one of our own");
    }
    let wanted = json!({ "email": "ana@example.com" });
    let asked = server.ask("POST", "/api/v1/users").by(&server.root).header("x-request-id", "a\"b\\c'd");
    asked.json(&wanted).send().await.created();
    let rows = server.app.store.audit_newest(10).await.unwrap();
    let row = rows.iter().find(|row| row.entity_name == "ana@example.com").unwrap();
    assert_eq!(row.request_id, r#"a\"b\\c\'d"#, "the audit log has it without bare quotes");
}

async fn metrics_come_in_the_format_that_is_accepted(server: Server) {
    let ask = |accept: &'static str| server.ask("GET", "/metrics").header("accept", accept).send();
    let plain = ask("*/*").await;
    assert_eq!(plain.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let text = plain.text();
    for line in ["# TYPE rolecall_http_requests_total counter", "# TYPE process_open_fds gauge"] {
        assert!(text.lines().any(|written| written == line), "{line} is missing in {text}");
    }
    let open = ask("application/openmetrics-text;version=1.0.0,text/plain;q=0.5").await;
    assert_eq!(open.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    assert!(open.text().ends_with("# EOF\n"));
}
