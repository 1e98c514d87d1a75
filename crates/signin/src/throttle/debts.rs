//! Outstanding failures per key. Owns how they add up, are forgiven and turn into delays, and that their number is bounded.

use std::collections::HashMap;
use std::time::Duration;

use super::key::Key;
use super::{FIRST_DELAY, FORGIVEN_EVERY, LONGEST_DELAY};
use crate::time::UnixMillis;

/// What one kind of key is granted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// How many outstanding failures cost nothing.
    pub(super) free: u32,
}

impl Terms {
    /// The delay with so many failures outstanding: none up to `free`, then doubling.
    fn delay(self, outstanding: u32) -> Duration {
        let Some(doublings) = outstanding.saturating_sub(self.free).checked_sub(1) else {
            return Duration::ZERO;
        };
        FIRST_DELAY.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_DELAY)
    }

    /// How many failures it takes to get the longest delay; more are not counted.
    fn most(self) -> u32 {
        (self.free..).find(|&n| self.delay(n) == LONGEST_DELAY).unwrap_or(self.free)
    }
}

/// For each key, the moment at which all its failures will be forgiven (a generic cell rate algorithm: one number per key).
///
/// INVARIANT: each of the two generations holds at most `capacity` keys. When the young one is full it becomes the old one,
/// and what was old is forgotten. A key that fails again is written to the young one, which is asked first.
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

    /// Whether any failure is not forgiven yet.
    pub(super) fn has_any(&self, key: Key, now: UnixMillis) -> bool {
        self.outstanding(key, now) > 0
    }

    pub(super) fn add(&mut self, key: Key, now: UnixMillis) {
        let outstanding = self.outstanding(key, now);
        let forgiven = if outstanding < self.terms.most() {
            // From the moment the others are forgiven, or from now.
            let others = self.forgiven_at(key).map_or(now, |at| at.max(now));
            after(others, 1)
        } else {
            // From now, too: neither a long attack nor a clock that was set back leaves more debt than is counted.
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

    /// How many failures are not forgiven yet; never more than the terms count.
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
