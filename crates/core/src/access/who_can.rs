//! Who can: everybody who may do something somewhere, by name, a page at a time.
//!
//! It proposes names and decides nothing: whoever is on a page is there because [`World::decide`] says so.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use super::Rule;
use crate::catalogue::{Permission, Role};
use crate::identity::{Subject, SubjectKind};
use crate::org::Scope;
use crate::world::World;

/// A page of those who may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoCan {
    /// They, by name, bytewise.
    pub subjects: Vec<Subject>,
    /// Whether there are more behind the last of them.
    pub more: bool,
}

impl World {
    /// The subjects of a kind that may do that there: the first `most` of those whose names come behind `after`.
    ///
    /// Complete: each subject that [`World::decide`] allows is on exactly one page, when each page begins behind the last
    /// name of the one before. That name need not be there any more, so a place in the list stays a place in the list
    /// while the world changes: whoever may all the while is neither left out nor met twice.
    ///
    /// Takes time with the rules in the scope and above it and the members of the groups these name, not with all rules.
    #[must_use]
    pub fn who_can(
        &self,
        kind: SubjectKind,
        permission: Permission,
        scope: Scope,
        after: Option<&str>,
        most: NonZeroUsize,
    ) -> WhoCan {
        // The least `most` of them and one, which says whether there are more. Only a name that would be among these is
        // decided about: with the names in no order, that is few of them.
        let mut least = BTreeSet::new();
        let mut propose = |subject: Subject| {
            let full = least.len() > most.get();
            let fits = after.is_none_or(|after| subject.name() > after)
                && !(full && least.last() < Some(&subject))
                && !least.contains(&subject)
                && self.decide(&subject, permission, scope).is_allow();
            if fits {
                least.insert(subject);
                if full {
                    least.pop_last();
                }
            }
        };
        for rule in self.rules_permitting(permission, scope) {
            if rule.subject.kind() == kind {
                propose(rule.subject);
            } else if let (SubjectKind::User, Subject::Group(group)) = (kind, &rule.subject) {
                self.members_of(group).cloned().map(Subject::User).for_each(&mut propose);
            }
        }
        let more = least.len() > most.get();
        if more {
            least.pop_last();
        }
        WhoCan { subjects: least.into_iter().collect(), more }
    }

    /// The rules in a scope and above it whose role has that permission.
    fn rules_permitting(&self, permission: Permission, scope: Scope) -> impl Iterator<Item = Rule> {
        let scopes = self.lineage(scope).into_iter().flat_map(|lineage| lineage.scopes());
        let permits = move |rule: &Rule| Role::find(rule.role).is_some_and(|it| it.permissions.contains(permission));
        scopes.flat_map(move |scope| self.rules_in(scope)).filter(permits)
    }
}
