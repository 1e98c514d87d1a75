//! Names: what there is under the name of a user, a group or a service account. The rules are kept here.

use std::borrow::Borrow;
use std::sync::Arc;

use smallvec::SmallVec;

use super::groups::GroupNumber;
use super::places::PlaceNumber;
use super::trie::HashTrie;
use crate::access::RuleId;
use crate::catalogue::RoleId;
use crate::identity::{Subject, User};

/// A rule as it is kept with the name that it is about: there are millions of these.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) id: RuleId,
    pub(crate) role: RoleId,
    /// Where it holds.
    pub(crate) place: PlaceNumber,
}

/// What there is under one name: who carries it, if anybody, and the rules that name it.
#[derive(Debug, Clone)]
pub(super) struct Named<K, R> {
    pub(super) name: K,
    /// The same, for whatever else has to say it: so it is in memory once.
    pub(super) subject: Arc<Subject>,
    /// Who carries it.
    pub(super) record: R,
    /// By id.
    rules: Arc<[Held]>,
}

impl<K: Clone, R: Default + PartialEq> Named<K, R> {
    /// A name that nobody carries and no rule speaks of.
    pub(super) fn new(name: &K, subject: impl FnOnce(K) -> Subject) -> Self {
        let subject = Arc::new(subject(name.clone()));
        Self { name: name.clone(), subject, record: R::default(), rules: Arc::default() }
    }

    /// Whether nobody carries it and no rule speaks of it.
    pub(super) fn is_nothing(&self) -> bool {
        self.rules.is_empty() && self.record == R::default()
    }
}

impl<K, R> Named<K, R> {
    pub(super) fn rules(&self) -> &[Held] {
        &self.rules
    }

    /// Adds a rule. None has this id.
    pub(super) fn add_rule(&mut self, rule: Held) {
        let at = self.rules.partition_point(|other| other.id < rule.id);
        let (before, behind) = self.rules.split_at(at);
        self.rules = before.iter().chain([&rule]).chain(behind).cloned().collect();
    }

    pub(super) fn remove_rule(&mut self, id: RuleId) {
        self.rules = self.rules.iter().filter(|rule| rule.id != id).cloned().collect();
    }
}

/// What there is of a user beside the rules that name him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) user: User,
    /// The numbers of his groups, in their order; here rather than elsewhere, as long as they are few.
    pub(super) groups: SmallVec<[GroupNumber; 4]>,
}

/// Everything under the names of one kind. A name that nobody carries and no rule speaks of is not there.
#[derive(Debug, Clone)]
pub(super) struct Names<K, R>(HashTrie<Named<K, R>>);

impl<K, R> Default for Names<K, R> {
    fn default() -> Self {
        Self(HashTrie::default())
    }
}

impl<K: Clone + Borrow<str>, R: Clone + Default + PartialEq> Names<K, R> {
    pub(super) fn get(&self, name: &str) -> Option<&Named<K, R>> {
        self.0.get(name, |it| it.name.borrow() == name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Named<K, R>> {
        self.0.iter()
    }

    /// Changes what is under a name, and gives the name as it is kept.
    pub(super) fn change(
        &mut self,
        name: &K,
        subject: impl FnOnce(K) -> Subject,
        change: impl FnOnce(&mut Named<K, R>),
    ) -> Arc<Subject> {
        let key: &str = name.borrow();
        let is_it = |it: &Named<K, R>| it.name.borrow() == key;
        if let Some(named) = self.0.get_mut(key, is_it) {
            change(named);
            let subject = named.subject.clone();
            if named.is_nothing() {
                self.0.remove(key, is_it);
            }
            return subject;
        }
        let mut named = Named::new(name, subject);
        change(&mut named);
        let subject = named.subject.clone();
        if !named.is_nothing() {
            self.0.insert(key, named);
        }
        subject
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.iter().count()
    }
}
