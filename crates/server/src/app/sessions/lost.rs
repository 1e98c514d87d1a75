//! Sessions that the database has lost. A sign-in takes no revision: a restore, or a failover to a server without the
//! latest sign-ins, may lose sessions and no revision. Their tokens would be good until they expire, and nobody could
//! end them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rolecall_core::Result;
use rolecall_core::identity::SessionId;

use crate::app::App;

/// The newest session that this server knows of.
#[derive(Debug, Default)]
pub struct NewestSession(Mutex<Option<SessionId>>);

impl NewestSession {
    /// Notes a session that this server has opened.
    pub(in crate::app) fn opened(&self, id: SessionId) {
        *self.lock() = Some(id);
    }

    fn lock(&self) -> MutexGuard<'_, Option<SessionId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks whether the newest known session is still in the database. If not, every access token that was issued so far is
/// compared with its session once.
///
/// # Errors
/// When the database does not answer.
pub async fn notice_lost(app: &App) -> Result<()> {
    let known = *app.newest_session.lock();
    let (is_there, newest) = app.store.newest_session(known).await?;
    if !is_there {
        app.token_keys.begin_anew(&app.store, &app.vault, &app.random, app.clock.now()).await?;
        // An administrator may also have deleted its owner, which does no harm.
        tracing::warn!(
            "the newest session is no longer in the database: access tokens are compared with their sessions"
        );
    }
    let mut current = app.newest_session.lock();
    // A sign-in meanwhile is newer than what was read.
    if *current == known {
        *current = newest;
    }
    Ok(())
}
