//! What a browser keeps during a sign-in: sealed, so that nobody reads or makes one, in a cookie of that browser.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall_core::Revision;
use rolecall_core::identity::ProviderId;
use rolecall_signin::oidc::flow::SignIn;
use rolecall_signin::time::UnixSeconds;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{FLOW_KEY, Failure};
use crate::app::App;

/// A sign-in in progress, and the provider as it was when it began.
pub(super) struct Flow {
    pub sign_in: SignIn,
    pub provider: ProviderId,
    pub changed: Revision,
}

#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    state: &'a str,
    nonce: &'a str,
    verifier: &'a str,
    alias: &'a str,
    to: &'a str,
    at: UnixSeconds,
    provider: ProviderId,
    changed: Revision,
}

impl Flow {
    /// The value of the cookie.
    pub(super) fn seal(&self, app: &App) -> Result<String, Failure> {
        let kept = Kept {
            state: self.sign_in.state.expose(),
            nonce: self.sign_in.nonce.expose(),
            verifier: self.sign_in.verifier.expose(),
            alias: &self.sign_in.provider,
            to: &self.sign_in.return_path,
            at: self.sign_in.started_at,
            provider: self.provider,
            changed: self.changed,
        };
        let text = Zeroizing::new(serde_json::to_vec(&kept).map_err(rolecall_core::Error::internal)?);
        Ok(URL_SAFE_NO_PAD.encode(app.sso.flows.load().seal(FLOW_KEY, &text, app.random.bytes()?)))
    }

    /// The sign-in in a cookie; `None` when it is not one of this server or its replicas.
    pub(super) fn open(app: &App, cookie: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(cookie).ok()?;
        let text = app.sso.flows.load().open(FLOW_KEY, &sealed).ok()?;
        let kept: Kept<'_> = serde_json::from_slice(&text).ok()?;
        let sign_in = SignIn {
            state: kept.state.into(),
            nonce: kept.nonce.into(),
            verifier: kept.verifier.into(),
            provider: kept.alias.to_owned(),
            return_path: kept.to.to_owned(),
            started_at: kept.at,
        };
        Some(Self { sign_in, provider: kept.provider, changed: kept.changed })
    }
}
