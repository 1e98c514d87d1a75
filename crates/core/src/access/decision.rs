//! Decisions about any subject: whether it may do something in a scope, and by which rules.
//!
//! [`Principal`](super::Principal) makes the decision; this applies it to a name and adds the reasons. `explain`
//! describes how a decision came about and what would change it.

use std::iter;

use super::RuleId;
use crate::catalogue::Permission;
use crate::identity::Subject;
use crate::org::Scope;
use crate::world::World;

/// A list with at least one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtLeastOne<T> {
    first: T,
    more: Vec<T>,
}

impl<T> AtLeastOne<T> {
    /// The list; `None` if it is empty.
    pub(super) fn of(things: impl IntoIterator<Item = T>) -> Option<Self> {
        let mut things = things.into_iter();
        let first = things.next()?;
        Some(Self { first, more: things.collect() })
    }

    /// The first item.
    #[must_use]
    pub const fn first(&self) -> &T {
        &self.first
    }

    /// All items, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        iter::once(&self.first).chain(&self.more)
    }
}

/// Whether a subject may do something in a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Allowed, by each of these rules, oldest first.
    Allow(AtLeastOne<RuleId>),
    /// Denied.
    Deny,
}

impl Decision {
    /// Whether it is allowed.
    #[must_use]
    pub const fn is_allow(&self) -> bool {
        matches!(self, Self::Allow(_))
    }
}

impl World {
    /// Decides whether a subject may do that there, by the rules that name it and, for a user, the rules that name the
    /// user's groups.
    ///
    /// A name without an identity is decided by its rules, as it will be once the identity exists. A disabled user or
    /// service account may do nothing. How the subject signed in is not part of the question.
    #[must_use]
    pub fn decide(&self, subject: &Subject, permission: Permission, scope: Scope) -> Decision {
        let Some(path) = self.index_path(scope) else { return Decision::Deny };
        let principal = self.principal_of(subject);
        if principal.is_disabled() {
            return Decision::Deny;
        }
        let rules = AtLeastOne::of(principal.allowing_at(permission, path).map(|it| it.rule.id));
        rules.map_or(Decision::Deny, |rules| Decision::Allow(rules.in_order()))
    }
}

impl AtLeastOne<RuleId> {
    /// Ascending and without duplicates: a user may be in a group twice.
    fn in_order(self) -> Self {
        if self.more.is_empty() {
            return self;
        }
        let mut all = self.more;
        all.push(self.first);
        all.sort_unstable();
        all.dedup();
        let first = all.remove(0);
        Self { first, more: all }
    }
}
