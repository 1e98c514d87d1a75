//! What the caller himself may do, and where.

use rolecall_core::Result;
use rolecall_core::access::Reach;
use rolecall_core::catalogue::{Permission, PermissionSet};
use rolecall_core::org::Scope;

use crate::app::Call;

/// All that the caller may do in one scope, or in any at all.
///
/// # Errors
/// Not found when the scope is not there for him.
pub fn permissions(call: &Call, scope: Option<Scope>) -> Result<PermissionSet> {
    let principal = call.principal()?;
    let Some(scope) = scope else { return Ok(principal.held_somewhere()) };
    principal.ensure_sees(scope)?;
    Ok(principal.held_in(scope))
}

/// Where the caller may do that.
///
/// # Errors
/// Unauthenticated when he is gone by now.
pub fn reach(call: &Call, permission: Permission) -> Result<Reach> {
    Ok(call.principal()?.reach(permission))
}
