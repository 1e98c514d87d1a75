//! The assertion: what the provider says of a user. Owns its checks, in the order of decision 19, and its form here.

use super::error::SamlError;
use super::instant;
use super::namespace::ASSERTION;
use super::response::{Expectations, SubjectFrom};
use super::xml::Element;
use super::{CLOCK_SKEW_SECONDS, value};
use crate::time::UnixSeconds;

const MAX_ID_BYTES: usize = 256;
const MAX_SUBJECT_BYTES: usize = 1024;
const MAX_VALUES: usize = 2_000;

/// A verified assertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Its id: see [`replay_key`](Self::replay_key).
    pub id: String,
    /// The provider's entity id.
    pub issuer: String,
    /// Who signed in: the NameID or the configured attribute, as [`Expectations::subject`] says. Never empty.
    pub subject: String,
    /// The NameID, if there is one.
    pub name_id: Option<String>,
    /// The format of the NameID, if it says one.
    pub name_id_format: Option<String>,
    /// Where the NameID is unique, if it says so.
    pub qualifiers: Qualifiers,
    /// The attributes in the order of the message.
    pub attributes: Vec<Attribute>,
    /// The provider's session, for signing out there.
    pub session_index: Option<String>,
    /// From this second on the assertion is refused (before the allowed clock difference).
    pub not_on_or_after: UnixSeconds,
    /// From this second on the provider's session has ended, if it says so.
    pub session_not_on_or_after: Option<UnixSeconds>,
    /// When the user has proved themselves to the provider.
    pub authn_instant: UnixSeconds,
}

/// Where a NameID is unique. Part of the name: signing out at the provider repeats it (core, section 3.3.4).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Qualifiers {
    /// `NameQualifier`.
    pub name: Option<String>,
    /// `SPNameQualifier`.
    pub service_provider: Option<String>,
}

/// An attribute with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name, often an address or an OID.
    pub name: String,
    /// Its name for people, if it has one.
    pub friendly_name: Option<String>,
    /// The whole text of each value, in order. Nil values are left out.
    pub values: Vec<String>,
}

/// What has to be remembered so that an assertion is used once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReplayKey {
    /// The provider's entity id: ids are unique for each provider.
    pub issuer: String,
    /// The assertion's id.
    pub assertion_id: String,
    /// From this second on the assertion is refused anyway, so the key can be forgotten.
    pub forget_at: UnixSeconds,
}

impl Assertion {
    /// The server must refuse an assertion whose key it has seen, and keep the key until `forget_at`.
    #[must_use]
    pub fn replay_key(&self) -> ReplayKey {
        ReplayKey {
            issuer: self.issuer.clone(),
            assertion_id: self.id.clone(),
            forget_at: UnixSeconds(self.not_on_or_after.0.saturating_add(CLOCK_SKEW_SECONDS)),
        }
    }

    /// The values of all attributes with this name.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.attributes
            .iter()
            .filter(move |attribute| attribute.name == name)
            .flat_map(|attribute| attribute.values.iter().map(String::as_str))
    }
}

/// Reads an assertion that is the verified element, or below it.
///
/// # Errors
/// The first check that fails.
pub(super) fn read(assertion: Element<'_>, expected: &Expectations<'_>) -> Result<(Assertion, Bearer), SamlError> {
    if assertion.attribute("Version") != Some("2.0") {
        return Err(SamlError::Malformed("an assertion of another version than 2.0"));
    }
    let id = bounded(assertion.attribute("ID").unwrap_or_default().to_owned(), "id of the assertion", MAX_ID_BYTES)?;
    let issuer =
        required(assertion, "Issuer", "an assertion without exactly one Issuer")?.text("elements in Issuer")?;
    if issuer != expected.issuer {
        return Err(SamlError::WrongIssuer { expected: expected.issuer.to_owned() });
    }
    let conditions = required(assertion, "Conditions", "an assertion without exactly one Conditions")?;
    let mut until = check_conditions(conditions, expected)?;

    let subject_element = required(assertion, "Subject", "an assertion without exactly one Subject")?;
    let bearer = bearer(subject_element, expected)?;
    until = until.min(bearer.not_on_or_after);

    // Several statements mean several ways of proving; the first names the session.
    let statement = assertion
        .children(ASSERTION, "AuthnStatement")
        .next()
        .ok_or(SamlError::Malformed("an assertion without an AuthnStatement"))?;
    let authn_instant = time(statement, "AuthnInstant")?.ok_or(SamlError::Malformed("no AuthnInstant"))?;
    let session_not_on_or_after = time(statement, "SessionNotOnOrAfter")?;
    if let Some(end) = session_not_on_or_after {
        check_not_after(end, expected.now)?;
    }
    let session_index =
        statement.attribute("SessionIndex").map(|index| bounded(index.to_owned(), "SessionIndex", 1024));

    let attributes = attributes(assertion)?;
    let (name_id, name_id_format) = name_id(subject_element)?;
    let subject = choose_subject(expected.subject, name_id.as_deref(), name_id_format.as_deref(), &attributes)?;
    let assertion = Assertion {
        id,
        issuer,
        subject,
        name_id,
        name_id_format,
        qualifiers: qualifiers(subject_element)?,
        attributes,
        session_index: session_index.transpose()?,
        not_on_or_after: until,
        session_not_on_or_after,
        authn_instant,
    };
    Ok((assertion, bearer))
}

/// Time and audience. Returns the second from which it is refused.
fn check_conditions(conditions: Element<'_>, expected: &Expectations<'_>) -> Result<UnixSeconds, SamlError> {
    let until = check_window(conditions, expected.now)?;
    let mut restricted = false;
    for condition in conditions.elements() {
        if condition.is(ASSERTION, "AudienceRestriction") {
            let mut found = false;
            for audience in condition.children(ASSERTION, "Audience") {
                found |= audience.text("elements in Audience")? == expected.audience;
            }
            if !found {
                return Err(SamlError::WrongAudience { expected: expected.audience.to_owned() });
            }
            restricted = true;
        } else if !condition.is(ASSERTION, "OneTimeUse") && !condition.is(ASSERTION, "ProxyRestriction") {
            // Each assertion is used once here, and none is passed on: those two hold anyway.
            return Err(SamlError::UnsupportedCondition);
        }
    }
    if !restricted {
        return Err(SamlError::WrongAudience { expected: expected.audience.to_owned() });
    }
    Ok(until.unwrap_or(UnixSeconds(i64::MAX)))
}

/// The confirmation that was accepted.
pub(super) struct Bearer {
    /// What it says of the request that it answers.
    pub(super) in_response_to: Option<String>,
    not_on_or_after: UnixSeconds,
}

/// The first bearer confirmation that holds; otherwise why the first one does not.
fn bearer(subject: Element<'_>, expected: &Expectations<'_>) -> Result<Bearer, SamlError> {
    let mut refused = None;
    for confirmation in subject.children(ASSERTION, "SubjectConfirmation") {
        if confirmation.attribute("Method") != Some(value::BEARER) {
            continue;
        }
        match check_bearer(confirmation, expected) {
            Ok(bearer) => return Ok(bearer),
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    Err(refused.unwrap_or(SamlError::NoBearer))
}

fn check_bearer(confirmation: Element<'_>, expected: &Expectations<'_>) -> Result<Bearer, SamlError> {
    let data = required(confirmation, "SubjectConfirmationData", "a bearer without SubjectConfirmationData")?;
    if data.attribute("Recipient") != Some(expected.recipient) {
        return Err(SamlError::WrongRecipient { expected: expected.recipient.to_owned() });
    }
    let not_on_or_after = check_window(data, expected.now)?.ok_or(SamlError::Malformed("a bearer without an end"))?;
    let in_response_to = data.attribute("InResponseTo").map(str::to_owned);
    super::response::check_in_response_to(in_response_to.as_deref(), expected.in_response_to)?;
    Ok(Bearer { in_response_to, not_on_or_after })
}

/// `NotBefore` and `NotOnOrAfter`, with the allowed clock difference. Returns the latter.
fn check_window(element: Element<'_>, now: UnixSeconds) -> Result<Option<UnixSeconds>, SamlError> {
    if let Some(start) = time(element, "NotBefore")? {
        let seconds = start.0.saturating_sub(now.0);
        if seconds > CLOCK_SKEW_SECONDS {
            return Err(SamlError::NotYetValid { seconds });
        }
    }
    let end = time(element, "NotOnOrAfter")?;
    end.map_or(Ok(()), |end| check_not_after(end, now))?;
    Ok(end)
}

pub(super) fn check_not_after(end: UnixSeconds, now: UnixSeconds) -> Result<(), SamlError> {
    let seconds = now.0.saturating_sub(end.0);
    if seconds >= CLOCK_SKEW_SECONDS { Err(SamlError::Expired { seconds }) } else { Ok(()) }
}

pub(super) fn time(element: Element<'_>, name: &str) -> Result<Option<UnixSeconds>, SamlError> {
    let time = element.attribute(name).map(|text| instant::parse(text).ok_or(SamlError::Malformed("a time")));
    time.transpose()
}

/// The NameID and its format.
pub(super) fn name_id(parent: Element<'_>) -> Result<(Option<String>, Option<String>), SamlError> {
    if parent.children(ASSERTION, "EncryptedID").next().is_some() {
        return Err(SamlError::EncryptedPart);
    }
    let Some(name_id) = parent.child(ASSERTION, "NameID", "several NameIDs")? else { return Ok((None, None)) };
    let text = bounded(name_id.text("elements in NameID")?, "NameID", MAX_SUBJECT_BYTES)?;
    let format = name_id.attribute("Format").map(|format| bounded(format.to_owned(), "format of the NameID", 256));
    Ok((Some(text), format.transpose()?))
}

fn qualifiers(parent: Element<'_>) -> Result<Qualifiers, SamlError> {
    let Some(name_id) = parent.child(ASSERTION, "NameID", "several NameIDs")? else { return Ok(Qualifiers::default()) };
    let qualifier = |name| {
        let text = name_id.attribute(name).filter(|text| !text.is_empty());
        text.map(|text| bounded(text.to_owned(), "qualifier of the NameID", MAX_SUBJECT_BYTES)).transpose()
    };
    Ok(Qualifiers { name: qualifier("NameQualifier")?, service_provider: qualifier("SPNameQualifier")? })
}

pub(super) fn attributes(assertion: Element<'_>) -> Result<Vec<Attribute>, SamlError> {
    let mut values = 0_usize;
    let mut attributes = Vec::new();
    for statement in assertion.children(ASSERTION, "AttributeStatement") {
        if statement.children(ASSERTION, "EncryptedAttribute").next().is_some() {
            return Err(SamlError::EncryptedPart);
        }
        for element in statement.children(ASSERTION, "Attribute") {
            let name = element.attribute("Name").ok_or(SamlError::Malformed("an attribute without a name"))?;
            let texts = element.children(ASSERTION, "AttributeValue").filter(|value| !value.is_nil());
            let texts: Vec<_> = texts.map(Element::deep_text).collect();
            values = values.saturating_add(texts.len()).saturating_add(1);
            if values > MAX_VALUES {
                return Err(SamlError::TooComplex("attribute values"));
            }
            attributes.push(Attribute {
                name: name.to_owned(),
                friendly_name: element.attribute("FriendlyName").map(str::to_owned),
                values: texts,
            });
        }
    }
    Ok(attributes)
}

fn choose_subject(
    from: &SubjectFrom,
    name_id: Option<&str>,
    format: Option<&str>,
    attributes: &[Attribute],
) -> Result<String, SamlError> {
    match from {
        SubjectFrom::NameId if format == Some(value::TRANSIENT) => Err(SamlError::TransientNameId),
        SubjectFrom::NameId => name_id.map(str::to_owned).ok_or(SamlError::NoNameId),
        SubjectFrom::Attribute(name) => {
            let values: Vec<_> =
                attributes.iter().filter(|attribute| attribute.name == *name).flat_map(|a| &a.values).collect();
            let [value] = values.as_slice() else {
                return Err(SamlError::SubjectAttribute { name: name.clone(), values: values.len() });
            };
            bounded((*value).clone(), "attribute that names the user", MAX_SUBJECT_BYTES)
        }
    }
}

fn required<'d>(parent: Element<'d>, name: &str, otherwise: &'static str) -> Result<Element<'d>, SamlError> {
    parent.child(ASSERTION, name, otherwise)?.ok_or(SamlError::Malformed(otherwise))
}

pub(super) fn bounded(text: String, what: &'static str, limit: usize) -> Result<String, SamlError> {
    if (1..=limit).contains(&text.len()) { Ok(text) } else { Err(SamlError::Length { what, limit }) }
}
