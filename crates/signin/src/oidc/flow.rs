//! One sign-in, from the click to the code: what is kept, where the browser is sent, and whether the answer belongs to it
//! (OpenID Connect Core 1.0, section 3.1.2; RFC 7636; RFC 9207).
//!
//! The server keeps the [`SignIn`] until the browser returns, bound to that browser (a cookie), and uses it once.

use aws_lc_rs::{constant_time, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::address;
use super::discovery::Provider;
use super::form;
use crate::secret::Secret;
use crate::shown::quoted;
use crate::time::UnixSeconds;

/// Random bytes of a sign-in: 256 bits each for state, nonce and PKCE verifier.
pub const RANDOM_BYTES: usize = 96;

/// Seconds until a sign-in that was not finished is refused.
pub const MAX_SIGN_IN_SECONDS: i64 = 600;

/// Maximum length of the callback's query, in bytes. Codes of some providers have more than a thousand.
const MAX_CALLBACK_BYTES: usize = 16 * 1024;

/// Maximum length of a return path, in bytes.
const MAX_RETURN_PATH_BYTES: usize = 2048;

/// What is registered at the provider for this instance.
#[derive(Debug, Clone)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// `client_secret`.
    pub secret: Secret,
    /// `redirect_uri`: the callback's address, the same in both requests.
    pub redirect_uri: String,
    /// Scopes beside `openid`. An item may hold several, separated by spaces.
    pub scopes: Vec<String>,
}

impl Client {
    /// `scope`: this one, and then the registered ones, each once.
    pub(super) fn scope(&self, first: &str) -> String {
        let mut scopes = vec![first];
        for scope in self.scopes.iter().flat_map(|item| item.split_ascii_whitespace()) {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        scopes.join(" ")
    }
}

/// What is kept for one sign-in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// `state`: finds this record again and proves that the answer belongs to this browser.
    pub state: Secret,
    /// `nonce`: binds the ID token to this sign-in.
    pub nonce: Secret,
    /// PKCE's `code_verifier` (RFC 7636): binds the code to this sign-in.
    pub verifier: Secret,
    /// The alias of the provider that the browser was sent to.
    pub provider: String,
    /// Where the person goes after it: a path of this instance.
    pub return_path: String,
    /// When it began.
    pub started_at: UnixSeconds,
}

impl SignIn {
    /// Begins one. The caller must use the random bytes for nothing else.
    ///
    /// # Errors
    /// `ReturnPath` when that could lead to another site.
    pub fn begin(
        provider: &str,
        return_path: &str,
        random: &[u8; RANDOM_BYTES],
        now: UnixSeconds,
    ) -> Result<Self, CallbackError> {
        check_return_path(return_path)?;
        let (state, rest) = random.split_at(32);
        let (nonce, verifier) = rest.split_at(32);
        let text = |bytes: &[u8]| Secret::from(URL_SAFE_NO_PAD.encode(bytes));
        Ok(Self {
            state: text(state),
            nonce: text(nonce),
            verifier: text(verifier),
            provider: provider.to_owned(),
            return_path: return_path.to_owned(),
            started_at: now,
        })
    }

    /// `code_challenge` of the method S256 (RFC 7636, section 4.2).
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, self.verifier.expose().as_bytes()))
    }

    /// The address to send the browser to (section 3.1.2.1).
    #[must_use]
    pub fn authorization_address(&self, provider: &Provider, client: &Client) -> String {
        address::with_query(
            &provider.authorization_endpoint,
            &[
                ("response_type", "code"),
                ("response_mode", "query"),
                ("client_id", &client.id),
                ("redirect_uri", &client.redirect_uri),
                ("scope", &client.scope("openid")),
                ("state", self.state.expose()),
                ("nonce", self.nonce.expose()),
                ("code_challenge", &self.challenge()),
                ("code_challenge_method", "S256"),
            ],
        )
    }

    /// Checks the provider's answer and returns the code to exchange.
    ///
    /// The state is checked first, so that nothing of an answer that belongs to another sign-in reaches the person; the
    /// issuer is checked before the code is used (RFC 9207, section 2.4: against mix-up).
    ///
    /// # Errors
    /// The first reason to refuse it.
    pub fn check(&self, callback: &Callback, speaker: Speaker<'_>, now: UnixSeconds) -> Result<Secret, CallbackError> {
        if !self.is_answered_by(callback) {
            return Err(CallbackError::State);
        }
        check_age(self.started_at, now)?;
        match &callback.issuer {
            Some(issuer) if issuer != speaker.issuer => {
                return Err(CallbackError::OtherIssuer { came: quoted(issuer), expected: quoted(speaker.issuer) });
            }
            None if speaker.sends_issuer => return Err(CallbackError::NoIssuer(quoted(speaker.issuer))),
            _ => {}
        }
        if let Some(error) = &callback.error {
            let description = callback.error_description.as_deref().map(quoted);
            return Err(CallbackError::Provider { error: error.clone(), description });
        }
        callback.code.clone().filter(|code| !code.expose().is_empty()).ok_or(CallbackError::NoCode)
    }
}

impl SignIn {
    /// Whether the answer carries the state of this sign-in.
    #[must_use]
    pub fn is_answered_by(&self, callback: &Callback) -> bool {
        let own = self.state.expose().as_bytes();
        let state = callback.state.as_ref();
        state.is_some_and(|it| constant_time::verify_slices_are_equal(it.expose().as_bytes(), own).is_ok())
    }
}

/// Who answers a sign-in.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'a> {
    /// The issuer, which an answer may name.
    pub issuer: &'a str,
    /// Whether every answer names it (RFC 9207).
    pub sends_issuer: bool,
}

impl<'a> From<&'a Provider> for Speaker<'a> {
    fn from(provider: &'a Provider) -> Self {
        Self { issuer: &provider.issuer, sends_issuer: provider.sends_issuer }
    }
}

/// Refuses a path that could lead to another site, and so could be used to deceive.
///
/// # Errors
/// `ReturnPath`.
pub fn check_return_path(path: &str) -> Result<(), CallbackError> {
    if is_local_path(path) { Ok(()) } else { Err(CallbackError::ReturnPath(quoted(path))) }
}

/// Refuses a sign-in that began too long ago.
///
/// # Errors
/// `TooLate`.
pub fn check_age(started_at: UnixSeconds, now: UnixSeconds) -> Result<(), CallbackError> {
    let seconds = now.0.saturating_sub(started_at.0);
    if seconds > MAX_SIGN_IN_SECONDS { Err(CallbackError::TooLate { seconds }) } else { Ok(()) }
}

/// Whether the path stays on this site: browsers read `//host` and `/\host` as another one.
fn is_local_path(path: &str) -> bool {
    path.len() <= MAX_RETURN_PATH_BYTES
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// The parameters of the provider's answer.
#[derive(Debug, Clone, Default)]
pub struct Callback {
    /// `code`.
    pub code: Option<Secret>,
    /// `state`: the server finds the [`SignIn`] by it.
    pub state: Option<Secret>,
    /// `iss` (RFC 9207).
    pub issuer: Option<String>,
    /// `error`: what the provider refused.
    pub error: Option<String>,
    /// `error_description`: text of a stranger until the state is checked.
    pub error_description: Option<String>,
}

impl Callback {
    /// Reads the query of the callback, without `?`. Other parameters are ignored.
    ///
    /// # Errors
    /// `TooLong`, or `Twice` when a parameter occurs twice.
    pub fn read(query: &str) -> Result<Self, CallbackError> {
        if query.len() > MAX_CALLBACK_BYTES {
            return Err(CallbackError::TooLong(query.len()));
        }
        let mut parameters = form::read(query).map_err(|name| CallbackError::Twice(quoted(&name)))?;
        Ok(Self {
            code: parameters.remove("code").map(Secret::from),
            state: parameters.remove("state").map(Secret::from),
            issuer: parameters.remove("iss"),
            error: parameters.remove("error").filter(|error| !error.is_empty()),
            error_description: parameters.remove("error_description").filter(|text| !text.is_empty()),
        })
    }
}

/// Why a sign-in does not begin, or an answer is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// The return path is not a path of this instance.
    #[error("the return path {0} is not a path of this server; it must begin with a single /")]
    ReturnPath(String),
    /// Over 16 KiB.
    #[error("the provider's answer has {0} bytes; at most {MAX_CALLBACK_BYTES} are read; sign in again")]
    TooLong(usize),
    /// A parameter occurs twice, or is not UTF-8.
    #[error("the parameter {0} of the provider's answer occurs twice or is not UTF-8; sign in again")]
    Twice(String),
    /// `state` is missing or another.
    #[error("the answer does not belong to the sign-in that this browser began; sign in again")]
    State,
    /// Longer ago than ten minutes.
    #[error("the sign-in began {seconds} seconds ago; it must be finished within {MAX_SIGN_IN_SECONDS}; sign in again")]
    TooLate {
        /// Its age.
        seconds: i64,
    },
    /// `iss` is another provider.
    #[error(
        "the answer came from the provider {came}, but the sign-in began with {expected}; sign in again, and tell the administrator if this repeats"
    )]
    OtherIssuer {
        /// What came, quoted.
        came: String,
        /// What was expected, quoted.
        expected: String,
    },
    /// `iss` is missing though the provider announces it.
    #[error("the answer does not name its provider, though {0} announces that it does; sign in again")]
    NoIssuer(String),
    /// The provider refused (RFC 6749, section 4.1.2.1; Core, section 3.1.2.6).
    #[error("the identity provider refused the sign-in: {}{}", quoted(error), description.as_ref().map(|text| format!(", {text}")).unwrap_or_default())]
    Provider {
        /// `error`, such as `access_denied`, as it came.
        error: String,
        /// `error_description`, quoted.
        description: Option<String>,
    },
    /// Neither `code` nor `error`.
    #[error("the provider's answer has no code; check that the client is allowed the authorization code flow")]
    NoCode,
}

impl CallbackError {
    /// A stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ReturnPath(_) => "sign-in-return-path",
            Self::TooLong(_) => "callback-too-long",
            Self::Twice(_) => "callback-parameter-twice",
            Self::State => "callback-state",
            Self::TooLate { .. } => "callback-too-late",
            Self::OtherIssuer { .. } => "callback-other-issuer",
            Self::NoIssuer(_) => "callback-issuer-missing",
            Self::Provider { .. } => "callback-provider-error",
            Self::NoCode => "callback-code-missing",
        }
    }
}
