//! Claims that ID tokens and logout tokens share: issuer, audience, times. Owns how they are read and compared.

use serde_json::{Map, Value};

use crate::shown::{json as shown, quoted};
use crate::time::UnixSeconds;

/// Accepted difference between the provider's clock and ours, in seconds, either way.
pub const CLOCK_SKEW_SECONDS: i64 = 60;

/// Maximum number of audiences.
const MAX_AUDIENCES: usize = 100;

/// Maximum length of `sub`, `sid` and `jti`. For `sub`, OpenID Connect Core 1.0, section 2.
const MAX_ID_BYTES: usize = 255;

pub(super) struct Claims<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Claims<'a> {
    pub(super) fn text(&self, claim: &'static str) -> Result<Option<&'a str>, ClaimError> {
        match self.0.get(claim) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(ClaimError::Kind { claim, expected: "a text", came: shown(other) }),
        }
    }

    /// An identifier of the provider: 1 to 255 ASCII characters, none of them a control character.
    pub(super) fn id(&self, claim: &'static str) -> Result<Option<&'a str>, ClaimError> {
        let Some(text) = self.text(claim)? else { return Ok(None) };
        let printable = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_control());
        if !(1..=MAX_ID_BYTES).contains(&text.len()) || !printable {
            let expected = "a text of 1 to 255 ASCII characters";
            return Err(ClaimError::Kind { claim, expected, came: quoted(text) });
        }
        Ok(Some(text))
    }

    /// A `NumericDate` (RFC 7519, section 2). Fractions are cut.
    pub(super) fn time(&self, claim: &'static str) -> Result<Option<UnixSeconds>, ClaimError> {
        match self.0.get(claim) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => whole_seconds(value).map(|seconds| Some(UnixSeconds(seconds))).ok_or_else(|| {
                ClaimError::Kind { claim, expected: "a number of seconds since 1970", came: shown(value) }
            }),
        }
    }

    pub(super) fn required<T>(claim: &'static str, value: Option<T>) -> Result<T, ClaimError> {
        value.ok_or(ClaimError::Missing(claim))
    }

    /// Core, section 3.1.3.7, step 2: exactly.
    pub(super) fn check_issuer(&self, expected: &str) -> Result<(), ClaimError> {
        let issuer = Self::required("iss", self.text("iss")?)?;
        if issuer != expected {
            return Err(ClaimError::Issuer { came: quoted(issuer), expected: quoted(expected) });
        }
        Ok(())
    }

    /// Core, section 3.1.3.7, steps 3 to 5. A token for several audiences must name this client as the party it was
    /// issued to; otherwise another client could pass its own tokens on to us.
    pub(super) fn check_audience(&self, client: &str, party_required: bool) -> Result<(), ClaimError> {
        let value = Self::required("aud", self.0.get("aud"))?;
        let audiences: Option<Vec<&str>> = match value {
            Value::String(audience) => Some(vec![audience]),
            Value::Array(list) if list.len() <= MAX_AUDIENCES => list.iter().map(Value::as_str).collect(),
            _ => None,
        };
        let audiences = audiences.ok_or_else(|| ClaimError::Kind {
            claim: "aud",
            expected: "a text or a list of at most 100 texts",
            came: shown(value),
        })?;
        if !audiences.contains(&client) {
            return Err(ClaimError::Audience { came: shown(value), client: quoted(client) });
        }
        match self.text("azp")? {
            Some(party) if party != client => Err(ClaimError::Party { came: quoted(party), client: quoted(client) }),
            None if party_required && audiences.len() > 1 => {
                Err(ClaimError::NoParty { came: shown(value), client: quoted(client) })
            }
            _ => Ok(()),
        }
    }

    /// `exp` has passed, with skew (step 9).
    pub(super) fn check_expiry(expires_at: UnixSeconds, now: UnixSeconds) -> Result<(), ClaimError> {
        let seconds = now.0.saturating_sub(expires_at.0);
        if seconds >= CLOCK_SKEW_SECONDS {
            return Err(ClaimError::Expired { seconds });
        }
        Ok(())
    }

    /// `iat` or `nbf` lies in the future, with skew.
    pub(super) fn check_begun(claim: &'static str, at: UnixSeconds, now: UnixSeconds) -> Result<(), ClaimError> {
        let seconds = at.0.saturating_sub(now.0);
        if seconds > CLOCK_SKEW_SECONDS {
            return Err(ClaimError::Future { claim, seconds });
        }
        Ok(())
    }
}

fn whole_seconds(value: &Value) -> Option<i64> {
    let number = value.as_number()?;
    if let Some(seconds) = number.as_i64() {
        return Some(seconds);
    }
    // A fraction: `serde_json` writes it without exponent up to 1e16, which lies 300 million years ahead.
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.')?;
    fraction.bytes().all(|digit| digit.is_ascii_digit()).then(|| whole.parse().ok()).flatten()
}

/// Why a claim is refused. Messages complete "the token is refused: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// A required claim is missing.
    #[error("it has no {0:?}")]
    Missing(&'static str),
    /// A claim is of another kind.
    #[error("its {claim:?} must be {expected}, and is {came}")]
    Kind {
        /// The claim.
        claim: &'static str,
        /// What it must be.
        expected: &'static str,
        /// What came, shortened.
        came: String,
    },
    /// `iss` is another provider.
    #[error("it was issued by {came}, not by {expected}; check the address of the identity provider")]
    Issuer {
        /// What came, quoted.
        came: String,
        /// What was expected, quoted.
        expected: String,
    },
    /// `aud` does not contain this client.
    #[error("it was made for {came}, not for the client {client}; check the client id")]
    Audience {
        /// What came, shortened.
        came: String,
        /// This client, quoted.
        client: String,
    },
    /// `azp` is another client.
    #[error("it was issued to the client {came} (azp), not to {client}")]
    Party {
        /// What came, quoted.
        came: String,
        /// This client, quoted.
        client: String,
    },
    /// Several audiences and no `azp`.
    #[error(
        "it was made for several audiences, {came}, without saying that it was issued to {client} (azp); have the provider send this client's audience alone"
    )]
    NoParty {
        /// What came, shortened.
        came: String,
        /// This client, quoted.
        client: String,
    },
    /// `exp` has passed.
    #[error(
        "it expired {seconds} seconds ago; sign in again, and if this repeats compare the clocks of this server and of the provider"
    )]
    Expired {
        /// Seconds since then.
        seconds: i64,
    },
    /// `iat` or `nbf` lies ahead.
    #[error(
        "its {claim:?} lies {seconds} seconds in the future; compare the clocks of this server and of the provider (up to {CLOCK_SKEW_SECONDS} seconds are accepted)"
    )]
    Future {
        /// The claim.
        claim: &'static str,
        /// Seconds until then.
        seconds: i64,
    },
}

impl ClaimError {
    /// A stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "token-claim-missing",
            Self::Kind { .. } => "token-claim-kind",
            Self::Issuer { .. } => "token-issuer",
            Self::Audience { .. } => "token-audience",
            Self::Party { .. } | Self::NoParty { .. } => "token-authorized-party",
            Self::Expired { .. } => "token-expired",
            Self::Future { .. } => "token-in-the-future",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_time_may_have_a_fraction() {
        for (value, expected) in [
            (json!(1_790_000_000), Some(1_790_000_000)),
            (json!(1_790_000_000.75), Some(1_790_000_000)),
            (json!(1.79e9), Some(1_790_000_000)),
            (json!(-1.5), Some(-1)),
            (json!(1e300), None),
            (json!(1e-300), None),
            (json!(u64::MAX), None),
            (json!("1790000000"), None),
            (json!(true), None),
        ] {
            assert_eq!(whole_seconds(&value), expected, "{value}");
        }
    }
}
