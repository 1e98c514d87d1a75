//! X.509 certificates of the provider, as carriers of a key and a last day. Owns which keys are accepted.
//!
//! Their issuers are not looked at: SAML trusts the very certificates of the metadata.

use std::fmt;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra_keys::Key;
use bergshamra_keys::loader::load_x509_cert_der;
use x509_cert::der::asn1::{ObjectIdentifier, UintRef};
use x509_cert::der::{Decode, Encode, Header, SliceReader};

use super::error::SamlError;
use crate::time::UnixSeconds;

const MAX_BYTES: usize = 16 * 1024;
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ELLIPTIC_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// A certificate whose key verifies signatures: RSA of 2048 to 8192 bits, or a NIST curve.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    key: Key,
    /// The public key: PKCS #1 for RSA, `None` for a curve.
    rsa: Option<Vec<u8>>,
    subject: String,
    not_before: UnixSeconds,
    not_after: UnixSeconds,
}

impl Certificate {
    /// Reads a certificate.
    ///
    /// # Errors
    /// `BadCertificate` when it is none, or its key is too short or of another kind.
    pub fn from_der(der: &[u8]) -> Result<Self, SamlError> {
        if der.len() > MAX_BYTES {
            return Err(SamlError::BadCertificate("it is larger than 16 KiB"));
        }
        let certificate = x509_cert::Certificate::from_der(der)
            .map_err(|_| SamlError::BadCertificate("it is not an X.509 certificate"))?;
        let tbs = &certificate.tbs_certificate;
        let public = tbs.subject_public_key_info.subject_public_key.raw_bytes();
        let rsa = match tbs.subject_public_key_info.algorithm.oid {
            RSA => {
                if !(2048..=8192).contains(&modulus_bits(public).unwrap_or(0)) {
                    return Err(SamlError::BadCertificate("its RSA key does not have 2048 to 8192 bits"));
                }
                Some(public.to_vec())
            }
            ELLIPTIC_CURVE => None,
            _ => return Err(SamlError::BadCertificate("its key is neither RSA nor of an elliptic curve")),
        };
        let key = load_x509_cert_der(der)
            .map_err(|_| SamlError::BadCertificate("its key is of a kind that is not supported"))?;
        let seconds = |time: x509_cert::time::Time| {
            UnixSeconds(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
        };
        Ok(Self {
            der: der.to_vec(),
            key,
            rsa,
            subject: tbs.subject.to_string().chars().take(256).collect(),
            not_before: seconds(tbs.validity.not_before),
            not_after: seconds(tbs.validity.not_after),
        })
    }

    /// Reads a certificate as metadata has it, or as PEM: base64 with any white space.
    ///
    /// # Errors
    /// `BadCertificate`, as [`from_der`](Self::from_der).
    pub fn from_text(text: &str) -> Result<Self, SamlError> {
        if text.len() > MAX_BYTES.saturating_mul(2) {
            return Err(SamlError::BadCertificate("it is larger than 16 KiB"));
        }
        let text = text.trim();
        let text = text.strip_prefix("-----BEGIN CERTIFICATE-----").unwrap_or(text);
        let text = text.strip_suffix("-----END CERTIFICATE-----").unwrap_or(text);
        let base64: String = text.split_ascii_whitespace().collect();
        let der = STANDARD.decode(base64).map_err(|_| SamlError::BadCertificate("it is not base64"))?;
        Self::from_der(&der)
    }

    /// Its bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its bytes in base64, as metadata has them.
    #[must_use]
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.der)
    }

    /// Its subject, such as `CN=idp.example.com`, shortened.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Its first second. It is not enforced: some providers' clocks are ahead when they make one.
    #[must_use]
    pub fn not_before(&self) -> UnixSeconds {
        self.not_before
    }

    /// Its last second. What it signs later is refused.
    #[must_use]
    pub fn not_after(&self) -> UnixSeconds {
        self.not_after
    }

    /// Its SHA-256, as consoles print it: `AB:CD:…`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.der)
    }

    pub(super) fn is_current(&self, now: UnixSeconds) -> bool {
        now <= self.not_after
    }

    pub(super) fn key(&self) -> &Key {
        &self.key
    }

    /// The public key as PKCS #1, if it is an RSA key.
    pub(super) fn rsa_public_key(&self) -> Option<&[u8]> {
        self.rsa.as_deref()
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, {})", self.subject, self.fingerprint())
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

pub(super) fn fingerprint(der: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, der);
    digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

/// The size of an RSA key in PKCS #1.
fn modulus_bits(public: &[u8]) -> Option<usize> {
    let mut reader = SliceReader::new(public).ok()?;
    Header::decode(&mut reader).ok()?;
    let modulus = UintRef::decode(&mut reader).ok()?.as_bytes();
    let leading_zeros = usize::try_from(modulus.first()?.leading_zeros()).ok()?;
    modulus.len().checked_mul(8)?.checked_sub(leading_zeros)
}

/// The `SubjectPublicKeyInfo` of a certificate, to compare keys.
pub(super) fn public_key_info(der: &[u8]) -> Option<Vec<u8>> {
    x509_cert::Certificate::from_der(der).ok()?.tbs_certificate.subject_public_key_info.to_der().ok()
}
