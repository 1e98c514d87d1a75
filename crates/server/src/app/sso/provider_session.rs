//! What the provider knows of a session that began there, kept from the sign-in until either side ends it: its words for
//! the person and the session, and what signing out there needs.

use std::borrow::Cow;

use rolecall_core::identity::SessionId;
use rolecall_core::{Error, Result, Timestamp};
use rolecall_signin::oidc::discovery;
use rolecall_signin::oidc::id_token::IdToken;
use rolecall_signin::oidc::token_request::MAX_HINT_BYTES;
use rolecall_signin::opaque::SecretHash;
use rolecall_signin::saml::assertion::Assertion;
use rolecall_signin::saml::metadata::IdentityProvider;
use rolecall_signin::secret::Secret;
use rolecall_signin::time::UnixSeconds;
use rolecall_store::SessionThere;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::app::App;

/// A session as its provider knows it. By default the provider never speaks of it again.
#[derive(Default)]
pub(super) struct There {
    person: Option<[u8; 32]>,
    session: Option<[u8; 32]>,
    since: Option<Timestamp>,
    /// When the session ends there, if the provider says so.
    pub until: Option<Timestamp>,
    needs: Option<Needs>,
}

/// What signing out at the provider needs.
pub(super) enum Needs {
    /// RP-Initiated Logout 1.0, section 2: the `id_token_hint`, unless it is too long.
    Oidc { id_token: Option<Secret> },
    /// SAML core, section 3.7.1: whom the assertion named, and in which session.
    Saml(SamlSession),
}

/// Whom an assertion named, and in which session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SamlSession {
    pub name_id: String,
    pub format: Option<String>,
    pub name_qualifier: Option<String>,
    pub sp_name_qualifier: Option<String>,
    pub session_index: Option<String>,
}

/// [`Needs`] as they are stored, in JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kept<'a> {
    Oidc {
        #[serde(borrow)]
        id_token: Option<Cow<'a, str>>,
    },
    Saml(Cow<'a, SamlSession>),
}

impl There {
    /// The session of a verified ID token.
    pub(super) fn of_token(token: &IdToken, provider: &discovery::Provider) -> Self {
        // A longer one would not be sent.
        let hint = Some(&token.raw).filter(|raw| raw.expose().len() <= MAX_HINT_BYTES);
        let needs = provider.end_session_endpoint.is_some().then(|| Needs::Oidc { id_token: hint.cloned() });
        Self {
            person: Some(word(&token.issuer, &token.subject)),
            session: token.session_id.as_ref().map(|id| word(&token.issuer, id)),
            // A session id is never used again.
            since: None,
            until: None,
            needs,
        }
    }

    /// The session of a verified assertion.
    pub(super) fn of_assertion(assertion: &Assertion, provider: &IdentityProvider) -> Self {
        let until = assertion.session_not_on_or_after.map(time);
        let Some(name_id) = &assertion.name_id else { return Self { until, ..Self::default() } };
        let needs = || {
            Needs::Saml(SamlSession {
                name_id: name_id.clone(),
                format: assertion.name_id_format.clone(),
                name_qualifier: assertion.qualifiers.name.clone(),
                sp_name_qualifier: assertion.qualifiers.service_provider.clone(),
                session_index: assertion.session_index.clone(),
            })
        };
        let can = provider.log_out.redirect.is_some() || provider.log_out.post.is_some();
        Self {
            // Without its format: providers leave it out of requests to sign out. Who may send one may end all sessions.
            person: Some(word(&assertion.issuer, name_id)),
            session: assertion.session_index.as_ref().map(|index| word(&assertion.issuer, index)),
            since: Some(time(assertion.authn_instant)),
            until,
            needs: can.then(needs),
        }
    }

    /// Its stored form, for that session alone.
    pub(super) fn seal(&self, app: &App, session: SessionId) -> Result<SessionThere> {
        let sign_out = self.needs.as_ref().map(|needs| needs.seal(app, session)).transpose()?;
        Ok(SessionThere { person: self.person, session: self.session, since: self.since, sign_out })
    }
}

impl Needs {
    fn seal(&self, app: &App, session: SessionId) -> Result<Vec<u8>> {
        let kept = match self {
            Self::Oidc { id_token } => Kept::Oidc { id_token: id_token.as_ref().map(|it| it.expose().into()) },
            Self::Saml(session) => Kept::Saml(Cow::Borrowed(session)),
        };
        let text = Zeroizing::new(serde_json::to_vec(&kept).map_err(Error::internal)?);
        app.vault.seal(&name(session), &text, &app.random)
    }

    /// What was sealed for that session.
    ///
    /// # Errors
    /// When it was encrypted with another key, or altered.
    pub(super) fn open(app: &App, session: SessionId, sealed: &[u8]) -> Result<Self> {
        let text = app.vault.open(&name(session), sealed)?;
        Ok(match serde_json::from_slice(&text).map_err(Error::internal)? {
            Kept::Oidc { id_token } => Self::Oidc { id_token: id_token.map(|it| Secret::from(it.as_ref())) },
            Kept::Saml(session) => Self::Saml(session.into_owned()),
        })
    }
}

fn time(seconds: UnixSeconds) -> Timestamp {
    Timestamp::from_millis(seconds.0.saturating_mul(1000))
}

/// Under which the vault seals the needs of a session.
fn name(session: SessionId) -> String {
    format!("sign-out-{session}")
}

/// A provider's word for a person or a session, as it is stored and compared. Words are unique at their issuer.
pub(super) fn word(issuer: &str, word: &str) -> [u8; 32] {
    *SecretHash::of(&format!("{issuer}\n{word}")).as_bytes()
}
