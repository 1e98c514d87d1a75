//! Reads roles and presets. A caller who may read roles in any scope may read all of them, since administrators pick from them.

use rolecall_core::access::{Directory, Role};
use rolecall_core::acts::no_role;
use rolecall_core::catalogue::{Preset, PresetId, RoleId};
use rolecall_core::lists::RoleList;
use rolecall_core::org::Scope;
use rolecall_core::{Error, Result, RevisionStamp};
use rolecall_store::Page;

use crate::app::Call;

/// Some of the roles that match.
#[derive(Debug)]
pub struct RolePage<'w> {
    /// The roles of the page.
    pub roles: Vec<&'w Role>,
    /// The offset of the next page.
    pub next: Option<u64>,
}

/// The roles that match, a page at a time.
///
/// # Errors
/// `Forbidden` for a caller who may read roles in no scope.
pub fn list<'w>(call: &'w Call, list: &RoleList, page: Page) -> Result<RolePage<'w>> {
    call.principal()?.ensure_reads(Directory::Roles)?;
    let matching = list.of(&call.world);
    let count = u64::try_from(matching.len()).unwrap_or(u64::MAX);
    let first = usize::try_from(page.offset).unwrap_or(usize::MAX);
    let most = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let roles = matching.into_iter().skip(first).take(most).collect();
    let next = page.offset.saturating_add(page.limit.into());
    Ok(RolePage { roles, next: (next < count).then_some(next) })
}

/// The roles that the caller may grant in a scope, by id. It needs no permission: the caller has everything that these
/// roles permit.
///
/// # Errors
/// `NotFound` when the caller does not see the scope.
pub fn grantable(call: &Call, scope: Scope) -> Result<Vec<Role>> {
    Ok(call.principal()?.grantable_roles(scope)?.into_iter().cloned().collect())
}

/// One role, and its last change.
///
/// # Errors
/// `Forbidden` for a caller who may read roles in no scope; `NotFound` when it does not exist.
pub async fn get(call: &Call, id: RoleId) -> Result<(Role, RevisionStamp)> {
    // Whether a role exists is no secret from those who may read roles.
    call.principal()?.ensure_reads(Directory::Roles)?;
    call.app.store.role(id).await?.ok_or_else(|| no_role(id))
}

/// The presets, in listing order.
///
/// # Errors
/// `Forbidden` for a caller who may read roles in no scope.
pub fn presets(call: &Call) -> Result<&'static [Preset]> {
    call.principal()?.ensure_reads(Directory::Roles)?;
    Ok(Preset::all())
}

/// One preset.
///
/// # Errors
/// `Forbidden` for a caller who may read roles in no scope; `NotFound` when it does not exist.
pub fn preset(call: &Call, id: PresetId) -> Result<&'static Preset> {
    call.principal()?.ensure_reads(Directory::Roles)?;
    Preset::find(id).ok_or_else(|| Error::not_found(format!("there is no permission set {id}")))
}
