//! The attributes in a message that an administrator pasted, to try settings with. Nothing is verified, so nobody signs in
//! with what is read here.

use super::assertion::{Attribute, attributes, name_id};
use super::error::SamlError;
use super::namespace::ASSERTION;
use super::response::decode;
use super::xml::{self, Element};

/// What an assertion says of a person. Neither its signature nor its times are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverified {
    /// The NameID, if there is one.
    pub name_id: Option<String>,
    /// The attributes in the order of the message.
    pub attributes: Vec<Attribute>,
}

/// Reads the one assertion in a response, or alone, as XML or in base64.
///
/// # Errors
/// When it is not XML within the limits of messages, or has no assertion that can be read: encrypted ones cannot.
pub fn read(message: &str) -> Result<Unverified, SamlError> {
    let message = message.trim();
    let text = if message.starts_with('<') { message.to_owned() } else { decode(message)? };
    let document = xml::parse(&text, &xml::MESSAGE)?;
    let root = Element::root(&document)?;
    let mut assertions = root.descendants().filter(|element| element.is(ASSERTION, "Assertion"));
    let assertion = match (assertions.next(), assertions.next()) {
        (Some(assertion), None) => assertion,
        (Some(_), Some(_)) => return Err(SamlError::SeveralAssertions),
        (None, _) if root.descendants().any(|it| it.is(ASSERTION, "EncryptedAssertion")) => {
            return Err(SamlError::EncryptedPart);
        }
        (None, _) => return Err(SamlError::NoAssertion),
    };
    let name_id = match assertion.child(ASSERTION, "Subject", "an assertion without exactly one Subject")? {
        Some(subject) => name_id(subject)?.0,
        None => None,
    };
    Ok(Unverified { name_id, attributes: attributes(assertion)? })
}
