//! Names: what there is under the name of a user, a group or a service account. The rules are kept here.

use std::hash::Hash;
use std::sync::Arc;

use imbl::HashMap;

use super::places::PlaceNumber;
use crate::access::RuleId;
use crate::catalogue::RoleId;
use crate::identity::Subject;

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
pub(super) struct Named<R> {
    /// The name itself, for whatever else has to say it: so it is in memory once.
    pub(super) subject: Arc<Subject>,
    /// Who carries it.
    pub(super) record: R,
    /// By id.
    rules: Box<[Held]>,
}

impl<R> Named<R> {
    pub(super) fn rules(&self) -> &[Held] {
        &self.rules
    }

    pub(super) fn rule(&self, id: RuleId) -> Option<&Held> {
        let at = self.rules.binary_search_by_key(&id, |rule| rule.id).ok()?;
        self.rules.get(at)
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

/// Everything under the names of one kind. A name that nobody carries and no rule speaks of is not there.
#[derive(Debug, Clone)]
pub(super) struct Names<K, R>(HashMap<K, Arc<Named<R>>>);

impl<K, R> Default for Names<K, R> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Clone + Eq + Hash, R: Clone + Default + PartialEq> Names<K, R> {
    pub(super) fn get(&self, name: &K) -> Option<&Named<R>> {
        self.0.get(name).map(Arc::as_ref)
    }

    /// What rules say of a name.
    pub(super) fn rules_of(&self, name: &K) -> &[Held] {
        self.get(name).map_or(&[], Named::rules)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Named<R>> {
        self.0.values().map(Arc::as_ref)
    }

    /// Changes what is under a name, and gives the name as it is kept.
    pub(super) fn change(
        &mut self,
        name: &K,
        subject: impl FnOnce(K) -> Subject,
        change: impl FnOnce(&mut Named<R>),
    ) -> Arc<Subject> {
        let is_nothing = |named: &Named<R>| named.rules.is_empty() && named.record == R::default();
        if let Some(kept) = self.0.get_mut(name) {
            let named = Arc::make_mut(kept);
            change(named);
            let subject = named.subject.clone();
            if is_nothing(named) {
                self.0.remove(name);
            }
            return subject;
        }
        let subject = Arc::new(subject(name.clone()));
        let mut named = Named { subject: subject.clone(), record: R::default(), rules: Box::default() };
        change(&mut named);
        if !is_nothing(&named) {
            self.0.insert(name.clone(), Arc::new(named));
        }
        subject
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
