//! Rules as stored: with the name that they are about.

use std::ops::Deref;
use std::slice;
use std::sync::Arc;

use smallvec::SmallVec;

use super::scope_indexes::ScopeIndex;
use crate::access::RuleId;
use crate::catalogue::RoleId;

/// A rule as stored with its subject's name. There are millions of these.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) id: RuleId,
    pub(crate) role: RoleId,
    /// The scope index of the rule.
    pub(crate) scope_index: ScopeIndex,
}

/// Maximum rules stored inline.
const FEW: usize = 8;

/// The rules that name one subject, by id. Few rules are stored inline, which saves a memory access. Many are shared,
/// because their owner is copied whenever a neighbor changes.
#[derive(Debug, Clone)]
pub(super) enum HeldRules {
    Few(SmallVec<[Held; FEW]>),
    Many(Arc<[Held]>),
}

impl Default for HeldRules {
    fn default() -> Self {
        Self::Few(SmallVec::new())
    }
}

impl HeldRules {
    /// Adds a rule. Its id must be new.
    pub(super) fn add(&mut self, rule: &Held) {
        let at = self.partition_point(|other| other.id < rule.id);
        let (before, behind) = self.split_at(at);
        *self = Self::joined(before, slice::from_ref(rule), behind);
    }

    pub(super) fn remove(&mut self, id: RuleId) {
        let Ok(at) = self.binary_search_by_key(&id, |rule| rule.id) else { return };
        let (before, behind) = self.split_at(at);
        *self = Self::joined(before, &[], behind.get(1..).unwrap_or_default());
    }

    fn joined(before: &[Held], rule: &[Held], behind: &[Held]) -> Self {
        let all = before.iter().chain(rule).chain(behind).cloned();
        // The iterator has an exact length, so the shared slice is allocated and copied once.
        if before.len() + rule.len() + behind.len() <= FEW {
            Self::Few(all.collect())
        } else {
            Self::Many(all.collect())
        }
    }
}

impl Deref for HeldRules {
    type Target = [Held];

    fn deref(&self) -> &[Held] {
        match self {
            Self::Few(rules) => rules,
            Self::Many(rules) => rules,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::RoleId;
    use crate::org::Scope;
    use crate::world::scope_indexes::ScopeIndexes;

    /// The ids that are left after these were added or removed in order, and whether they are stored inline.
    fn kept(steps: impl IntoIterator<Item = i32>) -> (Vec<i32>, bool) {
        let mut indexes = ScopeIndexes::new();
        let mut rules = HeldRules::default();
        for step in steps {
            let id = RuleId::new(step.abs());
            if step > 0 {
                rules.add(&Held {
                    id,
                    role: RoleId::SYSTEM_ADMINISTRATOR,
                    scope_index: indexes.add_rule(Scope::Account, id),
                });
            } else {
                rules.remove(id);
            }
        }
        (rules.iter().map(|it| it.id.number()).collect(), matches!(rules, HeldRules::Few(_)))
    }

    #[test]
    fn rules_are_by_id_however_many_there_are() {
        assert_eq!(kept([]), (vec![], true));
        assert_eq!(kept([3, 1, 2]), (vec![1, 2, 3], true));
        let up_and_down = (1..=9).map(|n| if n % 2 == 0 { n } else { 20 - n });
        assert_eq!(kept(up_and_down.clone()), (vec![2, 4, 6, 8, 11, 13, 15, 17, 19], false));
        // A list that shrinks is stored inline again.
        assert_eq!(kept(up_and_down.chain([-13, -13])), (vec![2, 4, 6, 8, 11, 15, 17, 19], true));
    }
}
