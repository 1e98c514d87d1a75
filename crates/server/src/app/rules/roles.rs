//! Reading roles. Whoever may read them in any scope may read them all, since administrators pick from them.

use rolecall_core::catalogue::{Action, Permission, ResourceType, Role, RoleId};
use rolecall_core::org::Scope;
use rolecall_core::{Error, Result};

use crate::app::Call;

const READ: Permission = Permission::new(ResourceType::Roles, Action::Read);

/// Every role, by id.
///
/// # Errors
/// Forbidden for whoever may read roles nowhere.
pub fn roles(call: &Call) -> Result<&'static [Role]> {
    call.principal()?.ensure_may_somewhere(READ)?;
    Ok(Role::all())
}

/// The roles that the caller may grant in a scope, by id. It takes no permission to be told: he holds all that they
/// permit.
///
/// # Errors
/// Not found when the scope is not there for him.
pub fn grantable(call: &Call, scope: Scope) -> Result<Vec<&'static Role>> {
    call.principal()?.grantable_roles(scope)
}

/// One role.
///
/// # Errors
/// Forbidden for whoever may read roles nowhere; not found when there is none.
pub fn role(call: &Call, id: RoleId) -> Result<&'static Role> {
    // Roles are no secret that an id could give away: each installation has the same.
    call.principal()?.ensure_may_somewhere(READ)?;
    Role::find(id).ok_or_else(|| Error::not_found(format!("there is no role {}", id.number())))
}
