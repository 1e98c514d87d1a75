//! Who can: every subject that has a permission in a scope, by name, a page at a time.
//!
//! It proposes names and decides nothing: a subject is on a page because [`World::decide`] allows it.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::iter;
use std::num::NonZeroUsize;

use super::Rule;
use crate::catalogue::Permission;
use crate::identity::{Email, Subject, SubjectKind};
use crate::org::Scope;
use crate::text::folded;
use crate::world::World;

/// A page of subjects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoCan {
    /// The subjects, by name, bytewise.
    pub subjects: Vec<Subject>,
    /// Whether more follow the last one.
    pub more: bool,
}

impl World {
    /// The subjects of a kind that have the permission there: the first `most` whose names follow `after`.
    ///
    /// Complete: each subject that [`World::decide`] allows is on exactly one page, if each page starts after the last
    /// name of the previous one. That name may have been deleted. A subject that is allowed all the time is neither
    /// skipped nor repeated while the world changes.
    ///
    /// Time grows with the rules in the scope and above it and with the page, not with the number of allowed subjects.
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

    /// The same for names that contain a text, both folded and with internationalized domains in their own script, as in
    /// list searches. Where few match, a page may take as long as all pages without a search. Therefore it polls
    /// `wanted` and stops early when that is false.
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
        let part = folded(&Email::readable(part));
        // Nearly all names are ASCII as people read them, and those are not copied.
        let ascii_has =
            |name: &str| name.as_bytes().windows(part.len()).any(|it| it.eq_ignore_ascii_case(part.as_bytes()));
        let has_part = |name: &str| {
            let name = Email::readable(name);
            part.is_empty() || if name.is_ascii() { ascii_has(&name) } else { folded(&name).contains(&part) }
        };
        // No name is empty, so all names follow the empty one.
        let after = after.unwrap_or_default();
        let (mut named, mut groups) = (BTreeSet::new(), BTreeSet::new());
        for rule in self.rules_above(scope).take_while(|_| wanted()).filter(|rule| self.permits(rule, permission)) {
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
        // One more tells whether more follow.
        let mut subjects: Vec<Subject> = may.take(most.get().saturating_add(1)).collect();
        let more = subjects.len() > most.get() || !wanted();
        subjects.truncate(most.get());
        WhoCan { subjects, more }
    }

    /// The rules in a scope and above it.
    fn rules_above(&self, scope: Scope) -> impl Iterator<Item = Rule> {
        let scopes = self.scope_path(scope).into_iter().flat_map(|path| path.scopes());
        scopes.flat_map(move |scope| self.rules_in(scope))
    }

    fn permits(&self, rule: &Rule, permission: Permission) -> bool {
        self.enabled_role(rule.role).is_some_and(|role| role.permissions.contains(permission))
    }
}

/// Subjects of one kind, by name.
type InOrder<'w> = Box<dyn Iterator<Item = Subject> + 'w>;

/// All of them by name, without duplicates, looking at no more than are taken.
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
