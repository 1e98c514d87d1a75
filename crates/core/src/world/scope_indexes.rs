//! Scope indexes: each scope in the tree, or in a rule, has a small number.
//!
//! A rule stores the index of its scope, and a scope in the tree knows the indexes of its ancestors. Whether a rule
//! applies is then a comparison of numbers, and one look-up finds a scope with its ancestors.

use imbl::OrdSet;

use super::numbered::Numbered;
use super::trie::HashTrie;
use crate::access::RuleId;
use crate::org::{ProjectId, Scope, ScopeKind};

/// The index of a scope. It has no meaning in another world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ScopeIndex(u32);

impl ScopeIndex {
    pub(super) const FIRST: Self = Self(0);
    pub(super) const LAST: Self = Self(u32::MAX);
}

/// A scope in the tree, with its ancestors.
// INVARIANT: from the account down; below the scope itself, its own index is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IndexPath([ScopeIndex; 4]);

impl IndexPath {
    const ACCOUNT: Self = Self([ScopeIndex(0); 4]);

    /// Whether that is this scope or an ancestor.
    pub(crate) fn includes(&self, index: ScopeIndex) -> bool {
        self.0.contains(&index)
    }

    /// The depth below the account of an ancestor or of this scope; `None` for any other.
    pub(crate) fn depth(&self, index: ScopeIndex) -> Option<usize> {
        self.0.iter().position(|it| *it == index)
    }

    /// The scope's own index.
    pub(crate) const fn here(&self) -> ScopeIndex {
        let [_, _, _, here] = self.0;
        here
    }

    /// This scope and its ancestors, some repeated.
    pub(super) const fn indexes(&self) -> [ScopeIndex; 4] {
        self.0
    }

    /// The path of a child of that level.
    const fn child(&self, level: ScopeKind, index: ScopeIndex) -> Self {
        let [account, cluster, department, _] = self.0;
        Self(match level {
            ScopeKind::Account => self.0,
            ScopeKind::Cluster => [account, index, index, index],
            ScopeKind::Department => [account, cluster, index, index],
            ScopeKind::Project => [account, cluster, department, index],
        })
    }
}

/// The entry of an unused index: nothing.
const NOWHERE: Scope = Scope::Project(ProjectId::new(i64::MIN));

#[derive(Debug, Clone)]
struct Entry {
    scope: Scope,
    index: ScopeIndex,
    /// `None` when the node or an ancestor does not exist.
    path: Option<IndexPath>,
    /// The rules in this scope.
    rules: OrdSet<RuleId>,
}

impl Entry {
    /// Whether it is neither in the tree nor in a rule.
    fn is_nothing(&self) -> bool {
        self.path.is_none() && self.rules.is_empty()
    }
}

/// All scope indexes. A scope that is neither in the tree nor in a rule has none.
#[derive(Debug, Clone)]
pub(super) struct ScopeIndexes {
    indexes: HashTrie<Entry>,
    scopes: Numbered<Scope>,
}

impl ScopeIndexes {
    /// The account alone.
    pub(super) fn new() -> Self {
        let mut indexes = Self { indexes: HashTrie::default(), scopes: Numbered::default() };
        indexes.change(Scope::Account, |account| account.path = Some(IndexPath::ACCOUNT));
        indexes
    }

    /// The path of a scope; `None` when it is not in the tree.
    pub(super) fn index_path(&self, scope: Scope) -> Option<IndexPath> {
        self.get(scope)?.path
    }

    /// The scope with that index.
    pub(super) fn scope(&self, index: ScopeIndex) -> Scope {
        // INVARIANT: indexes come only from here, and an index stands for the same scope while it is in use.
        self.scopes.get(index.0).copied().unwrap_or(NOWHERE)
    }

    /// The rules whose scope is exactly this one.
    pub(super) fn rules_in(&self, scope: Scope) -> impl Iterator<Item = RuleId> {
        self.get(scope).into_iter().flat_map(|entry| &entry.rules).copied()
    }

    /// Records a rule in that scope, and returns the scope's index.
    pub(super) fn add_rule(&mut self, scope: Scope, rule: RuleId) -> ScopeIndex {
        self.change(scope, |entry| {
            entry.rules.insert(rule);
        })
    }

    pub(super) fn remove_rule(&mut self, scope: Scope, rule: RuleId) {
        self.change(scope, |entry| {
            entry.rules.remove(&rule);
        });
    }

    /// Puts a scope below another, or removes it from the tree; returns whether anything changed.
    pub(super) fn put(&mut self, scope: Scope, above: Option<IndexPath>) -> bool {
        let before = self.index_path(scope);
        self.change(scope, |entry| entry.path = above.map(|above| above.child(scope.kind(), entry.index)));
        self.index_path(scope) != before
    }

    fn get(&self, scope: Scope) -> Option<&Entry> {
        self.indexes.get(&scope, |it| it.scope == scope)
    }

    /// Changes the entry of a scope, and returns its index. An entry that becomes empty loses its index.
    fn change(&mut self, scope: Scope, change: impl FnOnce(&mut Entry)) -> ScopeIndex {
        let is_it = |it: &Entry| it.scope == scope;
        if let Some(entry) = self.indexes.get_mut(&scope, is_it) {
            change(entry);
            let index = entry.index;
            if entry.is_nothing() {
                self.indexes.remove(&scope, is_it);
                self.scopes.remove(index.0);
            }
            return index;
        }
        let index = ScopeIndex(self.scopes.add(scope));
        let mut entry = Entry { scope, index, path: None, rules: OrdSet::new() };
        change(&mut entry);
        if entry.is_nothing() {
            self.scopes.remove(index.0);
        } else {
            self.indexes.insert(&scope, entry);
        }
        index
    }

    /// Number of scopes beside the account, and of indexes in use.
    #[cfg(test)]
    pub(super) fn len(&self) -> (usize, usize) {
        (self.indexes.iter().count() - 1, self.scopes.len() - 1)
    }
}
