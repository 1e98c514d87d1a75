//! What a browser keeps during a sign-in: sealed, so that nobody reads or makes one, in a cookie of that browser.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall_core::Revision;
use rolecall_core::identity::{Provider, ProviderId};
use rolecall_signin::oidc::flow::SignIn;
use rolecall_signin::opaque::SecretHash;
use rolecall_signin::time::UnixSeconds;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::registered::changed;
use super::{FLOW_KEY, Failure, ensure_enabled};
use crate::app::App;

/// A sign-in in progress, and the provider as it was when it began.
pub(super) struct Flow {
    pub provider: ProviderId,
    pub changed: Revision,
    /// Whose test it is: then nobody comes in.
    pub tester: Option<Tester>,
    pub sent: Sent,
}

/// What the browser was sent to the provider with.
pub(super) enum Sent {
    /// OpenID Connect and OpenShift.
    Code(SignIn),
    Saml(SamlRequest),
}

/// A SAML request that was sent.
pub(super) struct SamlRequest {
    /// Its id, which the answer names.
    pub id: String,
    /// The alias of the provider.
    pub provider: String,
    /// Where the person goes after it.
    pub return_path: String,
    /// When it was sent.
    pub started_at: UnixSeconds,
}

/// The browser session of an administrator who tests a provider; empty for another client. Nobody else ends the test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tester(String);

impl Tester {
    /// The owner of that session cookie.
    pub(super) fn new(session: Option<&str>) -> Self {
        Self(session.map(|session| URL_SAFE_NO_PAD.encode(SecretHash::of(session).as_bytes())).unwrap_or_default())
    }
}

#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    alias: &'a str,
    // Escaped in JSON where it has quotation marks.
    #[serde(borrow)]
    to: Cow<'a, str>,
    at: UnixSeconds,
    provider: ProviderId,
    changed: Revision,
    tester: Option<Tester>,
    #[serde(borrow)]
    sent: KeptSent<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum KeptSent<'a> {
    Code { state: &'a str, nonce: &'a str, verifier: &'a str },
    Saml { id: &'a str },
}

impl Flow {
    /// A sign-in with that provider.
    pub(super) const fn new(provider: &Provider, tester: Option<Tester>, sent: Sent) -> Self {
        Self { provider: provider.id, changed: provider.changed, tester, sent }
    }

    /// The alias of the provider.
    pub(super) fn alias(&self) -> &str {
        match &self.sent {
            Sent::Code(sign_in) => &sign_in.provider,
            Sent::Saml(request) => &request.provider,
        }
    }

    /// Refuses a test that someone else ends.
    pub(super) fn ensure_tester(&self, session: Option<&str>) -> Result<(), Failure> {
        match &self.tester {
            Some(tester) if *tester != Tester::new(session) => {
                Err(Failure::new("test-forbidden", "the test was begun in another session"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What this sign-in is known by among the recent ones.
    pub(super) fn seed(&self) -> &str {
        match &self.sent {
            Sent::Code(sign_in) => sign_in.state.expose(),
            Sent::Saml(request) => &request.id,
        }
    }

    /// Refuses a provider that is not what it was, or that is disabled. Tests are there to try one before it is enabled.
    pub(super) fn ensure_usable(&self, provider: &Provider) -> Result<(), Failure> {
        if self.tester.is_none() {
            ensure_enabled(provider)?;
        }
        if provider.id == self.provider && provider.changed == self.changed { Ok(()) } else { Err(changed()) }
    }

    /// The value of the cookie.
    pub(super) fn seal(&self, app: &App) -> Result<String, Failure> {
        let (to, at, sent) = match &self.sent {
            Sent::Code(SignIn { state, nonce, verifier, return_path, started_at, .. }) => {
                let [state, nonce, verifier] = [state, nonce, verifier].map(|secret| secret.expose());
                (return_path, *started_at, KeptSent::Code { state, nonce, verifier })
            }
            Sent::Saml(SamlRequest { id, return_path, started_at, .. }) => {
                (return_path, *started_at, KeptSent::Saml { id })
            }
        };
        let kept = Kept {
            alias: self.alias(),
            to: Cow::Borrowed(to),
            at,
            provider: self.provider,
            changed: self.changed,
            tester: self.tester.clone(),
            sent,
        };
        let text = Zeroizing::new(serde_json::to_vec(&kept).map_err(rolecall_core::Error::internal)?);
        Ok(URL_SAFE_NO_PAD.encode(app.sso.flows.load().seal(FLOW_KEY, &text, app.random.bytes()?)))
    }

    /// The sign-in with that provider in a cookie; `None` when it is not one of this server or its replicas.
    pub(super) fn open(app: &App, provider: &str, cookie: Option<&str>) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(cookie?).ok()?;
        let text = app.sso.flows.load().open(FLOW_KEY, &sealed).ok()?;
        let Kept { alias, to, at, provider: id, changed, tester, sent } = serde_json::from_slice(&text).ok()?;
        if alias != provider {
            return None;
        }
        let (alias, return_path) = (alias.to_owned(), to.into_owned());
        let sent = match sent {
            KeptSent::Code { state, nonce, verifier } => Sent::Code(SignIn {
                state: state.into(),
                nonce: nonce.into(),
                verifier: verifier.into(),
                provider: alias,
                return_path,
                started_at: at,
            }),
            KeptSent::Saml { id } => {
                Sent::Saml(SamlRequest { id: id.to_owned(), provider: alias, return_path, started_at: at })
            }
        };
        Some(Self { provider: id, changed, tester, sent })
    }
}
