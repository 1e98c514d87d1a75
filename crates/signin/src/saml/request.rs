//! Requests to sign in. Owns their XML, and signing XML of ours for the HTTP-POST binding.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra_dsig::DsigContext;
use bergshamra_dsig::sign::sign_owned;
use bergshamra_keys::KeysManager;

use super::error::SamlError;
use super::instant::Utc;
use super::key::ServiceProviderKey;
use super::namespace::{ASSERTION, PROTOCOL, SIGNATURE};
use super::redirect::{self, Parameter};
use super::value::{EMAIL, HTTP_POST, PERSISTENT, RSA_SHA256};
use super::xml::escape;
use crate::time::UnixSeconds;

/// The NameID that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameIdFormat {
    /// One that stays the same for a user, and means nothing elsewhere.
    Persistent,
    /// An email address.
    Email,
}

impl NameIdFormat {
    const fn uri(self) -> &'static str {
        match self {
            Self::Persistent => PERSISTENT,
            Self::Email => EMAIL,
        }
    }
}

/// A request to sign a user in.
#[derive(Debug, Clone, Copy)]
pub struct SignOnRequest<'a> {
    /// From [`super::message_id`]. The caller keeps it with the browser: the response names it.
    pub id: &'a str,
    /// The provider's address for the binding.
    pub destination: &'a str,
    /// Our entity id.
    pub issuer: &'a str,
    /// The address of ours that receives the response.
    pub assertion_consumer: &'a str,
    /// The NameID to ask for. `None` leaves it to the provider.
    pub name_id_format: Option<NameIdFormat>,
    /// Whether the user has to prove themselves again.
    pub force_authn: bool,
    /// The time.
    pub now: UnixSeconds,
}

/// A form that a browser has to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where to.
    pub action: String,
    /// Names and values of its hidden fields. The caller escapes them for HTML.
    pub fields: Vec<(&'static str, String)>,
}

impl SignOnRequest<'_> {
    /// The address to redirect to (HTTP-Redirect), signed if there is a key.
    ///
    /// # Errors
    /// `Length` for a relay state of more than 80 bytes; `NotSignable` when the library fails.
    pub fn redirect(&self, relay_state: Option<&str>, key: Option<&ServiceProviderKey>) -> Result<String, SamlError> {
        redirect::address(self.destination, Parameter::Request, &self.xml(""), relay_state, key)
    }

    /// The form to post (HTTP-POST), signed if there is a key.
    ///
    /// # Errors
    /// As [`redirect`](Self::redirect).
    pub fn form(&self, relay_state: Option<&str>, key: Option<&ServiceProviderKey>) -> Result<Form, SamlError> {
        let xml = match key {
            Some(key) => sign(self.xml(&signature_template(self.id, key)), key)?,
            None => self.xml(""),
        };
        form(self.destination, Parameter::Request, &xml, relay_state)
    }

    fn xml(&self, signature: &str) -> String {
        let force = if self.force_authn { " ForceAuthn=\"true\"" } else { "" };
        let policy = self.name_id_format.map_or(String::new(), |format| {
            format!("<samlp:NameIDPolicy AllowCreate=\"true\" Format=\"{}\"></samlp:NameIDPolicy>", format.uri())
        });
        format!(
            "<samlp:AuthnRequest xmlns:samlp=\"{PROTOCOL}\" xmlns:saml=\"{ASSERTION}\" ID=\"{}\" Version=\"2.0\" \
             IssueInstant=\"{}\" Destination=\"{}\"{force} ProtocolBinding=\"{HTTP_POST}\" \
             AssertionConsumerServiceURL=\"{}\"><saml:Issuer>{}</saml:Issuer>{signature}{policy}</samlp:AuthnRequest>",
            escape(self.id),
            Utc(self.now),
            escape(self.destination),
            escape(self.assertion_consumer),
            escape(self.issuer),
        )
    }
}

pub(super) fn form(
    destination: &str,
    parameter: Parameter,
    xml: &str,
    relay_state: Option<&str>,
) -> Result<Form, SamlError> {
    let mut fields = vec![(parameter.name(), STANDARD.encode(xml))];
    if let Some(relay_state) = relay_state {
        if relay_state.len() > redirect::MAX_RELAY_STATE_BYTES {
            return Err(SamlError::Length { what: "relay state", limit: redirect::MAX_RELAY_STATE_BYTES });
        }
        fields.push(("RelayState", relay_state.to_owned()));
    }
    Ok(Form { action: destination.to_owned(), fields })
}

/// An unsigned signature of the element with this id, to be put behind its `Issuer`.
pub(super) fn signature_template(id: &str, key: &ServiceProviderKey) -> String {
    const C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
    format!(
        "<ds:Signature xmlns:ds=\"{SIGNATURE}\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{C14N}\"/>\
         <ds:SignatureMethod Algorithm=\"{RSA_SHA256}\"/><ds:Reference URI=\"#{}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{SIGNATURE}enveloped-signature\"/><ds:Transform Algorithm=\"{C14N}\"/></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue></ds:DigestValue>\
         </ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue><ds:KeyInfo><ds:X509Data>\
         <ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>",
        escape(id),
        STANDARD.encode(key.certificate().der()),
    )
}

/// Fills in the signature.
pub(super) fn sign(xml: String, key: &ServiceProviderKey) -> Result<String, SamlError> {
    let mut keys = KeysManager::new();
    keys.add_key(key.xml_key());
    sign_owned(&DsigContext::new(keys), xml).map_err(|_| SamlError::NotSignable)
}
