//! Deletes an access rule, and previews the effect.

use rolecall_core::access::{Actor, RuleId};
use rolecall_core::acts::DeleteRule;
use rolecall_core::{Result, World};

use crate::app::{Call, Changed};

/// Deletes a rule. Lists of deleted rules still show it.
///
/// # Errors
/// `NotFound`; `Forbidden` without `access_rules:delete` and every permission of its role in its scope; `Conflict` when
/// it is the last way in.
pub async fn delete(call: &Call, id: RuleId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(DeleteRule(id)).await?;
    change.tx.delete_rule(&permit).await?;
    change.commit(permit, ()).await
}

/// The world after `actor` would have deleted a rule from `world`: the decision, change and check of [`delete`],
/// without a database.
///
/// # Errors
/// As [`delete`], except for the database.
pub(super) fn rehearse(world: &World, actor: &Actor, id: RuleId) -> Result<World> {
    Ok(world.rehearse(actor, DeleteRule(id), ())?.after)
}
