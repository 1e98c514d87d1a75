//! Roles: named sets of permissions.

use serde::{Deserialize, Serialize};

use super::predefined::PREDEFINED;
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

    /// The id with that number. [`Role::find`] tells whether the role exists.
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

/// A role's permissions for one resource type.
#[derive(Debug, Clone, Copy)]
pub struct Grant {
    /// The resource type.
    pub resource_type: ResourceType,
    /// The permitted actions; never empty.
    pub actions: &'static [Action],
}

/// A named set of permissions. All roles are predefined.
#[derive(Debug)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its name; scripts look roles up by name.
    pub name: &'static str,
    /// Its purpose, in a sentence.
    pub description: &'static str,
    /// Its permissions as listed: one entry for each resource type.
    pub grants: &'static [Grant],
    /// The same permissions as a set.
    pub permissions: PermissionSet,
}

impl Role {
    #[expect(clippy::indexing_slicing, reason = "const fn has no iterators; the loops stop at the lengths")]
    pub(super) const fn predefined(
        id: RoleId,
        name: &'static str,
        description: &'static str,
        grants: &'static [Grant],
    ) -> Self {
        let mut permissions = PermissionSet::EMPTY;
        let mut i = 0;
        while i < grants.len() {
            let mut j = 0;
            while j < grants[i].actions.len() {
                permissions = permissions.with(Permission::new(grants[i].resource_type, grants[i].actions[j]));
                j += 1;
            }
            i += 1;
        }
        Self { id, name, description, grants, permissions }
    }

    /// Every role, by ascending id.
    #[must_use]
    pub fn all() -> &'static [Self] {
        PREDEFINED
    }

    /// The role with that id.
    #[must_use]
    pub fn find(id: RoleId) -> Option<&'static Self> {
        let at = PREDEFINED.binary_search_by_key(&id, |role| role.id).ok()?;
        PREDEFINED.get(at)
    }
}
