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
pub(crate) struct PlaceNumber(u32);

impl PlaceNumber {
    pub(super) const FIRST: Self = Self(0);
    pub(super) const LAST: Self = Self(u32::MAX);
}

/// A scope in the tree, with its ancestors.
// INVARIANT: from the account down; below the scope itself, its own index is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ancestry([PlaceNumber; 4]);

impl Ancestry {
    const ACCOUNT: Self = Self([PlaceNumber(0); 4]);

    /// Whether that is this scope or an ancestor.
    pub(crate) fn includes(&self, number: PlaceNumber) -> bool {
        self.0.contains(&number)
    }

    /// The depth below the account of an ancestor or of this scope; `None` for any other.
    pub(crate) fn depth(&self, number: PlaceNumber) -> Option<usize> {
        self.0.iter().position(|it| *it == number)
    }

    /// The scope's own index.
    pub(crate) const fn here(&self) -> PlaceNumber {
        let [_, _, _, here] = self.0;
        here
    }

    /// This scope and its ancestors, some repeated.
    pub(super) const fn numbers(&self) -> [PlaceNumber; 4] {
        self.0
    }

    /// The ancestry of a child of that level.
    const fn child(&self, level: ScopeKind, number: PlaceNumber) -> Self {
        let [account, cluster, department, _] = self.0;
        Self(match level {
            ScopeKind::Account => self.0,
            ScopeKind::Cluster => [account, number, number, number],
            ScopeKind::Department => [account, cluster, number, number],
            ScopeKind::Project => [account, cluster, department, number],
        })
    }
}

/// The entry of an unused index: nothing.
const NOWHERE: Scope = Scope::Project(ProjectId::new(i64::MIN));

#[derive(Debug, Clone)]
struct Place {
    scope: Scope,
    number: PlaceNumber,
    /// `None` when the node or an ancestor does not exist.
    ancestry: Option<Ancestry>,
    /// The rules in this scope.
    rules: OrdSet<RuleId>,
}

impl Place {
    /// Whether it is neither in the tree nor in a rule.
    fn is_nothing(&self) -> bool {
        self.ancestry.is_none() && self.rules.is_empty()
    }
}

/// All scope indexes. A scope that is neither in the tree nor in a rule has none.
#[derive(Debug, Clone)]
pub(super) struct Places {
    places: HashTrie<Place>,
    scopes: Numbered<Scope>,
}

impl Places {
    /// The account alone.
    pub(super) fn new() -> Self {
        let mut places = Self { places: HashTrie::default(), scopes: Numbered::default() };
        places.change(Scope::Account, |account| account.ancestry = Some(Ancestry::ACCOUNT));
        places
    }

    /// The ancestry of a scope; `None` when it is not in the tree.
    pub(super) fn ancestry(&self, scope: Scope) -> Option<Ancestry> {
        self.get(scope)?.ancestry
    }

    /// The scope with that index.
    pub(super) fn scope(&self, number: PlaceNumber) -> Scope {
        // INVARIANT: indexes come only from here, and an index stands for the same scope while it is in use.
        self.scopes.get(number.0).copied().unwrap_or(NOWHERE)
    }

    /// The rules whose scope is exactly this one.
    pub(super) fn rules_in(&self, scope: Scope) -> impl Iterator<Item = RuleId> {
        self.get(scope).into_iter().flat_map(|place| &place.rules).copied()
    }

    /// Records a rule in that scope, and returns the scope's index.
    pub(super) fn add_rule(&mut self, scope: Scope, rule: RuleId) -> PlaceNumber {
        self.change(scope, |place| {
            place.rules.insert(rule);
        })
    }

    pub(super) fn remove_rule(&mut self, scope: Scope, rule: RuleId) {
        self.change(scope, |place| {
            place.rules.remove(&rule);
        });
    }

    /// Puts a scope below another, or removes it from the tree; returns whether anything changed.
    pub(super) fn put(&mut self, scope: Scope, above: Option<Ancestry>) -> bool {
        let before = self.ancestry(scope);
        self.change(scope, |place| place.ancestry = above.map(|above| above.child(scope.kind(), place.number)));
        self.ancestry(scope) != before
    }

    fn get(&self, scope: Scope) -> Option<&Place> {
        self.places.get(&scope, |it| it.scope == scope)
    }

    /// Changes the entry of a scope, and returns its index. An entry that becomes empty loses its index.
    fn change(&mut self, scope: Scope, change: impl FnOnce(&mut Place)) -> PlaceNumber {
        let is_it = |it: &Place| it.scope == scope;
        if let Some(place) = self.places.get_mut(&scope, is_it) {
            change(place);
            let number = place.number;
            if place.is_nothing() {
                self.places.remove(&scope, is_it);
                self.scopes.remove(number.0);
            }
            return number;
        }
        let number = PlaceNumber(self.scopes.add(scope));
        let mut place = Place { scope, number, ancestry: None, rules: OrdSet::new() };
        change(&mut place);
        if place.is_nothing() {
            self.scopes.remove(number.0);
        } else {
            self.places.insert(&scope, place);
        }
        number
    }

    /// Number of scopes beside the account, and of indexes in use.
    #[cfg(test)]
    pub(super) fn len(&self) -> (usize, usize) {
        (self.places.iter().count() - 1, self.scopes.len() - 1)
    }
}
