//! Verifies access tokens from strangers. Owns which are refused, and in which order: the payload is not parsed before
//! the signature is verified.

use std::ops::RangeInclusive;
use std::sync::Arc;

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::jwks::{Jwk, Jwks};
use super::signing::KeyError;
use super::{ALGORITHM, AccessClaims, Header, MAX_TOKEN_BYTES, PrincipalKind, Purpose, TYPE};
use crate::time::UnixSeconds;

/// Allowed clock difference to the replica that signed a token. `exp` has no leeway.
const CLOCK_SKEW_SECONDS: i64 = 60;

/// A public RSA key that verifies access tokens. Clones are cheap.
#[derive(Debug, Clone)]
pub struct VerifyingKey {
    jwk: Jwk,
    key: Arc<ParsedPublicKey>,
}

impl VerifyingKey {
    /// From modulus and public exponent, big-endian without leading zeros. The id is computed, never trusted.
    ///
    /// # Errors
    /// When they are not an RSA key of 2048 to 8192 bits.
    pub fn from_components(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        if !BITS.contains(&bits(modulus)) {
            return Err(KeyError::NotUsable);
        }
        let key = PublicKeyComponents { n: modulus, e: exponent }
            .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
            .map_err(|_| KeyError::NotUsable)?;
        Ok(Self { jwk: Jwk::new(modulus, exponent), key: Arc::new(key) })
    }

    /// The key id in tokens.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.jwk.kid
    }
}

/// The accepted keys: the one that signs now, and older ones until their last token has expired.
#[derive(Debug, Clone, Default)]
pub struct VerifyingKeys(Vec<VerifyingKey>);

impl VerifyingKeys {
    /// Accepts tokens signed with these keys.
    #[must_use]
    pub fn new(keys: Vec<VerifyingKey>) -> Self {
        Self(keys)
    }

    /// The keys to publish, in the given order.
    #[must_use]
    pub fn jwks(&self) -> Jwks {
        Jwks { keys: self.0.iter().map(|key| key.jwk.clone()).collect() }
    }

    /// Verifies an access token of the instance whose public URL is `issuer`.
    ///
    /// # Errors
    /// The first reason to refuse it.
    pub fn verify(&self, token: &str, now: UnixSeconds, issuer: &str) -> Result<AccessClaims, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::Malformed("longer than 16 KiB"));
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(NOT_THREE_PARTS)?;
        let (header, payload) = signed.split_once('.').ok_or(NOT_THREE_PARTS)?;

        let header: Header = decode(header, "unexpected header")?;
        if header.alg != ALGORITHM {
            return Err(TokenError::WrongAlgorithm);
        }
        if header.typ != TYPE {
            return Err(TokenError::Malformed("the type is not JWT"));
        }
        let key = self.0.iter().find(|key| key.kid() == header.kid).ok_or(TokenError::UnknownKey)?;
        let signature =
            URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenError::Malformed("the signature is not base64url"))?;
        key.key.verify_sig(signed.as_bytes(), &signature).map_err(|_| TokenError::BadSignature)?;

        let claims: Claims = decode(payload, "unexpected claims")?;
        claims.check(now, issuer)
    }
}

/// The library checks the size only when it verifies; a key that can verify nothing is refused earlier.
pub(crate) const BITS: RangeInclusive<usize> = 2048..=8192;

/// Number of bits of a modulus, big-endian.
pub(crate) fn bits(modulus: &[u8]) -> usize {
    let leading_zeros = modulus.first().map_or(0, |byte| byte.leading_zeros());
    modulus.len().saturating_mul(8).saturating_sub(usize::try_from(leading_zeros).unwrap_or(0))
}

const NOT_THREE_PARTS: TokenError = TokenError::Malformed("not three parts separated by dots");

fn decode<T: DeserializeOwned>(part: &str, otherwise: &'static str) -> Result<T, TokenError> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed(otherwise))?;
    serde_json::from_slice(&json).map_err(|_| TokenError::Malformed(otherwise))
}

/// The payload as read. Every claim must be present: a token without a session is not an access token, even if this key
/// signed it. Unknown claims are ignored, so that a newer replica may add some.
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    sub: String,
    iat: UnixSeconds,
    exp: UnixSeconds,
    sid: Uuid,
    uid: Uuid,
    kind: PrincipalKind,
    groups: Vec<String>,
}

/// RFC 7519, section 4.1.3: a single audience may be written as a string or as a list.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    List(Vec<String>),
}

impl Audience {
    /// Its purpose here, if this API is its only audience. Another audience could pass the token on to this API.
    fn purpose(&self) -> Option<Purpose> {
        match self {
            Self::One(audience) => Purpose::of_audience(audience),
            Self::List(audiences) => match audiences.as_slice() {
                [audience] => Purpose::of_audience(audience),
                _ => None,
            },
        }
    }
}

impl Claims {
    fn check(self, now: UnixSeconds, issuer: &str) -> Result<AccessClaims, TokenError> {
        if self.iss != issuer {
            return Err(TokenError::WrongIssuer);
        }
        let purpose = self.aud.purpose().ok_or(TokenError::WrongAudience)?;
        if now >= self.exp {
            return Err(TokenError::Expired);
        }
        if self.iat.0 > now.0.saturating_add(CLOCK_SKEW_SECONDS) {
            return Err(TokenError::NotYetValid);
        }
        Ok(AccessClaims {
            purpose,
            issuer: self.iss,
            subject: self.sub,
            issued_at: self.iat,
            expires_at: self.exp,
            session: self.sid,
            identity: self.uid,
            kind: self.kind,
            groups: self.groups,
        })
    }
}

/// Why a token is refused. A message says what to do and repeats nothing of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not an access token at all.
    #[error("not an access token: {0}; send the access token from the token endpoint")]
    Malformed(&'static str),
    /// Signed with another algorithm than RS256, or unsigned.
    #[error("the access token is not signed with RS256; send the access token from the token endpoint")]
    WrongAlgorithm,
    /// Signed with a key that this instance does not have, or no longer accepts.
    #[error("the access token was signed with an unknown or retired key; sign in again")]
    UnknownKey,
    /// Changed after signing, or signed with another key.
    #[error("the access token's signature is invalid; sign in again")]
    BadSignature,
    /// `exp` has been reached.
    #[error("the access token has expired; refresh it or sign in again")]
    Expired,
    /// `iat` lies in the future.
    #[error("the access token was issued in the future; check the clocks of the Rolecall servers")]
    NotYetValid,
    /// Made for another audience, or for several.
    #[error("the access token is for another audience (this API takes \"runai\" alone); request a token for this API")]
    WrongAudience,
    /// Made by another instance, or before the public URL changed.
    #[error("the access token was issued by another server; sign in to this one")]
    WrongIssuer,
}
