//! Removing an access rule, and finding out what would come of it.

use rolecall_core::access::{Act, Actor, RuleId};
use rolecall_core::{Change, Result, World};

use crate::app::{Call, Changed};

/// Removes a rule; whoever asks for deleted ones still sees that it was there.
///
/// # Errors
/// Not found; forbidden without `access_rules:delete` and every permission of its role, in its scope; conflict where it
/// is the last way in.
pub async fn delete(call: &Call, id: RuleId) -> Result<Changed<()>> {
    delete_answering(call, id, 204).await
}

/// The same, where the whole answer has another status.
pub(super) async fn delete_answering(call: &Call, id: RuleId, status: u16) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::DeleteRule(id)).await?;
    change.tx.delete_rule(&permit, change.now).await?;
    change.commit(permit, status, ()).await
}

/// The world after `actor` would have removed a rule from `world`: the decision, the change and the guard of
/// [`delete`], without a database.
///
/// # Errors
/// What [`delete`] would say, but for the database.
pub(super) fn rehearse(world: &World, actor: &Actor, id: RuleId) -> Result<World> {
    world.authorize(actor, Act::DeleteRule(id))?;
    let after = world.apply(world.revision().next(), &[Change::RuleGone { id }]);
    after.ensure_way_in()?;
    Ok(after)
}
