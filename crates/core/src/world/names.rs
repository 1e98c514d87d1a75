//! Names: everything under the name of a user, a group or a service account. Rules are stored here, as `held` defines
//! them.

use std::borrow::Borrow;
use std::marker::PhantomData;
use std::sync::Arc;

use smallvec::SmallVec;

use super::groups::GroupNumber;
use super::held::HeldRules;
use super::trie::HashTrie;
use crate::identity::{Subject, User};

/// Everything under one name: its identity, if any, and the rules that name it.
#[derive(Debug, Clone)]
pub(super) struct Named<N, R> {
    /// The name.
    pub(super) name: N,
    /// The same name, shared with other structures that need it.
    pub(super) subject: Arc<Subject>,
    /// The identity with that name.
    pub(super) record: R,
    pub(super) rules: HeldRules,
}

impl<N, R: Default + PartialEq> Named<N, R> {
    /// A name without an identity and rules.
    pub(super) fn new(name: N, subject: Subject) -> Self {
        Self { name, subject: Arc::new(subject), record: R::default(), rules: HeldRules::default() }
    }

    /// Whether it has no identity and no rules.
    pub(super) fn is_nothing(&self) -> bool {
        self.rules.is_empty() && self.record == R::default()
    }
}

/// A user without the rules that name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) user: Arc<User>,
    /// Whether the user is disabled. A decision needs only this and the groups.
    // INVARIANT: the opposite of `user.enabled`. Both are written together, by `Member::new`, and never after it.
    pub(super) disabled: bool,
    /// The numbers of the user's groups, in their order; stored inline while they are few.
    pub(super) groups: SmallVec<[GroupNumber; 4]>,
}

impl Member {
    pub(super) fn new(user: User, groups: SmallVec<[GroupNumber; 4]>) -> Self {
        Self { disabled: !user.enabled, user: Arc::new(user), groups }
    }
}

/// The bytes of a name, inline while they are few, so that a comparison saves a memory access.
type Bytes = SmallVec<[u8; 36]>;

/// Everything under the names of one kind. A name without an identity and rules is not stored.
#[derive(Debug, Clone)]
pub(super) struct Names<K, R>(HashTrie<Named<Bytes, R>>, PhantomData<K>);

impl<K, R> Default for Names<K, R> {
    fn default() -> Self {
        Self(HashTrie::default(), PhantomData)
    }
}

impl<K: Clone + Borrow<str>, R: Clone + Default + PartialEq> Names<K, R> {
    pub(super) fn get(&self, name: &str) -> Option<&Named<Bytes, R>> {
        self.0.get(name, |it| *it.name == *name.as_bytes())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Named<Bytes, R>> {
        self.0.iter()
    }

    /// Changes the entry of a name, and returns the stored name.
    pub(super) fn change(
        &mut self,
        name: &K,
        subject: impl FnOnce(K) -> Subject,
        change: impl FnOnce(&mut Named<Bytes, R>),
    ) -> Arc<Subject> {
        let key: &str = name.borrow();
        let is_it = |it: &Named<Bytes, R>| *it.name == *key.as_bytes();
        if let Some(named) = self.0.get_mut(key, is_it) {
            change(named);
            let subject = named.subject.clone();
            if named.is_nothing() {
                self.0.remove(key, is_it);
            }
            return subject;
        }
        let mut named = Named::new(Bytes::from_slice(key.as_bytes()), subject(name.clone()));
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
