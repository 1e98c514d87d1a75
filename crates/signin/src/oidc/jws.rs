//! A signed token of a provider (JWS in compact form, RFC 7515), from the bytes to the verified payload. Owns the header
//! and the signature; what the claims must be is the business of [`super::id_token`] and [`super::logout_token`].
//!
//! The payload is not parsed before its signature is verified. The algorithm must be one that the caller allows *and*
//! that fits the key: a header never chooses how it is verified (RFC 8725, sections 2.1 and 3.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::algorithm::{self, Algorithm};
use super::json::{self, NotObject};
use super::keys::{Ignored, KeySet, MAX_KEY_ID_BYTES, NoKey};
use crate::shown::quoted;

/// Maximum size of a header, in bytes of JSON. Some providers put certificates into it.
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// A verified payload, and the algorithm of its signature.
pub(super) struct Verified {
    pub(super) claims: Map<String, Value>,
    pub(super) algorithm: Algorithm,
}

/// Verifies the signature of a token of at most `limit` bytes. `types` are the accepted values of `typ`, which may also
/// be absent: a token made for another purpose has another type (RFC 8725, section 3.11).
pub(super) fn verify(
    token: &str,
    limit: usize,
    keys: &KeySet,
    allowed: &[Algorithm],
    types: &[&str],
) -> Result<Verified, SignatureError> {
    if token.len() > limit {
        return Err(SignatureError::TooLong { length: token.len(), limit });
    }
    let (header, payload, signature) = parts(token)?;
    let members = decode(header, "header", MAX_HEADER_BYTES)?;
    let header = Header::read(&members, types)?;

    let algorithm =
        Algorithm::named(header.algorithm).filter(|algorithm| allowed.contains(algorithm)).ok_or_else(|| {
            SignatureError::Algorithm { came: quoted(header.algorithm), allowed: algorithm::list(allowed) }
        })?;
    let key = keys.find(header.key, algorithm).map_err(|why| header.without_key(why, algorithm))?;
    let signature = base64url(signature, "signature")?;
    let signed = token.rsplit_once('.').map_or("", |(signed, _)| signed);
    if !key.verify(algorithm, signed.as_bytes(), &signature) {
        return Err(SignatureError::Invalid { key_named: header.key.is_some() });
    }
    Ok(Verified { claims: decode(payload, "payload", limit)?, algorithm })
}

/// The payload of a token, without looking at its signature. Nobody signs in with it.
pub(super) fn unverified_payload(token: &str, limit: usize) -> Result<Map<String, Value>, SignatureError> {
    if token.len() > limit {
        return Err(SignatureError::TooLong { length: token.len(), limit });
    }
    let (_, payload, _) = parts(token)?;
    decode(payload, "payload", limit)
}

fn parts(token: &str) -> Result<(&str, &str, &str), SignatureError> {
    let mut parts = token.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(payload), Some(signature), None, ..) => Ok((header, payload, signature)),
        (_, _, _, Some(_), Some(_), None) => Err(SignatureError::Encrypted),
        _ => Err(SignatureError::Malformed("it is not three parts separated by dots".to_owned())),
    }
}

/// Strict: no padding, no other alphabet, no unused bits.
fn base64url(part: &str, name: &str) -> Result<Vec<u8>, SignatureError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| SignatureError::Malformed(format!("its {name} is not base64url")))
}

fn decode(part: &str, name: &str, limit: usize) -> Result<Map<String, Value>, SignatureError> {
    let refused = |problem: NotObject| SignatureError::Malformed(format!("its {name} is refused: {problem}"));
    json::object(&base64url(part, name)?, limit).map_err(refused)
}

/// What is used of the protected header: the algorithm and the id of the key. `jku`, `x5u`, `x5c` and `x5t` occur in
/// tokens of honest providers and are never looked at, nor fetched.
struct Header<'a> {
    algorithm: &'a str,
    key: Option<&'a str>,
}

impl<'a> Header<'a> {
    fn read(members: &'a Map<String, Value>, types: &[&str]) -> Result<Self, SignatureError> {
        let malformed = |what: &str| SignatureError::Malformed(what.to_owned());
        // `crit`: extensions that must be understood (RFC 7515, section 4.1.11); none is.
        // `jwk`: a token that brings its own key proves nothing, and no provider sends one.
        for refused in ["crit", "jwk"] {
            if members.contains_key(refused) {
                return Err(SignatureError::Header(refused));
            }
        }
        match members.get("typ") {
            None => {}
            Some(Value::String(typ)) if types.iter().any(|accepted| accepted.eq_ignore_ascii_case(typ)) => {}
            Some(typ) => return Err(SignatureError::Type(crate::shown::json(typ))),
        }
        let key = match members.get("kid") {
            None => None,
            Some(Value::String(key)) if key.len() <= MAX_KEY_ID_BYTES => Some(key.as_str()),
            Some(_) => return Err(malformed("its kid is not a text of at most 512 bytes")),
        };
        let algorithm = members.get("alg").and_then(Value::as_str).ok_or_else(|| malformed("its header has no alg"))?;
        Ok(Self { algorithm, key })
    }

    fn without_key(&self, why: NoKey, algorithm: Algorithm) -> SignatureError {
        let key = self.key.map_or_else(|| "none".to_owned(), quoted);
        match why {
            NoKey::Unknown => SignatureError::UnknownKey { key, algorithm },
            NoKey::Several => SignatureError::SeveralKeys { key, algorithm },
            NoKey::OtherAlgorithm => SignatureError::KeyOfOtherKind { key, algorithm },
            NoKey::Ignored(why) => SignatureError::UnusableKey { key, why },
        }
    }
}

/// Why a token's form or signature is refused. Messages begin with "the token"; [`super::id_token::IdTokenError`] and
/// [`super::logout_token::LogoutTokenError`] say which token it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Over the limit.
    #[error("the token has {length} bytes; at most {limit} are read; have the provider send fewer claims or groups")]
    TooLong {
        /// Its length.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// Not a signed token.
    #[error("the token is not a signed JWT: {0}")]
    Malformed(String),
    /// Five parts: a JWE.
    #[error("the token is encrypted; turn off the encryption of ID tokens for this client at the provider")]
    Encrypted,
    /// `crit` or `jwk` in the header.
    #[error("the token's header contains {0:?}, which is not accepted")]
    Header(&'static str),
    /// `typ` is that of another kind of token.
    #[error("the token's type is {0}: it was made for another purpose")]
    Type(String),
    /// `alg` is not allowed: `none`, `HS256`, or one that the provider does not list.
    #[error(
        "the token is signed with the algorithm {came}; accepted are {allowed}; choose one of them for this client at the provider"
    )]
    Algorithm {
        /// The algorithm that came, quoted.
        came: String,
        /// Those that are allowed.
        allowed: String,
    },
    /// No key has this id, or, without an id, none fits. The provider may have a new key.
    #[error("the token is signed with the key {key} ({algorithm}), which is not in the provider's key set")]
    UnknownKey {
        /// The id, quoted; `none` without.
        key: String,
        /// The algorithm.
        algorithm: Algorithm,
    },
    /// Several keys fit.
    #[error(
        "several keys of the provider's key set fit the token (kid {key}, {algorithm}); have the provider give every key a kid of its own"
    )]
    SeveralKeys {
        /// The id, quoted; `none` without.
        key: String,
        /// The algorithm.
        algorithm: Algorithm,
    },
    /// The key with this id is for another algorithm.
    #[error("the token is signed with {algorithm}, but the provider's key {key} is not for this algorithm")]
    KeyOfOtherKind {
        /// The id, quoted.
        key: String,
        /// The algorithm.
        algorithm: Algorithm,
    },
    /// The key with this id is ignored.
    #[error("the provider's key {key} is not used: {why}")]
    UnusableKey {
        /// The id, quoted.
        key: String,
        /// The reason.
        why: Ignored,
    },
    /// Changed after signing, or signed with another key.
    #[error("the token's signature does not verify with the provider's key")]
    Invalid {
        /// Whether the header names the key.
        key_named: bool,
    },
}

impl SignatureError {
    /// A stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "token-too-long",
            Self::Malformed(_) => "token-malformed",
            Self::Encrypted => "token-encrypted",
            Self::Header(_) => "token-header",
            Self::Type(_) => "token-type",
            Self::Algorithm { .. } => "token-algorithm",
            Self::UnknownKey { .. } => "token-unknown-key",
            Self::SeveralKeys { .. } => "token-several-keys",
            Self::KeyOfOtherKind { .. } => "token-key-of-other-kind",
            Self::UnusableKey { .. } => "token-unusable-key",
            Self::Invalid { .. } => "token-signature",
        }
    }

    /// Whether a fresh copy of the provider's key set could change the answer: the key is unknown, or the token does not
    /// name its key and the only one does not verify it. The server then reads the set once more, and not again for a
    /// while: anyone can send a token with an unknown key id.
    #[must_use]
    pub const fn wants_fresh_keys(&self) -> bool {
        matches!(self, Self::UnknownKey { .. } | Self::Invalid { key_named: false })
    }
}
