//! What a caller may know of an [`Impact`]. A preview must tell no more of others than an answer about them does.

use super::impact::{Impact, SubjectImpact};
use super::{Directory, Principal, Subtrees};
use crate::identity::Subject;
use crate::org::ScopePath;

/// An impact as its caller may know it.
#[derive(Debug)]
pub struct KnownImpact<'i, 'c, 'p> {
    impact: &'i Impact<'c>,
    caller: &'p Principal<'c>,
    /// Where the caller reads access rules.
    subtrees: Subtrees,
    /// Where that begins.
    begins: Vec<ScopePath>,
    knows_members: bool,
}

impl<'c> Impact<'c> {
    /// The part that `caller`, of the world before, may know: everything about themselves, and of others what happens where
    /// the caller may read access rules.
    #[must_use]
    pub fn known_to<'i, 'p>(&'i self, caller: &'p Principal<'c>) -> KnownImpact<'i, 'c, 'p> {
        let subtrees = caller.visible_rules();
        let begins = subtrees.scopes().filter_map(|scope| self.scope_path(scope)).collect();
        KnownImpact { impact: self, caller, subtrees, begins, knows_members: caller.reads(Directory::Users) }
    }
}

impl<'i> KnownImpact<'i, '_, '_> {
    /// The subjects to compare. Who is in a group is known to those who may read users.
    pub fn subjects(&self) -> impl Iterator<Item = &'i Subject> {
        let own = self.caller.subject();
        let Impact { named, members, .. } = self.impact;
        self.impact
            .subjects()
            .filter(move |it| self.knows_members || *it == own && members.contains(*it) || named.contains(*it))
    }

    /// What a subject gains and loses; `None` for nothing.
    #[must_use]
    pub fn on(&self, subject: &Subject) -> Option<SubjectImpact> {
        if self.caller.subject() == subject {
            return self.impact.on(subject);
        }
        // INVARIANT: who may not know that a subject is disabled gets the same answer as if it were not.
        let can =
            if self.caller.learns_who_is_disabled(subject) { crate::World::what_can } else { crate::World::what_could };
        let (before, after) = (can(self.impact.before, subject), can(self.impact.after, subject));
        let begins = if self.subtrees == Subtrees::Everything { &[][..] } else { &self.begins };
        self.impact.between(subject, &before, &after, &self.subtrees, begins)
    }

    /// Whether there may be more than the caller learns. It depends on the acts and on the caller, never on what they may not
    /// know.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        let has_groups = self.impact.named.iter().any(|subject| matches!(subject, Subject::Group(_)));
        let is_hidden = |path: &ScopePath| !self.subtrees.includes(path);
        self.impact.touched.iter().any(is_hidden) || has_groups && !self.knows_members
    }
}
