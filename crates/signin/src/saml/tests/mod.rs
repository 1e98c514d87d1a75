//! Messages of xmlsec1 (`tests/saml/vectors/make.py`), the ways of reading them, and attacks made from them.

#![allow(clippy::string_slice, reason = "the messages are known, and cutting them is what these tests do")]

mod attacks;
mod encryption;
mod logout;
mod metadata;
mod providers;
mod requests;
mod robustness;
mod wrapping;

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::assertion::Assertion;
use super::certificate::Certificate;
use super::error::SamlError;
use super::key::ServiceProviderKey;
use super::response::{self, Expectations, SubjectFrom};
use crate::time::UnixSeconds;

const NOW: UnixSeconds = UnixSeconds(1_790_000_000);
const AUDIENCE: &str = "https://rolecall.example.com/saml";
const RECIPIENT: &str = "https://rolecall.example.com/saml/acs";
const REQUEST: &str = "id-00112233445566778899aabbccddeeff00112233";
const KEYCLOAK: &str = "https://idp.example.com/realms/main";
const AUTH0: &str = "urn:example.eu.auth0.com";
const OKTA: &str = "http://www.okta.com/exk1";

/// The text of a message in `tests/saml/vectors`.
macro_rules! vector {
    ($name:literal) => {
        include_str!(concat!("../../../tests/saml/vectors/", $name, ".xml"))
    };
}
use vector;

macro_rules! key {
    ($name:literal) => {
        include_str!(concat!("../../../tests/saml/vectors/keys/", $name))
    };
}
use key;

fn certificate(pem: &str) -> Certificate {
    Certificate::from_text(pem).unwrap()
}

fn trusted() -> Vec<Certificate> {
    vec![certificate(key!("idp.crt"))]
}

fn our_key() -> ServiceProviderKey {
    private(key!("sp.key"), key!("sp.crt"))
}

fn our_next_key() -> ServiceProviderKey {
    private(key!("sp-next.key"), key!("sp-next.crt"))
}

/// The provider's own key, to send messages as it would.
fn providers_key() -> ServiceProviderKey {
    private(key!("idp.key"), key!("idp.crt"))
}

fn private(pem: &str, crt: &str) -> ServiceProviderKey {
    let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    ServiceProviderKey::new(&STANDARD.decode(base64).unwrap(), certificate(crt)).unwrap()
}

/// What Rolecall expects of a response from `issuer`.
fn expected(issuer: &str) -> Expectations<'_> {
    Expectations {
        issuer,
        audience: AUDIENCE,
        recipient: RECIPIENT,
        in_response_to: Some(REQUEST),
        subject: &SubjectFrom::NameId,
        now: NOW,
    }
}

fn verify_as(xml: &str, expected: &Expectations<'_>) -> Result<Assertion, SamlError> {
    static KEYS: LazyLock<(Vec<Certificate>, [ServiceProviderKey; 1])> = LazyLock::new(|| (trusted(), [our_key()]));
    response::verify(&STANDARD.encode(xml), &KEYS.0, &KEYS.1, expected)
}

fn verify(xml: &str, issuer: &str) -> Result<Assertion, SamlError> {
    verify_as(xml, &expected(issuer))
}

/// The code of the refusal.
fn refused(xml: &str, issuer: &str) -> &'static str {
    verify(xml, issuer).unwrap_err().code()
}

/// Replaces exactly one place.
fn change(xml: &str, from: &str, to: &str) -> String {
    assert_eq!(xml.matches(from).count(), 1, "{from}");
    xml.replace(from, to)
}

/// The part from `start` to the end of `end`.
fn cut<'a>(xml: &'a str, start: &str, end: &str) -> &'a str {
    let from = xml.find(start).unwrap();
    let to = xml[from..].find(end).unwrap() + from + end.len();
    &xml[from..to]
}
