//! Refreshing: one refresh token becomes the next. One that comes twice was stolen, by the first or by the second.

use rolecall_core::access::{Act, Actor};
use rolecall_core::identity::Subject;
use rolecall_core::{Error, Result, World};
use rolecall_signin::opaque::{OpaqueSecret, SecretKind};
use rolecall_signin::secret::Secret;
use rolecall_store::{Rotation, SessionOwnerId, SessionRecord};
use std::sync::Arc;

use super::issue::{self, Tokens};
use crate::app::{App, OpenChange, RequestInfo};

/// Gives a new access token and a new refresh token for a refresh token, which is used up.
///
/// # Errors
/// Unauthenticated when it is unknown, expired, used already (which ends the session and all its tokens), or its session
/// has ended.
pub async fn refresh(app: &Arc<App>, request: &RequestInfo, presented: &Secret) -> Result<Tokens> {
    let refused =
        || Error::unauthenticated("the refresh token is no longer valid; sign in again").with_reason("session-ended");
    let old = OpaqueSecret::parse(SecretKind::Refresh, presented.expose()).ok_or_else(refused)?;
    let now = app.clock.now();
    // Before the token is used up: while there is no world nobody would get another one for it.
    app.engine.known()?;
    // It lives as long as its session at most: the store takes the earlier of the two.
    let (secret, record) = issue::new_refresh(app, now.plus(app.policy.session_life))?;
    let tokens_until = now.plus(app.policy.access_token_life);
    match app.store.rotate_refresh(old.hash().as_bytes(), record, tokens_until, now).await? {
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
        Rotation::Unknown | Rotation::Expired | Rotation::Ended => Err(refused()),
    }
}

async fn end_family(app: &Arc<App>, request: &RequestInfo, session: &SessionRecord) -> Result<()> {
    let mut change = OpenChange::open(app.clone(), Actor::Rolecall, request.clone()).await?;
    let Some(subject) = owner(&change.world, session).and_then(|actor| match actor {
        Actor::User { email, .. } => Some(Subject::User(email)),
        Actor::ServiceAccount { client_id, .. } => Some(Subject::ServiceAccount(client_id)),
        Actor::Host | Actor::Rolecall => None,
    }) else {
        // Whose it was is gone, and the session with him.
        return Ok(());
    };
    tracing::warn!(%subject, session = %session.id, "a refresh token came a second time; its session is ended");
    let permit = change.authorize(Act::EndReusedSession { session: session.id, subject }).await?;
    change.tx.end_sessions(&permit, change.now).await?;
    change.commit(permit, 401, ()).await.map(|_| ())
}

/// Who a session belongs to, as an actor in it.
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
