//! Outstanding failures per key. Owns how they add up, are forgiven and become delays, and the limit of their number.

use std::collections::HashMap;
use std::time::Duration;

use super::key::Key;
use super::{FIRST_DELAY, FORGIVEN_EVERY, LONGEST_DELAY};
use crate::time::UnixMillis;

/// The allowance of one kind of key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// Outstanding failures without a delay.
    pub(super) free: u32,
}

impl Terms {
    /// The delay for a number of outstanding failures: none up to `free`, then doubling.
    fn delay(self, outstanding: u32) -> Duration {
        let Some(doublings) = outstanding.saturating_sub(self.free).checked_sub(1) else {
            return Duration::ZERO;
        };
        FIRST_DELAY.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_DELAY)
    }

    /// Failures until the longest delay; more are not counted.
    fn most(self) -> u32 {
        (self.free..).find(|&n| self.delay(n) == LONGEST_DELAY).unwrap_or(self.free)
    }
}

/// For each key, the moment at which all its failures will be forgiven (a generic cell rate algorithm: one number per key).
///
/// INVARIANT: each of the two generations holds at most `capacity` keys. When the young one is full it becomes the old
/// one, and the old one is dropped. A key that fails again is written to the young one, which is looked up first.
#[derive(Debug)]
pub(super) struct Debts {
    terms: Terms,
    capacity: usize,
    young: HashMap<Key, UnixMillis>,
    old: HashMap<Key, UnixMillis>,
}

impl Debts {
    pub(super) fn new(terms: Terms, capacity: usize) -> Self {
        Self { terms, capacity, young: HashMap::new(), old: HashMap::new() }
    }

    pub(super) fn delay(&self, key: Key, now: UnixMillis) -> Duration {
        self.terms.delay(self.outstanding(key, now))
    }

    /// Whether any failure is outstanding.
    pub(super) fn has_any(&self, key: Key, now: UnixMillis) -> bool {
        self.outstanding(key, now) > 0
    }

    pub(super) fn add(&mut self, key: Key, now: UnixMillis) {
        let outstanding = self.outstanding(key, now);
        let forgiven = if outstanding < self.terms.most() {
            // Counted from when the others are forgiven, or from now.
            let others = self.forgiven_at(key).map_or(now, |at| at.max(now));
            after(others, 1)
        } else {
            // Limited from now as well: neither a long attack nor a clock that was set back leaves a larger debt.
            after(now, self.terms.most())
        };
        if self.young.len() >= self.capacity && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, forgiven);
    }

    pub(super) fn forgive(&mut self, key: Key) {
        self.young.remove(&key);
        self.old.remove(&key);
    }

    fn forgiven_at(&self, key: Key) -> Option<UnixMillis> {
        self.young.get(&key).or_else(|| self.old.get(&key)).copied()
    }

    /// Outstanding failures, up to the maximum that counts.
    fn outstanding(&self, key: Key, now: UnixMillis) -> u32 {
        let Some(at) = self.forgiven_at(key) else { return 0 };
        let left = u64::try_from(at.0.saturating_sub(now.0)).unwrap_or(0);
        let failures = u128::from(left).div_ceil(FORGIVEN_EVERY.as_millis());
        u32::try_from(failures).unwrap_or(u32::MAX).min(self.terms.most())
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

fn after(start: UnixMillis, failures: u32) -> UnixMillis {
    let all = FORGIVEN_EVERY.saturating_mul(failures).as_millis();
    UnixMillis(start.0.saturating_add(i64::try_from(all).unwrap_or(i64::MAX)))
}
