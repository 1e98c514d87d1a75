//! ID tokens: who signed in, according to the provider (OpenID Connect Core 1.0, sections 2 and 3.1.3.7). Owns what must
//! hold before a claim is believed.

use aws_lc_rs::{constant_time, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::claims::{ClaimError, Claims};
use super::jws::{self, SignatureError};
use super::keys::KeySet;
use crate::secret::Secret;
use crate::time::UnixSeconds;

/// Maximum length of an ID token, in bytes: room for two thousand groups.
pub const MAX_ID_TOKEN_BYTES: usize = 512 * 1024;

/// What an ID token must be compared with.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The provider's issuer, exactly ([`super::discovery::Provider::issuer`]).
    pub issuer: &'a str,
    /// Our client id at the provider.
    pub client_id: &'a str,
    /// The accepted algorithms ([`super::discovery::Provider::algorithms`]).
    pub algorithms: &'a [Algorithm],
    /// The nonce of this sign-in ([`super::flow::SignIn::nonce`]).
    pub nonce: &'a Secret,
    /// The access token that came with it, for `at_hash`.
    pub access_token: Option<&'a Secret>,
}

/// A verified ID token.
#[derive(Debug, Clone)]
pub struct IdToken {
    /// `iss`.
    pub issuer: String,
    /// `sub`: the person at this issuer, forever. 1 to 255 ASCII characters, compared exactly.
    pub subject: String,
    /// All claims, those above included. [`super::userinfo`] may add missing ones.
    pub claims: Map<String, Value>,
    /// `sid`: the session at the provider, which a logout token names. ADFS, which sends no logout tokens, writes the
    /// person's Windows id here.
    pub session_id: Option<String>,
    /// `auth_time`: when the person proved their identity to the provider.
    pub authenticated_at: Option<UnixSeconds>,
    /// `exp`.
    pub expires_at: UnixSeconds,
    /// The token itself, for `id_token_hint` at sign-out.
    pub raw: Secret,
}

/// Verifies an ID token from the token endpoint.
///
/// # Errors
/// The first reason to refuse it. When [`IdTokenError::wants_fresh_keys`], reading the key set again may help.
pub fn verify(
    token: &Secret,
    keys: &KeySet,
    expected: &Expected<'_>,
    now: UnixSeconds,
) -> Result<IdToken, IdTokenError> {
    let verified = jws::verify(token.expose(), MAX_ID_TOKEN_BYTES, keys, expected.algorithms, &["JWT"])?;
    let claims = Claims(&verified.claims);
    claims.check_issuer(expected.issuer)?;
    claims.check_audience(expected.client_id, true)?;

    let expires_at = Claims::required("exp", claims.time("exp")?)?;
    Claims::check_expiry(expires_at, now)?;
    let issued_at = Claims::required("iat", claims.time("iat")?)?;
    Claims::check_begun("iat", issued_at, now)?;
    if let Some(not_before) = claims.time("nbf")? {
        Claims::check_begun("nbf", not_before, now)?;
    }
    check_nonce(&claims, expected.nonce)?;
    if let (Some(hash), Some(access_token)) = (claims.text("at_hash")?, expected.access_token)
        && hash != left_half(verified.algorithm, access_token.expose())
    {
        return Err(IdTokenError::AccessTokenHash);
    }
    // A logout token has no nonce, so it does not come this far; this says so (Back-Channel Logout 1.0, section 2.4).
    if verified.claims.contains_key("events") {
        return Err(IdTokenError::Event);
    }
    Ok(IdToken {
        issuer: expected.issuer.to_owned(),
        subject: Claims::required("sub", claims.id("sub")?)?.to_owned(),
        session_id: claims.id("sid")?.map(str::to_owned),
        authenticated_at: claims.time("auth_time")?,
        expires_at,
        raw: token.clone(),
        claims: verified.claims,
    })
}

fn check_nonce(claims: &Claims<'_>, expected: &Secret) -> Result<(), IdTokenError> {
    let nonce = Claims::required("nonce", claims.text("nonce")?)?;
    constant_time::verify_slices_are_equal(nonce.as_bytes(), expected.expose().as_bytes())
        .map_err(|_| IdTokenError::Nonce)
}

/// Core, section 3.1.3.6.
fn left_half(algorithm: Algorithm, access_token: &str) -> String {
    let hash = digest::digest(algorithm.hash(), access_token.as_bytes());
    let hash = hash.as_ref();
    URL_SAFE_NO_PAD.encode(hash.get(..hash.len() / 2).unwrap_or_default())
}

/// Why an ID token is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    /// Its form, header or signature.
    #[error("the ID token is refused: {0}")]
    Signature(#[from] SignatureError),
    /// A claim.
    #[error("the ID token is refused: {0}")]
    Claim(#[from] ClaimError),
    /// Made for another sign-in: replayed, or injected.
    #[error("the ID token belongs to another sign-in (nonce); sign in again")]
    Nonce,
    /// `at_hash` is not that of the access token.
    #[error("the ID token and the access token do not belong together (at_hash); sign in again")]
    AccessTokenHash,
    /// It has `events`: a security event, not an identity.
    #[error("the token reports an event and is not an ID token")]
    Event,
}

impl IdTokenError {
    /// A stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Signature(error) => error.code(),
            Self::Claim(error) => error.code(),
            Self::Nonce => "token-nonce",
            Self::AccessTokenHash => "token-access-token-hash",
            Self::Event => "token-event",
        }
    }

    /// As [`SignatureError::wants_fresh_keys`].
    #[must_use]
    pub const fn wants_fresh_keys(&self) -> bool {
        matches!(self, Self::Signature(error) if error.wants_fresh_keys())
    }
}
