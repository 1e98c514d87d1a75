//! Signing out at the provider as well, after the session here has ended: what the browser keeps on the way there, where
//! it goes, and whether it came back from there (OpenID Connect RP-Initiated Logout 1.0; SAML in [`single_logout`]).
//!
//! INVARIANT: nothing here is needed to be signed out of this server. Whatever fails leaves the person signed out here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall_core::Error;
use rolecall_core::identity::{Provider, ProviderKind, SessionId};
use rolecall_signin::oidc::flow::check_age;
use rolecall_signin::oidc::token_request::end_session_address;
use rolecall_signin::saml::message_id;
use rolecall_signin::secret::Secret;
use rolecall_signin::time::UnixSeconds;
use serde::{Deserialize, Serialize};

use super::cache::USUAL_AGE;
use super::code_flow::seconds;
use super::provider_session::Needs;
use super::registered::Registered;
use super::{Destination, Failure, documents, single_logout, usable};
use crate::app::App;
use crate::app::identity_providers::{Addresses, OidcSettings, Settings};

/// The name under which the key of flows seals what a browser keeps: none is taken for a sign-in.
const SIGN_OUT: &str = "sign-out-flow";

/// What a browser keeps, sealed, while it signs out at the provider.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SignOutThere {
    /// The alias of the provider.
    alias: String,
    /// The session that ended here.
    session: SessionId,
    /// The `state` of OpenID Connect, and the id of a SAML request.
    pub id: String,
    /// When the session ended here.
    at: UnixSeconds,
}

impl SignOutThere {
    fn seal(&self, app: &App) -> rolecall_core::Result<String> {
        let text = serde_json::to_vec(self).map_err(Error::internal)?;
        Ok(URL_SAFE_NO_PAD.encode(app.sso.flows.load().seal(SIGN_OUT, &text, app.random.bytes()?)))
    }

    /// The sign-out at that provider in a cookie; `None` when it is too old, or not one of this server or its replicas.
    pub(super) fn open(app: &App, alias: &str, cookie: Option<&str>) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(cookie?).ok()?;
        let text = app.sso.flows.load().open(SIGN_OUT, &sealed).ok()?;
        let sign_out: Self = serde_json::from_slice(&text).ok()?;
        (sign_out.alias == alias && check_age(sign_out.at, seconds(app)).is_ok()).then_some(sign_out)
    }
}

/// The way to sign out at the provider as well.
#[derive(Debug)]
pub struct WayOut {
    /// Where the browser goes next: a path of this server.
    pub path: String,
    /// What it keeps, for ten minutes at most.
    pub cookie: String,
}

/// The way to sign out at the provider that a session began with. `None` where there is none, also when it cannot be
/// found out: that must keep nobody from signing out here. No provider is asked.
pub async fn way_out(app: &App, session: SessionId) -> Option<WayOut> {
    find_way_out(app, session).await.unwrap_or_else(|error| {
        tracing::warn!(%session, %error, "the session ends here alone, not at its identity provider");
        None
    })
}

async fn find_way_out(app: &App, session: SessionId) -> rolecall_core::Result<Option<WayOut>> {
    let Some(there) = app.store.sign_out_there(session).await? else { return Ok(None) };
    let world = app.engine.current(app.clock.now())?;
    let Some(provider) = world.provider(there.provider).filter(|provider| provider.enabled) else { return Ok(None) };
    let sign_out = SignOutThere {
        alias: provider.alias.to_string(),
        session,
        id: message_id(&app.random.bytes()?),
        at: seconds(app),
    };
    Ok(Some(WayOut { path: format!("/sso/{}/sign-out", provider.alias), cookie: sign_out.seal(app)? }))
}

/// Where the browser goes to sign out at the provider; `None` when it is not on its way there. Counts once.
///
/// # Errors
/// When the provider was disabled, deleted or changed, cannot be reached, or cannot sign people out.
pub async fn sign_out_there(app: &App, alias: &str, cookie: Option<&str>) -> Result<Option<Destination>, Failure> {
    let Some(sign_out) = SignOutThere::open(app, alias, cookie) else { return Ok(None) };
    let Some(there) = app.store.take_sign_out_there(sign_out.session).await? else { return Ok(None) };
    let needs = Needs::open(app, sign_out.session, &there.needs)?;
    let world = app.engine.current(app.clock.now())?;
    let provider = usable(&world, alias)?;
    if provider.id != there.provider {
        return Err(Failure::new("provider-changed", "another identity provider has this name by now"));
    }
    let registered = Registered::read(app, provider).await?;
    let to = match (&registered.settings, needs) {
        (Settings::Oidc(settings), Needs::Oidc { id_token }) => {
            let address = end_session(app, provider, settings, id_token.as_ref(), &sign_out.id).await?;
            Destination::Address(address)
        }
        (Settings::Saml(settings), Needs::Saml(session)) => {
            single_logout::ask(app, provider, settings, session, &sign_out.id).await?
        }
        _ => return Err(Failure::new("provider-kind", format!("{alias} is of another kind by now"))),
    };
    Ok(Some(to))
}

/// RP-Initiated Logout 1.0, section 2.
async fn end_session(
    app: &App,
    provider: &Provider,
    settings: &OidcSettings,
    id_token: Option<&Secret>,
    state: &str,
) -> Result<String, Failure> {
    let document = documents::of(app, provider, &settings.discovery_url, USUAL_AGE).await?;
    let back = Addresses::new(app.public_url.as_str(), provider).signed_out;
    end_session_address(&document.provider, &settings.client_id, id_token, Some((&back, state)))
        .map(|address| address.expose().to_owned())
        .ok_or_else(|| no_address(provider))
}

pub(super) fn no_address(provider: &Provider) -> Failure {
    let what = if provider.kind == ProviderKind::Saml { "SingleLogoutService" } else { "end_session_endpoint" };
    Failure::new("sign-out-unsupported", format!("{} does not announce a {what} any more", provider.alias))
}

/// Whether a browser comes back from signing out at an OpenID Connect provider, which returns the `state` (section 3).
#[must_use]
pub fn is_signed_out_there(app: &App, alias: &str, cookie: Option<&str>, state: Option<&str>) -> bool {
    SignOutThere::open(app, alias, cookie).is_some_and(|sign_out| Some(sign_out.id.as_str()) == state)
}
