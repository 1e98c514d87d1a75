//! Brings the predefined roles of an existing account up to this version, in a revision of its own: an upgrade never rewrites
//! the past.

use std::sync::Arc;

use rolecall_core::Result;
use rolecall_core::access::Actor;
use rolecall_core::acts::UpdatePredefinedRoles;

use crate::app::{App, OpenChange, RequestInfo};

/// Writes the predefined roles that are missing or defined otherwise. Of several servers that start together, one does.
///
/// # Errors
/// When the database does not answer.
pub async fn bring_up_to_date(app: &Arc<App>) -> Result<()> {
    if app.engine.world().outdated_predefined_roles(app.clock.now()).is_empty() {
        return Ok(());
    }
    let request = RequestInfo::of_job("predefined-roles", app.random.uuid()?.to_string());
    let mut change = OpenChange::open(app.clone(), Actor::Rolecall, request).await?;
    let outdated = change.tx.world().outdated_predefined_roles(change.tx.now());
    if outdated.is_empty() {
        // Another server came first. Without its revision no role would permit anything here for a moment.
        drop(change);
        return app.engine.catch_up(&app.store, app.clock.now()).await.map(drop);
    }
    let permit = change.authorize(UpdatePredefinedRoles).await?;
    change.tx.update_predefined_roles(&permit).await?;
    change.commit(permit, ()).await?;
    tracing::info!("{} predefined roles were brought up to this version", outdated.len());
    Ok(())
}
