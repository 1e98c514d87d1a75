//! The answer of an identity provider. Owns the order of the checks: form, signatures, then what is said.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::assertion::{self, Assertion};
use super::certificate::Certificate;
use super::decryption;
use super::error::SamlError;
use super::key::ServiceProviderKey;
use super::namespace::{ASSERTION, PROTOCOL};
use super::signature::{self, Verified};
use super::xml::{self, Element};
use super::{MAX_MESSAGE_BYTES, value};
use crate::time::UnixSeconds;

/// What names the user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SubjectFrom {
    /// The NameID. A transient one is refused.
    #[default]
    NameId,
    /// The one value of the attribute with this name.
    Attribute(String),
}

/// What a response must say to be accepted.
#[derive(Debug, Clone, Copy)]
pub struct Expectations<'a> {
    /// The provider's entity id.
    pub issuer: &'a str,
    /// Our entity id.
    pub audience: &'a str,
    /// The address of ours that received it.
    pub recipient: &'a str,
    /// The id of the request that this browser started. `None` accepts only responses to no request at all, which the
    /// caller must have enabled for this provider.
    pub in_response_to: Option<&'a str>,
    /// What names the user.
    pub subject: &'a SubjectFrom,
    /// The time.
    pub now: UnixSeconds,
}

/// Verifies the form field `SAMLResponse` of the HTTP-POST binding. `trusted` are the provider's certificates, `keys`
/// ours for decryption. The caller still has to refuse replays ([`Assertion::replay_key`]).
///
/// # Errors
/// The first reason to refuse it, in the order of decision 19.
pub fn verify(
    form_field: &str,
    trusted: &[Certificate],
    keys: &[ServiceProviderKey],
    expected: &Expectations<'_>,
) -> Result<Assertion, SamlError> {
    let text = decode(form_field)?;
    let document = xml::parse(&text, &xml::MESSAGE)?;
    let response = Element::root(&document)?;
    check_status(response)?;
    let content = content(response)?;

    let mut signable = vec![response];
    if let Content::Plain(assertion) = content {
        signable.push(assertion);
    }
    let verified = signature::verified(&document, &text, &signable, trusted, expected.now)?;
    let signed_response = verified.iter().find(|signed| signed.element().node() == response.node()).copied();

    let (assertion, bearer) = match content {
        Content::Plain(_) => assertion::read(signed_assertion(&verified)?.ok_or(SamlError::NotSigned)?, expected)?,
        Content::Encrypted => {
            // Of a signed response, only what is below its node; else anything, which then must be signed inside.
            let outer = signed_response.map_or(response, Verified::element);
            let encrypted = outer.child(ASSERTION, "EncryptedAssertion", "several EncryptedAssertion")?;
            let encrypted = encrypted.ok_or(SamlError::NoAssertion)?;
            let text = decryption::decrypt(encrypted, outer, signed_response.is_some(), keys)?;
            let document = xml::parse(&text, &xml::MESSAGE)?;
            let inside = only_assertion(Element::root(&document)?)?;
            let verified = signature::verified(&document, &text, &[inside], trusted, expected.now)?;
            let signed = match verified.as_slice() {
                [] if signed_response.is_some() => inside,
                [signed] => signed.element(),
                _ => return Err(SamlError::NotSigned),
            };
            assertion::read(signed, expected)?
        }
    };
    check_response(response, signed_response.is_some(), bearer.in_response_to.as_deref(), expected)?;
    Ok(assertion)
}

/// Decodes base64 with line breaks into text.
pub(super) fn decode(field: &str) -> Result<String, SamlError> {
    if field.len() > MAX_MESSAGE_BYTES.saturating_mul(3) / 2 {
        return Err(SamlError::TooLarge { limit: MAX_MESSAGE_BYTES });
    }
    let base64: String = field.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(base64).map_err(|_| SamlError::NotBase64)?;
    String::from_utf8(bytes).map_err(|_| SamlError::NotXml)
}

#[derive(Clone, Copy)]
enum Content<'d> {
    Plain(Element<'d>),
    Encrypted,
}

/// Exactly one assertion, directly in the response: every element of the document counts, in any namespace.
fn content(response: Element<'_>) -> Result<Content<'_>, SamlError> {
    let named = |name: &'static str| response.descendants().filter(move |element| element.local_name() == name).count();
    let plain: Vec<_> = response.children(ASSERTION, "Assertion").collect();
    let encrypted = response.children(ASSERTION, "EncryptedAssertion").count();
    match (plain.as_slice(), encrypted, named("Assertion"), named("EncryptedAssertion")) {
        ([], 0, 0, 0) => Err(SamlError::NoAssertion),
        ([assertion], 0, 1, 0) => Ok(Content::Plain(*assertion)),
        ([], 1, 0, 1) => Ok(Content::Encrypted),
        _ => Err(SamlError::SeveralAssertions),
    }
}

/// The assertion in what was decrypted.
fn only_assertion(root: Element<'_>) -> Result<Element<'_>, SamlError> {
    let mut all =
        root.descendants().filter(|element| ["Assertion", "EncryptedAssertion"].contains(&element.local_name()));
    let mut top = root.elements();
    match (top.next(), top.next(), all.next(), all.next()) {
        (Some(assertion), None, Some(_), None) if assertion.is(ASSERTION, "Assertion") => Ok(assertion),
        _ => Err(SamlError::SeveralAssertions),
    }
}

/// The assertion that was signed itself, or is below the signed response. The unsigned rest of the document is never
/// entered: `verified` is the only way in.
fn signed_assertion<'d>(verified: &[Verified<'d>]) -> Result<Option<Element<'d>>, SamlError> {
    let mut found: Option<Element<'d>> = None;
    for signed in verified {
        let element = signed.element();
        let assertion = if element.is(ASSERTION, "Assertion") {
            Some(element)
        } else {
            element.child(ASSERTION, "Assertion", "several assertions")?
        };
        let assertion = assertion.ok_or(SamlError::NoAssertion)?;
        if found.is_some_and(|found| found.node() != assertion.node()) {
            return Err(SamlError::SeveralAssertions);
        }
        found = Some(assertion);
    }
    Ok(found)
}

fn check_status(response: Element<'_>) -> Result<(), SamlError> {
    if !response.is(PROTOCOL, "Response") {
        return Err(SamlError::Malformed("it is not a response"));
    }
    if response.attribute("Version") != Some("2.0") {
        return Err(SamlError::Malformed("a response of another version than 2.0"));
    }
    check_status_code(response)
}

/// Success, or the provider's reason.
pub(super) fn check_status_code(response: Element<'_>) -> Result<(), SamlError> {
    const NO_STATUS: SamlError = SamlError::Malformed("a response without exactly one status");
    let several = "a response without exactly one status";
    let status = response.child(PROTOCOL, "Status", several)?.ok_or(NO_STATUS)?;
    let code = status.child(PROTOCOL, "StatusCode", several)?.ok_or(NO_STATUS)?;
    if code.attribute("Value") == Some(value::SUCCESS) {
        return Ok(());
    }
    let name = |code: Element<'_>| {
        let name = code.attribute("Value").unwrap_or_default().rsplit(':').next().unwrap_or_default();
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        if name.is_empty() { "an unknown status".to_owned() } else { name }
    };
    let mut words = name(code);
    if let Some(second) = code.children(PROTOCOL, "StatusCode").next() {
        words = format!("{words} / {}", name(second));
    }
    let message = status.children(PROTOCOL, "StatusMessage").next().map(Element::deep_text);
    let message = message.map(|text| text.chars().filter(|c| !c.is_control()).take(500).collect());
    Err(SamlError::StatusNotSuccess { status: words, message })
}

/// What the response says about itself. Unsigned, it proves nothing, but then it must not contradict either.
fn check_response(
    response: Element<'_>,
    signed: bool,
    confirmed: Option<&str>,
    expected: &Expectations<'_>,
) -> Result<(), SamlError> {
    match response.attribute("Destination") {
        Some(destination) if destination == expected.recipient => {}
        None if !signed => {}
        _ => return Err(SamlError::WrongDestination { expected: expected.recipient.to_owned() }),
    }
    let issuer =
        response.child(ASSERTION, "Issuer", "several issuers")?.map(|issuer| issuer.text("elements in Issuer"));
    if issuer.transpose()?.is_some_and(|issuer| issuer != expected.issuer) {
        return Err(SamlError::WrongIssuer { expected: expected.issuer.to_owned() });
    }
    let answers = response.attribute("InResponseTo");
    check_in_response_to(answers, expected.in_response_to)?;
    // At least one signed part has to name the request; otherwise an assertion to no request could be slipped in.
    let proven = confirmed.or(answers.filter(|_| signed));
    if expected.in_response_to.is_some() && proven.is_none() {
        return Err(SamlError::WrongInResponseTo);
    }
    Ok(())
}

/// What is there must be right.
pub(super) fn check_in_response_to(found: Option<&str>, expected: Option<&str>) -> Result<(), SamlError> {
    match (found, expected) {
        (Some(found), Some(expected)) if found != expected => Err(SamlError::WrongInResponseTo),
        (Some(_), None) => Err(SamlError::UnknownRequest),
        _ => Ok(()),
    }
}
