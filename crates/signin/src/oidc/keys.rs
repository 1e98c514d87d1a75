//! A provider's public keys: a JWK Set (RFC 7517). Owns which keys are usable, for which algorithms, and why others are
//! not. It never fetches: the server reads `jwks_uri` and passes the bytes.

use std::fmt;

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA512, RsaParameters, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::json::{self, NotObject};
use crate::shown::quoted;
use crate::token::verifying::{BITS, bits};

/// Maximum size of a JWK Set, in bytes.
pub const MAX_KEY_SET_BYTES: usize = 256 * 1024;

/// Maximum number of keys in it, usable or not.
pub const MAX_KEYS: usize = 100;

/// Maximum length of a key id, in bytes.
pub(super) const MAX_KEY_ID_BYTES: usize = 512;

/// Maximum length of an RSA exponent. The usual one, 65537, has three bytes; a long one makes verifying slow.
const MAX_EXPONENT_BYTES: usize = 4;

/// The keys of one provider.
#[derive(Debug, Default)]
pub struct KeySet {
    usable: Vec<Key>,
    ignored: Vec<IgnoredKey>,
}

/// A key that verifies signatures.
#[derive(Debug)]
pub(super) struct Key {
    id: Option<String>,
    /// From `alg`: the only algorithm it may be used with.
    only: Option<Algorithm>,
    material: Material,
}

enum Material {
    Rsa(PublicKeyComponents<Vec<u8>>),
    P256(ParsedPublicKey),
    P384(ParsedPublicKey),
    Ed25519(ParsedPublicKey),
}

/// A key of the set that verifies nothing, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoredKey {
    /// Its `kid`.
    pub id: Option<String>,
    /// Why it is ignored.
    pub why: Ignored,
}

/// Why a key is ignored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ignored {
    /// `kty`, `crv` or `alg` is none that is used here: encryption keys, symmetric keys, other curves.
    #[error("its kind ({0}) is not used for signatures here")]
    Kind(String),
    /// `use` or `key_ops` says that it is not for signatures.
    #[error("it is not meant for verifying signatures (`use` or `key_ops`)")]
    NotForSignatures,
    /// An RSA key outside 2048 to 8192 bits.
    #[error("it has {bits} bits; RSA keys of {} to {} bits are accepted", BITS.start(), BITS.end())]
    Size {
        /// Its size.
        bits: usize,
    },
    /// A member is missing, is not base64url, or is not a key of this kind.
    #[error("it is not a valid key of its kind")]
    Invalid,
}

impl KeySet {
    /// Reads a JWK Set (RFC 7517, section 5). Keys of unknown kinds are ignored, as section 5 asks, and so are symmetric
    /// keys and keys that are too weak; [`ignored`](Self::ignored) lists them.
    ///
    /// # Errors
    /// When it is not a JWK Set, exceeds a limit, or contains no usable key.
    pub fn read(document: &[u8]) -> Result<Self, KeySetError> {
        let set = json::object(document, MAX_KEY_SET_BYTES)?;
        let keys = set.get("keys").and_then(Value::as_array).ok_or(KeySetError::NoKeys)?;
        if keys.len() > MAX_KEYS {
            return Err(KeySetError::TooMany(keys.len()));
        }
        let mut read = Self::default();
        for key in keys {
            let key = key.as_object().ok_or(KeySetError::NoKeys)?;
            let id = match key.get("kid") {
                None | Some(Value::Null) => None,
                Some(Value::String(id)) if id.len() <= MAX_KEY_ID_BYTES => Some(id.clone()),
                Some(_) => return Err(KeySetError::KeyId),
            };
            match Key::read(key, id.clone()) {
                Ok(key) => read.usable.push(key),
                Err(why) => read.ignored.push(IgnoredKey { id, why }),
            }
        }
        if read.usable.is_empty() {
            let reasons: Vec<_> = read.ignored.iter().take(3).map(ToString::to_string).collect();
            return Err(KeySetError::NoneUsable(reasons.join("; ")));
        }
        Ok(read)
    }

    /// The keys of the set that verify nothing.
    #[must_use]
    pub fn ignored(&self) -> &[IgnoredKey] {
        &self.ignored
    }

    /// Number of usable keys.
    #[must_use]
    pub fn usable(&self) -> usize {
        self.usable.len()
    }

    /// The key for a header: by its id if it has one; otherwise the only one that fits the algorithm (OpenID Connect
    /// Core 1.0, section 10.1: with several keys the id is required).
    pub(super) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Result<&Key, NoKey> {
        let named = |key: &&Key| id.is_none() || key.id.as_deref() == id;
        let mut fitting = self.usable.iter().filter(named).filter(|key| key.fits(algorithm));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(_)) => Err(NoKey::Several),
            (None, _) if id.is_some() && self.usable.iter().any(|key| named(&key)) => Err(NoKey::OtherAlgorithm),
            (None, _) => {
                let ignored = self.ignored.iter().find(|key| id.is_some() && key.id.as_deref() == id);
                Err(ignored.map_or(NoKey::Unknown, |key| NoKey::Ignored(key.why.clone())))
            }
        }
    }
}

/// Why there is no key for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoKey {
    Unknown,
    Several,
    OtherAlgorithm,
    Ignored(Ignored),
}

impl Key {
    fn read(members: &Map<String, Value>, id: Option<String>) -> Result<Self, Ignored> {
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        if text("use").is_some_and(|purpose| purpose != "sig") {
            return Err(Ignored::NotForSignatures);
        }
        if let Some(operations) = members.get("key_ops").and_then(Value::as_array)
            && !operations.iter().any(|operation| operation == "verify")
        {
            return Err(Ignored::NotForSignatures);
        }
        let bytes = |name: &str| {
            text(name).and_then(|part| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()).ok_or(Ignored::Invalid)
        };
        let kind = (text("kty").unwrap_or_default(), text("crv").unwrap_or_default());
        let material = match kind {
            ("RSA", _) => rsa(&bytes("n")?, &bytes("e")?)?,
            ("EC", "P-256") => Material::P256(point(&ECDSA_P256_SHA256_FIXED, 32, &bytes("x")?, &bytes("y")?)?),
            ("EC", "P-384") => Material::P384(point(&ECDSA_P384_SHA384_FIXED, 48, &bytes("x")?, &bytes("y")?)?),
            ("OKP", "Ed25519") => Material::Ed25519(ed25519(&bytes("x")?)?),
            (kind, "") => return Err(Ignored::Kind(quoted(kind))),
            (kind, curve) => return Err(Ignored::Kind(format!("{}, {}", quoted(kind), quoted(curve)))),
        };
        let only = match text("alg") {
            None => None,
            Some(name) => Some(Algorithm::named(name).ok_or_else(|| Ignored::Kind(quoted(name)))?),
        };
        let key = Self { id, only, material };
        // An RSA key with `"alg": "ES256"` would fit nothing.
        if only.is_some_and(|algorithm| !key.fits(algorithm)) {
            return Err(Ignored::Invalid);
        }
        Ok(key)
    }

    /// Whether the algorithm is of the key's kind and the one that the key names. The header alone never decides.
    fn fits(&self, algorithm: Algorithm) -> bool {
        use Algorithm as Is;
        let kind = match self.material {
            Material::Rsa(_) => {
                matches!(algorithm, Is::Rs256 | Is::Rs384 | Is::Rs512 | Is::Ps256 | Is::Ps384 | Is::Ps512)
            }
            Material::P256(_) => algorithm == Is::Es256,
            Material::P384(_) => algorithm == Is::Es384,
            Material::Ed25519(_) => algorithm == Is::EdDsa,
        };
        kind && self.only.is_none_or(|only| only == algorithm)
    }

    /// Verifies a signature with an algorithm that [`KeySet::find`] found to fit.
    pub(super) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Rsa(key) => {
                rsa_parameters(algorithm).is_some_and(|parameters| key.verify(parameters, message, signature).is_ok())
            }
            Material::P256(key) | Material::P384(key) | Material::Ed25519(key) => {
                self.fits(algorithm) && key.verify_sig(message, signature).is_ok()
            }
        }
    }
}

fn rsa_parameters(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::Rs256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => Some(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => Some(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Ps256 => Some(&RSA_PSS_2048_8192_SHA256),
        Algorithm::Ps384 => Some(&RSA_PSS_2048_8192_SHA384),
        Algorithm::Ps512 => Some(&RSA_PSS_2048_8192_SHA512),
        Algorithm::Es256 | Algorithm::Es384 | Algorithm::EdDsa => None,
    }
}

/// RFC 7518, section 6.3.1. Some providers write the sign byte of a DER integer, so leading zeros are removed.
fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<Material, Ignored> {
    let n = without_leading_zeros(modulus);
    let e = without_leading_zeros(exponent);
    if !BITS.contains(&bits(n)) {
        return Err(Ignored::Size { bits: bits(n) });
    }
    // With an exponent of 1 every text is its own signature; the library notices only when it verifies.
    if e.len() > MAX_EXPONENT_BYTES || e == [1] || e.last().is_none_or(|byte| byte % 2 == 0) {
        return Err(Ignored::Invalid);
    }
    let key = PublicKeyComponents { n: n.to_vec(), e: e.to_vec() };
    // The library judges modulus and exponent; a key that it refuses would otherwise fail at every token.
    key.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).map_err(|_| Ignored::Invalid)?;
    Ok(Material::Rsa(key))
}

fn without_leading_zeros(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let [0, after @ ..] = rest {
        rest = after;
    }
    rest
}

/// RFC 7518, section 6.2.1: coordinates of the curve's full length. The library refuses points that are not on it.
fn point(
    algorithm: &'static dyn VerificationAlgorithm,
    length: usize,
    x: &[u8],
    y: &[u8],
) -> Result<ParsedPublicKey, Ignored> {
    if x.len() != length || y.len() != length {
        return Err(Ignored::Invalid);
    }
    ParsedPublicKey::new(algorithm, [&[4], x, y].concat()).map_err(|_| Ignored::Invalid)
}

/// RFC 8037, section 2.
fn ed25519(x: &[u8]) -> Result<ParsedPublicKey, Ignored> {
    if x.len() != 32 {
        return Err(Ignored::Invalid);
    }
    ParsedPublicKey::new(&ED25519, x).map_err(|_| Ignored::Invalid)
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rsa(_) => "RSA",
            Self::P256(_) => "P-256",
            Self::P384(_) => "P-384",
            Self::Ed25519(_) => "Ed25519",
        })
    }
}

impl fmt::Display for IgnoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.id {
            Some(id) => write!(f, "key {}: {}", quoted(id), self.why),
            None => write!(f, "a key without kid: {}", self.why),
        }
    }
}

/// Why a JWK Set is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// Over 256 KiB.
    #[error("the provider's key set has {0} bytes; at most {MAX_KEY_SET_BYTES} are read; check its jwks_uri")]
    TooLong(usize),
    /// Not JSON, or a member occurs twice.
    #[error("the provider's key set is refused: {0}; check its jwks_uri")]
    NotJson(String),
    /// No list `keys` of objects.
    #[error("the provider's key set has no list \"keys\" of JSON objects; check its jwks_uri")]
    NoKeys,
    /// More than 100 keys.
    #[error("the provider's key set has {0} keys; at most {MAX_KEYS} are read")]
    TooMany(usize),
    /// `kid` is not a text of at most 512 bytes.
    #[error("a key of the provider's key set has a kid that is not a text of at most {MAX_KEY_ID_BYTES} bytes")]
    KeyId,
    /// Every key is ignored.
    #[error(
        "the provider's key set has no key that can verify signatures ({0}); have it sign with RS256 and an RSA key of 2048 bits or more"
    )]
    NoneUsable(String),
}

impl KeySetError {
    /// A stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong(_) => "key-set-too-long",
            Self::NotJson(_) => "key-set-not-json",
            Self::NoKeys => "key-set-without-keys",
            Self::TooMany(_) => "key-set-too-many-keys",
            Self::KeyId => "key-set-invalid-key-id",
            Self::NoneUsable(_) => "key-set-without-usable-key",
        }
    }
}

impl From<NotObject> for KeySetError {
    fn from(problem: NotObject) -> Self {
        match problem {
            NotObject::TooLong { length, .. } => Self::TooLong(length),
            NotObject::OtherKind => Self::NoKeys,
            NotObject::Json(_) => Self::NotJson(problem.to_string()),
        }
    }
}
