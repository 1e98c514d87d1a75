//! Who can: everybody who may do something somewhere, by name, a page at a time.
//!
//! It proposes names and decides nothing: whoever is on a page is there because [`World::decide`] says so.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::iter;
use std::num::NonZeroUsize;

use super::Rule;
use crate::catalogue::{Permission, Role};
use crate::identity::{Subject, SubjectKind};
use crate::org::Scope;
use crate::text::folded;
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
    /// Takes time with the rules in the scope and above it, and with what is on the page; not with how many may.
    #[must_use]
    pub fn who_can(
        &self,
        kind: SubjectKind,
        permission: Permission,
        scope: Scope,
        after: Option<&str>,
        most: NonZeroUsize,
    ) -> WhoCan {
        self.who_can_named(("", &|| true), kind, permission, scope, after, most)
    }

    /// The same of those whose names hold that text, both folded: as lists search.
    /// Where few are, a page may take as long as all pages of those of any name; so it is asked all the while whether it is still
    /// `wanted`, and a page that is not ends where it has come to.
    #[must_use]
    pub fn who_can_named(
        &self,
        (part, wanted): (&str, &dyn Fn() -> bool),
        kind: SubjectKind,
        permission: Permission,
        scope: Scope,
        after: Option<&str>,
        most: NonZeroUsize,
    ) -> WhoCan {
        let part = folded(part);
        // Nearly all names are ASCII: nothing is copied for these.
        let ascii_has =
            |name: &str| name.as_bytes().windows(part.len()).any(|it| it.eq_ignore_ascii_case(part.as_bytes()));
        let has_part = |name: &str| {
            part.is_empty() || if name.is_ascii() { ascii_has(name) } else { folded(name).contains(&part) }
        };
        // No name is empty, so all are behind that.
        let after = after.unwrap_or_default();
        let (mut named, mut groups) = (BTreeSet::new(), BTreeSet::new());
        for rule in self.rules_above(scope).take_while(|_| wanted()).filter(|rule| permits(rule, permission)) {
            match rule.subject {
                Subject::Group(group) if kind == SubjectKind::User => drop(groups.insert(group)),
                subject if subject.kind() == kind && subject.name() > after => drop(named.insert(subject)),
                _ => {}
            }
        }
        let mut proposed: Vec<InOrder<'_>> = vec![Box::new(named.into_iter())];
        for group in &groups {
            proposed.push(Box::new(self.members_behind(group, after).cloned().map(Subject::User)));
        }
        let may = merged(proposed)
            .take_while(|_| wanted())
            .filter(|subject| has_part(subject.name()) && self.decide(subject, permission, scope).is_allow());
        // One more says whether there are more.
        let mut subjects: Vec<Subject> = may.take(most.get().saturating_add(1)).collect();
        let more = subjects.len() > most.get() || !wanted();
        subjects.truncate(most.get());
        WhoCan { subjects, more }
    }

    /// The rules in a scope and above it.
    fn rules_above(&self, scope: Scope) -> impl Iterator<Item = Rule> {
        let scopes = self.lineage(scope).into_iter().flat_map(|lineage| lineage.scopes());
        scopes.flat_map(move |scope| self.rules_in(scope))
    }
}

fn permits(rule: &Rule, permission: Permission) -> bool {
    Role::find(rule.role).is_some_and(|role| role.permissions.contains(permission))
}

/// Subjects of one kind by name.
type InOrder<'w> = Box<dyn Iterator<Item = Subject> + 'w>;

/// All of them by name, each once, looking at no more of them than are taken.
fn merged(mut all: Vec<InOrder<'_>>) -> impl Iterator<Item = Subject> {
    let first = |(from, subjects): (usize, &mut InOrder<'_>)| Some(Reverse((subjects.next()?, from)));
    let mut next: BinaryHeap<_> = all.iter_mut().enumerate().filter_map(first).collect();
    let mut last = None;
    iter::from_fn(move || {
        loop {
            let Reverse((subject, from)) = next.pop()?;
            next.extend(all.get_mut(from).and_then(|subjects| Some(Reverse((subjects.next()?, from)))));
            if last.as_ref() != Some(&subject) {
                last = Some(subject.clone());
                return Some(subject);
            }
        }
    })
}
