//! Why a SAML message, a key or metadata is refused. Owns the words for people, and the codes for programs.
//!
//! Words name values of ours and of the verified message. Of a message that is not verified they repeat nothing but
//! names of the standard, fingerprints and times.

use super::instant::Utc;
use crate::time::UnixSeconds;

/// The first reason to refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SamlError {
    /// The form field or parameter is not base64, or was cut off.
    #[error("the SAML message is not valid base64; it was changed or cut off on its way")]
    NotBase64,
    /// The query parameter is not a DEFLATE stream.
    #[error("the SAML message cannot be decompressed; it was changed or cut off on its way")]
    NotDeflated,
    /// More bytes than the limit.
    #[error("the SAML document is larger than {limit} bytes")]
    TooLarge {
        /// Accepted bytes.
        limit: usize,
    },
    /// Deeper, or with more parts, than any honest one.
    #[error("the SAML document has too many {0}")]
    TooComplex(&'static str),
    /// Not well-formed XML in UTF-8.
    #[error("the SAML document is not well-formed XML in UTF-8; it was changed or cut off on its way")]
    NotXml,
    /// A DTD or an entity declaration.
    #[error("the SAML document has a document type declaration, which SAML does not use")]
    DocumentType,
    /// Well-formed, and not what SAML prescribes.
    #[error("the SAML document is malformed: {0}")]
    Malformed(&'static str),
    /// Two elements have the same id.
    #[error("the SAML document uses the same id for two elements")]
    DuplicateId,
    /// The provider answered with an error.
    #[error("the identity provider refused the sign-in with {status}")]
    StatusNotSuccess {
        /// The last parts of the status codes, such as `Responder / AuthnFailed`.
        status: String,
        /// The provider's own words, unverified: for the log.
        message: Option<String>,
    },
    /// Neither the response nor the assertion is signed.
    #[error("neither the response nor the assertion is signed; set the identity provider to sign the assertion")]
    NotSigned,
    /// A signature where none belongs.
    #[error("the SAML message has a signature in an unexpected place")]
    MisplacedSignature,
    /// A signature of another form than SAML prescribes.
    #[error("the signature has an unexpected form: {0}")]
    SignatureForm(&'static str),
    /// SHA-1, MD5, HMAC and the like.
    #[error("the signature uses {0}; set the identity provider to RSA or ECDSA with SHA-256")]
    WeakAlgorithm(String),
    /// Changed after signing, or signed with another key.
    #[error("the signature does not match the message; it was changed on its way, or signed with an unknown key")]
    BadSignature,
    /// Signed by a certificate that is not in the provider's metadata.
    #[error(
        "the certificate that signed it (SHA-256 {fingerprint}) is not one of the provider's; if the provider changed its \
         certificate, load its metadata again"
    )]
    UnknownCertificate {
        /// Of the certificate in the message.
        fingerprint: String,
    },
    /// Signed by a certificate of the provider that has expired.
    #[error("the certificate that signed it expired at {}; load the provider's current metadata", Utc(*not_after))]
    ExpiredCertificate {
        /// Its last second.
        not_after: UnixSeconds,
    },
    /// No assertion in a successful response.
    #[error("the response has no assertion")]
    NoAssertion,
    /// More than one assertion.
    #[error("the response has several assertions, or one in an unexpected place; exactly one is accepted")]
    SeveralAssertions,
    /// Encrypted, and this side has no key for it.
    #[error("the assertion is encrypted, but no decryption key is configured here")]
    NoDecryptionKey,
    /// Encrypted in a way that is not accepted.
    #[error("the assertion is encrypted with {0}; set the identity provider to RSA-OAEP and AES-GCM")]
    UnsupportedEncryption(String),
    /// AES-CBC does not notice changes, so something signed must surround it.
    #[error(
        "an assertion encrypted with AES-CBC is accepted inside a signed response only; sign the response, or use AES-GCM"
    )]
    UnprotectedCbc,
    /// Encrypted for another key, or changed.
    #[error("the assertion cannot be decrypted with our keys; give the identity provider our current metadata")]
    CannotDecrypt,
    /// `Destination` is not our address.
    #[error("the response was sent to another address than {expected}")]
    WrongDestination {
        /// Our address.
        expected: String,
    },
    /// `Issuer` is not the provider.
    #[error("the issuer is not {expected}")]
    WrongIssuer {
        /// The provider's entity id.
        expected: String,
    },
    /// The assertion is for another service.
    #[error(
        "the assertion is for another audience than {expected}; set the audience (entity id) at the identity provider"
    )]
    WrongAudience {
        /// Our entity id.
        expected: String,
    },
    /// The assertion is to be sent to another address.
    #[error("the assertion is for another recipient than {expected}; set the reply address at the identity provider")]
    WrongRecipient {
        /// Our address.
        expected: String,
    },
    /// `NotBefore` lies ahead.
    #[error(
        "the assertion becomes valid in {seconds} seconds; compare the clocks of this server and the identity provider"
    )]
    NotYetValid {
        /// How far ahead.
        seconds: i64,
    },
    /// `NotOnOrAfter` has passed.
    #[error(
        "the assertion expired {seconds} seconds ago; sign in again, or compare the clocks of this server and the identity provider"
    )]
    Expired {
        /// How long ago.
        seconds: i64,
    },
    /// The answer to another request.
    #[error("the response answers another request than the one that this browser started; sign in again")]
    WrongInResponseTo,
    /// It names a request, but none was expected.
    #[error("the response answers a request that is not known here; sign in again")]
    UnknownRequest,
    /// No confirmation that a browser could have brought.
    #[error("the assertion has no bearer confirmation, which signing in with a browser needs")]
    NoBearer,
    /// A condition that is not understood must not be ignored.
    #[error("the assertion has a condition that is not supported")]
    UnsupportedCondition,
    /// A part of the assertion is encrypted on its own.
    #[error(
        "the assertion has an encrypted name or attribute, which is not supported; encrypt the whole assertion instead"
    )]
    EncryptedPart,
    /// A value that does not fit.
    #[error("the {what} is empty or longer than {limit} bytes")]
    Length {
        /// Which value.
        what: &'static str,
        /// Accepted bytes.
        limit: usize,
    },
    /// The subject was to be the NameID, and there is none.
    #[error(
        "the assertion has no NameID; set the identity provider to send one, or choose an attribute as the subject"
    )]
    NoNameId,
    /// A transient NameID is another one at each sign-in.
    #[error(
        "the NameID is transient: it changes with every sign-in, so it cannot name a user; set the identity provider to send a \
         persistent NameID, or choose an attribute as the subject"
    )]
    TransientNameId,
    /// The attribute that names the subject is missing, or has several values.
    #[error(
        "the attribute {name:?}, which names the user, has {values} values instead of one; set the identity provider to send it"
    )]
    SubjectAttribute {
        /// The configured attribute.
        name: String,
        /// How many values it has.
        values: usize,
    },
    /// Metadata without an identity provider.
    #[error("the metadata describes no identity provider (no IDPSSODescriptor for SAML 2.0)")]
    NoIdentityProvider,
    /// Metadata of several.
    #[error("the metadata describes several identity providers; give the metadata of one")]
    SeveralIdentityProviders,
    /// Metadata that has expired.
    #[error("the metadata expired at {}; fetch it again", Utc(*valid_until))]
    MetadataExpired {
        /// Its `validUntil`.
        valid_until: UnixSeconds,
    },
    /// Nothing to verify signatures with.
    #[error("the metadata has no certificate for signing")]
    NoSigningCertificate,
    /// No address to send users to.
    #[error("the metadata has no sign-on address for HTTP-Redirect or HTTP-POST")]
    NoSignOnAddress,
    /// An address that a browser must not be sent to.
    #[error("an address in the metadata is not an http or https address without a fragment")]
    BadAddress,
    /// Not a certificate that can be used.
    #[error("the certificate cannot be used: {0}")]
    BadCertificate(&'static str),
    /// Not a private key that can be used.
    #[error("the private key cannot be used: {0}")]
    BadKey(&'static str),
    /// The library failed to sign.
    #[error("the message could not be signed")]
    NotSignable,
    /// The query parameters of a signed message.
    #[error("the query of the SAML message is malformed: {0}")]
    Query(&'static str),
}

impl SamlError {
    /// Whether newer metadata of the provider might have the certificate that is missing.
    #[must_use]
    pub const fn wants_fresh_metadata(&self) -> bool {
        matches!(self, Self::BadSignature | Self::UnknownCertificate { .. } | Self::ExpiredCertificate { .. })
    }

    /// A stable code for programs and documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotBase64 => "saml-not-base64",
            Self::NotDeflated => "saml-not-deflated",
            Self::TooLarge { .. } => "saml-too-large",
            Self::TooComplex(_) => "saml-too-complex",
            Self::NotXml => "saml-not-xml",
            Self::DocumentType => "saml-document-type",
            Self::Malformed(_) => "saml-malformed",
            Self::DuplicateId => "saml-duplicate-id",
            Self::StatusNotSuccess { .. } => "saml-status-not-success",
            Self::NotSigned => "saml-not-signed",
            Self::MisplacedSignature => "saml-misplaced-signature",
            Self::SignatureForm(_) => "saml-signature-form",
            Self::WeakAlgorithm(_) => "saml-weak-algorithm",
            Self::BadSignature => "saml-bad-signature",
            Self::UnknownCertificate { .. } => "saml-unknown-certificate",
            Self::ExpiredCertificate { .. } => "saml-expired-certificate",
            Self::NoAssertion => "saml-no-assertion",
            Self::SeveralAssertions => "saml-several-assertions",
            Self::NoDecryptionKey => "saml-no-decryption-key",
            Self::UnsupportedEncryption(_) => "saml-unsupported-encryption",
            Self::UnprotectedCbc => "saml-unprotected-cbc",
            Self::CannotDecrypt => "saml-cannot-decrypt",
            Self::WrongDestination { .. } => "saml-wrong-destination",
            Self::WrongIssuer { .. } => "saml-wrong-issuer",
            Self::WrongAudience { .. } => "saml-wrong-audience",
            Self::WrongRecipient { .. } => "saml-wrong-recipient",
            Self::NotYetValid { .. } => "saml-not-yet-valid",
            Self::Expired { .. } => "saml-expired",
            Self::WrongInResponseTo => "saml-wrong-in-response-to",
            Self::UnknownRequest => "saml-unknown-request",
            Self::NoBearer => "saml-no-bearer",
            Self::UnsupportedCondition => "saml-unsupported-condition",
            Self::EncryptedPart => "saml-encrypted-part",
            Self::Length { .. } => "saml-length",
            Self::NoNameId => "saml-no-name-id",
            Self::TransientNameId => "saml-transient-name-id",
            Self::SubjectAttribute { .. } => "saml-subject-attribute",
            Self::NoIdentityProvider => "saml-no-identity-provider",
            Self::SeveralIdentityProviders => "saml-several-identity-providers",
            Self::MetadataExpired { .. } => "saml-metadata-expired",
            Self::NoSigningCertificate => "saml-no-signing-certificate",
            Self::NoSignOnAddress => "saml-no-sign-on-address",
            Self::BadAddress => "saml-bad-address",
            Self::BadCertificate(_) => "saml-bad-certificate",
            Self::BadKey(_) => "saml-bad-key",
            Self::NotSignable => "saml-not-signable",
            Self::Query(_) => "saml-query",
        }
    }
}
