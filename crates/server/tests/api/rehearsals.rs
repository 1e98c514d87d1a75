//! Rehearsals: what would come of sign-ins, by pasted claims and by the last ones of everybody, with settings that are stored or
//! not yet; and that nothing changes.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::harness::{Provider, SamlProvider, Says, Server, on_both_databases};

on_both_databases!(
    pasted_claims_say_who_it_would_be_and_what_they_gain,
    a_token_may_have_expired,
    changed_settings_are_tried_on_everybody_who_is_known,
    another_provider_or_another_name_is_another_person,
    what_cannot_be_read_is_refused_with_words,
    answers_of_saml_providers_are_read,
    only_administrators_rehearse,
    a_user_who_is_deleted_is_forgotten,
    claims_that_are_too_large_are_counted_as_unknown,
);

const NIA: &str = "nia@example.org";

fn nia(groups: &[&str]) -> Value {
    json!({ "sub": "nia-1", "email": NIA, "email_verified": true, "groups": groups })
}

async fn provider(server: &Server) -> Provider {
    let provider = Provider::start().await;
    server.post(&server.root, "/api/v1/idps", provider.settings()).await.created();
    provider
}

async fn rehearse(server: &Server, form: Value) -> Value {
    let head = server.head().await;
    let rehearsal = server.post(&server.root, "/api/v1/idps/oidc/rehearsal", form).await.ok();
    assert_eq!(server.head().await, head, "a rehearsal changes nothing");
    rehearsal
}

fn counts(rehearsal: &Value) -> [u64; 5] {
    ["people", "refused", "new", "gaining", "losing"].map(|name| rehearsal[name].as_u64().unwrap())
}

async fn pasted_claims_say_who_it_would_be_and_what_they_gain(server: Server) {
    let provider = provider(&server).await;
    let berlin = server.cluster("berlin").await;
    server.grant_to("group", "researchers", 5, &berlin).await;
    let newcomer = rehearse(&server, json!({ "claims": nia(&["researchers"]) })).await;
    assert_eq!(counts(&newcomer), [1, 0, 1, 1, 0]);
    assert_eq!(newcomer["told"][0]["outcome"]["accessGained"]["first"][0]["group"], "researchers");

    server.sign_in_with(&provider, nia(&["researchers"])).await.session();
    // Without an issuer the claims are those of the user to whom that provider gave this email.
    let same = rehearse(&server, json!({ "claims": nia(&["researchers"]) })).await;
    assert_eq!(counts(&same), [1, 0, 0, 0, 0]);
    assert_eq!(counts(&rehearse(&server, json!({ "claims": nia(&[]) })).await), [1, 0, 0, 0, 1]);
    let other = json!({ "iss": provider.issuer, "sub": "nia-2", "email": NIA, "email_verified": true, "groups": [] });
    let other = rehearse(&server, json!({ "claims": other })).await;
    assert_eq!(counts(&other), [1, 1, 0, 0, 0]);
    assert_eq!(other["told"][0]["problem"], "email-of-another-person");
    let silent = rehearse(&server, json!({ "claims": { "email": NIA, "email_verified": true } })).await;
    assert_eq!(silent["told"][0]["problem"], "groups-absent");
    assert_eq!(silent["told"][0]["reading"]["email"], NIA, "what was read is told in any case");
    let many: Vec<_> = (0..150).map(|number| format!("group-{number}")).collect();
    let many = rehearse(&server, json!({ "claims": { "email": NIA, "email_verified": true, "groups": many } })).await;
    let reading = &many["told"][0]["reading"];
    assert_eq!(reading["groups"].as_array().unwrap().len(), 100);
    assert_eq!(reading["groupsTotal"], 150);
    assert_eq!(many["told"][0]["outcome"]["groupsGained"]["total"], 150);
    // The root is a local user.
    let local = json!({ "email": "root@example.com", "email_verified": true, "groups": [] });
    assert_eq!(rehearse(&server, json!({ "claims": local })).await["told"][0]["problem"], "email-of-local-user");
}

async fn a_token_may_have_expired(server: Server) {
    provider(&server).await;
    let payload = URL_SAFE_NO_PAD.encode(nia(&["a"]).to_string());
    let rehearsal = rehearse(&server, json!({ "token": format!("e30.{payload}.c2ln") })).await;
    assert_eq!(rehearsal["told"][0]["outcome"]["groupsGained"]["first"], json!(["a"]));
}

async fn changed_settings_are_tried_on_everybody_who_is_known(server: Server) {
    let provider = provider(&server).await;
    let berlin = server.cluster("berlin").await;
    server.grant_to("group", "researchers", 5, &berlin).await;
    for (sub, groups, teams) in [("nia", json!(["researchers"]), json!([])), ("max", json!([]), json!(["researchers"]))]
    {
        let person = json!({ "sub": sub, "email": format!("{sub}@example.org"), "groups": groups, "teams": teams });
        server.sign_in_with(&provider, person).await.session();
    }
    let alone = json!({ "sub": "ida", "email": "ida@example.org", "groups": [] });
    server.sign_in_with(&provider, alone).await.session();
    assert_eq!(counts(&rehearse(&server, json!({})).await), [3, 0, 0, 0, 0], "as it is");

    let mut teams = provider.settings();
    teams["mappers"]["groups"] = json!("teams");
    teams["oidcData"]["clientSecret"] = json!("*******");
    let rehearsal = rehearse(&server, json!({ "settings": teams })).await;
    assert_eq!(counts(&rehearsal), [3, 1, 0, 1, 1]);
    let told = rehearsal["told"].as_array().unwrap();
    let of = |email: &str| told.iter().find(|it| it["reading"]["email"] == email).unwrap();
    assert_eq!(of("ida@example.org")["problem"], "groups-absent");
    assert_eq!(of("nia@example.org")["outcome"]["groupsLost"]["first"], json!(["researchers"]));
    assert_eq!(of("max@example.org")["outcome"]["accessGained"]["total"], 1);

    let mut domains = provider.settings();
    domains["emailDomains"] = json!(["example.com"]);
    assert_eq!(counts(&rehearse(&server, json!({ "settings": domains })).await), [3, 3, 0, 0, 0]);
    // What could not be saved cannot be rehearsed.
    let saml = json!({ "settings": { "type": "saml", "samlData": { "metadataXmlUrl": "https://id.example.org/" } } });
    server.post(&server.root, "/api/v1/idps/oidc/rehearsal", saml).await.refused(400).names("type");
}

async fn another_provider_or_another_name_is_another_person(server: Server) {
    let provider = provider(&server).await;
    server.sign_in_with(&provider, nia(&[])).await.session();
    let moved_to = |address: String| {
        let mut moved = provider.settings();
        moved["oidcData"]["discoverDocumentUrl"] = json!(address);
        json!({ "settings": moved })
    };
    // The same issuer, written otherwise.
    for address in [provider.issuer.clone(), format!("{}/", provider.issuer)] {
        assert_eq!(counts(&rehearse(&server, moved_to(address)).await), [1, 0, 0, 0, 0]);
    }
    let elsewhere = rehearse(&server, moved_to(Provider::start().await.issuer)).await;
    assert_eq!(counts(&elsewhere), [1, 1, 0, 0, 0]);
    assert_eq!(elsewhere["told"][0]["problem"], "email-of-another-person");

    let saml = SamlProvider::start().await;
    server.post(&server.root, "/api/v1/idps", saml.settings()).await.created();
    server.sign_in_with_saml(&saml, "max-1", "max@example.org", &[]).await.session();
    let rehearse = async |settings: Value| {
        server.post(&server.root, "/api/v1/idps/saml/rehearsal", json!({ "settings": settings })).await.ok()
    };
    assert_eq!(counts(&rehearse(saml.settings()).await), [1, 0, 0, 0, 0]);
    let mut by_email = saml.settings();
    by_email["samlData"]["subjectAttribute"] = json!("email");
    assert_eq!(rehearse(by_email).await["told"][0]["problem"], "email-of-another-person");
    let mut elsewhere = saml.settings();
    elsewhere["samlData"]["metadataXmlUrl"] = json!("https://elsewhere.example.org/metadata");
    let elsewhere = rehearse(elsewhere).await;
    assert_eq!((counts(&elsewhere), &elsewhere["unknown"]), ([1, 0, 0, 0, 0], &json!(1)));
}

async fn what_cannot_be_read_is_refused_with_words(server: Server) {
    provider(&server).await;
    for (form, named) in [
        (json!({ "claims": ["a"] }), "claims"),
        (json!({ "token": "a.b" }), "token"),
        (json!({ "assertion": "<a/>" }), "assertion"),
        (json!({ "claims": {}, "token": "a.b.c" }), "claims, token, assertion"),
    ] {
        server.post(&server.root, "/api/v1/idps/oidc/rehearsal", form).await.refused(400).names(named);
    }
    server.post(&server.root, "/api/v1/idps/gone/rehearsal", json!({})).await.refused(404);
}

async fn answers_of_saml_providers_are_read(server: Server) {
    let provider = SamlProvider::start().await;
    server.post(&server.root, "/api/v1/idps", provider.settings()).await.created();
    let response = provider.response(&server, &Says::of("nia-1", NIA, &["researchers"], None));
    let xml = String::from_utf8(STANDARD.decode(&response).unwrap()).unwrap();
    for pasted in [&response, &xml] {
        let form = json!({ "assertion": pasted });
        let rehearsal = server.post(&server.root, "/api/v1/idps/saml/rehearsal", form).await.ok();
        assert_eq!(rehearsal["told"][0]["outcome"]["groupsGained"]["first"], json!(["researchers"]));
    }
    let claims = json!({ "claims": { "email": NIA, "GROUPS": ["a", "b"] } });
    let rehearsal = server.post(&server.root, "/api/v1/idps/saml/rehearsal", claims).await.ok();
    assert_eq!(rehearsal["told"][0]["outcome"]["groupsGained"]["first"], json!(["a", "b"]));
    for (form, named) in [
        (json!({ "claims": { "GROUPS": [{ "a": 1 }] } }), "claims.GROUPS"),
        (json!({ "assertion": "<!DOCTYPE a><a/>" }), "assertion"),
        (json!({ "assertion": "<a/>" }), "assertion"),
        (json!({ "token": "a.b.c" }), "token"),
    ] {
        server.post(&server.root, "/api/v1/idps/saml/rehearsal", form).await.refused(400).names(named);
    }
}

async fn only_administrators_rehearse(server: Server) {
    provider(&server).await;
    let berlin = server.cluster("berlin").await;
    let viewer = server.user_with_rule("vera@example.com", 4, &berlin).await;
    let refused = server.post(&viewer, "/api/v1/idps/oidc/rehearsal", json!({ "claims": nia(&[]) })).await;
    refused.refused(403);
}

async fn a_user_who_is_deleted_is_forgotten(server: Server) {
    let provider = provider(&server).await;
    server.sign_in_with(&provider, nia(&[])).await.session();
    assert_eq!(rehearse(&server, json!({})).await["people"], 1);
    let id = server.id_of(NIA).await;
    server.delete(&server.root, &format!("/api/v1/users/{id}")).await;
    assert_eq!(rehearse(&server, json!({})).await["people"], 0);
    let world = server.app.engine.current(server.clock.now()).unwrap();
    let provider = world.providers().next().unwrap().id;
    assert_eq!(server.app.store.last_claims(provider, None, 10).await.unwrap(), []);
}

async fn claims_that_are_too_large_are_counted_as_unknown(server: Server) {
    let provider = provider(&server).await;
    let mut person = nia(&["a"]);
    person["aaa"] = json!("x".repeat(300_000));
    server.sign_in_with(&provider, person).await.session();
    let rehearsal = rehearse(&server, json!({})).await;
    assert_eq!(counts(&rehearsal), [1, 0, 0, 0, 0]);
    assert_eq!(rehearsal["unknown"], 1, "and not as refused");
}
