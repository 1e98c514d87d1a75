//! Single logout, in both directions.

use super::*;
use crate::saml::assertion::Qualifiers;
use crate::saml::logout::{Content, Expectations, Incoming, LogoutRequest, Outgoing, verify_request, verify_response};

const LOG_OUT: &str = "https://rolecall.example.com/saml/logout";

fn expected() -> Expectations<'static> {
    Expectations { issuer: KEYCLOAK, destination: LOG_OUT, now: NOW }
}

const UNQUALIFIED: Qualifiers = Qualifiers { name: None, service_provider: None };
const REQUEST_CONTENT: Content<'_> = Content::Request {
    name_id: "ana & co",
    name_id_format: Some("urn:x"),
    qualifiers: &UNQUALIFIED,
    session_index: Some("s-1"),
};

/// As the provider would send it.
fn outgoing(content: Content<'_>) -> Outgoing<'_> {
    Outgoing { id: "id-1", destination: LOG_OUT, issuer: KEYCLOAK, content, now: NOW }
}

fn query(content: Content<'_>, relay_state: Option<&str>) -> String {
    let address = outgoing(content).redirect(relay_state, &providers_key()).unwrap();
    address.split_once('?').unwrap().1.to_owned()
}

fn request_of(query: &str) -> Result<LogoutRequest, SamlError> {
    verify_request(Incoming::Query(query), &trusted(), &expected())
}

#[test]
fn a_request_by_redirect_is_read() {
    let request = request_of(&query(REQUEST_CONTENT, Some("a b"))).unwrap();

    assert_eq!((request.id.as_str(), request.name_id.as_str()), ("id-1", "ana & co"));
    assert_eq!((request.name_id_format.as_deref(), request.relay_state.as_deref()), (Some("urn:x"), Some("a b")));
    assert_eq!(request.session_indexes, ["s-1"]);
}

#[test]
fn a_query_of_another_implementation_is_verified_as_it_was_encoded() {
    for query in [
        include_str!("../../../tests/saml/vectors/logout-query.txt"),
        include_str!("../../../tests/saml/vectors/logout-query-lower-case.txt"),
    ] {
        let request = request_of(query.trim_end()).unwrap();
        assert_eq!((request.id.as_str(), request.name_id.as_str()), ("ID_logout", "G-7d0f"));
        assert_eq!(request.relay_state.as_deref(), Some("a b/c"));
        assert_eq!(request.session_indexes, ["s-1::c-1"]);
    }
}

#[test]
fn a_request_by_form_is_read() {
    let form = outgoing(REQUEST_CONTENT).form(None, &providers_key()).unwrap();
    let incoming = Incoming::Field(&form.fields[0].1);

    let request = verify_request(incoming, &trusted(), &expected()).unwrap();
    assert_eq!(request.name_id, "ana & co");
    let other = [certificate(key!("attacker.crt"))];
    assert_eq!(verify_request(incoming, &other, &expected()).unwrap_err().code(), "saml-unknown-certificate");
}

#[test]
fn a_request_repeats_where_the_name_is_unique() {
    let qualifiers = Qualifiers { name: Some("a&b".to_owned()), service_provider: Some(LOG_OUT.to_owned()) };
    let Content::Request { name_id, name_id_format, session_index, .. } = REQUEST_CONTENT else { panic!() };
    let content = Content::Request { name_id, name_id_format, session_index, qualifiers: &qualifiers };
    let form = outgoing(content).form(None, &providers_key()).unwrap();
    let xml = String::from_utf8(STANDARD.decode(&form.fields[0].1).unwrap()).unwrap();
    let said = format!("<saml:NameID Format=\"urn:x\" NameQualifier=\"a&amp;b\" SPNameQualifier=\"{LOG_OUT}\">");
    assert!(xml.contains(&said), "{xml}");
    assert!(verify_request(Incoming::Field(&form.fields[0].1), &trusted(), &expected()).is_ok());
}

#[test]
fn an_unsigned_request_is_refused() {
    let query = query(REQUEST_CONTENT, None);
    assert_eq!(request_of(query.split_once("&SigAlg").unwrap().0).unwrap_err().code(), "saml-not-signed");
    assert_eq!(request_of(query.split_once("&Signature").unwrap().0).unwrap_err().code(), "saml-not-signed");

    let form = outgoing(REQUEST_CONTENT).form(None, &providers_key()).unwrap();
    let xml = String::from_utf8(STANDARD.decode(&form.fields[0].1).unwrap()).unwrap();
    let xml = xml.replace(cut(&xml, "<ds:Signature ", "</ds:Signature>"), "");
    let error = verify_request(Incoming::Field(&STANDARD.encode(xml)), &trusted(), &expected()).unwrap_err();
    assert_eq!(error.code(), "saml-not-signed");
}

#[test]
fn nothing_in_a_signed_query_may_be_changed_added_or_doubled() {
    let query = query(REQUEST_CONTENT, Some("state"));
    for changed in [
        query.replace("RelayState=state", "RelayState=other"),
        query.replace("&RelayState=state", ""),
        query.replace("rsa-sha256", "rsa-sha512"),
        query.replacen("SAMLRequest=", "SAMLRequest=A", 1),
    ] {
        assert_eq!(request_of(&changed).unwrap_err().code(), "saml-bad-signature");
    }
    assert_eq!(request_of(&format!("{query}&RelayState=x")).unwrap_err().code(), "saml-query");
    assert_eq!(request_of(&format!("SAMLRequest=x&{query}")).unwrap_err().code(), "saml-query");
    assert_eq!(request_of(&query.replace("rsa-sha256", "rsa-sha1")).unwrap_err().code(), "saml-weak-algorithm");
    // What is not a parameter of the binding is not part of it either.
    assert!(request_of(&format!("{query}&other=1")).is_ok());
}

#[test]
fn a_request_for_another_service_of_another_provider_or_of_another_day_is_refused() {
    let query = query(REQUEST_CONTENT, None);
    let code =
        |expected: Expectations<'_>| verify_request(Incoming::Query(&query), &trusted(), &expected).unwrap_err().code();

    assert_eq!(code(Expectations { issuer: AUTH0, ..expected() }), "saml-wrong-issuer");
    assert_eq!(code(Expectations { destination: RECIPIENT, ..expected() }), "saml-wrong-destination");
    assert_eq!(code(Expectations { now: UnixSeconds(NOW.0 + 360), ..expected() }), "saml-expired");
    assert_eq!(code(Expectations { now: UnixSeconds(NOW.0 - 61), ..expected() }), "saml-not-yet-valid");
}

#[test]
fn a_response_answers_our_request_and_no_other() {
    let query = query(Content::Response { in_response_to: "id-ours" }, None);
    let verify = |id: &str| verify_response(Incoming::Query(&query), id, &trusted(), &expected());

    assert_eq!(verify("id-ours"), Ok(()));
    assert_eq!(verify("id-other"), Err(SamlError::WrongInResponseTo));
    // It is not a request.
    assert_eq!(request_of(&query.replace("SAMLResponse", "SAMLRequest")).unwrap_err().code(), "saml-bad-signature");
    assert_eq!(request_of(&query).unwrap_err().code(), "saml-query");
}

#[test]
fn a_compressed_message_that_grows_without_end_is_refused() {
    let bomb = miniz_oxide::deflate::compress_to_vec(&vec![b' '; 10_000_000], 9);
    let key = providers_key();
    let mut query = format!("SAMLRequest={}", STANDARD.encode(bomb).replace('+', "%2B"));
    query.push_str("&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256");
    let signature = STANDARD.encode(key.sign(query.as_bytes()).unwrap()).replace('+', "%2B");

    assert_eq!(request_of(&format!("{query}&Signature={signature}")).unwrap_err().code(), "saml-not-deflated");
}
