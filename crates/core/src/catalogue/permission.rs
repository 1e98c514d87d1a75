//! Actions, permissions, and sets of permissions as bits.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ResourceType;

/// What may be done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Make a new one. Asked at the parent scope.
    Create,
    /// See it.
    Read,
    /// Change it.
    Update,
    /// Remove it.
    Delete,
    /// Bring it in line with what it was made from.
    Sync,
}

impl Action {
    /// Every action, in the order in which they are listed.
    pub const ALL: &'static [Self] = &[Self::Create, Self::Read, Self::Update, Self::Delete, Self::Sync];

    /// The word that the API uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Sync => "sync",
        }
    }

    /// The action of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == name)
    }
}

/// One resource type and one action; written `users:create`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission {
    /// What it is about.
    pub resource_type: ResourceType,
    /// What may be done to it.
    pub action: Action,
}

impl Permission {
    /// The permission to do `action` to `resource_type`.
    #[must_use]
    pub const fn new(resource_type: ResourceType, action: Action) -> Self {
        Self { resource_type, action }
    }

    /// How many there are.
    pub(crate) const COUNT: usize = ResourceType::ALL.len() * Action::ALL.len();

    /// Its number, below [`Permission::COUNT`]; its place in a [`PermissionSet`].
    #[expect(clippy::as_conversions, reason = "a const fn has no other way to number a fieldless enum")]
    pub(crate) const fn index(self) -> usize {
        self.resource_type as usize * Action::ALL.len() + self.action as usize
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.resource_type.as_str(), self.action.as_str())
    }
}

const WORDS: usize = 4;

// INVARIANT: every permission has a bit of its own.
const _: () = assert!(Permission::COUNT <= WORDS * 64, "PermissionSet has too few bits");

/// A set of permissions; a bit for each.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct PermissionSet([u64; WORDS]);

impl PermissionSet {
    /// No permission at all.
    pub const EMPTY: Self = Self([0; WORDS]);

    /// This set and one permission more.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "the assertion above keeps every index inside; const fn has no get_mut"
    )]
    pub const fn with(mut self, permission: Permission) -> Self {
        let index = permission.index();
        self.0[index / 64] |= 1 << (index % 64);
        self
    }

    /// Whether the set holds that permission.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "the assertion above keeps every index inside")]
    pub const fn contains(&self, permission: Permission) -> bool {
        let index = permission.index();
        self.0[index / 64] & (1 << (index % 64)) != 0
    }

    /// Everything that is in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Self([a | e, b | f, c | g, d | h])
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Self([a & !e, b & !f, c & !g, d & !h])
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// How many permissions it holds.
    #[must_use]
    pub fn count(self) -> u32 {
        self.0.into_iter().map(u64::count_ones).sum()
    }

    /// Its permissions, in the catalogue's order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        ResourceType::ALL.iter().flat_map(move |&resource_type| {
            Action::ALL
                .iter()
                .map(move |&action| Permission::new(resource_type, action))
                .filter(move |&permission| self.contains(permission))
        })
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|permission| permission.to_string())).finish()
    }
}
