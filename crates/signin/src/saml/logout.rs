//! Single logout. Owns its two messages, in both directions.

use super::assertion::{Qualifiers, bounded, check_not_after, name_id, time};
use super::certificate::Certificate;
use super::error::SamlError;
use super::instant::Utc;
use super::key::ServiceProviderKey;
use super::namespace::{ASSERTION, PROTOCOL};
use super::redirect::{self, Parameter};
use super::request::{Form, form, sign, signature_template};
use super::response::{check_status_code, decode};
use super::signature;
use super::xml::{self, Element, escape};
use super::{CLOCK_SKEW_SECONDS, MAX_MESSAGE_BYTES, value};
use crate::time::UnixSeconds;

/// Requests without an end are refused when they are older.
const MAX_AGE_SECONDS: i64 = 300;
const MAX_SESSIONS: usize = 64;

/// A message to send.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// From [`super::message_id`].
    pub id: &'a str,
    /// The provider's address for the binding.
    pub destination: &'a str,
    /// Our entity id.
    pub issuer: &'a str,
    /// What it says.
    pub content: Content<'a>,
    /// The time.
    pub now: UnixSeconds,
}

/// What a logout message says.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// This user signs out.
    Request {
        /// The NameID of the assertion.
        name_id: &'a str,
        /// Its format, if it had one.
        name_id_format: Option<&'a str>,
        /// Where it is unique, as the assertion said.
        qualifiers: &'a Qualifiers,
        /// The session of the assertion.
        session_index: Option<&'a str>,
    },
    /// The user of a request is signed out here.
    Response {
        /// The id of the request.
        in_response_to: &'a str,
    },
}

impl Outgoing<'_> {
    /// The address to redirect to (HTTP-Redirect), signed.
    ///
    /// # Errors
    /// `Length` for a relay state of more than 80 bytes; `NotSignable` when the library fails.
    pub fn redirect(&self, relay_state: Option<&str>, key: &ServiceProviderKey) -> Result<String, SamlError> {
        redirect::address(self.destination, self.parameter(), &self.xml(""), relay_state, Some(key))
    }

    /// The form to post (HTTP-POST), signed.
    ///
    /// # Errors
    /// As [`redirect`](Self::redirect).
    pub fn form(&self, relay_state: Option<&str>, key: &ServiceProviderKey) -> Result<Form, SamlError> {
        let xml = sign(self.xml(&signature_template(self.id, key)), key)?;
        form(self.destination, self.parameter(), &xml, relay_state)
    }

    fn parameter(&self) -> Parameter {
        match self.content {
            Content::Request { .. } => Parameter::Request,
            Content::Response { .. } => Parameter::Response,
        }
    }

    fn xml(&self, signature: &str) -> String {
        let start = format!(
            "xmlns:samlp=\"{PROTOCOL}\" xmlns:saml=\"{ASSERTION}\" ID=\"{}\" Version=\"2.0\" IssueInstant=\"{}\" \
             Destination=\"{}\"",
            escape(self.id),
            Utc(self.now),
            escape(self.destination)
        );
        let issuer = format!("<saml:Issuer>{}</saml:Issuer>{signature}", escape(self.issuer));
        match self.content {
            Content::Request { name_id, name_id_format, qualifiers, session_index } => {
                let said: String = [
                    ("Format", name_id_format),
                    ("NameQualifier", qualifiers.name.as_deref()),
                    ("SPNameQualifier", qualifiers.service_provider.as_deref()),
                ]
                .into_iter()
                .filter_map(|(name, value)| Some(format!(" {name}=\"{}\"", escape(value?))))
                .collect();
                let session = session_index.map_or(String::new(), |index| {
                    format!("<samlp:SessionIndex>{}</samlp:SessionIndex>", escape(index))
                });
                format!(
                    "<samlp:LogoutRequest {start}>{issuer}<saml:NameID{said}>{}</saml:NameID>{session}\
                     </samlp:LogoutRequest>",
                    escape(name_id)
                )
            }
            Content::Response { in_response_to } => format!(
                "<samlp:LogoutResponse {start} InResponseTo=\"{}\">{issuer}<samlp:Status><samlp:StatusCode \
                 Value=\"{}\"></samlp:StatusCode></samlp:Status></samlp:LogoutResponse>",
                escape(in_response_to),
                value::SUCCESS
            ),
        }
    }
}

/// A message as it was received.
#[derive(Debug, Clone, Copy)]
pub enum Incoming<'a> {
    /// The raw query, without the question mark (HTTP-Redirect).
    Query(&'a str),
    /// The form field (HTTP-POST).
    Field(&'a str),
}

/// What a logout message must say to be accepted.
#[derive(Debug, Clone, Copy)]
pub struct Expectations<'a> {
    /// The provider's entity id.
    pub issuer: &'a str,
    /// The address of ours that received it.
    pub destination: &'a str,
    /// The time.
    pub now: UnixSeconds,
}

/// A verified request of the provider: sign this user out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutRequest {
    /// Its id, for the response.
    pub id: String,
    /// Who is to be signed out.
    pub name_id: String,
    /// The format of the NameID, if it says one.
    pub name_id_format: Option<String>,
    /// The sessions to end. Empty means all of the user's.
    pub session_indexes: Vec<String>,
    /// To be sent back with the response (HTTP-Redirect; a form has it as a field of its own).
    pub relay_state: Option<String>,
    /// When it was made; now, if it does not say so. Sessions that began later are not meant.
    pub issued_at: UnixSeconds,
    /// Until when `id` has to be remembered; after that the request is refused by its age.
    pub remember_until: UnixSeconds,
}

/// Verifies a request of the provider. It must be signed.
///
/// # Errors
/// The first reason to refuse it.
pub fn verify_request(
    incoming: Incoming<'_>,
    trusted: &[Certificate],
    expected: &Expectations<'_>,
) -> Result<LogoutRequest, SamlError> {
    read(incoming, Parameter::Request, "LogoutRequest", trusted, expected, |message, relay_state| {
        let end = match time(message, "NotOnOrAfter")? {
            Some(end) => end,
            None => {
                let issued = time(message, "IssueInstant")?.ok_or(SamlError::Malformed("no IssueInstant"))?;
                UnixSeconds(issued.0.saturating_add(MAX_AGE_SECONDS))
            }
        };
        check_not_after(end, expected.now)?;
        let (name_id, name_id_format) = name_id(message)?;
        let sessions = message.children(PROTOCOL, "SessionIndex").take(MAX_SESSIONS.saturating_add(1));
        let sessions = sessions.map(|index| bounded(index.text("elements in SessionIndex")?, "SessionIndex", 1024));
        let session_indexes = sessions.collect::<Result<Vec<_>, _>>()?;
        if session_indexes.len() > MAX_SESSIONS {
            return Err(SamlError::TooComplex("sessions"));
        }
        Ok(LogoutRequest {
            id: bounded(message.attribute("ID").unwrap_or_default().to_owned(), "id of the request", 256)?,
            name_id: name_id.ok_or(SamlError::NoNameId)?,
            name_id_format,
            session_indexes,
            relay_state,
            issued_at: time(message, "IssueInstant")?.unwrap_or(expected.now),
            remember_until: UnixSeconds(end.0.saturating_add(CLOCK_SKEW_SECONDS)),
        })
    })
}

/// Verifies the provider's response to our request with the id `in_response_to`. It must be signed.
///
/// # Errors
/// The first reason to refuse it; `StatusNotSuccess` when the user may still be signed in at the provider.
pub fn verify_response(
    incoming: Incoming<'_>,
    in_response_to: &str,
    trusted: &[Certificate],
    expected: &Expectations<'_>,
) -> Result<(), SamlError> {
    read(incoming, Parameter::Response, "LogoutResponse", trusted, expected, |message, _| {
        if message.attribute("InResponseTo") != Some(in_response_to) {
            return Err(SamlError::WrongInResponseTo);
        }
        check_status_code(message)
    })
}

/// Verifies the signature, then what both messages have in common, then hands the signed element to `then`.
fn read<T>(
    incoming: Incoming<'_>,
    parameter: Parameter,
    name: &str,
    trusted: &[Certificate],
    expected: &Expectations<'_>,
    then: impl FnOnce(Element<'_>, Option<String>) -> Result<T, SamlError>,
) -> Result<T, SamlError> {
    let (text, relay_state, signed_query) = match incoming {
        Incoming::Query(query) => {
            let received = redirect::receive(query, parameter, trusted, expected.now)?;
            (received.xml, received.relay_state, true)
        }
        Incoming::Field(field) if field.len() > MAX_MESSAGE_BYTES.saturating_mul(2) => {
            return Err(SamlError::TooLarge { limit: MAX_MESSAGE_BYTES });
        }
        Incoming::Field(field) => (decode(field)?, None, false),
    };
    let document = xml::parse(&text, &xml::MESSAGE)?;
    let root = Element::root(&document)?;
    if !root.is(PROTOCOL, name) || root.attribute("Version") != Some("2.0") {
        return Err(SamlError::Malformed("it is not the expected logout message"));
    }
    // The query's signature covers the whole message; XML inside it must not carry another one (bindings 3.4.4.1).
    let message = match signature::verified(&document, &text, &[root], trusted, expected.now)?.as_slice() {
        [] if signed_query => root,
        [signed] => signed.element(),
        _ => return Err(SamlError::NotSigned),
    };
    let issuer = message.child(ASSERTION, "Issuer", "several issuers")?.map(|issuer| issuer.text("elements in Issuer"));
    if issuer.transpose()?.as_deref() != Some(expected.issuer) {
        return Err(SamlError::WrongIssuer { expected: expected.issuer.to_owned() });
    }
    if message.attribute("Destination") != Some(expected.destination) {
        return Err(SamlError::WrongDestination { expected: expected.destination.to_owned() });
    }
    if let Some(issued) = time(message, "IssueInstant")? {
        let seconds = issued.0.saturating_sub(expected.now.0);
        if seconds > CLOCK_SKEW_SECONDS {
            return Err(SamlError::NotYetValid { seconds });
        }
    }
    then(message, relay_state)
}
