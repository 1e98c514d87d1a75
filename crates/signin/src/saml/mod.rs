//! SAML 2.0, the service provider's side of Web Browser SSO: messages and keys in, verified claims out. Owns what is
//! written to an identity provider and what is believed of its answers (decision 19).
//!
//! INVARIANT: a response holds exactly one assertion, and only what is below the very node whose signature was verified
//! is read. `xml::Element` cannot leave that node: it has no parent.
//!
//! | to do this | look here |
//! |---|---|
//! | read the metadata of an identity provider | [`metadata::IdentityProvider`] |
//! | write our own metadata | [`service_provider::ServiceProvider`] |
//! | make a key for it | [`self_signed::generate`] |
//! | send a user to the provider | [`request::SignOnRequest`] |
//! | verify the answer | [`response::verify`] |
//! | know an assertion that was used before | [`assertion::ReplayKey`] |
//! | try settings with a pasted answer | [`unverified::read`] |
//! | sign out at the provider, or at its request | [`logout`] |
//!
//! It must not fetch anything, keep replayed ids, or decide which user an assertion belongs to.

pub mod assertion;
pub mod certificate;
mod decryption;
pub mod error;
pub mod instant;
pub mod key;
pub mod logout;
pub mod metadata;
pub mod redirect;
pub mod request;
pub mod response;
pub mod self_signed;
pub mod service_provider;
mod signature;
#[cfg(test)]
mod tests;
pub mod unverified;
mod xml;

pub use error::SamlError;
pub use xml::escape;

/// Allowed difference between our clock and the provider's, in seconds.
pub const CLOCK_SKEW_SECONDS: i64 = 60;

/// Maximum size of a message's XML, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 256 * 1024;

/// Namespaces of the messages.
mod namespace {
    pub(super) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
    pub(super) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
    pub(super) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
    pub(super) const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
    pub(super) const ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
    pub(super) const ENCRYPTION_1_1: &str = "http://www.w3.org/2009/xmlenc11#";
    pub(super) const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
}

/// Values with a meaning in the messages.
mod value {
    pub(super) const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
    pub(super) const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
    pub(super) const HTTP_REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
    pub(super) const HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
    pub(super) const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
    pub(super) const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    pub(super) const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    pub(super) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
}

/// An id for a message of ours: 160 random bits, which the caller must use for nothing else. It starts with a letter,
/// as XML demands.
#[must_use]
pub fn message_id(random: &[u8; 20]) -> String {
    let mut id = String::from("id-");
    for byte in random {
        id.push_str(&format!("{byte:02x}"));
    }
    id
}
