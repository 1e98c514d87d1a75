//! More claims from the userinfo endpoint (OpenID Connect Core 1.0, section 5.3). They are not signed, so they fill gaps
//! of the ID token and replace nothing in it.

use serde_json::{Map, Value};

use super::id_token::IdToken;
use super::json::{self, NotObject};
use crate::shown::quoted;

/// Maximum size of the answer, in bytes.
pub const MAX_USERINFO_BYTES: usize = 512 * 1024;

/// Claims about the token and the session, which only the ID token can make.
const OF_THE_TOKEN: [&str; 14] =
    ["iss", "aud", "azp", "exp", "iat", "nbf", "jti", "nonce", "at_hash", "c_hash", "sid", "auth_time", "acr", "amr"];

/// Claims that say something about another claim: each is believed only together with the value it was sent with.
const ABOUT_OTHERS: [(&str, &str); 2] = [("email_verified", "email"), ("phone_number_verified", "phone_number")];

/// The claims of the userinfo endpoint about one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Userinfo(Map<String, Value>);

impl Userinfo {
    /// Reads the body of a successful answer about the person of this ID token.
    ///
    /// # Errors
    /// When it is not a JSON object, or is about another person (section 5.3.2: `sub` must be the same, or the access
    /// token is that of another person).
    pub fn read(body: &[u8], id_token: &IdToken) -> Result<Self, UserinfoError> {
        let claims = json::object(body, MAX_USERINFO_BYTES).map_err(|problem| {
            // Three parts of base64url: a signed answer, of type application/jwt.
            if body.starts_with(b"eyJ") { UserinfoError::Signed } else { problem.into() }
        })?;
        match claims.get("sub").and_then(Value::as_str) {
            None => Err(UserinfoError::NoSubject),
            Some(subject) if subject != id_token.subject => {
                Err(UserinfoError::OtherSubject { came: quoted(subject), expected: quoted(&id_token.subject) })
            }
            Some(_) => Ok(Self(claims)),
        }
    }

    /// Adds the claims that the ID token does not have.
    pub fn fill(self, id_token: &mut IdToken) {
        // `null` is no value.
        id_token.claims.retain(|_, value| !value.is_null());
        let mut received = self.0;
        received.retain(|name, _| !OF_THE_TOKEN.contains(&name.as_str()));
        for (about, of) in ABOUT_OTHERS {
            // The token's own address would otherwise be verified by a statement about another one.
            if id_token.claims.get(of).is_some_and(|own| received.get(of) != Some(own)) {
                received.remove(about);
            }
        }
        for (name, value) in received {
            id_token.claims.entry(name).or_insert(value);
        }
    }
}

/// Why the answer is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UserinfoError {
    /// Over 512 KiB.
    #[error("the identity provider's userinfo answer has {0} bytes; at most {MAX_USERINFO_BYTES} are read")]
    TooLong(usize),
    /// Not a JSON object, or a member occurs twice.
    #[error("the identity provider's userinfo answer is refused: {0}")]
    NotJson(String),
    /// `application/jwt`.
    #[error("the identity provider signs its userinfo answer; have it send JSON to this client")]
    Signed,
    /// No `sub`.
    #[error("the identity provider's userinfo answer does not say whom it is about (sub)")]
    NoSubject,
    /// About another person.
    #[error(
        "the identity provider's userinfo answer is about {came}, and the ID token about {expected}; sign in again"
    )]
    OtherSubject {
        /// What came, quoted.
        came: String,
        /// What was expected, quoted.
        expected: String,
    },
}

impl UserinfoError {
    /// A stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong(_) => "userinfo-too-long",
            Self::NotJson(_) => "userinfo-not-json",
            Self::Signed => "userinfo-signed",
            Self::NoSubject => "userinfo-subject-missing",
            Self::OtherSubject { .. } => "userinfo-other-subject",
        }
    }
}

impl From<NotObject> for UserinfoError {
    fn from(problem: NotObject) -> Self {
        match problem {
            NotObject::TooLong { length, .. } => Self::TooLong(length),
            NotObject::OtherKind | NotObject::Json(_) => Self::NotJson(problem.to_string()),
        }
    }
}
