//! Recent sign-ins: what an administrator finds behind the reference that a person was shown; and tests of a provider, which let
//! nobody in.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{
    Answer, Provider, ROOT, ROOTS_PASSWORD, SamlProvider, Says, Server, TestScope, on_both_databases, query,
};

on_both_databases!(
    a_person_who_is_refused_tells_a_reference,
    each_step_is_told_with_the_claims_and_without_secrets,
    sign_ins_are_found_by_person_and_provider_and_forgotten_after_a_week,
    strangers_fill_nothing,
    one_claim_hides_nothing,
    a_test_ends_in_the_session_that_began_it,
    only_who_may_see_providers_sees_sign_ins,
    a_test_says_what_would_come_of_it_and_lets_nobody_in,
    a_disabled_provider_can_be_tested,
    a_saml_provider_can_be_tested,
);

const NIA: &str = "nia@example.org";

fn nia(groups: &[&str]) -> Value {
    json!({ "sub": "nia-1", "email": NIA, "groups": groups })
}

async fn provider(server: &Server) -> Provider {
    let provider = Provider::start().await;
    // It is asked for what the ID token lacks, and knows no more.
    provider.script(|script| script.userinfo = json!({ "sub": "nia-1" }));
    server.post(&server.root, "/api/v1/idps", provider.settings()).await.created();
    provider
}

/// The reference in the address of the sign-in page.
#[track_caller]
fn reference(refused: &Answer) -> String {
    let to = refused.header("location").unwrap();
    let (_, reference) = to.split_once("&reference=").unwrap_or_else(|| panic!("no reference: {to}"));
    reference.split('&').next().unwrap().to_owned()
}

async fn report(server: &Server, reference: &str) -> Value {
    server.get(&server.root, &format!("/api/v1/sign-ins/{reference}")).await.ok()
}

async fn list(server: &Server, query: &str) -> Vec<Value> {
    let listed = server.get(&server.root, &format!("/api/v1/sign-ins?{query}")).await.ok();
    let sign_ins = listed["signIns"].as_array().unwrap().clone();
    assert_eq!(listed["total"], sign_ins.len());
    sign_ins
}

async fn a_person_who_is_refused_tells_a_reference(server: Server) {
    let provider = provider(&server).await;
    let refused = server.sign_in_with(&provider, json!({ "sub": "nia-1", "email": NIA })).await;
    assert_eq!(refused.problem(), "groups-absent");
    let report = report(&server, &reference(&refused).to_lowercase()).await;
    assert_eq!([&report["problem"], &report["email"], &report["idp"]], ["groups-absent", NIA, "oidc"]);
    assert_eq!(report["steps"].as_array().unwrap().last().unwrap(), "read-claims");
    assert_eq!(report["failure"], "the identity provider sent no claim \"groups\"");
    assert_eq!(report["reading"]["groups"], Value::Null);
}

async fn each_step_is_told_with_the_claims_and_without_secrets(server: Server) {
    let provider = provider(&server).await;
    server.sign_in_with(&provider, nia(&["b", "a", "system:masters"])).await.session();
    let [came_in] = list(&server, "").await.try_into().unwrap();
    assert_eq!([&came_in["problem"], &came_in["isTest"]], [&Value::Null, &json!(false)]);
    let report = report(&server, came_in["reference"].as_str().unwrap()).await;
    let steps = ["read-provider", "check-answer", "exchange-code", "verify-identity", "read-claims", "admit"];
    assert_eq!(report["steps"], json!(steps));
    assert_eq!([&report["claims"]["sub"], &report["claims"]["nonce"]], [&json!("nia-1"), &Value::Null]);
    assert_eq!([&report["reading"]["groups"], &report["reading"]["emailVerified"]], [&json!(["a", "b"]), &json!(true)]);
    assert!(report["reading"]["warnings"][0].as_str().unwrap().contains("system:"), "{report}");

    // What the ID token says is told also where the userinfo endpoint fails.
    provider.script(|script| script.userinfo = json!([]));
    let refused = server.sign_in_with(&provider, json!({ "sub": "nia-1", "email": NIA })).await;
    assert_eq!(refused.problem(), "userinfo-not-json");
    let report = self::report(&server, &reference(&refused)).await;
    assert_eq!([&report["steps"][4], &report["claims"]["email"]], [&json!("ask-for-more"), &json!(NIA)]);

    // The provider does not know us: nothing is verified, so nothing is shown.
    provider.script(|script| script.refuses = true);
    let refused = server.sign_in_with(&provider, nia(&[])).await;
    assert_eq!(refused.problem(), "token-endpoint-refused");
    let report = self::report(&server, &reference(&refused)).await;
    assert_eq!([&report["steps"][2], &report["claims"]], [&json!("exchange-code"), &Value::Null]);
    // A provider that is away is told already on the way there.
    let settings = json!({ "type": "oidc", "name": "away", "oidcData": { "clientId": "rolecall", "clientSecret": "x",
        "discoverDocumentUrl": "http://127.0.0.1:1/" } });
    server.post(&server.root, "/api/v1/idps", settings).await.created();
    let refused = server.ask("GET", "/sso/away?to=/users").send().await;
    assert_eq!(refused.problem(), "provider-unreachable");
    assert_eq!(self::report(&server, &reference(&refused)).await["steps"], json!(["read-provider"]));
}

async fn sign_ins_are_found_by_person_and_provider_and_forgotten_after_a_week(server: Server) {
    let provider = provider(&server).await;
    server.sign_in_with(&provider, nia(&[])).await.session();
    server.later(Duration::from_secs(1)).await;
    let refused = server.sign_in_with(&provider, json!({ "sub": "nia-1", "email": "max@example.org" })).await;
    let max = reference(&refused);
    assert_eq!(list(&server, "").await[0]["reference"], json!(max), "newest first");
    for (query, found) in [
        ("failed=true", 1),
        ("failed=false", 2),
        ("search=NIA@", 1),
        ("search=%25", 0),
        (&*format!("search={}", max.to_lowercase()), 1),
        ("idp=oidc", 2),
    ] {
        assert_eq!(list(&server, query).await.len(), found, "{query}");
    }
    let page = server.get(&server.root, "/api/v1/sign-ins?limit=1&offset=1").await.ok();
    assert_eq!([&page["total"], &page["signIns"][0]["email"]], [&json!(2), &json!(NIA)]);
    server.get(&server.root, "/api/v1/sign-ins?idp=gone").await.refused(404);
    server.get(&server.root, "/api/v1/sign-ins?failed=perhaps").await.refused(400).names("failed");

    server.later(Duration::from_secs(6 * 24 * 60 * 60)).await;
    server.sign_in_with(&provider, nia(&[])).await.session();
    server.later(Duration::from_secs(2 * 24 * 60 * 60)).await;
    server.app.store.forget_sign_ins(server.clock.now()).await.unwrap();
    let root = server.sign_in(ROOT, ROOTS_PASSWORD).await;
    assert_eq!(server.get(&root, "/api/v1/sign-ins").await.ok()["total"], 1);
    server.get(&root, &format!("/api/v1/sign-ins/{max}")).await.refused(404).because("sign-in-not-found");
}

async fn strangers_fill_nothing(server: Server) {
    let provider = provider(&server).await;
    server.sign_in_with(&provider, nia(&[])).await.session();
    // The page of another site has its visitor ask, without a cookie or with an answer to nothing.
    server.ask("GET", "/sso/oidc/callback?error=access_denied&state=x").send().await.problem();
    let sent = server.begin_sign_in("/sso/oidc").await;
    let answer = |state: &str| server.ask("GET", &format!("/sso/oidc/callback?error=access_denied&state={state}"));
    for state in ["x", "y"] {
        answer(state).header("cookie", &sent.cookie).send().await.problem();
    }
    assert_eq!(list(&server, "").await.len(), 1);
    // The same sign-in is kept once, however often it fails.
    let refused = answer(&sent.asked["state"]).header("cookie", &sent.cookie).send().await;
    let again = answer(&sent.asked["state"]).header("cookie", &sent.cookie).send().await;
    assert_eq!(reference(&refused), reference(&again));
    // One that succeeded is not covered by a failure after it.
    let sent = server.begin_sign_in("/sso/oidc").await;
    let token = provider.sign(&provider.claims(&server, &sent, &nia(&[])));
    provider.script(|script| script.id_token = token);
    server.come_back(&sent).await.session();
    let failed = server.ask("GET", &format!("/sso/oidc/callback?error=x&state={}", sent.asked["state"]));
    let failed = failed.header("cookie", &sent.cookie).send().await;
    assert_eq!(report(&server, &reference(&failed)).await["problem"], Value::Null);
    assert_eq!(list(&server, "").await.len(), 3);
    for _ in 0..40 {
        let sent = server.begin_sign_in("/sso/oidc").await;
        answer(&sent.asked["state"]).header("cookie", &sent.cookie).send().await.problem();
    }
    let kept = list(&server, "limit=500").await;
    assert_eq!(kept.len(), 32, "thirty of a network that nobody knows, and the person's");
    assert_eq!(kept.iter().filter(|it| it["email"] == NIA).count(), 2);
    // Nor do people whom the provider knows, and who may not come in here.
    let mut settings = provider.settings();
    settings["emailDomains"] = json!(["example.org"]);
    server.put(&server.root, "/api/v1/idps/oidc", settings).await.done();
    for number in 0..35 {
        let other = json!({ "sub": format!("m-{number}"), "email": format!("m{number}@example.net"), "groups": [] });
        assert_eq!(server.sign_in_with(&provider, other).await.problem(), "email-domain");
    }
    assert_eq!(list(&server, "limit=500").await.len(), 32);
}

async fn one_claim_hides_nothing(server: Server) {
    let provider = provider(&server).await;
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let mut person = nia(&["a"]);
    person["aaa"] = json!("x".repeat(17_000));
    person["deep"] = deep;
    server.sign_in_with(&provider, person).await.session();
    let [came_in] = list(&server, "").await.try_into().unwrap();
    let claims = report(&server, came_in["reference"].as_str().unwrap()).await["claims"].clone();
    assert_eq!([&claims["email"], &claims["groups"]], [&json!(NIA), &json!(["a"])]);
    assert_eq!(claims["aaa"], "(left out: 17005 bytes)");
    assert!(claims["deep"].as_str().unwrap().starts_with("(left out"), "{claims}");
    // An email with characters that nobody sees is told with marks.
    let trick = json!({ "sub": "max-1", "email": "\u{202e}moc.elpmaxe@nimda", "groups": [] });
    let refused = server.sign_in_with(&provider, trick).await;
    assert_eq!(report(&server, &reference(&refused)).await["email"], "\u{fffd}moc.elpmaxe@nimda");
}

async fn a_test_ends_in_the_session_that_began_it(server: Server) {
    let provider = provider(&server).await;
    server.user_with_rule("vera@example.com", 4, &TestScope::account()).await;
    let sent = server.begin_sign_in_by("/sso/oidc/test", &server.root).await;
    let token = provider.sign(&provider.claims(&server, &sent, &nia(&[])));
    provider.script(|script| script.id_token = token);
    let path = query("/sso/oidc/callback", &[("code", "abc"), ("state", &sent.asked["state"])]);
    let cookies = format!("{}; rolecall_session=another", sent.cookie);
    assert_eq!(server.ask("GET", &path).header("cookie", &cookies).send().await.problem(), "test-forbidden");
    let elsewhere = server.ask("GET", "/sso/oidc/test").by(&server.root).header("sec-fetch-site", "cross-site");
    assert_eq!(elsewhere.send().await.problem(), "test-forbidden");
    assert!(list(&server, "").await.is_empty());
}

async fn only_who_may_see_providers_sees_sign_ins(server: Server) {
    let provider = provider(&server).await;
    let refused = server.sign_in_with(&provider, json!({ "sub": "nia-1", "email": NIA })).await;
    let reference = reference(&refused);
    let berlin = server.cluster("berlin").await;
    let viewer = server.user_with_rule("vera@example.com", 4, &berlin).await;
    server.get(&viewer, "/api/v1/sign-ins").await.refused(403);
    let hidden = server.get(&viewer, &format!("/api/v1/sign-ins/{reference}")).await.refused(404);
    let unknown = server.get(&viewer, "/api/v1/sign-ins/0000-0000").await.refused(404);
    assert_eq!(hidden.message.replace(&reference, "0000-0000"), unknown.message, "a hidden one looks like none");
    // Neither do they test a provider.
    for who in ["", "rolecall_session=nobody"] {
        let refused = server.ask("GET", "/sso/oidc/test").header("cookie", who).send().await;
        assert_eq!(refused.problem(), "test-forbidden");
    }
    let refused = server.ask("GET", "/sso/oidc/test").by(&viewer).send().await;
    assert_eq!(refused.problem(), "test-forbidden");
}

/// An administrator tests the provider, which describes that person.
async fn test(server: &Server, provider: &Provider, person: Value) -> Value {
    let sent = server.begin_sign_in_by("/sso/oidc/test", &server.root).await;
    let token = provider.sign(&provider.claims(server, &sent, &person));
    provider.script(|script| script.id_token = token);
    let back = server.come_back(&sent).await;
    report(server, &tested(&back)).await
}

/// The reference in the console's address.
#[track_caller]
fn tested(back: &Answer) -> String {
    assert!(back.set_cookie("rolecall_session").is_none(), "a test opened a session");
    let to = back.header("location").unwrap();
    let reference = to.strip_prefix("/admin/identity-providers/sign-ins?dialog=sign-in%3A");
    reference.unwrap_or_else(|| panic!("a test leads to {to}")).to_owned()
}

async fn a_test_says_what_would_come_of_it_and_lets_nobody_in(server: Server) {
    let provider = provider(&server).await;
    let (berlin, paris) = (server.cluster("berlin").await, server.cluster("paris").await);
    server.grant(NIA, 5, &berlin).await;
    server.grant_to("group", "researchers", 5, &paris).await;
    let head = server.head().await;
    let report = test(&server, &provider, nia(&["researchers"])).await;
    assert_eq!([&report["isTest"], &report["problem"]], [&json!(true), &Value::Null]);
    let outcome = &report["outcome"];
    assert_eq!([&outcome["email"], &outcome["isNew"]], [&json!(NIA), &json!(true)]);
    assert_eq!(outcome["groupsGained"]["first"], json!(["researchers"]));
    let gained: Vec<_> = outcome["accessGained"]["first"].as_array().unwrap().iter().map(|it| &it["scope"]).collect();
    assert_eq!(gained, ["paris", "berlin"]);
    assert_eq!(server.head().await, head, "nothing changed");
    assert_eq!(server.get(&server.root, "/api/v1/users?search=nia").await.ok(), json!([]));

    server.sign_in_with(&provider, nia(&["researchers"])).await.session();
    let report = test(&server, &provider, nia(&[])).await;
    assert_eq!(report["outcome"]["groupsLost"]["first"], json!(["researchers"]));
    assert_eq!(
        report["outcome"]["accessLost"]["first"][0],
        json!({ "role": "L1 researcher", "scopeType": "cluster", "scope": "paris", "group": "researchers" })
    );
    let refused = test(&server, &provider, json!({ "sub": "nia-2", "email": NIA, "groups": [] })).await;
    assert_eq!([&refused["problem"], &refused["outcome"]], [&json!("email-of-another-person"), &Value::Null]);
    let refused = test(&server, &provider, json!({ "sub": "nia-1", "email": NIA })).await;
    assert_eq!(refused["problem"], "groups-absent");
    let user = server.get(&server.root, "/api/v1/users?search=nia").await.ok();
    assert_eq!(user[0]["groups"].as_array().map(Vec::len).unwrap_or(1), 1, "the groups stay");
}

async fn a_disabled_provider_can_be_tested(server: Server) {
    let provider = provider(&server).await;
    let mut disabled = provider.settings();
    disabled["enabled"] = json!(false);
    server.put(&server.root, "/api/v1/idps/oidc", disabled).await.done();
    assert_eq!(server.ask("GET", "/sso/oidc").send().await.problem(), "provider-disabled");
    assert_eq!(test(&server, &provider, nia(&[])).await["problem"], Value::Null);
}

async fn a_saml_provider_can_be_tested(server: Server) {
    let provider = SamlProvider::start().await;
    server.post(&server.root, "/api/v1/idps", provider.settings()).await.created();
    let sent = server.begin_sign_in_by("/sso/saml/test", &server.root).await;
    let says = Says::of("nia-1", NIA, &["researchers"], Some(&sent.request_id()));
    let back = server.post_saml(&provider.response(&server, &says), &sent.cookie).await;
    let report = report(&server, &tested(&back)).await;
    assert_eq!([&report["problem"], &report["email"]], [&Value::Null, &json!(NIA)]);
    assert_eq!(report["steps"], json!(["check-answer", "verify-identity", "read-claims", "admit"]));
    assert_eq!(report["claims"]["NameID"], json!(["nia-1"]));
}
