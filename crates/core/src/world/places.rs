//! Places: each scope that is in the tree, or that a rule names, has a small number.
//!
//! A rule says by it where it holds, and a place in the tree knows those of everything above it: whether a rule holds at a
//! place is a comparison of numbers, and the way up to the account is found with the place, in one look-up.

use imbl::OrdSet;

use super::numbered::Numbered;
use super::trie::HashTrie;
use crate::access::RuleId;
use crate::org::{ProjectId, Scope, ScopeKind};

/// The number of a scope. It means nothing in another world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlaceNumber(u32);

/// A place in the tree, and all above it.
// INVARIANT: from the account down; below the place itself, its own number is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ancestry([PlaceNumber; 4]);

impl Ancestry {
    const ACCOUNT: Self = Self([PlaceNumber(0); 4]);

    /// Whether that is the place, or above it.
    pub(crate) fn includes(&self, number: PlaceNumber) -> bool {
        self.0.contains(&number)
    }

    /// How far below the account a place is that this one includes; `None` when it does not.
    pub(crate) fn depth(&self, number: PlaceNumber) -> Option<usize> {
        self.0.iter().position(|it| *it == number)
    }

    /// The place.
    pub(crate) const fn here(&self) -> PlaceNumber {
        let [_, _, _, here] = self.0;
        here
    }

    /// The place and all above it, some of them repeated.
    pub(super) const fn numbers(&self) -> [PlaceNumber; 4] {
        self.0
    }

    /// The ancestry of a place of that level just below.
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

/// What a number would stand for that is not in use: nothing, rather than anything that there is.
const NOWHERE: Scope = Scope::Project(ProjectId::new(i64::MIN));

#[derive(Debug, Clone)]
struct Place {
    scope: Scope,
    number: PlaceNumber,
    /// None where there is no such node, or one above it is gone.
    ancestry: Option<Ancestry>,
    /// The rules that hold just here and below.
    rules: OrdSet<RuleId>,
}

impl Place {
    /// Whether it is not in the tree, and no rule names it.
    fn is_nothing(&self) -> bool {
        self.ancestry.is_none() && self.rules.is_empty()
    }
}

/// All of them. A scope that is not in the tree, and that no rule names, is not here.
#[derive(Debug, Clone)]
pub(super) struct Places {
    places: HashTrie<Place>,
    scopes: Numbered<Scope>,
}

impl Places {
    /// The account and nothing else.
    pub(super) fn new() -> Self {
        let mut places = Self { places: HashTrie::default(), scopes: Numbered::default() };
        places.change(Scope::Account, |account| account.ancestry = Some(Ancestry::ACCOUNT));
        places
    }

    /// The ancestry of a scope; `None` when it is not in the tree.
    pub(super) fn ancestry(&self, scope: Scope) -> Option<Ancestry> {
        self.get(scope)?.ancestry
    }

    /// The scope of that number.
    pub(super) fn scope(&self, number: PlaceNumber) -> Scope {
        // INVARIANT: whoever has a number has it from here, and it stands for the same scope while it is in use.
        self.scopes.get(number.0).copied().unwrap_or(NOWHERE)
    }

    /// The rules whose scope is exactly this one.
    pub(super) fn rules_in(&self, scope: Scope) -> impl Iterator<Item = RuleId> {
        self.get(scope).into_iter().flat_map(|place| &place.rules).copied()
    }

    /// Notes a rule of that scope, and gives the scope's number.
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

    /// Puts a scope just below another place, or takes it out of the tree; whether that changed anything.
    pub(super) fn put(&mut self, scope: Scope, above: Option<Ancestry>) -> bool {
        let before = self.ancestry(scope);
        self.change(scope, |place| place.ancestry = above.map(|above| above.child(scope.kind(), place.number)));
        self.ancestry(scope) != before
    }

    fn get(&self, scope: Scope) -> Option<&Place> {
        self.places.get(&scope, |it| it.scope == scope)
    }

    /// Changes what there is of a scope, and gives its number. Afterwards it has none if nothing is left of it.
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

    /// How many there are beside the account, and how many numbers are in use.
    #[cfg(test)]
    pub(super) fn len(&self) -> (usize, usize) {
        (self.places.iter().count() - 1, self.scopes.len() - 1)
    }
}
