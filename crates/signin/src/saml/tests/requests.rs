//! What is sent to a provider: our metadata and requests.

use miniz_oxide::inflate::decompress_to_vec;

use super::*;
use crate::saml::message_id;
use crate::saml::namespace::{METADATA, SIGNATURE};
use crate::saml::request::{NameIdFormat, SignOnRequest};
use crate::saml::service_provider::ServiceProvider;
use crate::saml::signature;
use crate::saml::xml::{self, Element};

fn request() -> SignOnRequest<'static> {
    SignOnRequest {
        id: REQUEST,
        destination: "https://idp.example.com/sso?tenant=1",
        issuer: AUDIENCE,
        assertion_consumer: RECIPIENT,
        name_id_format: Some(NameIdFormat::Persistent),
        force_authn: true,
        now: NOW,
    }
}

const XML: &str = "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
    xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"id-00112233445566778899aabbccddeeff00112233\" \
    Version=\"2.0\" IssueInstant=\"2026-09-21T14:13:20Z\" Destination=\"https://idp.example.com/sso?tenant=1\" \
    ForceAuthn=\"true\" ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
    AssertionConsumerServiceURL=\"https://rolecall.example.com/saml/acs\">\
    <saml:Issuer>https://rolecall.example.com/saml</saml:Issuer><samlp:NameIDPolicy AllowCreate=\"true\" \
    Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\"></samlp:NameIDPolicy></samlp:AuthnRequest>";

#[test]
fn a_redirect_carries_the_request_and_a_signature_over_the_query() {
    let address = request().redirect(Some("rs/1"), Some(&our_key())).unwrap();

    let (start, query) = address.split_once('&').unwrap();
    assert_eq!(start, "https://idp.example.com/sso?tenant=1");
    let received = crate::saml::redirect::receive(
        query,
        crate::saml::redirect::Parameter::Request,
        &[certificate(key!("sp.crt"))],
        NOW,
    );
    let received = received.unwrap();
    assert_eq!((received.xml.as_str(), received.relay_state.as_deref()), (XML, Some("rs/1")));
}

#[test]
fn without_a_key_the_query_is_the_message_alone() {
    let request = SignOnRequest { destination: "https://idp.example.com/sso", ..request() };
    let address = request.redirect(None, None).unwrap();

    let value = address.strip_prefix("https://idp.example.com/sso?SAMLRequest=").unwrap();
    let value = value.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let xml = decompress_to_vec(&STANDARD.decode(value).unwrap()).unwrap();
    assert_eq!(String::from_utf8(xml).unwrap(), XML.replace("sso?tenant=1", "sso"));
}

#[test]
fn a_posted_request_is_signed_inside() {
    let form = request().form(Some("rs"), Some(&our_key())).unwrap();

    assert_eq!(form.action, "https://idp.example.com/sso?tenant=1");
    assert_eq!((form.fields[0].0, &form.fields[1]), ("SAMLRequest", &("RelayState", "rs".to_owned())));
    let text = String::from_utf8(STANDARD.decode(&form.fields[0].1).unwrap()).unwrap();
    let document = xml::parse(&text, &xml::MESSAGE).unwrap();
    let root = Element::root(&document).unwrap();
    let ours = [certificate(key!("sp.crt"))];
    let signed = signature::verified(&document, &text, &[root], &ours, NOW).unwrap();
    assert!(signed.len() == 1 && signed[0].element().node() == root.node());
}

#[test]
fn the_signature_of_a_posted_request_is_the_one_that_xmlsec1_makes() {
    let form = request().form(None, Some(&our_key())).unwrap();

    let ours = String::from_utf8(STANDARD.decode(&form.fields[0].1).unwrap()).unwrap();
    for element in ["DigestValue", "SignatureValue"] {
        let text =
            |xml: &str| -> String { cut(xml, &format!("<ds:{element}>"), "</ds:").split_ascii_whitespace().collect() };
        assert_eq!(text(&ours), text(vector!("request")), "{element}");
    }
}

#[test]
fn strange_characters_stay_inside_of_their_values() {
    let request = SignOnRequest { issuer: "a\"<b>&'\n]]>", name_id_format: None, ..request() };
    let form = request.form(None, None).unwrap();

    let text = String::from_utf8(STANDARD.decode(&form.fields[0].1).unwrap()).unwrap();
    let document = xml::parse(&text, &xml::MESSAGE).unwrap();
    let issuer = Element::root(&document).unwrap().elements().next().unwrap();
    assert_eq!(issuer.text("").unwrap(), "a\"<b>&'\n]]>");
}

#[test]
fn a_relay_state_has_at_most_80_bytes() {
    assert!(request().redirect(Some(&"x".repeat(80)), None).is_ok());
    assert_eq!(request().redirect(Some(&"x".repeat(81)), None).unwrap_err().code(), "saml-length");
    assert_eq!(request().form(Some(&"x".repeat(81)), None).unwrap_err().code(), "saml-length");
}

#[test]
fn ids_start_with_a_letter_and_are_random() {
    assert_eq!(message_id(&[0xAB; 20]), format!("id-{}", "ab".repeat(20)));
}

#[test]
fn our_metadata_names_addresses_and_every_key() {
    let provider = ServiceProvider {
        entity_id: AUDIENCE.to_owned(),
        assertion_consumer: RECIPIENT.to_owned(),
        log_out: Some("https://rolecall.example.com/saml/logout?a=1&b=2".to_owned()),
        keys: vec![our_key(), our_next_key()],
    };
    let text = provider.metadata();

    let document = xml::parse(&text, &xml::MESSAGE).unwrap();
    let root = Element::root(&document).unwrap();
    assert!(root.is(METADATA, "EntityDescriptor") && root.attribute("entityID") == Some(AUDIENCE));
    let role = root.elements().next().unwrap();
    let names: Vec<_> = role.elements().map(Element::local_name).collect();
    assert_eq!(
        names,
        [
            "KeyDescriptor",
            "KeyDescriptor",
            "KeyDescriptor",
            "KeyDescriptor",
            "SingleLogoutService",
            "SingleLogoutService",
            "NameIDFormat",
            "NameIDFormat",
            "AssertionConsumerService"
        ]
    );
    let certificates = role.descendants().filter(|element| element.is(SIGNATURE, "X509Certificate"));
    let certificates: Vec<_> = certificates.map(|text| certificate(&text.deep_text())).collect();
    let [first, second] = [certificate(key!("sp.crt")), certificate(key!("sp-next.crt"))];
    assert_eq!(certificates, [first.clone(), second.clone(), first, second]);
    let log_out = role.children(METADATA, "SingleLogoutService").next().unwrap();
    assert_eq!(log_out.attribute("Location"), provider.log_out.as_deref());
}

#[test]
fn without_keys_our_metadata_promises_no_signature() {
    let provider = ServiceProvider {
        entity_id: AUDIENCE.to_owned(),
        assertion_consumer: RECIPIENT.to_owned(),
        log_out: None,
        keys: Vec::new(),
    };
    let text = provider.metadata();
    assert!(text.contains("AuthnRequestsSigned=\"false\"") && !text.contains("KeyDescriptor"));
}

#[test]
fn a_key_needs_its_own_certificate_and_does_not_print() {
    let base64: String = key!("sp.key").lines().filter(|line| !line.starts_with("-----")).collect();
    let pkcs8 = STANDARD.decode(base64).unwrap();
    let error = ServiceProviderKey::new(&pkcs8, certificate(key!("idp.crt"))).unwrap_err();
    assert_eq!(error, SamlError::BadKey("the certificate is of another key"));
    assert_eq!(ServiceProviderKey::new(b"x", certificate(key!("sp.crt"))).unwrap_err().code(), "saml-bad-key");

    let printed = format!("{:?}", our_key());
    assert!(printed.starts_with("ServiceProviderKey(Certificate(CN=sp.example.com, ") && printed.ends_with(", ***)"));
}
