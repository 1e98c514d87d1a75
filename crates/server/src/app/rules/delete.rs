//! Removing an access rule.

use rolecall_core::Result;
use rolecall_core::access::{Act, RuleId};

use crate::app::{Call, Changed};

/// Removes a rule; whoever asks for deleted ones still sees that it was there.
///
/// # Errors
/// Not found; forbidden without `access_rules:delete` and every permission of its role, in its scope; conflict where it
/// is the last way in.
pub async fn delete(call: &Call, id: RuleId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::DeleteRule(id))?;
    change.tx.delete_rule(&permit, change.now).await?;
    change.commit(permit, 204, ()).await
}
