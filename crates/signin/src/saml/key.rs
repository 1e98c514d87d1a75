//! The service provider's own keys, with which it signs requests and decrypts assertions. Owns the private keys.

use std::fmt;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeyPair, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512, OaepAlgorithm,
    OaepPrivateDecryptingKey, PrivateDecryptingKey,
};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra_keys::{Key, loader};
use zeroize::Zeroizing;

use super::certificate::{Certificate, public_key_info};
use super::error::SamlError;

/// A private RSA key with the certificate that the identity provider knows it by.
pub struct ServiceProviderKey {
    pair: KeyPair,
    decrypting: OaepPrivateDecryptingKey,
    xml: Key,
    certificate: Certificate,
}

impl ServiceProviderKey {
    /// From a private key (PKCS #8, DER, RSA of at least 2048 bits) and its certificate, which may be self-signed.
    ///
    /// # Errors
    /// `BadKey` when it is no such key or the certificate is of another one.
    pub fn new(pkcs8: &[u8], certificate: Certificate) -> Result<Self, SamlError> {
        const NOT_RSA: SamlError = SamlError::BadKey("it is not an RSA key in PKCS #8 of 2048 bits or more");
        let pair = KeyPair::from_pkcs8(pkcs8).map_err(|_| NOT_RSA)?;
        let public = pair.public_key().as_der().map_err(|_| NOT_RSA)?;
        if public_key_info(certificate.der()).as_deref() != Some(public.as_ref()) {
            return Err(SamlError::BadKey("the certificate is of another key"));
        }
        let decrypting = PrivateDecryptingKey::from_pkcs8(pkcs8).map_err(|_| NOT_RSA)?;
        let decrypting = OaepPrivateDecryptingKey::new(decrypting).map_err(|_| NOT_RSA)?;
        let xml = loader::load_rsa_private_pem(pem(pkcs8).as_bytes()).map_err(|_| NOT_RSA)?;
        Ok(Self { pair, decrypting, xml, certificate })
    }

    /// Its certificate, for our metadata.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Signs with RSA-SHA256 (PKCS #1 v1.5, which has no randomness in it).
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SamlError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| SamlError::NotSignable)?;
        Ok(signature)
    }

    /// The same key for the XML signature library.
    pub(super) fn xml_key(&self) -> Key {
        self.xml.clone()
    }

    /// Decrypts a content key. `None` for any reason: a decryptor that tells reasons apart is an oracle.
    pub(super) fn unwrap(&self, oaep: Oaep, wrapped: &[u8], label: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut plain = Zeroizing::new(vec![0; self.decrypting.min_output_size()]);
        let label = (!label.is_empty()).then_some(label);
        let length = self.decrypting.decrypt(oaep.algorithm(), wrapped, &mut plain, label).ok()?.len();
        plain.truncate(length);
        Some(plain)
    }
}

impl fmt::Debug for ServiceProviderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceProviderKey({:?}, ***)", self.certificate)
    }
}

/// The library reads private keys as PEM only: lines of 64 characters.
fn pem(pkcs8: &[u8]) -> Zeroizing<String> {
    let base64 = Zeroizing::new(STANDARD.encode(pkcs8));
    let mut pem = Zeroizing::new(String::with_capacity(base64.len().saturating_mul(2).saturating_add(64)));
    pem.push_str("-----BEGIN PRIVATE KEY-----");
    for (at, character) in base64.chars().enumerate() {
        if at % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem.push_str("\n-----END PRIVATE KEY-----\n");
    pem
}

/// The hash of RSA-OAEP, for the label and the mask alike: the library has no mixed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oaep {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Oaep {
    fn algorithm(self) -> &'static OaepAlgorithm {
        match self {
            Self::Sha1 => &OAEP_SHA1_MGF1SHA1,
            Self::Sha256 => &OAEP_SHA256_MGF1SHA256,
            Self::Sha384 => &OAEP_SHA384_MGF1SHA384,
            Self::Sha512 => &OAEP_SHA512_MGF1SHA512,
        }
    }
}
