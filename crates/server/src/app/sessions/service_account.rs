//! Signs in a service account with its secret.

use rolecall_core::access::Actor;
use rolecall_core::identity::{ClientId, SessionId};
use rolecall_core::{Error, ErrorKind, Result};
use rolecall_signin::opaque::{OpaqueSecret, SecretHash, SecretKind};
use rolecall_signin::secret::Secret;
use rolecall_store::{NewSession, ServiceAccountCredentials, SessionOwner};

use super::issue::{self, Tokens};
use super::password::audit;
use crate::app::{App, RequestInfo};

/// Signs a service account in: an access token, and no refresh token, since it can always present its secret again.
///
/// A secret has 256 random bits and is compared by its hash, so it is verified before any wait: the right one is never
/// delayed or refused. A wrong one throttles its address, never the client id.
///
/// # Errors
/// `Unauthenticated`, with the same message for an unknown client id and a wrong secret; `TooMany` for a wrong secret
/// from an address with too many attempts in progress.
pub async fn sign_in_service_account(
    app: &App,
    request: &RequestInfo,
    client_id: &str,
    secret: &Secret,
) -> Result<Tokens> {
    app.engine.known()?;
    let client = ClientId::known("clientId", client_id).ok();
    let Some(account) = verify(app, client.as_ref(), secret).await? else {
        let _place = app.guard.admit(None, request.source_ip, app.clock.now()).await?;
        let at = app.clock.now();
        app.guard.failed(None, request.source_ip, at);
        let subject = client.as_ref().map_or("(not a client id)", ClientId::as_str);
        let refused = request.refused(ErrorKind::Unauthenticated);
        app.store.note_failed_sign_in(audit(app, &refused, subject, "service-account", at)?).await?;
        return Err(wrong());
    };
    let at = app.clock.now();

    let session = SessionId::new(app.random.uuid()?);
    let expires_at = at.plus(app.lifetimes.access_token);
    let new = NewSession {
        id: session,
        who: SessionOwner::ServiceAccount { id: account.id, secret_hash: account.secret_hash },
        secret_hash: None,
        refresh: None,
        expires_at,
        tokens_until: expires_at,
        at,
    };
    let row = audit(app, request, account.client_id.as_str(), "service-account", at)?;
    if !app.store.open_session(new, row).await? {
        return Err(wrong());
    }
    app.newest_session.opened(session);
    app.engine.catch_up(&app.store, at).await?;
    let actor = Actor::ServiceAccount { client_id: account.client_id, id: account.id, session };
    issue::tokens(app, &actor, None, expires_at, at)
}

/// The enabled service account with that client id, if this is its secret.
async fn verify(app: &App, client: Option<&ClientId>, secret: &Secret) -> Result<Option<ServiceAccountCredentials>> {
    let (Some(client), Some(presented)) = (client, OpaqueSecret::parse(SecretKind::ServiceAccount, secret.expose()))
    else {
        return Ok(None);
    };
    let account = app.store.service_account_for_sign_in(client.as_str()).await?;
    let is_right =
        |account: &ServiceAccountCredentials| SecretHash::from_bytes(account.secret_hash) == presented.hash();
    Ok(account.filter(|account| is_right(account) && account.enabled))
}

fn wrong() -> Error {
    Error::unauthenticated("incorrect client id or secret").with_reason("wrong-credentials")
}
