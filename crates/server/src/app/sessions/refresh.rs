//! Exchanges refresh tokens. A client that lost a response, or has two tabs, may use one again for a short time. Later
//! reuse means that one of its two users is a thief.

use rolecall_core::access::Actor;
use rolecall_core::identity::Subject;
use rolecall_core::{Error, Result, World};
use rolecall_signin::opaque::{OpaqueSecret, SecretKind};
use rolecall_signin::secret::Secret;
use rolecall_store::{Rotation, SessionOwnerId, SessionRecord, UsedRefresh};
use std::sync::Arc;

use super::end_session;
use super::issue::{self, Tokens};
use crate::app::{App, RequestInfo};

/// Returns a new access token and a new refresh token. The old refresh token is invalid after the grace period.
///
/// # Errors
/// `Unauthenticated` when it is unknown, expired, already used (which ends the session and all its tokens), or its
/// session has ended.
pub async fn refresh(app: &Arc<App>, request: &RequestInfo, presented: &Secret) -> Result<Tokens> {
    let refused =
        || Error::unauthenticated("the refresh token is no longer valid; sign in again").with_reason("session-ended");
    let old = OpaqueSecret::parse(SecretKind::Refresh, presented.expose()).ok_or_else(refused)?;
    let now = app.clock.now();
    // Checked before the token is used: without a world the client could not get another one.
    app.engine.known()?;
    // At most the lifetime of its session: the store takes the earlier time.
    let (secret, record) = issue::new_refresh(app, now.plus(app.lifetimes.session))?;
    let used = UsedRefresh {
        hash: *old.hash().as_bytes(),
        grace: app.lifetimes.refresh_reuse_grace,
        tokens_until: now.plus(app.lifetimes.access_token),
        at: now,
    };
    match app.store.rotate_refresh(used, record).await? {
        Rotation::Rotated(session) => {
            let world = app.engine.catch_up(&app.store, now).await?;
            let actor = owner(&world, &session).ok_or_else(refused)?;
            world.principal(&actor)?;
            issue::tokens(app, &actor, Some(secret), session.expires_at, now)
        }
        Rotation::Reused(session) => {
            end_family(app, request, &session).await?;
            Err(refused())
        }
        // Nobody waits for that many lost responses. The session goes on with the tokens that were given.
        Rotation::TooOften => Err(Error::unauthenticated(
            "the refresh token was used too often within a few seconds; use one of the tokens that it gave",
        )),
        Rotation::Unknown | Rotation::Expired | Rotation::Ended => Err(refused()),
    }
}

async fn end_family(app: &Arc<App>, request: &RequestInfo, session: &SessionRecord) -> Result<()> {
    let world = app.engine.catch_up(&app.store, app.clock.now()).await?;
    let subject = match owner(&world, session) {
        Some(Actor::User { email, .. }) => Subject::User(email),
        Some(Actor::ServiceAccount { client_id, .. }) => Subject::ServiceAccount(client_id),
        // The owner was deleted, and the session with them.
        Some(Actor::Host | Actor::Rolecall) | None => return Ok(()),
    };
    tracing::warn!(%subject, session = %session.id, "a refresh token was used again; its session is ended");
    end_session(app, request, session.id, subject).await
}

/// The owner of a session, as an actor in it.
pub(super) fn owner(world: &World, session: &SessionRecord) -> Option<Actor> {
    Some(match session.owner {
        SessionOwnerId::User(id) => Actor::User { email: world.user_by_id(id)?.email.clone(), id, session: session.id },
        SessionOwnerId::ServiceAccount(id) => Actor::ServiceAccount {
            client_id: world.service_account_by_id(id)?.client_id.clone(),
            id,
            session: session.id,
        },
    })
}
