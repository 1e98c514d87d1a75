//! An OpenID Connect provider says that a session of its own has ended: those that began with it end here, too
//! (OpenID Connect Back-Channel Logout 1.0, section 2.6).

use std::sync::Arc;

use rolecall_core::Error;
use rolecall_core::identity::Provider;
use rolecall_signin::oidc::logout_token::{self, Expected, LogoutToken, LogoutTokenError, MAX_LOGOUT_TOKEN_BYTES};
use rolecall_store::NamedSessions;

use super::cache::{FRESH, USUAL_AGE};
use super::code_flow::seconds;
use super::documents::{self, Document};
use super::ended_there::{EndSessions, Message, begun_by};
use super::provider_session::word;
use super::registered::Registered;
use super::{Failure, usable};
use crate::app::identity_providers::{OidcSettings, Settings};
use crate::app::{App, RequestInfo};

/// Ends the sessions that a logout token names.
///
/// INVARIANT: a wrong token does not count as a failure of the address that it came from. A page of another site can have
/// its visitors post one here without asking this server first, and would use up their attempts to sign in. Nothing is
/// gained by trying either: a signature cannot be guessed. What strangers can make this server do is bounded by the size
/// of a token, by the turns, and by how often keys are read again.
///
/// # Errors
/// When the token is not one of this provider for this server, was used before, or the sessions could not be ended.
pub async fn end_named_by_token(
    app: &Arc<App>,
    request: &RequestInfo,
    alias: &str,
    token: &str,
) -> Result<(), Failure> {
    // What cannot be a token makes nobody wait.
    if token.len() > MAX_LOGOUT_TOKEN_BYTES || token.split('.').count() != 3 {
        return Err(Failure::new("token-malformed", "it is not three parts separated by dots, or too long"));
    }
    let world = app.engine.current(app.clock.now())?;
    let provider = usable(&world, alias)?;
    let registered = Registered::read(app, provider).await?;
    let Settings::Oidc(settings) = &registered.settings else {
        return Err(Failure::new("provider-kind", format!("{alias} is not a provider of OpenID Connect")));
    };
    let told = verify(app, provider, settings, token).await?;
    let message =
        Message { kind: "logout token", issuer: &told.issuer, id: &told.id, remember_until: told.remember_until };
    let sessions = NamedSessions {
        provider: provider.id,
        person: told.subject.as_ref().map(|subject| word(&told.issuer, subject)),
        sessions: told.session_id.iter().map(|session| word(&told.issuer, session)).collect(),
        begun_by: begun_by(told.issued_at),
    };
    let ended = EndSessions::new(provider, &message, sessions).carry_out(app, request).await?;
    tracing::info!(provider = %provider.alias, ended, "the identity provider ended sessions");
    Ok(())
}

/// Verifies a token, with the provider's newest keys where those known do not fit.
async fn verify(app: &App, provider: &Provider, settings: &OidcSettings, token: &str) -> Result<LogoutToken, Failure> {
    let verify = |document: &Document| {
        let expected = Expected {
            issuer: &document.provider.issuer,
            client_id: &settings.client_id,
            algorithms: &document.provider.algorithms,
        };
        logout_token::verify(token, &document.keys, &expected, seconds(app))
    };
    let document = documents::of(app, provider, &settings.discovery_url, USUAL_AGE).await?;
    let mut verified = in_turn(app, || verify(&document)).await?;
    if verified.as_ref().is_err_and(LogoutTokenError::wants_fresh_keys) {
        let document = documents::of(app, provider, &settings.discovery_url, FRESH).await?;
        verified = in_turn(app, || verify(&document)).await?;
    }
    verified.map_err(|error| Failure::new(error.code(), error))
}

/// Verifies in a turn, which is not held while a provider is asked: one that does not answer keeps no other waiting.
async fn in_turn<T>(app: &App, verify: impl FnOnce() -> T) -> Result<T, Failure> {
    let _turn = app.sso.logouts.acquire().await.map_err(Error::internal)?;
    Ok(verify())
}
