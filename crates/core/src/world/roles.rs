//! The roles of a world: a few, by id, shared between revisions.

use std::sync::Arc;

use crate::access::Role;
use crate::catalogue::{Permission, PermissionSet, RoleId};

/// A role as decisions read it: without following a pointer.
#[derive(Debug, Clone)]
pub(crate) struct RoleEntry {
    id: RoleId,
    enabled: bool,
    /// The permissions that it lists.
    pub(crate) permissions: PermissionSet,
    pub(crate) role: Arc<Role>,
}

/// All roles. Changing one copies the list, which has some dozens of entries.
#[derive(Debug, Clone, Default)]
pub(super) struct Roles(Arc<Table>);

#[derive(Debug, Clone, Default)]
struct Table {
    /// By id.
    entries: Vec<RoleEntry>,
    /// For each permission, by its index: the enabled roles with it and as few others as possible, the first by id.
    least: Vec<Vec<Arc<Role>>>,
    /// The same of predefined roles only.
    least_predefined: Vec<Vec<Arc<Role>>>,
}

/// Maximum roles that a denial names: an organization can make many that are as small.
const MOST_LEAST: usize = 5;

impl Roles {
    /// The role with that id, enabled or not.
    pub(super) fn get(&self, id: RoleId) -> Option<&RoleEntry> {
        let at = self.0.entries.binary_search_by_key(&id, |entry| entry.id).ok()?;
        self.0.entries.get(at)
    }

    /// The role with that id, if it is enabled.
    pub(super) fn enabled(&self, id: RoleId) -> Option<&RoleEntry> {
        self.get(id).filter(|entry| entry.enabled)
    }

    /// Every role, by id.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Role> {
        self.0.entries.iter().map(|entry| entry.role.as_ref())
    }

    pub(super) fn least(&self, permission: Permission) -> &[Arc<Role>] {
        self.0.least.get(permission.index()).map_or(&[], Vec::as_slice)
    }

    pub(super) fn least_predefined(&self, permission: Permission) -> &[Arc<Role>] {
        self.0.least_predefined.get(permission.index()).map_or(&[], Vec::as_slice)
    }

    pub(super) fn set(&mut self, role: &Role) {
        let entry = RoleEntry {
            id: role.id,
            enabled: role.enabled,
            permissions: role.permissions(),
            role: Arc::new(role.clone()),
        };
        self.change(|entries| match entries.binary_search_by_key(&role.id, |entry| entry.id) {
            Ok(at) => entries.splice(at..=at, [entry]).for_each(drop),
            Err(at) => entries.insert(at, entry),
        });
    }

    pub(super) fn remove(&mut self, id: RoleId) {
        self.change(|entries| entries.retain(|entry| entry.id != id));
    }

    fn change(&mut self, change: impl FnOnce(&mut Vec<RoleEntry>)) {
        let table = Arc::make_mut(&mut self.0);
        change(&mut table.entries);
        table.least = least(table.entries.iter());
        table.least_predefined = least(table.entries.iter().filter(|entry| !entry.role.custom));
    }
}

fn least<'e>(entries: impl Iterator<Item = &'e RoleEntry>) -> Vec<Vec<Arc<Role>>> {
    let mut least: Vec<(u32, Vec<Arc<Role>>)> = vec![(u32::MAX, Vec::new()); Permission::COUNT];
    for entry in entries.filter(|entry| entry.enabled) {
        let count = entry.permissions.count();
        for permission in entry.permissions.iter() {
            let Some((fewest, roles)) = least.get_mut(permission.index()) else { continue };
            if count < *fewest {
                roles.clear();
            }
            if count <= *fewest && roles.len() < MOST_LEAST {
                *fewest = count;
                roles.push(Arc::clone(&entry.role));
            }
        }
    }
    least.into_iter().map(|(_, roles)| roles).collect()
}
