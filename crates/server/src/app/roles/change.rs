//! Creates, changes, enables, disables and deletes roles.

use rolecall_core::Result;
use rolecall_core::access::{Role, RoleDefinition};
use rolecall_core::acts::{CreateRole, DeleteRole, DisableRole, EnableRole, UpdateRole};
use rolecall_core::catalogue::RoleId;

use crate::app::{Call, Changed};

/// Creates a role.
///
/// # Errors
/// `Forbidden` without `roles:create` and every permission of the role at the account; `Conflict` when its name is taken.
pub async fn create(call: &Call, definition: RoleDefinition, enabled: bool) -> Result<Changed<Role>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(CreateRole { definition, enabled }).await?;
    let role = change.tx.create_role(&permit).await?;
    change.commit(permit, role).await
}

/// Changes a role of the organization's own.
///
/// # Errors
/// `NotFound`; `Forbidden` for a predefined role, or without `roles:update` and every permission that the role had or gets,
/// at the account; `Conflict` when its name is taken.
pub async fn update(
    call: &Call,
    id: RoleId,
    definition: RoleDefinition,
    enabled: Option<bool>,
) -> Result<Changed<Role>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(UpdateRole { role: id, definition, enabled }).await?;
    let role = change.tx.update_role(&permit).await?;
    change.commit(permit, role).await
}

/// Enables a role, or disables it: then its rules permit nothing.
///
/// # Errors
/// `NotFound`; `Forbidden` without `roles:update` and every permission of the role at the account; `Conflict` when no
/// administrator could sign in afterwards.
pub async fn set_enabled(call: &Call, id: RoleId, enabled: bool) -> Result<Changed<Role>> {
    let mut change = call.open_change().await?;
    if enabled {
        let permit = change.authorize(EnableRole(id)).await?;
        let role = change.tx.enable_role(&permit).await?;
        change.commit(permit, role).await
    } else {
        let permit = change.authorize(DisableRole(id)).await?;
        let role = change.tx.disable_role(&permit).await?;
        change.commit(permit, role).await
    }
}

/// Deletes a role that no rule has.
///
/// # Errors
/// `NotFound`; `Forbidden` for a predefined role, or without `roles:delete` and every permission of the role at the account;
/// `Conflict` while rules have it.
pub async fn delete(call: &Call, id: RoleId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(DeleteRole(id)).await?;
    change.tx.delete_role(&permit).await?;
    change.commit(permit, ()).await
}
