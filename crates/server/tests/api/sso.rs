//! Signing in with an identity provider: who comes in, as whom, with which access; and whom nobody becomes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Provider, ROOT, Server, TestScope, on_both_databases, query};

on_both_databases!(
    a_newcomer_appears_at_the_first_sign_in_and_has_the_access_of_their_rules,
    a_sign_in_takes_a_revision_only_where_something_changes,
    claims_that_describe_nobody_are_refused_with_a_code,
    an_answer_belongs_to_the_browser_that_was_sent,
    a_provider_asserts_emails_of_its_domains_alone,
    nobody_takes_over_a_user_by_an_email,
    a_disabled_provider_or_user_ends_what_is_open,
    a_provider_that_fails_is_told_apart,
    keys_that_were_rotated_are_read_again,
    one_comes_back_to_a_page_of_this_server_alone,
    no_header_changes_where_one_comes_back,
);

const NIA: &str = "nia@example.org";

fn nia(groups: &[&str]) -> Value {
    json!({ "sub": "nia-1", "email": NIA, "groups": groups })
}

async fn provider(server: &Server) -> Provider {
    let provider = Provider::start().await;
    server.post(&server.root, "/api/v1/idps", provider.settings()).await.created();
    provider
}

async fn who(server: &Server, session: &str) -> Value {
    server.ask("GET", "/api/v1/session").header("cookie", session).send().await.ok()
}

/// The names of the clusters that a session sees.
async fn sees(server: &Server, session: &str) -> usize {
    let clusters = server.ask("GET", "/api/v1/clusters").header("cookie", session).send().await;
    if clusters.status == 200 { clusters.json().as_array().unwrap().len() } else { 0 }
}

async fn a_newcomer_appears_at_the_first_sign_in_and_has_the_access_of_their_rules(server: Server) {
    let offered = server.ask("GET", "/api/v1/session/providers").send().await.ok();
    assert_eq!(offered, json!([]));
    let provider = provider(&server).await;
    let offered = server.ask("GET", "/api/v1/session/providers").send().await.ok();
    assert_eq!(offered, json!([{ "name": "oidc", "type": "oidc", "address": "/sso/oidc", "autoRedirect": false }]));

    let berlin = server.cluster("berlin").await;
    let paris = server.cluster("paris").await;
    server.grant(NIA, 5, &berlin).await;
    server.grant_to("group", "researchers", 5, &paris).await;

    let alone = server.sign_in_with(&provider, nia(&[])).await.session();
    assert_eq!(who(&server, &alone).await["username"], NIA);
    assert_eq!(sees(&server, &alone).await, 1, "their own rule");
    let together = server.sign_in_with(&provider, nia(&["researchers", "system:masters"])).await.session();
    assert_eq!(who(&server, &together).await["groups"], json!(["researchers"]), "names of the system are dropped");
    assert_eq!([sees(&server, &together).await, sees(&server, &alone).await], [2, 2], "also in the running session");

    let stranger = json!({ "sub": "max-1", "email": "Max@Example.org", "groups": [] });
    let stranger = server.sign_in_with(&provider, stranger).await.session();
    assert_eq!(who(&server, &stranger).await["username"], "max@example.org");
    assert_eq!(sees(&server, &stranger).await, 0, "no rule, no access");

    let listed = server.get(&server.root, "/api/v1/users?filterBy=username==nia@example.org").await.ok();
    assert_eq!([&listed[0]["isLocal"], &listed[0]["createdBy"]], [&json!(false), &json!("oidc")]);
    assert_eq!(listed[0]["identityProvider"], "oidc");
    let root = server.get(&server.root, "/api/v1/users?filterBy=isLocal==true").await.ok();
    assert_eq!(root[0]["identityProvider"], Value::Null);
    assert!(listed[0]["lastLogin"].is_string());
    // The secret and the verifier went to the provider, and the code is that of the browser.
    let posted = provider.script(|script| script.posted[0].clone());
    assert!(posted.contains("code=abc") && posted.contains("code_verifier="), "{posted}");
}

async fn a_sign_in_takes_a_revision_only_where_something_changes(server: Server) {
    let provider = provider(&server).await;
    let mut head = server.head().await;
    for (groups, changes) in [(&["a", "b"][..], 1), (&["b", "a"], 0), (&["a", "b"], 0), (&["a"], 1), (&[], 1), (&[], 0)]
    {
        server.sign_in_with(&provider, nia(groups)).await.session();
        let now = server.head().await;
        assert_eq!(now.number() - head.number(), changes, "{groups:?}");
        head = now;
    }
}

async fn claims_that_describe_nobody_are_refused_with_a_code(server: Server) {
    let provider = provider(&server).await;
    let head = server.head().await;
    let now = server.clock.now().seconds();
    for (changed, code) in [
        (json!({ "email": null }), "email-missing"),
        (json!({ "email": "nia" }), "email-invalid"),
        (json!({ "email_verified": false }), "email-unverified"),
        (json!({ "email_verified": null }), "email-unverified"),
        (json!({ "groups": null }), "groups-absent"),
        (json!({ "groups": null, "_claim_names": { "groups": "src1" } }), "groups-absent"),
        (json!({ "aud": "another" }), "token-audience"),
        (json!({ "iss": "https://id.example.com" }), "token-issuer"),
        (json!({ "nonce": "another" }), "token-nonce"),
        (json!({ "exp": now - 61, "iat": now - 900 }), "token-expired"),
        (json!({ "iat": now + 3600 }), "token-in-the-future"),
        (json!({ "sub": null }), "token-claim-missing"),
    ] {
        let mut person = nia(&["a"]);
        person.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
        provider.script(|script| script.userinfo = json!({ "sub": "nia-1" }));
        assert_eq!(server.sign_in_with(&provider, person).await.problem(), code, "{changed}");
        // Wrong answers count for the address, which waits longer and longer.
        server.later(Duration::from_secs(60)).await;
    }
    // An attacker's signature, and none.
    for token in [unsigned(&provider, &server).await, hashed(&provider, &server).await] {
        let sent = server.begin_sign_in("/sso/oidc").await;
        provider.script(|script| script.id_token = token);
        assert_eq!(server.come_back(&sent).await.problem(), "token-algorithm");
        server.later(Duration::from_secs(60)).await;
    }
    assert_eq!(server.head().await, head, "nobody appeared");
    // What the ID token lacks may be in the userinfo.
    provider.script(|script| {
        script.userinfo = json!({ "sub": "nia-1", "email": NIA, "email_verified": true, "groups": "a" });
    });
    server.sign_in_with(&provider, json!({ "sub": "nia-1", "email_verified": null })).await.session();
}

async fn unsigned(provider: &Provider, server: &Server) -> String {
    with_header(provider, server, &json!({ "alg": "none" })).await
}

async fn hashed(provider: &Provider, server: &Server) -> String {
    with_header(provider, server, &json!({ "alg": "HS256", "kid": "one" })).await
}

async fn with_header(provider: &Provider, server: &Server, header: &Value) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let sent = server.begin_sign_in("/sso/oidc").await;
    let signed = provider.sign(&provider.claims(server, &sent, &nia(&[])));
    let (_, rest) = signed.split_once('.').unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
}

async fn an_answer_belongs_to_the_browser_that_was_sent(server: Server) {
    let provider = provider(&server).await;
    let sent = server.begin_sign_in("/sso/oidc").await;
    let other = server.begin_sign_in("/sso/oidc").await;
    let token = provider.sign(&provider.claims(&server, &sent, &nia(&[])));
    provider.script(|script| script.id_token = token);
    let back = |state: &str, cookie: &str, more: &[(&str, &str)]| {
        let parameters = [&[("code", "abc"), ("state", state)][..], more].concat();
        let ask = server.ask("GET", &query("/sso/oidc/callback", &parameters));
        if cookie.is_empty() { ask } else { ask.header("cookie", cookie) }.send()
    };
    let state = sent.asked["state"].as_str();
    let mut altered = sent.cookie.clone();
    altered.pop();
    for (state, cookie) in [
        (state, ""),
        (state, other.cookie.as_str()),
        (other.asked["state"].as_str(), sent.cookie.as_str()),
        ("", sent.cookie.as_str()),
        (state, altered.as_str()),
        (state, "rolecall_sign_in=AAAA"),
    ] {
        assert_eq!(back(state, cookie, &[]).await.problem(), "callback-state", "{state} {cookie}");
    }
    let mixed = back(state, &sent.cookie, &[("iss", "https://evil.example")]).await;
    assert_eq!(mixed.problem(), "callback-other-issuer");
    assert_eq!(provider.script(|script| script.posted.len()), 0, "no code was exchanged");
    let refused = back(state, &sent.cookie, &[("error", "access_denied")]).await;
    assert_eq!(refused.problem(), "callback-provider-error");
    let twice = back(state, &sent.cookie, &[("state", state)]).await;
    assert_eq!(twice.problem(), "callback-parameter-twice");

    let came = back(state, &sent.cookie, &[("iss", &provider.issuer)]).await;
    came.session();
    assert!(came.set_cookie("rolecall_sign_in").unwrap().contains("Max-Age=0"), "used once");
    // Ten minutes later it is too late.
    let late = server.begin_sign_in("/sso/oidc").await;
    server.later(Duration::from_secs(601)).await;
    assert_eq!(server.come_back(&late).await.problem(), "callback-too-late");
}

async fn a_provider_asserts_emails_of_its_domains_alone(server: Server) {
    let provider = provider(&server).await;
    let set = async |domains: &[&str], vouched: bool| {
        let mut settings = provider.settings();
        settings["emailDomains"] = json!(domains);
        settings["emailsVouchedFor"] = json!(vouched);
        server.put(&server.root, "/api/v1/idps/oidc", settings).await.done();
    };
    let person = |sub: &str, email: &str, verified: Value| json!({ "sub": sub, "email": email, "groups": [], "email_verified": verified });
    provider.script(|script| script.userinfo = json!({}));
    set(&["Example.ORG", "bücher.example"], false).await;
    for (email, verified, problem) in [
        ("a@example.com", json!(true), "email-domain"),
        ("a@mail.example.org", json!(true), "email-domain"),
        ("a@example.org", json!(false), "email-unverified"),
        ("a@example.org", json!(null), "email-unverified"),
    ] {
        assert_eq!(server.sign_in_with(&provider, person("a", email, verified)).await.problem(), problem, "{email}");
    }
    server.sign_in_with(&provider, person("a", "a@example.org", json!(true))).await.session();
    server.sign_in_with(&provider, person("b", "b@bücher.example", json!(true))).await.session();

    // Entra ID says nothing of it, Okta always that it did not: an administrator vouches.
    set(&["example.org"], true).await;
    server.sign_in_with(&provider, person("c", "c@example.org", json!(null))).await.session();
    server.sign_in_with(&provider, person("d", "d@example.org", json!(false))).await.session();
    let other = person("e", "e@example.com", json!(true));
    assert_eq!(server.sign_in_with(&provider, other).await.problem(), "email-domain");
    // A person who came in before is refused once their user is outside the domains, whatever the provider asserts now.
    let before = person("b", "b@example.org", json!(true));
    assert_eq!(server.sign_in_with(&provider, before).await.problem(), "email-domain");
    // A client that knows nothing of domains leaves them as they are.
    server.put(&server.root, "/api/v1/idps/oidc", provider.settings()).await.done();
    let other = person("f", "f@example.com", json!(true));
    assert_eq!(server.sign_in_with(&provider, other).await.problem(), "email-domain");
}

async fn nobody_takes_over_a_user_by_an_email(server: Server) {
    let provider = provider(&server).await;
    server.newcomer("lea@example.org").await;
    for email in [ROOT, "lea@example.org", "LEA@example.org"] {
        let person = json!({ "sub": "x", "email": email, "groups": [] });
        assert_eq!(server.sign_in_with(&provider, person).await.problem(), "email-of-local-user");
    }
    server.sign_in_with(&provider, nia(&[])).await.session();
    let another = json!({ "sub": "nia-2", "email": NIA, "groups": [] });
    assert_eq!(server.sign_in_with(&provider, another.clone()).await.problem(), "email-of-another-person");
    // The same person with another email stays who they are.
    let renamed = json!({ "sub": "nia-1", "email": "nia.new@example.org", "groups": [] });
    let session = server.sign_in_with(&provider, renamed).await.session();
    assert_eq!(who(&server, &session).await["username"], NIA);
    // Until an administrator ends the binding: then the next one is this user, and the one before is not.
    let path = format!("/api/v1/users/{}/binding", server.id_of(NIA).await);
    let reader = server.user_with_rule("reader@example.com", 7, &TestScope::account()).await;
    server.delete(&reader, &path).await.refused(404).names("that you can see");
    server.delete(&server.root, &path).await.done();
    server.ask("GET", "/api/v1/session").header("cookie", &session).send().await.refused(401);
    server.delete(&server.root, &path).await.refused(400).names("bound to nobody");
    let successor = server.sign_in_with(&provider, another).await.session();
    assert_eq!(who(&server, &successor).await["username"], NIA);
    assert_eq!(server.sign_in_with(&provider, nia(&[])).await.problem(), "email-of-another-person");
    // A user of a provider has no password.
    server.try_to_sign_in(NIA, "").await.refused(401);
    server.try_to_sign_in(NIA, "x").await.refused(401);
}

async fn a_disabled_provider_or_user_ends_what_is_open(server: Server) {
    let provider = provider(&server).await;
    let session = server.sign_in_with(&provider, nia(&[])).await.session();
    let still = |session: String| server.ask("GET", "/api/v1/session").header("cookie", &session);

    let id = server.id_of(NIA).await;
    server.post(&server.root, &format!("/api/v1/users/{id}/disable"), json!({})).await.done();
    still(session).send().await.refused(401);
    assert_eq!(server.sign_in_with(&provider, nia(&[])).await.problem(), "user-disabled");
    server.post(&server.root, &format!("/api/v1/users/{id}/enable"), json!({})).await.done();
    let session = server.sign_in_with(&provider, nia(&[])).await.session();

    let sent = server.begin_sign_in("/sso/oidc").await;
    let mut settings = provider.settings();
    settings["enabled"] = json!(false);
    settings["oidcData"]["clientSecret"] = json!("*******");
    server.put(&server.root, "/api/v1/idps/oidc", settings.clone()).await.done();
    assert_eq!(server.come_back(&sent).await.problem(), "provider-disabled");
    still(session).send().await.refused(401);
    assert_eq!(server.ask("GET", "/api/v1/session/providers").send().await.ok(), json!([]));
    assert_eq!(server.ask("GET", "/sso/oidc").send().await.problem(), "provider-disabled");
    // Enabled again it is another one than that of the sign-in before.
    settings["enabled"] = json!(true);
    server.put(&server.root, "/api/v1/idps/oidc", settings).await.done();
    assert_eq!(server.come_back(&sent).await.problem(), "provider-changed");
    let session = server.sign_in_with(&provider, nia(&[])).await.session();
    server.delete(&server.root, "/api/v1/idps/oidc").await.done();
    still(session).send().await.refused(401);
    assert_eq!(server.ask("GET", "/sso/oidc").send().await.problem(), "provider-unknown");
}

async fn a_provider_that_fails_is_told_apart(server: Server) {
    let provider = provider(&server).await;
    provider.script(|script| script.refuses = true);
    assert_eq!(server.sign_in_with(&provider, nia(&[])).await.problem(), "token-endpoint-refused");
    let mut away = provider.settings();
    away["name"] = json!("away");
    away["oidcData"]["discoverDocumentUrl"] = json!("http://127.0.0.1:1/.well-known/openid-configuration");
    server.post(&server.root, "/api/v1/idps", away).await.created();
    assert_eq!(server.ask("GET", "/sso/away").send().await.problem(), "provider-unreachable");
}

async fn keys_that_were_rotated_are_read_again(server: Server) {
    let provider = provider(&server).await;
    server.sign_in_with(&provider, nia(&[])).await.session();
    server.sign_in_with(&provider, nia(&[])).await.session();
    assert_eq!(provider.script(|script| script.keys_read), 1, "kept for a while");
    provider.script(|script| "two".clone_into(&mut script.key_id));
    server.later(Duration::from_secs(31)).await;
    server.sign_in_with(&provider, nia(&[])).await.session();
    assert_eq!(provider.script(|script| script.keys_read), 2);
}

async fn one_comes_back_to_a_page_of_this_server_alone(server: Server) {
    let provider = provider(&server).await;
    for to in ["//evil.example", "/\\evil.example", "https://evil.example", "evil", ""] {
        let refused = server.ask("GET", &query("/sso/oidc", &[("to", to)])).send().await;
        assert_eq!(refused.problem(), "sign-in-return-path", "{to}");
    }
    let sent = server.begin_sign_in(&query("/sso/oidc", &[("to", "/access/users?search=ana")])).await;
    assert_eq!(sent.asked["redirect_uri"], "http://localhost:8080/sso/oidc/callback", "whatever a request says");
    let token = provider.sign(&provider.claims(&server, &sent, &nia(&[])));
    provider.script(|script| script.id_token = token);
    let came = server.come_back(&sent).await;
    came.session();
    assert_eq!(came.header("location"), Some("/access/users?search=ana"));
    // Also with characters that are escaped on the way.
    let page = "/access/users?search=\"ana\"";
    let sent = server.begin_sign_in(&query("/sso/oidc", &[("to", page)])).await;
    let token = provider.sign(&provider.claims(&server, &sent, &nia(&[])));
    provider.script(|script| script.id_token = token);
    let came = server.come_back(&sent).await;
    came.session();
    assert_eq!(came.header("location"), Some(page));
    // A sign-in that failed leads there when it is tried again.
    let sent = server.begin_sign_in(&query("/sso/oidc", &[("to", "/access/users?search=ana")])).await;
    let failed = server.come_back(&sent).await;
    assert_eq!(failed.problem(), "token-nonce");
    assert!(failed.header("location").unwrap().ends_with("&to=%2Faccess%2Fusers%3Fsearch%3Dana"));
}

async fn no_header_changes_where_one_comes_back(server: Server) {
    let provider = provider(&server).await;
    let lies = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-host", "evil.example"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/"),
    ];
    let ask = |path: &str| lies.iter().fold(server.ask("GET", path), |ask, (name, value)| ask.header(name, value));
    let begun = ask("/sso/oidc").send().await;
    let to = begun.header("location").unwrap();
    assert!(to.contains("redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fsso%2Foidc%2Fcallback&"), "{to}");
    assert!(
        !begun.headers.iter().any(|(_, value)| value.as_bytes().windows(4).any(|it| it == b"evil")),
        "{:?}",
        begun.headers
    );

    // What is shown for administrators to copy, and what a provider is told in metadata and logout.
    let shown = ask("/api/v1/idps/oidc").by(&server.root).send().await.ok();
    assert_eq!(shown["redirectUri"], "http://localhost:8080/sso/oidc/callback");
    assert!(!shown.to_string().contains("evil"), "{shown}");
    let saml = crate::harness::SamlProvider::start().await;
    server.post(&server.root, "/api/v1/idps", saml.settings()).await.created();
    assert!(!ask("/sso/saml/metadata").send().await.text().contains("evil"));
    drop(provider);
}
