//! Signing out with an OpenID Connect provider: there as well as here, and here because the provider says so.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Answer, Provider, Server, on_both_databases, parameters, query};

on_both_databases!(
    signing_out_leads_to_the_provider_and_back,
    nobody_needs_the_provider_to_sign_out_here,
    a_way_out_belongs_to_its_browser_and_counts_once,
    sessions_that_the_provider_ends_end_here,
    logout_tokens_that_prove_nothing_are_refused,
    a_logout_token_counts_once,
    all_sessions_of_a_person_end_in_one_revision,
    what_a_logout_does_not_mean_stays_and_what_it_means_does_not_open,
    a_document_is_read_once_for_all_who_wait,
    providers_are_told_where_to_send_what,
);

const OURS: &str = "http://localhost:8080";
const BACK_CHANNEL: &str = "/sso/oidc/backchannel-logout";

fn nia(session: &str) -> Value {
    json!({ "sub": "nia-1", "email": "nia@example.org", "groups": [], "sid": session })
}

fn max(session: &str) -> Value {
    json!({ "sub": "max-1", "email": "max@example.org", "groups": [], "sid": session })
}

async fn provider(server: &Server) -> Provider {
    let provider = Provider::start().await;
    provider.script(|script| script.signs_out = true);
    server.post(&server.root, "/api/v1/idps", provider.settings()).await.created();
    provider
}

async fn sign_out(server: &Server, session: &str) -> Answer {
    server.ask("DELETE", "/api/v1/session").header("cookie", session).header("origin", OURS).send().await
}

async fn is_in(server: &Server, session: &str) -> bool {
    server.ask("GET", "/api/v1/session").header("cookie", session).send().await.status == 200
}

/// The cookie of the sign-out that is in progress.
fn leaving(answer: &Answer) -> String {
    answer.set_cookie("rolecall_sign_out").unwrap().split(';').next().unwrap().to_owned()
}

async fn go(server: &Server, path: &str, cookie: &str) -> Answer {
    server.ask("GET", path).header("cookie", cookie).send().await
}

#[track_caller]
fn leads_to(answer: &Answer, to: &str) {
    assert_eq!((answer.status, answer.header("location")), (303, Some(to)), "{}", answer.text());
}

async fn signing_out_leads_to_the_provider_and_back(server: Server) {
    let provider = provider(&server).await;
    let session = server.sign_in_with(&provider, nia("s-1")).await.session();
    let token = provider.script(|script| script.id_token.clone());

    let head = server.head().await;
    let ended = sign_out(&server, &session).await;
    assert_eq!(ended.ok(), json!({ "signOutAt": "/sso/oidc/sign-out" }));
    assert!(ended.revision() > 0 && !is_in(&server, &session).await, "first of all here");
    let audited = server.audited_after(head).await;
    assert_eq!((audited[0].action.as_str(), audited[0].http_status_code), ("sign-out", 200));

    // On any replica.
    let cookie = leaving(&ended);
    let replica = server.replica().await;
    let there = go(&replica, "/sso/oidc/sign-out", &cookie).await;
    let to = there.header("location").unwrap().to_owned();
    assert!(there.status == 303 && to.starts_with(&format!("{}/end?", provider.issuer)), "{to}");
    let asked = parameters(&to);
    assert_eq!([&asked["id_token_hint"], &asked["client_id"]], [&token, "rolecall"]);
    assert_eq!(asked["post_logout_redirect_uri"], format!("{OURS}/sso/oidc/signed-out"));

    let back = query("/sso/oidc/signed-out", &[("state", &asked["state"])]);
    let back = go(&server, &back, &cookie).await;
    leads_to(&back, "/sign-in?signedOut=provider");
    assert!(back.set_cookie("rolecall_sign_out").unwrap().contains("Max-Age=0"));
    for (path, cookie) in [
        ("/sso/oidc/signed-out?state=another", cookie.as_str()),
        ("/sso/oidc/signed-out?state=a&state=b", &cookie),
        ("/sso/oidc/signed-out", &cookie),
        (&format!("/sso/oidc/signed-out?state={}", asked["state"]), "none=1"),
    ] {
        leads_to(&go(&server, path, cookie).await, "/sign-in?signedOut=here");
    }
}

async fn nobody_needs_the_provider_to_sign_out_here(server: Server) {
    let provider = provider(&server).await;
    // An ID token that is too long for an address is not kept; the provider knows the client without it.
    let mut long = nia("s-1");
    long["more"] = json!("x".repeat(7000));
    let session = server.sign_in_with(&provider, long).await.session();
    let ended = sign_out(&server, &session).await;
    let there = go(&server, "/sso/oidc/sign-out", &leaving(&ended)).await;
    let asked = parameters(there.header("location").unwrap());
    assert!(!asked.contains_key("id_token_hint") && asked["client_id"] == "rolecall", "{asked:?}");

    // A provider that is away by then.
    let [away, disabled, deleted] = [
        server.sign_in_with(&provider, nia("s-2")).await.session(),
        sso(&server, &provider).await,
        sso(&server, &provider).await,
    ];
    provider.script(|script| script.away = true);
    server.later(Duration::from_secs(601)).await;
    let ended = sign_out(&server, &away).await;
    ended.ok();
    leads_to(&go(&server, "/sso/oidc/sign-out", &leaving(&ended)).await, "/sign-in?signedOut=here");
    assert!(!is_in(&server, &away).await);
    provider.script(|script| script.away = false);

    // One that is disabled or deleted meanwhile.
    let root = server.sign_in(crate::harness::ROOT, crate::harness::ROOTS_PASSWORD).await;
    let ended = sign_out(&server, &disabled).await;
    let mut settings = provider.settings();
    settings["enabled"] = json!(false);
    server.put(&root, "/api/v1/idps/oidc", settings).await.done();
    leads_to(&go(&server, "/sso/oidc/sign-out", &leaving(&ended)).await, "/sign-in?signedOut=here");
    assert!(!is_in(&server, &deleted).await, "disabling ends the others");
    settings = provider.settings();
    settings["enabled"] = json!(true);
    server.put(&root, "/api/v1/idps/oidc", settings).await.done();
    let deleted = sso(&server, &provider).await;
    let ended = sign_out(&server, &deleted).await;
    server.delete(&root, "/api/v1/idps/oidc").await.done();
    leads_to(&go(&server, "/sso/oidc/sign-out", &leaving(&ended)).await, "/sign-in?signedOut=here");

    // One that signs nobody out.
    provider.script(|script| script.signs_out = false);
    server.post(&root, "/api/v1/idps", provider.settings()).await.created();
    let session = server.sign_in_with(&provider, max("s-1")).await.session();
    let ended = sign_out(&server, &session).await;
    ended.gone();
    assert!(ended.set_cookie("rolecall_sign_out").is_none() && !is_in(&server, &session).await);
}

async fn sso(server: &Server, provider: &Provider) -> String {
    server.sign_in_with(provider, nia("s-9")).await.session()
}

async fn a_way_out_belongs_to_its_browser_and_counts_once(server: Server) {
    let provider = provider(&server).await;
    let path = "/sso/oidc/sign-out";
    leads_to(&server.ask("GET", path).send().await, "/sign-in?signedOut=here");
    leads_to(&go(&server, path, "rolecall_sign_out=AAAA").await, "/sign-in?signedOut=here");
    // The cookie of a sign-in is none of a sign-out.
    let sent = server.begin_sign_in("/sso/oidc").await;
    let value = sent.cookie.split_once('=').unwrap().1;
    leads_to(&go(&server, path, &format!("rolecall_sign_out={value}")).await, "/sign-in?signedOut=here");

    let session = sso(&server, &provider).await;
    let ended = sign_out(&server, &session).await;
    let cookie = leaving(&ended);
    let flags = ended.set_cookie("rolecall_sign_out").unwrap();
    assert!(flags.contains("HttpOnly; SameSite=Lax") && flags.contains("Max-Age=600"), "{flags}");
    leads_to(&go(&server, "/sso/other/sign-out", &cookie).await, "/sign-in?signedOut=here");
    assert!(go(&server, path, &cookie).await.header("location").unwrap().starts_with(&provider.issuer));
    leads_to(&go(&server, path, &cookie).await, "/sign-in?signedOut=here");

    let session = sso(&server, &provider).await;
    let cookie = leaving(&sign_out(&server, &session).await);
    server.later(Duration::from_secs(601)).await;
    leads_to(&go(&server, path, &cookie).await, "/sign-in?signedOut=here");
}

async fn log_out(server: &Server, token: &str) -> Answer {
    server.ask("POST", BACK_CHANNEL).form(&[("logout_token", token)]).send().await
}

async fn sessions_that_the_provider_ends_end_here(server: Server) {
    let provider = provider(&server).await;
    let mut sessions = Vec::new();
    for person in [nia("s-1"), nia("s-2"), nia("s-3"), max("s-4"), max("s-5")] {
        sessions.push(server.sign_in_with(&provider, person).await.session());
    }
    let local = server.root.clone();
    let told = async |named: Value| {
        let token = provider.sign(&provider.logout_claims(&server, &named));
        let answer = log_out(&server, &token).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, ""), "{named}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.header("set-cookie").is_none() && answer.header("access-control-allow-origin").is_none());
        let mut open = Vec::new();
        for session in &sessions {
            open.push(is_in(&server, session).await);
        }
        open
    };
    let head = server.head().await;
    assert_eq!(told(json!({ "sid": "s-1" })).await, [false, true, true, true, true]);
    let audited = server.audited_after(head).await;
    assert_eq!(audited.len(), 1);
    let row = &audited[0];
    assert_eq!(
        [&row.action, &row.entity_type, &row.entity_name, &row.url],
        ["sign-out", "session", "nia@example.org", BACK_CHANNEL]
    );
    assert_eq!((row.http_status_code, row.subject.as_str()), (200, "rolecall"));
    // Of another person, and one that is unknown or over: nothing happens, and no revision is taken.
    let head = server.head().await;
    assert_eq!(told(json!({ "sid": "s-4", "sub": "nia-1" })).await, [false, true, true, true, true]);
    assert_eq!(told(json!({ "sid": "s-1" })).await, [false, true, true, true, true]);
    assert_eq!(told(json!({ "sub": "nobody" })).await, [false, true, true, true, true]);
    assert_eq!(server.head().await, head);
    assert_eq!(told(json!({ "sid": "s-4", "sub": "max-1" })).await, [false, true, true, false, true]);
    assert_eq!(told(json!({ "sub": "nia-1" })).await, [false, false, false, false, true]);
    server.get(&local, "/api/v1/session").await.ok();

    // The provider has new keys: they are read, as at a sign-in.
    provider.script(|script| script.key_id = "two".to_owned());
    server.later(Duration::from_secs(6)).await;
    assert_eq!(told(json!({ "sub": "max-1" })).await, [false; 5]);
}

async fn logout_tokens_that_prove_nothing_are_refused(server: Server) {
    let provider = provider(&server).await;
    let other = Provider::start().await;
    let mut settings = other.settings();
    settings["name"] = json!("other");
    server.post(&server.root, "/api/v1/idps", settings).await.created();
    let session = server.sign_in_with(&provider, nia("s-1")).await.session();
    let id_token = provider.script(|script| script.id_token.clone());
    let head = server.head().await;
    let now = server.clock.now().seconds();

    let mut tokens = Vec::new();
    for (changed, code) in [
        (json!({ "aud": "another" }), "token-audience"),
        (json!({ "iss": other.issuer }), "token-issuer"),
        (json!({ "iat": now - 361, "exp": now + 60 }), "logout-token-too-old"),
        (json!({ "exp": now - 61 }), "token-expired"),
        (json!({ "iat": now + 61 }), "token-in-the-future"),
        (json!({ "sid": null }), "logout-token-nobody-named"),
        (json!({ "nonce": "n" }), "logout-token-nonce"),
        (json!({ "events": {} }), "logout-token-no-logout"),
        (json!({ "jti": null }), "token-claim-missing"),
    ] {
        let mut claims = provider.logout_claims(&server, &json!({ "sid": "s-1" }));
        claims.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
        tokens.push((provider.sign(&claims), code));
    }
    let good = provider.sign(&provider.logout_claims(&server, &json!({ "sid": "s-1" })));
    let (unsigned, _) = good.rsplit_once('.').unwrap();
    let (_, foreign) = id_token.rsplit_once('.').unwrap();
    tokens.push((format!("{unsigned}.{foreign}"), "token-signature"));
    tokens.push((format!("{unsigned}."), "token-signature"));
    tokens.push((id_token, "logout-token-no-logout"));
    tokens.push(("x".to_owned(), "token-malformed"));
    tokens.push((String::new(), "token-malformed"));
    for (token, code) in &tokens {
        refused(&log_out(&server, token).await, code);
    }
    for path in ["/sso/other/backchannel-logout", "/sso/none/backchannel-logout"] {
        let answer = server.ask("POST", path).form(&[("logout_token", &good)]).send().await;
        refused(&answer, if path.contains("other") { "token-issuer" } else { "provider-unknown" });
    }
    refused(&server.ask("POST", BACK_CHANNEL).form(&[("token", &good)]).send().await, "logout-token-missing");
    refused(
        &server.ask("POST", BACK_CHANNEL).json(&json!({ "logout_token": good })).send().await,
        "logout-token-missing",
    );
    assert_eq!(server.ask("GET", BACK_CHANNEL).send().await.status, 405);
    assert_eq!(log_out(&server, &"x".repeat(17 * 1024)).await.status, 413);
    assert_eq!(server.head().await, head, "nothing ended");
    assert!(is_in(&server, &session).await);

    // Any page could have its visitors post these: none of them counts for the address.
    let (_, password) = server.user("ana@example.com").await;
    server.sign_in("ana@example.com", &password).await;

    let mut settings = provider.settings();
    settings["enabled"] = json!(false);
    server.put(&server.root, "/api/v1/idps/oidc", settings).await.done();
    refused(&log_out(&server, &good).await, "provider-disabled");
}

#[track_caller]
fn refused(answer: &Answer, code: &str) {
    assert_eq!(answer.status, 400, "{code}: {}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    assert_eq!(body["error"], "invalid_request");
    let told = body["error_description"].as_str().unwrap();
    assert!(told.starts_with(&format!("{code};")), "{code}: {told}");
    answer.is_explained(code);
}

async fn a_logout_token_counts_once(server: Server) {
    let provider = provider(&server).await;
    let first = sso(&server, &provider).await;
    let token = provider.sign(&provider.logout_claims(&server, &json!({ "sub": "nia-1" })));
    assert_eq!(log_out(&server, &token).await.status, 200);
    assert!(!is_in(&server, &first).await);
    let second = sso(&server, &provider).await;
    refused(&log_out(&server, &token).await, "sign-out-replayed");
    let replica = server.replica().await;
    refused(&log_out(&replica, &token).await, "sign-out-replayed");
    assert!(is_in(&server, &second).await);
}

async fn providers_are_told_where_to_send_what(server: Server) {
    provider(&server).await;
    let shown = server.get(&server.root, "/api/v1/idps/oidc").await.ok();
    assert_eq!(shown["oidcData"]["postLogoutRedirectUri"], format!("{OURS}/sso/oidc/signed-out"));
    assert_eq!(shown["oidcData"]["backchannelLogoutUri"], format!("{OURS}{BACK_CHANNEL}"));
    // As a client sends back what it read.
    server.put(&server.root, "/api/v1/idps/oidc", shown).await.done();
}

async fn all_sessions_of_a_person_end_in_one_revision(server: Server) {
    let provider = provider(&server).await;
    let mut sessions = Vec::new();
    for number in 0..12 {
        sessions.push(server.sign_in_with(&provider, nia(&format!("s-{number}"))).await.session());
    }
    let head = server.head().await;
    let token = provider.sign(&provider.logout_claims(&server, &json!({ "sub": "nia-1" })));
    assert_eq!(log_out(&server, &token).await.status, 200);
    assert_eq!(server.head().await.number() - head.number(), 1);
    for session in &sessions {
        assert!(!is_in(&server, session).await);
    }
    let audited = server.audited_after(head).await;
    assert_eq!(audited[0].entity_id, "12 sessions");
}

async fn what_a_logout_does_not_mean_stays_and_what_it_means_does_not_open(server: Server) {
    let provider = provider(&server).await;
    // Held back for two minutes, while the person signs in anew.
    let late = provider.sign(&provider.logout_claims(&server, &json!({ "sub": "nia-1" })));
    server.later(Duration::from_secs(120)).await;
    let newer = server.sign_in_with(&provider, nia("s-1")).await.session();
    assert_eq!(log_out(&server, &late).await.status, 200);
    assert!(is_in(&server, &newer).await);
    // A code that was held back while its session at the provider ended.
    let token = provider.sign(&provider.logout_claims(&server, &json!({ "sid": "s-9" })));
    assert_eq!(log_out(&server, &token).await.status, 200);
    assert_eq!(server.sign_in_with(&provider, nia("s-9")).await.problem(), "changed-meanwhile");
    server.sign_in_with(&provider, nia("s-10")).await.session();
}

async fn a_document_is_read_once_for_all_who_wait(server: Server) {
    let provider = provider(&server).await;
    let begin = || server.begin_sign_in("/sso/oidc");
    tokio::join!(begin(), begin(), begin(), begin(), begin(), begin());
    assert_eq!(provider.script(|script| script.keys_read), 1);
}
