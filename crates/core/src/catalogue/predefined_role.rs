//! Predefined roles: those that every installation begins with.

use serde::{Deserialize, Serialize};

use super::predefined_table::PREDEFINED;
use super::{Action, Permission, PermissionSet, ResourceType};

pub(super) const CRUD: &[Action] = &[Action::Create, Action::Read, Action::Update, Action::Delete];
pub(super) const R: &[Action] = &[Action::Read];
pub(super) const RU: &[Action] = &[Action::Read, Action::Update];

/// The id of a role; for predefined roles the same in every installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleId(i32);

impl RoleId {
    /// System administrator: at least one user must always have this role at the account.
    pub const SYSTEM_ADMINISTRATOR: Self = Self(1);

    /// The id with that number, whether or not there is such a role.
    #[must_use]
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// The number that the API shows.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }
}

/// What a role permits for one resource type.
#[derive(Debug, Clone, Copy)]
pub struct RolePermission {
    /// The resource type.
    pub resource_type: ResourceType,
    /// The permitted actions; never empty.
    pub actions: &'static [Action],
}

/// A role as this version of Rolecall defines it. What counts is the [`Role`](crate::access::Role) in the world.
#[derive(Debug)]
pub struct PredefinedRole {
    /// Its id.
    pub id: RoleId,
    /// Its name; scripts look roles up by name.
    pub name: &'static str,
    /// Its purpose, in a sentence.
    pub description: &'static str,
    /// Its permissions as listed: one entry for each resource type.
    pub listed: &'static [RolePermission],
    /// The same permissions as a set.
    pub permissions: PermissionSet,
}

impl PredefinedRole {
    pub(super) const fn new(
        id: RoleId,
        name: &'static str,
        description: &'static str,
        listed: &'static [RolePermission],
    ) -> Self {
        Self { id, name, description, listed, permissions: permissions_of(listed) }
    }

    /// Every predefined role, by ascending id.
    #[must_use]
    pub fn all() -> &'static [Self] {
        PREDEFINED
    }

    /// The predefined role with that id.
    #[must_use]
    pub fn find(id: RoleId) -> Option<&'static Self> {
        let at = PREDEFINED.binary_search_by_key(&id, |role| role.id).ok()?;
        PREDEFINED.get(at)
    }
}

/// Listed permissions as a set.
#[expect(clippy::indexing_slicing, reason = "const fn has no iterators; the loops stop at the lengths")]
pub(super) const fn permissions_of(listed: &[RolePermission]) -> PermissionSet {
    let mut permissions = PermissionSet::EMPTY;
    let mut i = 0;
    while i < listed.len() {
        let mut j = 0;
        while j < listed[i].actions.len() {
            permissions = permissions.with(Permission::new(listed[i].resource_type, listed[i].actions[j]));
            j += 1;
        }
        i += 1;
    }
    permissions
}
