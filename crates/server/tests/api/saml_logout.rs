//! Single logout with a SAML provider: it signs people out there because they left here, and here because they left there.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::saml::{SamlProvider, Says, US, inflated, request_id};
use crate::harness::saml_out::{LOG_OUT, SaysOut};
use crate::harness::{Answer, Server, on_both_databases, parameters};

on_both_databases!(
    the_session_of_the_provider_bounds_ours,
    an_answer_that_was_held_back_opens_no_session_that_ended,
    signing_out_leads_to_the_provider_and_back,
    a_provider_may_want_a_form_and_post_its_answer,
    answers_that_prove_nothing_are_told_apart,
    sessions_that_the_provider_ends_end_here,
    a_request_may_come_in_a_form,
    requests_that_prove_nothing_are_refused,
    the_name_is_that_of_the_session_where_an_attribute_names_the_person,
    providers_that_sign_nobody_out_are_left_alone,
);

const OURS: &str = "http://localhost:8080";
const SLO: &str = "/sso/saml/slo";

async fn provider(server: &Server, logs_out: Option<&'static str>) -> SamlProvider {
    let provider = SamlProvider::start().await;
    provider.script(|script| script.logs_out = logs_out);
    server.post(&server.root, "/api/v1/idps", provider.settings()).await.created();
    provider
}

async fn sign_in(server: &Server, provider: &SamlProvider, name: &str, session: &str) -> String {
    let sent = server.begin_sign_in("/sso/saml").await;
    let email = format!("{name}@example.org");
    let says = Says { session: Some(session.to_owned()), ..Says::of(name, &email, &[], Some(&sent.request_id())) };
    server.post_saml(&provider.response(server, &says), &sent.cookie).await.session()
}

/// Signs out here, and returns the cookie for the way to the provider.
async fn leave(server: &Server, session: &str) -> String {
    let ended = server.ask("DELETE", "/api/v1/session").header("cookie", session).header("origin", OURS).send().await;
    assert_eq!(ended.ok(), json!({ "signOutAt": "/sso/saml/sign-out" }));
    ended.set_cookie("rolecall_sign_out").unwrap().split(';').next().unwrap().to_owned()
}

async fn go(server: &Server, path: &str, cookie: &str) -> Answer {
    server.ask("GET", path).header("cookie", cookie).send().await
}

/// The id of the request that the browser brings to the provider.
async fn asked(server: &Server, cookie: &str) -> String {
    let there = go(server, "/sso/saml/sign-out", cookie).await;
    request_id(&inflated(&parameters(there.header("location").unwrap())["SAMLRequest"]))
}

/// A page of the provider posts, without any cookie, and the browser comes back with its cookies.
async fn post(server: &Server, fields: &[(&str, &str)], cookie: &str) -> Answer {
    let posted = server.ask("POST", SLO).header("origin", "https://idp.example.org");
    let posted = posted.header("sec-fetch-site", "cross-site").form(fields).send().await;
    let to = posted.header("location").unwrap().to_owned();
    if to.starts_with("/sso/") { go(server, &to, cookie).await } else { posted }
}

async fn are_in(server: &Server, sessions: &[String]) -> Vec<bool> {
    let mut are_in = Vec::new();
    for session in sessions {
        are_in.push(go(server, "/api/v1/session", session).await.status == 200);
    }
    are_in
}

#[track_caller]
fn leads_to(answer: &Answer, to: &str) {
    assert_eq!((answer.status, answer.header("location")), (303, Some(to)), "{}", answer.text());
}

async fn signing_out_leads_to_the_provider_and_back(server: Server) {
    let provider = provider(&server, Some("Redirect")).await;
    let metadata = server.ask("GET", "/sso/saml/metadata").send().await.text();
    for binding in ["HTTP-Redirect", "HTTP-POST"] {
        let service = format!(
            "<md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"{LOG_OUT}\"/>"
        );
        assert!(metadata.contains(&service), "{metadata}");
    }
    let session = sign_in(&server, &provider, "nia", "s&amp;1").await;
    let cookie = leave(&server, &session).await;
    assert_eq!(are_in(&server, &[session]).await, [false], "first of all here");
    let there = go(&server, "/sso/saml/sign-out", &cookie).await;
    let to = there.header("location").unwrap();
    assert!(to.starts_with("https://idp.example.org/sign-out?SAMLRequest="), "{to}");
    let brought = parameters(to);
    assert!(brought.contains_key("Signature") && brought.contains_key("SigAlg"), "{brought:?}");
    let request = inflated(&brought["SAMLRequest"]);
    let format = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    let name = format!("<saml:NameID Format=\"{format}\" SPNameQualifier=\"{US}\">nia</saml:NameID>");
    assert!(
        request.contains(&name) && request.contains("<samlp:SessionIndex>s&amp;1</samlp:SessionIndex>"),
        "{request}"
    );

    let says = SaysOut::answers(&request_id(&request), "Success");
    let back = go(&server, &format!("{SLO}?{}", provider.logout_query(&server, &says)), &cookie).await;
    leads_to(&back, "/sign-in?signedOut=provider");
    assert!(back.set_cookie("rolecall_sign_out").unwrap().contains("Max-Age=0"));
    leads_to(&go(&server, "/sso/saml/sign-out", &cookie).await, "/sign-in?signedOut=here");
}

async fn a_provider_may_want_a_form_and_post_its_answer(server: Server) {
    let provider = provider(&server, Some("POST")).await;
    let session = sign_in(&server, &provider, "nia", "s-1").await;
    let cookie = leave(&server, &session).await;
    let page = go(&server, "/sso/saml/sign-out", &cookie).await;
    let text = page.text();
    assert!(page.status == 200 && text.contains("action=\"https://idp.example.org/sign-out\""), "{text}");
    assert!(page.header("content-security-policy").unwrap().contains("script-src 'sha256-"));
    let field = text.split("name=\"SAMLRequest\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let request = String::from_utf8(STANDARD.decode(field).unwrap()).unwrap();
    assert!(request.contains("<ds:SignatureValue>") && request.contains("<samlp:SessionIndex>s-1<"), "{request}");
    let field = provider.logout_field(&server, &SaysOut::answers(&request_id(&request), "Success"));
    leads_to(&post(&server, &[("SAMLResponse", &field)], &cookie).await, "/sign-in?signedOut=provider");
}

async fn answers_that_prove_nothing_are_told_apart(server: Server) {
    let provider = provider(&server, Some("Redirect")).await;
    let session = sign_in(&server, &provider, "nia", "s-1").await;
    let cookie = leave(&server, &session).await;
    let request = asked(&server, &cookie).await;
    let back = async |says: &SaysOut, cookie: &str| {
        go(&server, &format!("{SLO}?{}", provider.logout_query(&server, says)), cookie).await
    };
    let refused = back(&SaysOut::answers(&request, "Responder"), &cookie).await;
    assert_eq!(refused.problem(), "sign-out-refused");
    leads_to(&back(&SaysOut::answers("another", "Success"), &cookie).await, "/sign-in?signedOut=here");
    let late = SaysOut { destination: "https://other.example.org".to_owned(), ..SaysOut::answers(&request, "Success") };
    leads_to(&back(&late, &cookie).await, "/sign-in?signedOut=here");
    let query = provider.logout_query(&server, &SaysOut::answers(&request, "Success"));
    let unsigned = query.split_once("&SigAlg").unwrap().0;
    leads_to(&go(&server, &format!("{SLO}?{unsigned}"), &cookie).await, "/sign-in?signedOut=here");
    // Nobody is told that they are signed out by a link that someone else made.
    leads_to(&back(&SaysOut::answers(&request, "Success"), "none=1").await, "/sign-in?signedOut=here");
    leads_to(&back(&SaysOut::answers(&request, "Success"), &cookie).await, "/sign-in?signedOut=provider");

    // A provider whose metadata cannot be read, after a restart.
    let session = sign_in(&server, &provider, "nia", "s-1").await;
    let cookie = leave(&server, &session).await;
    provider.script(|script| script.away = true);
    leads_to(&go(&server.replica().await, "/sso/saml/sign-out", &cookie).await, "/sign-in?signedOut=here");
}

async fn sessions_that_the_provider_ends_end_here(server: Server) {
    let provider = provider(&server, Some("Redirect")).await;
    let mut sessions = Vec::new();
    for (name, session) in [("nia", "s-1"), ("nia", "s-2"), ("nia", "s-3"), ("max", "s-1")] {
        sessions.push(sign_in(&server, &provider, name, session).await);
    }
    let told = async |says: SaysOut| {
        let query = provider.logout_query(&server, &says);
        let answer = server.ask("GET", &format!("{SLO}?{query}")).send().await;
        let to = answer.header("location").unwrap();
        assert!(to.starts_with("https://idp.example.org/signed-out?SAMLResponse="), "{to}");
        let brought = parameters(to);
        assert!(brought["RelayState"] == "here" && brought.contains_key("Signature"), "{brought:?}");
        let response = inflated(&brought["SAMLResponse"]);
        assert!(response.contains(&format!("InResponseTo=\"{}\"", says.id)), "{response}");
        assert!(response.contains("Destination=\"https://idp.example.org/signed-out\""), "{response}");
        assert!(response.contains("status:Success"), "{response}");
        are_in(&server, &sessions).await
    };
    let head = server.head().await;
    assert_eq!(told(SaysOut::asks("nia", Some("s-1"))).await, [false, true, true, true]);
    let audited = server.audited_after(head).await;
    assert_eq!((audited.len(), audited[0].action.as_str(), audited[0].subject.as_str()), (1, "sign-out", "rolecall"));
    assert_eq!((audited[0].http_status_code, audited[0].entity_name.as_str()), (303, "nia@example.org"));
    assert_eq!(told(SaysOut::asks("nobody", Some("s-2"))).await, [false, true, true, true]);
    assert_eq!(told(SaysOut::asks("nia", None)).await, [false, false, false, true]);
}

async fn a_request_may_come_in_a_form(server: Server) {
    let provider = provider(&server, Some("POST")).await;
    let sessions = [sign_in(&server, &provider, "nia", "s-1").await];
    let says = SaysOut::asks("nia", None);
    let field = provider.logout_field(&server, &says);
    let posted = server.ask("POST", SLO).form(&[("SAMLRequest", &field), ("RelayState", "a b")]).send().await;
    let to = posted.header("location").unwrap().to_owned();
    assert!(posted.status == 303 && to.starts_with("/sso/saml/slo/answer?id="), "{to}");
    assert_eq!(are_in(&server, &sessions).await, [true], "the form alone ends nothing");
    let page = server.ask("GET", &to).send().await.text();
    assert!(page.contains("action=\"https://idp.example.org/signed-out\""), "{page}");
    assert!(page.contains("name=\"SAMLResponse\"") && page.contains("name=\"RelayState\" value=\"a b\""), "{page}");
    assert_eq!(are_in(&server, &sessions).await, [false]);
    assert_eq!(server.ask("GET", &to).send().await.problem(), "saml-answer-gone");
}

type Change = fn(&mut SaysOut);

async fn requests_that_prove_nothing_are_refused(server: Server) {
    let provider = provider(&server, Some("Redirect")).await;
    let sessions = [sign_in(&server, &provider, "nia", "s-1").await];
    let head = server.head().await;
    let get = async |query: &str| server.ask("GET", &format!("{SLO}?{query}")).send().await;
    let cases: [(Change, &str); 4] = [
        (|says| says.issuer = Some("https://other.example.org".to_owned()), "saml-wrong-issuer"),
        (|says| says.destination = "http://localhost:8080/sso/other/slo".to_owned(), "saml-wrong-destination"),
        (|says| says.at = -361, "saml-expired"),
        (|says| says.at = 61, "saml-not-yet-valid"),
    ];
    for (change, code) in cases {
        let mut says = SaysOut::asks("nia", None);
        change(&mut says);
        assert_eq!(get(&provider.logout_query(&server, &says)).await.problem(), code);
    }
    let says = SaysOut::asks("nia", None);
    let query = provider.logout_query(&server, &says);
    assert_eq!(get(query.split_once("&SigAlg").unwrap().0).await.problem(), "saml-not-signed");
    assert_eq!(get(&query.replace("RelayState=here", "RelayState=there")).await.problem(), "saml-bad-signature");
    assert_eq!(get("SAMLRequest=x&SAMLRequest=x").await.problem(), "saml-query");
    leads_to(&get("").await, "/sign-in?signedOut=here");
    let field = provider.logout_field(&server, &says);
    let both = [("SAMLRequest", field.as_str()), ("SAMLResponse", &field)];
    assert_eq!(post(&server, &both, "").await.problem(), "saml-query");
    assert_eq!(post(&server, &[("RelayState", "x")], "").await.problem(), "saml-query");
    assert_eq!(post(&server, &[("SAMLRequest", &"A".repeat(65 * 1024))], "").await.problem(), "saml-too-large");
    assert_eq!(post(&server, &[("SAMLRequest", "PHg+")], "").await.problem(), "saml-not-xml");
    let other = server.ask("GET", &format!("/sso/other/slo?{query}")).send().await;
    assert_eq!(other.problem(), "provider-unknown");
    assert_eq!(server.head().await, head, "nothing ended");
    assert_eq!(are_in(&server, &sessions).await, [true]);

    // It counts once, on all replicas, and with the provider's newest certificate.
    provider.script(|script| script.key = 1);
    server.later(Duration::from_secs(6)).await;
    let query = provider.logout_query(&server, &SaysOut::asks("nia", None));
    assert!(get(&query).await.header("location").unwrap().starts_with("https://idp.example.org/"));
    let sessions = [sign_in(&server, &provider, "nia", "s-1").await];
    assert_eq!(get(&query).await.problem(), "sign-out-replayed");
    let replica = server.replica().await;
    assert_eq!(replica.ask("GET", &format!("{SLO}?{query}")).send().await.problem(), "sign-out-replayed");
    assert_eq!(are_in(&server, &sessions).await, [true]);

    let mut settings = provider.settings();
    settings["enabled"] = json!(false);
    server.put(&server.root, "/api/v1/idps/saml", settings).await.done();
    let query = provider.logout_query(&server, &SaysOut::asks("nia", None));
    assert_eq!(get(&query).await.problem(), "provider-disabled");
}

async fn the_name_is_that_of_the_session_where_an_attribute_names_the_person(server: Server) {
    let provider = provider(&server, Some("Redirect")).await;
    let mut settings: Value = provider.settings();
    settings["samlData"]["subjectAttribute"] = json!("employee");
    server.put(&server.root, "/api/v1/idps/saml", settings).await.done();
    let mut sessions = Vec::new();
    for name_id in ["once-1", "once-2"] {
        let sent = server.begin_sign_in("/sso/saml").await;
        let mut says = Says::of(name_id, "nia@example.org", &[], Some(&sent.request_id()));
        says.format = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
        says.attributes.push(("employee", vec!["17".to_owned()]));
        sessions.push(server.post_saml(&provider.response(&server, &says), &sent.cookie).await.session());
    }
    let query = provider.logout_query(&server, &SaysOut::asks("once-1", None));
    server.ask("GET", &format!("{SLO}?{query}")).send().await;
    assert_eq!(are_in(&server, &sessions).await, [false, true]);
}

async fn providers_that_sign_nobody_out_are_left_alone(server: Server) {
    let provider = provider(&server, None).await;
    let session = sign_in(&server, &provider, "nia", "s-1").await;
    let other = [sign_in(&server, &provider, "nia", "s-2").await];
    server.ask("DELETE", "/api/v1/session").header("cookie", &session).header("origin", OURS).send().await.gone();
    // It may still say whom it signed out; there is no address for an answer.
    let query = provider.logout_query(&server, &SaysOut::asks("nia", None));
    leads_to(&server.ask("GET", &format!("{SLO}?{query}")).send().await, "/sign-in?signedOut=here");
    assert_eq!(are_in(&server, &other).await, [false]);
}

async fn the_session_of_the_provider_bounds_ours(server: Server) {
    let provider = provider(&server, None).await;
    let sent = server.begin_sign_in("/sso/saml").await;
    let says = Says { session_ends: Some(600), ..Says::of("nia", "nia@example.org", &[], Some(&sent.request_id())) };
    let came = server.post_saml(&provider.response(&server, &says), &sent.cookie).await;
    let session = came.session();
    assert!(came.set_cookie("rolecall_session").unwrap().contains("Max-Age=600"));
    assert_eq!(are_in(&server, std::slice::from_ref(&session)).await, [true]);
    server.later(Duration::from_secs(601)).await;
    assert_eq!(are_in(&server, &[session]).await, [false]);
}

async fn an_answer_that_was_held_back_opens_no_session_that_ended(server: Server) {
    let provider = provider(&server, Some("HTTP-Redirect")).await;
    let sent = server.begin_sign_in("/sso/saml").await;
    let email = "nia@example.org";
    let says = Says { session: Some("s-1".to_owned()), ..Says::of("nia", email, &[], Some(&sent.request_id())) };
    let held_back = provider.response(&server, &says);
    server.later(Duration::from_secs(10)).await;
    let query = provider.logout_query(&server, &SaysOut::asks("nia", Some("s-1")));
    go(&server, &format!("{SLO}?{query}"), "none=1").await;
    assert_eq!(server.post_saml(&held_back, &sent.cookie).await.problem(), "changed-meanwhile");
    // A provider may use the name again, for a session that the person began later.
    server.later(Duration::from_secs(120)).await;
    let newer = sign_in(&server, &provider, "nia", "s-1").await;
    assert_eq!(are_in(&server, &[newer]).await, [true]);
}
