//! Places: each scope that is in the tree, or that a rule names, has a small number.
//!
//! A rule says by it where it holds, and a place in the tree knows those of everything above it: whether a rule holds at a
//! place is a comparison of numbers, and the way up to the account is found with the place, in one look-up.

use imbl::{HashMap, OrdSet, Vector};

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
    number: PlaceNumber,
    /// None where there is no such node, or one above it is gone.
    ancestry: Option<Ancestry>,
    /// The rules that hold just here and below.
    rules: OrdSet<RuleId>,
}

/// All of them. A scope that is not in the tree, and that no rule names, is not here.
#[derive(Debug, Clone)]
pub(super) struct Places {
    places: HashMap<Scope, Place>,
    /// By number.
    scopes: Vector<Scope>,
    /// The numbers that stand for nothing now.
    free: Vector<PlaceNumber>,
}

impl Places {
    /// The account and nothing else.
    pub(super) fn new() -> Self {
        let ancestry = Ancestry::ACCOUNT;
        let account = Place { number: ancestry.here(), ancestry: Some(ancestry), rules: OrdSet::new() };
        let places = HashMap::unit(Scope::Account, account);
        Self { places, scopes: Vector::unit(Scope::Account), free: Vector::new() }
    }

    /// The ancestry of a scope; `None` when it is not in the tree.
    pub(super) fn ancestry(&self, scope: Scope) -> Option<Ancestry> {
        self.places.get(&scope)?.ancestry
    }

    /// The scope of that number.
    pub(super) fn scope(&self, number: PlaceNumber) -> Scope {
        let at = usize::try_from(number.0).unwrap_or(usize::MAX);
        // INVARIANT: whoever has a number has it from here, and it stands for the same scope while it is in use.
        self.scopes.get(at).copied().unwrap_or(NOWHERE)
    }

    /// The rules whose scope is exactly this one.
    pub(super) fn rules_in(&self, scope: Scope) -> impl Iterator<Item = RuleId> {
        self.places.get(&scope).into_iter().flat_map(|place| &place.rules).copied()
    }

    /// Notes a rule of that scope, and gives the scope's number.
    pub(super) fn add_rule(&mut self, scope: Scope, rule: RuleId) -> PlaceNumber {
        let place = self.place(scope);
        place.rules.insert(rule);
        place.number
    }

    pub(super) fn remove_rule(&mut self, scope: Scope, rule: RuleId) {
        if let Some(place) = self.places.get_mut(&scope) {
            place.rules.remove(&rule);
            self.drop_if_unused(scope);
        }
    }

    /// Puts a scope just below another place, or takes it out of the tree; whether that changed anything.
    pub(super) fn put(&mut self, scope: Scope, above: Option<Ancestry>) -> bool {
        let before = self.ancestry(scope);
        let after = above.map(|above| above.child(scope.kind(), self.place(scope).number));
        if before == after {
            return false;
        }
        self.place(scope).ancestry = after;
        self.drop_if_unused(scope);
        true
    }

    fn place(&mut self, scope: Scope) -> &mut Place {
        let Self { places, scopes, free } = self;
        places.entry(scope).or_insert_with(|| {
            let number = free.pop_back().unwrap_or_else(|| {
                scopes.push_back(scope);
                PlaceNumber(u32::try_from(scopes.len() - 1).unwrap_or(u32::MAX))
            });
            if let Some(kept) = usize::try_from(number.0).ok().and_then(|at| scopes.get_mut(at)) {
                *kept = scope;
            }
            Place { number, ancestry: None, rules: OrdSet::new() }
        })
    }

    fn drop_if_unused(&mut self, scope: Scope) {
        if self.places.get(&scope).is_some_and(|place| place.ancestry.is_none() && place.rules.is_empty())
            && let Some(place) = self.places.remove(&scope)
        {
            self.free.push_back(place.number);
        }
    }

    /// How many there are beside the account, and how many numbers are in use.
    #[cfg(test)]
    pub(super) fn len(&self) -> (usize, usize) {
        (self.places.len() - 1, self.scopes.len() - 1 - self.free.len())
    }
}
