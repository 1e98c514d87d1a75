//! Logout tokens: the provider says that a session ended (OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6).
//! Anyone can post one, so it is small and believed only with the provider's signature.

use serde_json::Value;

use super::algorithm::Algorithm;
use super::claims::{CLOCK_SKEW_SECONDS, ClaimError, Claims};
use super::jws::{self, SignatureError};
use super::keys::KeySet;
use crate::time::UnixSeconds;

/// Maximum length of a logout token, in bytes.
pub const MAX_LOGOUT_TOKEN_BYTES: usize = 16 * 1024;

/// Maximum age of a logout token, in seconds. Section 2.4 recommends that tokens live at most two minutes.
pub const MAX_LOGOUT_AGE_SECONDS: i64 = 300;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What a logout token must be compared with.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The provider's issuer, exactly.
    pub issuer: &'a str,
    /// Our client id at the provider.
    pub client_id: &'a str,
    /// The accepted algorithms: those of ID tokens.
    pub algorithms: &'a [Algorithm],
}

/// A verified logout token. It names a session, a person, or both; with a session, only that one ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutToken {
    /// `iss`.
    pub issuer: String,
    /// `sub`.
    pub subject: Option<String>,
    /// `sid`.
    pub session_id: Option<String>,
    /// `jti`: the server refuses one that it has seen from this issuer.
    pub id: String,
    /// `iat`: sessions that began later are not meant.
    pub issued_at: UnixSeconds,
    /// Until when `id` has to be remembered; after that the token is refused by its age.
    pub remember_until: UnixSeconds,
}

/// Verifies a logout token (section 2.6).
///
/// # Errors
/// The first reason to refuse it. When [`LogoutTokenError::wants_fresh_keys`], reading the key set again may help.
pub fn verify(
    token: &str,
    keys: &KeySet,
    expected: &Expected<'_>,
    now: UnixSeconds,
) -> Result<LogoutToken, LogoutTokenError> {
    let types = ["logout+jwt", "application/logout+jwt", "JWT"];
    let verified = jws::verify(token, MAX_LOGOUT_TOKEN_BYTES, keys, expected.algorithms, &types)?;
    let claims = Claims(&verified.claims);
    claims.check_issuer(expected.issuer)?;
    claims.check_audience(expected.client_id, false)?;

    let issued_at = Claims::required("iat", claims.time("iat")?)?;
    Claims::check_begun("iat", issued_at, now)?;
    let age = now.0.saturating_sub(issued_at.0);
    let most = MAX_LOGOUT_AGE_SECONDS.saturating_add(CLOCK_SKEW_SECONDS);
    if age > most {
        return Err(LogoutTokenError::TooOld { seconds: age });
    }
    // Required by the final specification, but not by its drafts; `iat` bounds the age of both.
    if let Some(expires_at) = claims.time("exp")? {
        Claims::check_expiry(expires_at, now)?;
    }

    let event = verified.claims.get("events").and_then(|events| events.get(EVENT));
    if !event.is_some_and(Value::is_object) {
        return Err(LogoutTokenError::NotLogout);
    }
    // Section 2.4: the nonce is prohibited, so that an ID token is never taken for a logout token.
    if verified.claims.contains_key("nonce") {
        return Err(LogoutTokenError::Nonce);
    }
    let subject = claims.id("sub")?.map(str::to_owned);
    let session_id = claims.id("sid")?.map(str::to_owned);
    if subject.is_none() && session_id.is_none() {
        return Err(LogoutTokenError::NobodyNamed);
    }
    Ok(LogoutToken {
        issuer: expected.issuer.to_owned(),
        subject,
        session_id,
        id: Claims::required("jti", claims.id("jti")?)?.to_owned(),
        issued_at,
        remember_until: UnixSeconds(issued_at.0.saturating_add(most)),
    })
}

/// Why a logout token is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogoutTokenError {
    /// Its form, header or signature.
    #[error("the logout token is refused: {0}")]
    Signature(#[from] SignatureError),
    /// A claim.
    #[error("the logout token is refused: {0}")]
    Claim(#[from] ClaimError),
    /// `iat` lies too far in the past.
    #[error(
        "the logout token was issued {seconds} seconds ago; at most {MAX_LOGOUT_AGE_SECONDS} are accepted; compare the clocks of this server and of the provider"
    )]
    TooOld {
        /// Its age.
        seconds: i64,
    },
    /// `events` does not contain a logout.
    #[error("the token does not report a logout (events)")]
    NotLogout,
    /// It has a nonce, as ID tokens do.
    #[error("the logout token has a nonce, which is prohibited")]
    Nonce,
    /// Neither `sub` nor `sid`.
    #[error("the logout token names neither a person (sub) nor a session (sid)")]
    NobodyNamed,
}

impl LogoutTokenError {
    /// A stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Signature(error) => error.code(),
            Self::Claim(error) => error.code(),
            Self::TooOld { .. } => "logout-token-too-old",
            Self::NotLogout => "logout-token-no-logout",
            Self::Nonce => "logout-token-nonce",
            Self::NobodyNamed => "logout-token-nobody-named",
        }
    }

    /// As [`SignatureError::wants_fresh_keys`].
    #[must_use]
    pub const fn wants_fresh_keys(&self) -> bool {
        matches!(self, Self::Signature(error) if error.wants_fresh_keys())
    }
}
