//! The answer of the token endpoint, and its errors (RFC 6749, sections 5.1 and 5.2; OpenID Connect Core 1.0, section
//! 3.1.3.3).

use serde_json::{Map, Value};

use super::id_token::MAX_ID_TOKEN_BYTES;
use super::json::{self, NotObject};
use crate::secret::Secret;
use crate::shown::{json as shown, quoted};

/// Maximum size of the answer, in bytes.
pub const MAX_TOKEN_ANSWER_BYTES: usize = 2 * MAX_ID_TOKEN_BYTES;

/// The tokens of a sign-in. A refresh token is not kept: Rolecall's own sessions do not depend on the provider's.
#[derive(Debug, Clone)]
pub struct TokenAnswer {
    /// `access_token`, for the userinfo endpoint.
    pub access_token: Secret,
    /// `id_token`, unverified. `OpenShift` sends none.
    pub id_token: Option<Secret>,
}

impl TokenAnswer {
    /// Reads the answer with this HTTP status.
    ///
    /// # Errors
    /// When the provider refused, or the body is not an answer.
    pub fn read(status: u16, body: &[u8]) -> Result<Self, TokenAnswerError> {
        let ok = (200..300).contains(&status);
        let members = match json::object(body, MAX_TOKEN_ANSWER_BYTES) {
            Ok(members) => members,
            Err(NotObject::TooLong { length, .. }) => return Err(TokenAnswerError::TooLong(length)),
            Err(why) => return Err(TokenAnswerError::NotJson { status, why: why.to_string() }),
        };
        if let Some(error) = text(&members, "error")? {
            let description = text(&members, "error_description")?.map(quoted);
            return Err(TokenAnswerError::Refused { error: error.to_owned(), description });
        }
        if !ok {
            return Err(TokenAnswerError::Status(status));
        }
        // Section 7.1: a client must not use a token whose type it does not understand.
        match text(&members, "token_type")? {
            Some(kind) if kind.eq_ignore_ascii_case("bearer") => {}
            other => return Err(TokenAnswerError::TokenType(other.map_or_else(|| "none".to_owned(), quoted))),
        }
        let secret = |name| Ok(text(&members, name)?.filter(|token| !token.is_empty()).map(Secret::from));
        Ok(Self {
            access_token: secret("access_token")?.ok_or(TokenAnswerError::Missing("access_token"))?,
            id_token: secret("id_token")?,
        })
    }

    /// The ID token, which an OpenID Connect provider must send.
    ///
    /// # Errors
    /// `NoIdToken` without one.
    pub fn id_token(&self) -> Result<&Secret, TokenAnswerError> {
        self.id_token.as_ref().ok_or(TokenAnswerError::NoIdToken)
    }
}

fn text<'a>(members: &'a Map<String, Value>, name: &'static str) -> Result<Option<&'a str>, TokenAnswerError> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        // The value may be a token: only what names an error is shown.
        Some(other) if name.starts_with("error") => Err(TokenAnswerError::Kind { name, came: shown(other) }),
        Some(_) => Err(TokenAnswerError::Kind { name, came: "of another kind".to_owned() }),
    }
}

/// The code of an answer that does not accept the authorization code: one that was made up, used before, or is too old. Every
/// other refusal is about the client or the provider.
pub const CODE_REFUSED: &str = "code-refused";

/// Why there are no tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenAnswerError {
    /// The provider refused (RFC 6749, section 5.2).
    #[error(
        "the identity provider's token endpoint refused: {}{}{}",
        quoted(error),
        description.as_ref().map(|text| format!(", {text}")).unwrap_or_default(),
        hint(error)
    )]
    Refused {
        /// `error`, such as `invalid_client`, as it came.
        error: String,
        /// `error_description`, quoted.
        description: Option<String>,
    },
    /// Another status than 2xx, without `error`.
    #[error("the identity provider's token endpoint answered with status {0} and no error; look at the provider's log")]
    Status(u16),
    /// Over the limit.
    #[error(
        "the identity provider's token endpoint answered with {0} bytes; at most {MAX_TOKEN_ANSWER_BYTES} are read; have it send fewer claims or groups"
    )]
    TooLong(usize),
    /// Not a JSON object, such as an error page.
    #[error(
        "the identity provider's token endpoint answered with status {status}, and the body is refused: {why}; check the provider's address"
    )]
    NotJson {
        /// The status.
        status: u16,
        /// What is wrong with the body.
        why: String,
    },
    /// A member is not a text.
    #[error("{name:?} in the answer of the identity provider's token endpoint must be a text, and is {came}")]
    Kind {
        /// The member.
        name: &'static str,
        /// What came.
        came: String,
    },
    /// `token_type` is not `Bearer`.
    #[error("the identity provider sent tokens of the type {0}; only Bearer is supported")]
    TokenType(String),
    /// A required member is missing.
    #[error("the answer of the identity provider's token endpoint has no {0:?}; look at the provider's log")]
    Missing(&'static str),
    /// No ID token.
    #[error("the identity provider sent no ID token; allow the scope openid for this client at the provider")]
    NoIdToken,
}

fn hint(error: &str) -> &'static str {
    match error {
        "invalid_client" | "unauthorized_client" => "; check the client id and the client secret",
        "invalid_grant" => "; sign in again",
        _ => "",
    }
}

impl TokenAnswerError {
    /// A stable name of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { error, .. } if error == "invalid_grant" => CODE_REFUSED,
            Self::Refused { .. } => "token-endpoint-refused",
            Self::Status(_) => "token-endpoint-status",
            Self::TooLong(_) => "token-answer-too-long",
            Self::NotJson { .. } => "token-answer-not-json",
            Self::Kind { .. } => "token-answer-member-kind",
            Self::TokenType(_) => "token-answer-token-type",
            Self::Missing(_) => "token-answer-member-missing",
            Self::NoIdToken => "token-answer-without-id-token",
        }
    }
}
