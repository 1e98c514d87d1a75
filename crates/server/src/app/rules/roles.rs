//! Reads roles. A caller who may read them in any scope may read all of them, since administrators pick from them.

use rolecall_core::catalogue::{Action, Permission, ResourceType, Role, RoleId};
use rolecall_core::org::Scope;
use rolecall_core::{Error, Result};

use crate::app::Call;

const READ: Permission = Permission::new(ResourceType::Roles, Action::Read);

/// Every role, by id.
///
/// # Errors
/// `Forbidden` for a caller who may read roles in no scope.
pub fn roles(call: &Call) -> Result<&'static [Role]> {
    call.principal()?.ensure_may_somewhere(READ)?;
    Ok(Role::all())
}

/// The roles that the caller may grant in a scope, by id. It needs no permission: the caller has everything that these
/// roles permit.
///
/// # Errors
/// `NotFound` when the caller does not see the scope.
pub fn grantable(call: &Call, scope: Scope) -> Result<Vec<&'static Role>> {
    call.principal()?.grantable_roles(scope)
}

/// One role.
///
/// # Errors
/// `Forbidden` for a caller who may read roles in no scope; `NotFound` when it does not exist.
pub fn role(call: &Call, id: RoleId) -> Result<&'static Role> {
    // Role ids are not secret: every installation has the same roles.
    call.principal()?.ensure_may_somewhere(READ)?;
    Role::find(id).ok_or_else(|| Error::not_found(format!("there is no role {}", id.number())))
}
