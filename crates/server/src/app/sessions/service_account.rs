//! Signing in a service account with its secret.

use rolecall_core::access::Actor;
use rolecall_core::identity::{ClientId, SessionId};
use rolecall_core::{Error, Result};
use rolecall_signin::opaque::{OpaqueSecret, SecretHash, SecretKind};
use rolecall_signin::secret::Secret;
use rolecall_store::{NewSession, SessionOwner};

use super::issue::{self, Tokens};
use super::password::audit;
use crate::app::{App, RequestInfo};

/// Signs a service account in: an access token, and no refresh token, since it can always show its secret again.
///
/// # Errors
/// Unauthenticated, in the same words for an unknown client id and a wrong secret.
pub async fn sign_in_service_account(
    app: &App,
    request: &RequestInfo,
    client_id: &str,
    secret: &Secret,
) -> Result<Tokens> {
    app.engine.known()?;
    app.gate.hold_back(client_id, request.source_ip, false, app.clock.now()).await?;
    let client = ClientId::known("clientId", client_id).ok();
    let account = match &client {
        Some(client) => app.store.service_account_for_sign_in(client.as_str()).await?,
        None => None,
    };
    let presented = OpaqueSecret::parse(SecretKind::ServiceAccount, secret.expose()).map(|secret| secret.hash());
    let stored = account.as_ref().map(|account| SecretHash::from_bytes(account.secret_hash));
    let at = app.clock.now();
    let (Some(account), true) = (account.filter(|account| account.enabled), presented.is_some() && presented == stored)
    else {
        app.gate.failed(client_id, request.source_ip, at);
        let subject = client.as_ref().map_or("(not a client id)", ClientId::as_str);
        app.store.note_failed_sign_in(audit(app, request, subject, "service-account", 401, at)?).await?;
        return Err(wrong());
    };
    app.gate.succeeded(client_id);

    let session = SessionId::new(app.random.uuid()?);
    let expires_at = at.plus(app.policy.access_token_life);
    let new = NewSession {
        id: session,
        who: SessionOwner::ServiceAccount { id: account.id, secret_hash: account.secret_hash },
        secret_hash: None,
        refresh: None,
        expires_at,
        tokens_until: expires_at,
        at,
    };
    let row = audit(app, request, account.client_id.as_str(), "service-account", 200, at)?;
    if !app.store.open_session(new, row).await? {
        return Err(wrong());
    }
    app.engine.catch_up(&app.store, at).await?;
    let actor = Actor::ServiceAccount { client_id: account.client_id, id: account.id, session };
    issue::tokens(app, &actor, None, expires_at, at)
}

fn wrong() -> Error {
    Error::unauthenticated("incorrect client id or secret").with_reason("wrong-credentials")
}
