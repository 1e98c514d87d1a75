//! The caller's own permissions, by scope.

use rolecall_core::Result;
use rolecall_core::access::Subtrees;
use rolecall_core::catalogue::{Permission, PermissionSet};
use rolecall_core::org::Scope;

use crate::app::Call;

/// All permissions of the caller in one scope, or in any scope.
///
/// # Errors
/// `NotFound` when the caller does not see the scope.
pub fn permissions(call: &Call, scope: Option<Scope>) -> Result<PermissionSet> {
    let principal = call.principal()?;
    let Some(scope) = scope else { return Ok(principal.held_somewhere()) };
    principal.ensure_sees(scope)?;
    Ok(principal.held_in(scope))
}

/// The scopes in which the caller may do that.
///
/// # Errors
/// `Unauthenticated` when the caller no longer exists.
pub fn permitted_in(call: &Call, permission: Permission) -> Result<Subtrees> {
    Ok(call.principal()?.permitted_in(permission))
}
