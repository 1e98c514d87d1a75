//! New keys for this side, with self-signed certificates. Identity providers look at the key in such a certificate and,
//! some of them, at its dates; nobody verifies who has signed it.

use std::str::FromStr as _;
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use x509_cert::der::asn1::{BitString, Null, ObjectIdentifier, UtcTime};
use x509_cert::der::{Any, Decode as _, Encode};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};
use x509_cert::{TbsCertificate, Version};
use zeroize::Zeroizing;

use super::certificate::Certificate;
use super::error::SamlError;
use crate::time::UnixSeconds;

const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");

/// A new private key (PKCS #8, DER) and its certificate.
pub struct NewKey {
    /// To be stored encrypted.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// For [`super::key::ServiceProviderKey::new`].
    pub certificate: Certificate,
}

/// Makes an RSA key of 2048 bits and a certificate with this common name. It takes a noticeable part of a second. The
/// key's randomness is the cryptographic library's, as for access tokens; that of the serial number is the caller's.
///
/// # Errors
/// `BadKey` when the library fails or a date is after 2049.
pub fn generate(
    common_name: &str,
    serial: &[u8; 16],
    not_before: UnixSeconds,
    not_after: UnixSeconds,
) -> Result<NewKey, SamlError> {
    const FAILED: SamlError = SamlError::BadKey("it could not be made");
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| FAILED)?;
    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| FAILED)?;
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| FAILED)?;
    let tbs = to_be_signed(common_name, serial, not_before, not_after, public.as_ref()).ok_or(FAILED)?;
    let message = tbs.to_der().map_err(|_| FAILED)?;
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut signature).map_err(|_| FAILED)?;
    let certificate = x509_cert::Certificate {
        signature_algorithm: tbs.signature.clone(),
        tbs_certificate: tbs,
        signature: BitString::from_bytes(&signature).map_err(|_| FAILED)?,
    };
    let certificate = Certificate::from_der(&certificate.to_der().map_err(|_| FAILED)?)?;
    Ok(NewKey { pkcs8: Zeroizing::new(pkcs8.as_ref().to_vec()), certificate })
}

fn to_be_signed(
    common_name: &str,
    serial: &[u8; 16],
    not_before: UnixSeconds,
    not_after: UnixSeconds,
    public: &[u8],
) -> Option<TbsCertificate> {
    let time = |seconds: UnixSeconds| {
        let since = Duration::from_secs(u64::try_from(seconds.0).ok()?);
        UtcTime::from_unix_duration(since).ok().map(Time::UtcTime)
    };
    // A positive number without leading zeros has one form only.
    let mut serial = *serial;
    if let Some(first) = serial.first_mut() {
        *first = *first & 0x7F | 0x40;
    }
    // Letters, digits, dots and hyphens have no meaning in a distinguished name.
    let common_name: String =
        common_name.chars().filter(|c| c.is_ascii_alphanumeric() || ".-".contains(*c)).take(64).collect();
    let name = Name::from_str(&format!("CN={common_name}")).ok()?;
    Some(TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::new(&serial).ok()?,
        signature: AlgorithmIdentifierOwned { oid: SHA256_WITH_RSA, parameters: Some(Any::from(Null)) },
        issuer: name.clone(),
        validity: Validity { not_before: time(not_before)?, not_after: time(not_after)? },
        subject: name,
        subject_public_key_info: SubjectPublicKeyInfoOwned::from_der(public).ok()?,
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saml::key::ServiceProviderKey;

    #[test]
    fn a_new_key_has_a_certificate_with_its_name_and_dates() {
        let [start, end] = [UnixSeconds(1_790_000_000), UnixSeconds(1_790_000_000 + 730 * 86_400)];
        let new = generate("rolecall.example.com, O=x", &[0xFF; 16], start, end).unwrap();

        assert_eq!(new.certificate.subject(), "CN=rolecall.example.comOx");
        assert_eq!((new.certificate.not_before(), new.certificate.not_after()), (start, end));
        let key = ServiceProviderKey::new(&new.pkcs8, new.certificate.clone()).unwrap();
        assert_eq!(key.certificate(), &new.certificate);
        // A verifier that does look at the signature finds it good.
        let parsed = x509_cert::Certificate::from_der(new.certificate.der()).unwrap();
        let message = parsed.tbs_certificate.to_der().unwrap();
        let public = new.certificate.rsa_public_key().unwrap();
        aws_lc_rs::signature::UnparsedPublicKey::new(&aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256, public)
            .verify(&message, parsed.signature.raw_bytes())
            .unwrap();
    }

    #[test]
    fn dates_that_no_certificate_can_have_are_refused() {
        for end in [-1, 4_000_000_000, i64::MAX] {
            let new = generate("a", &[0; 16], UnixSeconds(0), UnixSeconds(end));
            assert_eq!(new.err().map(|error| error.code()), Some("saml-bad-key"));
        }
    }
}
