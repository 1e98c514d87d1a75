//! Actions, permissions, and sets of permissions as bits.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ResourceType;

/// An action on a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Create one. Checked at the parent scope.
    Create,
    /// Read it.
    Read,
    /// Change it.
    Update,
    /// Delete it.
    Delete,
    /// Synchronize it with its source.
    Sync,
}

impl Action {
    /// Every action, in listing order.
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

    /// The action with that word.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == name)
    }
}

/// One resource type and one action; written `users:create`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission {
    /// The resource type.
    pub resource_type: ResourceType,
    /// The action.
    pub action: Action,
}

impl Permission {
    /// The permission to do `action` to `resource_type`.
    #[must_use]
    pub const fn new(resource_type: ResourceType, action: Action) -> Self {
        Self { resource_type, action }
    }

    /// The permission that is written so; `None` when there is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (resource_type, action) = text.split_once(':')?;
        Some(Self::new(ResourceType::parse(resource_type)?, Action::parse(action)?))
    }

    /// Number of permissions.
    pub(crate) const COUNT: usize = ResourceType::ALL.len() * Action::ALL.len();

    /// Its index, below [`Permission::COUNT`]: its bit in a [`PermissionSet`].
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

/// A set of permissions, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct PermissionSet([u64; WORDS]);

impl PermissionSet {
    /// The empty set.
    pub const EMPTY: Self = Self([0; WORDS]);

    /// This set with one more permission.
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

    /// Whether the set includes that permission.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "the assertion above keeps every index inside")]
    pub const fn contains(&self, permission: Permission) -> bool {
        let index = permission.index();
        self.0[index / 64] & (1 << (index % 64)) != 0
    }

    /// The union of both sets.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Self([a | e, b | f, c | g, d | h])
    }

    /// The permissions of this set that the other lacks.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Self([a & !e, b & !f, c & !g, d & !h])
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// Number of permissions in the set.
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

// As a list of permissions, such as `users:create`. Those that a later version wrote and this one does not know are left out:
// it could ask about none of them.
impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|permission| permission.to_string()))
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        Ok(texts.iter().filter_map(|text| Permission::parse(text)).collect())
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
