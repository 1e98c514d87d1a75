//! Signing in with a SAML provider: who comes in, and which answers nobody comes in with.

use std::time::Duration;

use rolecall::app::sso::read_metadata;
use serde_json::{Value, json};

use crate::harness::saml::{CONSUMER, SamlProvider, Says, request_id};
use crate::harness::{Server, on_both_databases, query};

on_both_databases!(
    a_newcomer_appears_at_the_first_sign_in_with_their_groups,
    an_answer_counts_once_and_in_the_browser_that_was_sent,
    assertions_for_others_are_refused_with_a_code,
    certificates_that_were_rotated_are_read_again,
    metadata_is_known_before_anybody_signs_in,
    metadata_that_is_away_for_a_while_still_counts,
    a_sign_in_begins_at_the_provider_only_where_that_is_enabled,
    the_subject_can_be_an_attribute,
    a_provider_may_want_a_form,
    providers_get_our_metadata,
    what_strangers_post_is_kept_in_small_numbers,
);

const NIA: &str = "nia@example.org";

async fn provider(server: &Server) -> SamlProvider {
    let provider = SamlProvider::start().await;
    server.post(&server.root, "/api/v1/idps", provider.settings()).await.created();
    provider
}

async fn who(server: &Server, session: &str) -> Value {
    server.ask("GET", "/api/v1/session").header("cookie", session).send().await.ok()
}

async fn a_newcomer_appears_at_the_first_sign_in_with_their_groups(server: Server) {
    let provider = provider(&server).await;
    let offered = server.ask("GET", "/api/v1/session/providers").send().await.ok();
    assert_eq!(offered, json!([{ "name": "saml", "type": "saml", "address": "/sso/saml", "autoRedirect": false }]));

    let session = server.sign_in_with_saml(&provider, "nia-1", NIA, &["CN=Research, OU=Berlin", "b"]).await.session();
    let known = who(&server, &session).await;
    assert_eq!(known["username"], NIA);
    assert_eq!(known["groups"], json!(["CN=Research, OU=Berlin", "b"]), "never split at commas");
    let shown = server.get(&server.root, "/api/v1/idps/saml").await.ok();
    assert_eq!(shown["samlData"]["entityId"], provider.entity_id.as_str(), "known since it was read");
    assert!(shown["samlData"]["certificateExpiresAt"].is_string());
    assert_eq!(shown["samlData"]["metadataXmlUrl"], provider.entity_id.as_str());

    // No groups at all is no word about them.
    let sent = server.begin_sign_in("/sso/saml").await;
    let mut says = Says::of("nia-1", NIA, &[], Some(&sent.request_id()));
    says.attributes.retain(|(name, _)| *name != "GROUPS");
    let answer = server.post_saml(&provider.response(&server, &says), &sent.cookie).await;
    assert_eq!(answer.problem(), "groups-absent");
}

async fn an_answer_counts_once_and_in_the_browser_that_was_sent(server: Server) {
    let provider = provider(&server).await;
    let sent = server.begin_sign_in("/sso/saml").await;
    let other = server.begin_sign_in("/sso/saml").await;
    let response = provider.response(&server, &Says::of("nia-1", NIA, &[], Some(&sent.request_id())));
    assert_eq!(server.post_saml(&response, "").await.problem(), "callback-state");
    assert_eq!(server.post_saml(&response, &other.cookie).await.problem(), "saml-wrong-in-response-to");
    server.post_saml(&response, &sent.cookie).await.session();
    assert_eq!(server.post_saml(&response, &sent.cookie).await.problem(), "saml-replayed");
    // Also on another server of the same database, and the address that the browser came back to is used up.
    let replica = server.replica().await;
    assert_eq!(replica.post_saml(&response, &sent.cookie).await.problem(), "saml-replayed");
    let sent = server.begin_sign_in("/sso/saml").await;
    let response = provider.response(&server, &Says::of("nia-1", NIA, &[], Some(&sent.request_id())));
    let posted = server.ask("POST", "/sso/saml/acs").form(&[("SAMLResponse", &response)]).send().await;
    let to = posted.header("location").unwrap().to_owned();
    replica.ask("GET", &to).header("cookie", &sent.cookie).send().await.session();
    assert_eq!(server.ask("GET", &to).header("cookie", &sent.cookie).send().await.problem(), "saml-answer-gone");

    let late = server.begin_sign_in("/sso/saml").await;
    server.later(Duration::from_secs(601)).await;
    let response = provider.response(&server, &Says::of("nia-1", NIA, &[], Some(&late.request_id())));
    assert_eq!(server.post_saml(&response, &late.cookie).await.problem(), "callback-too-late");
    let sent = server.begin_sign_in("/sso/saml").await;
    server.put(&server.root, "/api/v1/idps/saml", provider.settings()).await.done();
    let response = provider.response(&server, &Says::of("nia-1", NIA, &[], Some(&sent.request_id())));
    assert_eq!(server.post_saml(&response, &sent.cookie).await.problem(), "provider-changed");
}

type Change = fn(&mut Says);

async fn assertions_for_others_are_refused_with_a_code(server: Server) {
    let provider = provider(&server).await;
    let head = server.head().await;
    let cases: [(Change, &str); 7] = [
        (|says| says.audience = "https://other.example.org".to_owned(), "saml-wrong-audience"),
        (|says| says.recipient = "https://other.example.org/acs".to_owned(), "saml-wrong-recipient"),
        (|says| says.at = -600, "saml-expired"),
        (|says| says.at = 600, "saml-not-yet-valid"),
        (|says| says.format = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient", "saml-transient-name-id"),
        (|says| says.attributes[0].1 = vec![], "email-missing"),
        (|says| says.attributes[0].1 = vec!["nia@example.com".to_owned()], "email-domain"),
    ];
    for (change, code) in cases {
        let sent = server.begin_sign_in("/sso/saml").await;
        let mut says = Says::of("nia-1", NIA, &[], Some(&sent.request_id()));
        change(&mut says);
        let answer = server.post_saml(&provider.response(&server, &says), &sent.cookie).await;
        assert_eq!(answer.problem(), code);
    }
    let sent = server.begin_sign_in("/sso/saml").await;
    for (response, code) in [("PHg+", "saml-not-xml"), ("%", "saml-not-base64"), ("", "saml-not-xml")] {
        assert_eq!(server.post_saml(response, &sent.cookie).await.problem(), code);
    }
    assert_eq!(server.head().await, head, "nobody appeared");
    let lost = server.ask("POST", "/sso/saml/acs").form(&[("RelayState", "x")]).send().await;
    assert_eq!(lost.problem(), "saml-query");
    for (path, code) in [
        ("/sso/saml/answer", "saml-answer-gone"),
        ("/sso/saml/answer?id=a&id=b", "saml-answer-gone"),
        ("/sso/saml?to=/a&to=/b", "sign-in-return-path"),
    ] {
        assert_eq!(server.ask("GET", path).send().await.problem(), code, "{path}");
    }
    let unreadable = server.ask("GET", "/sso/%FF").send().await;
    assert!(unreadable.status >= 400 && unreadable.json()["message"].is_string(), "{}", unreadable.text());
    let elsewhere = server.ask("POST", "/sso/other/acs").form(&[("SAMLResponse", "x")]).send().await;
    assert_eq!(elsewhere.problem(), "provider-unknown");
}

async fn certificates_that_were_rotated_are_read_again(server: Server) {
    let provider = provider(&server).await;
    server.sign_in_with_saml(&provider, "nia-1", NIA, &[]).await.session();
    server.sign_in_with_saml(&provider, "nia-1", NIA, &[]).await.session();
    assert_eq!(provider.script(|script| script.read), 1, "kept for a while");
    provider.script(|script| script.key = 1);
    // Wrong answers make this server ask no more often than every few seconds.
    assert_eq!(server.sign_in_with_saml(&provider, "nia-1", NIA, &[]).await.problem(), "saml-bad-signature");
    server.later(Duration::from_secs(6)).await;
    server.sign_in_with_saml(&provider, "nia-1", NIA, &[]).await.session();
    assert_eq!(provider.script(|script| script.read), 2);
    server.later(Duration::from_secs(61 * 60)).await;
    server.sign_in_with_saml(&provider, "nia-1", NIA, &[]).await.session();
    assert_eq!(provider.script(|script| script.read), 3, "read again after an hour");
}

async fn metadata_is_known_before_anybody_signs_in(server: Server) {
    let provider = provider(&server).await;
    let ends = async || {
        let shown = server.get(&server.root, "/api/v1/idps/saml").await.ok();
        shown["samlData"]["certificateExpiresAt"].clone()
    };
    assert_eq!(ends().await, Value::Null);
    read_metadata(&server.app).await.unwrap();
    assert_eq!(ends().await, "2027-09-21T14:13:20.000Z");
    let reads = provider.script(|script| script.read);
    read_metadata(&server.app).await.unwrap();
    assert_eq!(provider.script(|script| script.read), reads, "it is not old");
    // A provider that is away holds up nothing.
    server.later(Duration::from_secs(2 * 60 * 60)).await;
    provider.script(|script| script.away = true);
    read_metadata(&server.app).await.unwrap();
}

async fn metadata_that_is_away_for_a_while_still_counts(server: Server) {
    let provider = provider(&server).await;
    provider.script(|script| script.away = true);
    assert_eq!(server.ask("GET", "/sso/saml").send().await.problem(), "provider-status");
    server.later(Duration::from_secs(6)).await;
    provider.script(|script| script.away = false);
    server.sign_in_with_saml(&provider, "nia-1", NIA, &[]).await.session();
    provider.script(|script| script.away = true);
    server.later(Duration::from_secs(23 * 60 * 60)).await;
    server.sign_in_with_saml(&provider, "nia-1", NIA, &[]).await.session();
    server.later(Duration::from_secs(2 * 60 * 60)).await;
    assert_eq!(server.ask("GET", "/sso/saml").send().await.problem(), "provider-status", "not for ever");
}

async fn a_sign_in_begins_at_the_provider_only_where_that_is_enabled(server: Server) {
    let provider = provider(&server).await;
    let unasked = || provider.response(&server, &Says::of("nia-1", NIA, &[], None));
    assert_eq!(server.post_saml(&unasked(), "").await.problem(), "callback-state");
    let sent = server.begin_sign_in("/sso/saml").await;
    assert_eq!(server.post_saml(&unasked(), &sent.cookie).await.problem(), "saml-wrong-in-response-to");

    let mut settings = provider.settings();
    settings["samlData"]["allowIdpInitiated"] = json!(true);
    server.put(&server.root, "/api/v1/idps/saml", settings).await.done();
    // A client of the compatible API knows nothing of it, and leaves it as it is.
    server.put(&server.root, "/api/v1/idps/saml", provider.settings()).await.done();
    assert_eq!(server.get(&server.root, "/api/v1/idps/saml").await.ok()["samlData"]["allowIdpInitiated"], true);
    let response = unasked();
    server.post_saml(&response, "").await.session();
    assert_eq!(server.post_saml(&response, "").await.problem(), "saml-replayed");
    let sent = server.begin_sign_in("/sso/saml").await;
    server.post_saml(&unasked(), &sent.cookie).await.session();
    // An answer to someone else's request is none to nobody's.
    let sent = server.begin_sign_in("/sso/saml").await;
    let response = provider.response(&server, &Says::of("nia-1", NIA, &[], Some(&sent.request_id())));
    assert_eq!(server.post_saml(&response, "").await.problem(), "saml-unknown-request");
}

async fn the_subject_can_be_an_attribute(server: Server) {
    let provider = provider(&server).await;
    let mut settings = provider.settings();
    settings["samlData"]["subjectAttribute"] = json!("employee");
    settings["mappers"] = json!({ "email": "NameID" });
    server.put(&server.root, "/api/v1/idps/saml", settings).await.done();
    let sign_in = async |name_id: &str, employees: &[&str]| {
        let sent = server.begin_sign_in("/sso/saml").await;
        let mut says = Says::of(name_id, "ignored@example.org", &[], Some(&sent.request_id()));
        says.format = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
        says.attributes.push(("employee", employees.iter().map(|&it| it.to_owned()).collect()));
        server.post_saml(&provider.response(&server, &says), &sent.cookie).await
    };
    let session = sign_in(NIA, &["17"]).await.session();
    // The same text of another kind is another person.
    let mut settings = provider.settings();
    settings["samlData"]["subjectAttribute"] = json!("");
    settings["mappers"] = json!({ "email": "email" });
    server.put(&server.root, "/api/v1/idps/saml", settings.clone()).await.done();
    assert_eq!(server.sign_in_with_saml(&provider, "17", NIA, &[]).await.problem(), "email-of-another-person");
    settings["samlData"]["subjectAttribute"] = json!("employee");
    settings["mappers"] = json!({ "email": "NameID" });
    server.put(&server.root, "/api/v1/idps/saml", settings).await.done();
    assert_eq!(who(&server, &session).await["username"], NIA);
    assert_eq!(sign_in(NIA, &["18"]).await.problem(), "email-of-another-person");
    assert_eq!(sign_in(NIA, &[]).await.problem(), "saml-subject-attribute");
    assert_eq!(sign_in(NIA, &["17", "18"]).await.problem(), "saml-subject-attribute");
}

async fn a_provider_may_want_a_form(server: Server) {
    let provider = provider(&server).await;
    provider.script(|script| script.posts = true);
    let page = server.ask("GET", &query("/sso/saml", &[("to", "/access/users")])).send().await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    assert!(text.contains("action=\"https://idp.example.org/sign-in?a=1&amp;b=2\""), "{text}");
    assert!(page.header("content-security-policy").unwrap().contains("script-src 'sha256-"));
    let field = text.split("name=\"SAMLRequest\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let request = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, field).unwrap();
    let request = String::from_utf8(request).unwrap();
    assert!(request.contains("<ds:SignatureValue>") && request.contains(CONSUMER), "{request}");

    let cookie = page.set_cookie("rolecall_sign_in").unwrap();
    let says = Says::of("nia-1", NIA, &[], Some(&request_id(&request)));
    let came = server.post_saml(&provider.response(&server, &says), cookie.split(';').next().unwrap()).await;
    came.session();
    assert_eq!(came.header("location"), Some("/access/users"));
}

async fn providers_get_our_metadata(server: Server) {
    server.ask("GET", "/sso/saml/metadata").send().await.refused(404).names("no SAML identity provider");
    let provider = provider(&server).await;
    let ours = server.ask("GET", "/sso/saml/metadata").send().await;
    assert_eq!(ours.header("content-type"), Some("application/samlmetadata+xml"));
    let text = ours.text();
    assert!(text.contains("entityID=\"http://localhost:8080/sso/saml/metadata\"") && text.contains(CONSUMER), "{text}");
    assert_eq!(server.replica().await.ask("GET", "/sso/saml/metadata").send().await.text(), text, "the same keys");
    // An administrator sets up the provider before people sign in with it.
    let mut settings = provider.settings();
    settings["enabled"] = json!(false);
    server.put(&server.root, "/api/v1/idps/saml", settings).await.done();
    assert_eq!(server.ask("GET", "/sso/saml/metadata").send().await.status, 200);
    assert_eq!(server.ask("GET", "/sso/saml").send().await.problem(), "provider-disabled");
}

async fn what_strangers_post_is_kept_in_small_numbers(server: Server) {
    let provider = provider(&server).await;
    let post = |text: &str| server.ask("POST", "/sso/saml/acs").form(&[("SAMLResponse", text)]);
    assert_eq!(post(&"A".repeat(65 * 1024)).send().await.problem(), "saml-too-large");
    let sent = server.begin_sign_in("/sso/saml").await;
    let response = provider.response(&server, &Says::of("nia-1", NIA, &[], Some(&sent.request_id())));
    let first = post(&response).send().await.header("location").unwrap().to_owned();
    for _ in 0..19 {
        server.later(Duration::from_millis(1)).await;
        post("PHg+").send().await;
    }
    let back = |to: &str| server.ask("GET", to).header("cookie", &sent.cookie);
    back(&first).send().await.session();
    // The oldest of the same network give way, and what nobody comes for is gone after two minutes.
    let first = post(&response).send().await.header("location").unwrap().to_owned();
    for _ in 0..20 {
        server.later(Duration::from_millis(1)).await;
        post("PHg+").send().await;
    }
    assert_eq!(back(&first).send().await.problem(), "saml-answer-gone");
    let last = post(&response).send().await.header("location").unwrap().to_owned();
    server.later(Duration::from_secs(121)).await;
    assert_eq!(back(&last).send().await.problem(), "saml-answer-gone");
}
