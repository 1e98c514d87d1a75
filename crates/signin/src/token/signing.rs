//! Signs access tokens. Owns the private key.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::verifying::VerifyingKey;
use super::{ALGORITHM, AccessClaims, Header, MAX_TOKEN_BYTES, Payload, TYPE, ascii_json};
use crate::secret::Secret;

/// A private RSA key that signs access tokens.
pub struct SigningKey {
    pair: KeyPair,
    public: VerifyingKey,
    /// The header of every token this key signs, encoded.
    header: String,
}

impl SigningKey {
    /// Makes a new key of 2048 bits. It takes a noticeable part of a second. The randomness is the cryptographic library's:
    /// RSA keys cannot be made from a caller's bytes.
    ///
    /// # Errors
    /// `NotGenerated` when the library fails (no memory, no randomness).
    pub fn generate() -> Result<Self, KeyError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::NotGenerated)?;
        Self::from_pair(pair)
    }

    /// Reads a stored key: PKCS #8, DER, RSA of 2048 to 8192 bits.
    ///
    /// # Errors
    /// `NotPkcs8` or `NotUsable` for anything else.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let pair = KeyPair::from_pkcs8(der).map_err(|_| KeyError::NotPkcs8)?;
        Self::from_pair(pair)
    }

    fn from_pair(pair: KeyPair) -> Result<Self, KeyError> {
        let public = pair.public_key();
        let public = VerifyingKey::from_components(
            public.modulus().big_endian_without_leading_zero(),
            public.exponent().big_endian_without_leading_zero(),
        )?;
        let header = Header { alg: ALGORITHM.to_owned(), kid: public.kid().to_owned(), typ: TYPE.to_owned() };
        let header = URL_SAFE_NO_PAD.encode(ascii_json::to_vec(&header).map_err(|_| KeyError::NotUsable)?);
        Ok(Self { pair, public, header })
    }

    /// The key in its stored form, for [`from_pkcs8`](Self::from_pkcs8). Its holder can sign a token for any user.
    ///
    /// # Errors
    /// `NotUsable` when the library fails to encode it.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let der: Pkcs8V1Der<'static> = self.pair.as_der().map_err(|_| KeyError::NotUsable)?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The id of the key: the thumbprint of its public part (RFC 7638).
    #[must_use]
    pub fn kid(&self) -> &str {
        self.public.kid()
    }

    /// The public part.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        self.public.clone()
    }

    /// Signs a token with these claims. The same claims give the same token.
    ///
    /// # Errors
    /// `TooLong` when it would be longer than 16 KiB, which only very many groups can cause.
    pub fn sign(&self, claims: &AccessClaims) -> Result<Secret, SignError> {
        let payload = Payload {
            iss: &claims.issuer,
            aud: claims.purpose.audience(),
            sub: &claims.subject,
            iat: claims.issued_at,
            exp: claims.expires_at,
            sid: claims.session,
            uid: claims.identity,
            kind: claims.kind,
            groups: &claims.groups,
        };
        let payload = ascii_json::to_vec(&payload).map_err(|_| SignError::Library)?;

        let mut token = format!("{}.{}", self.header, URL_SAFE_NO_PAD.encode(payload));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), token.as_bytes(), &mut signature)
            .map_err(|_| SignError::Library)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);

        if token.len() > MAX_TOKEN_BYTES {
            return Err(SignError::TooLong { subject: claims.subject.clone(), groups: claims.groups.len() });
        }
        Ok(Secret::from(token))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, ***)", self.kid())
    }
}

/// Why a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The library failed to generate a key.
    #[error("the RSA key could not be generated; check the system's memory and random number generator")]
    NotGenerated,
    /// Not a private RSA key in PKCS #8.
    #[error("the signing key is not an RSA key of 2048 to 8192 bits in PKCS #8 form (DER)")]
    NotPkcs8,
    /// A key that the library rejects, such as one of 1024 bits.
    #[error("the key is not an RSA key of 2048 to 8192 bits that RS256 can use")]
    NotUsable,
}

/// Why a token could not be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// It would exceed the length limit.
    #[error(
        "the access token of {subject:?} would exceed {MAX_TOKEN_BYTES} bytes with its {groups} groups; make the identity provider send fewer groups"
    )]
    TooLong {
        /// The token's subject.
        subject: String,
        /// Number of groups in it.
        groups: usize,
    },
    /// The library failed: a bug.
    #[error("the access token could not be signed; this is a bug, please report it")]
    Library,
}
