//! Decisions about anybody: may this subject do that there, and by which rules.
//!
//! What [`Principal`](super::Principal) says is the decision; this only says it of a name, and gives the reasons. How it
//! came to be, and what would change it, is `explain`'s.

use std::iter;

use super::RuleId;
use crate::catalogue::Permission;
use crate::identity::Subject;
use crate::org::Scope;
use crate::world::World;

/// Things of which there is at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtLeastOne<T> {
    first: T,
    more: Vec<T>,
}

impl<T> AtLeastOne<T> {
    /// These things; `None` when there are none.
    pub(super) fn of(things: impl IntoIterator<Item = T>) -> Option<Self> {
        let mut things = things.into_iter();
        let first = things.next()?;
        Some(Self { first, more: things.collect() })
    }

    /// The first of them.
    #[must_use]
    pub const fn first(&self) -> &T {
        &self.first
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        iter::once(&self.first).chain(&self.more)
    }
}

/// Whether a subject may do something somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// He may, by each of these rules, oldest first.
    Allow(AtLeastOne<RuleId>),
    /// He may not.
    Deny,
}

impl Decision {
    /// Whether he may.
    #[must_use]
    pub const fn is_allow(&self) -> bool {
        matches!(self, Self::Allow(_))
    }
}

impl World {
    /// Decides whether a subject may do that there: by the rules that name it and, for a user, those that name his groups.
    ///
    /// A name that nobody carries yet is decided by its rules, as it will be when somebody does. A disabled user or
    /// service account may do nothing. Whether he signed in, and how, is not part of the question.
    #[must_use]
    pub fn decide(&self, subject: &Subject, permission: Permission, scope: Scope) -> Decision {
        let Some(place) = self.ancestry(scope) else { return Decision::Deny };
        let principal = self.principal_of(subject);
        if principal.is_disabled() {
            return Decision::Deny;
        }
        let rules = AtLeastOne::of(principal.allowing_at(permission, place).map(|it| it.rule.id));
        rules.map_or(Decision::Deny, |rules| Decision::Allow(rules.in_order()))
    }
}

impl AtLeastOne<RuleId> {
    /// Ascending, and each once: somebody may be in a group twice.
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
