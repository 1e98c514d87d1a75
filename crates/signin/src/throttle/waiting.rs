//! The sign-ins that are waiting out their delay. Owns how many there may be; a flood beyond that is refused at once
//! instead of holding memory and connections.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::key::Key;

/// How many sign-ins may wait in all.
pub const MOST_IN_ALL: u32 = 1000;

/// How many sign-ins may wait for one name.
pub const MOST_PER_NAME: u32 = 20;

/// How many sign-ins may wait from one address: fewer than a name has, so that no single address takes all of them.
pub const MOST_PER_ADDRESS: u32 = 10;

/// The waiting places. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Waiting(Arc<Mutex<Taken>>);

/// INVARIANT: counts are those of the places that exist, and no count of zero is kept, so the maps stay as small as `all`.
#[derive(Debug, Default)]
struct Taken {
    all: u32,
    names: HashMap<Key, u32>,
    addresses: HashMap<Key, u32>,
}

/// A waiting place. Dropping it gives it back, also when the request is cancelled while it waits.
#[derive(Debug)]
#[must_use = "the place is given back when this is dropped"]
pub struct Place {
    taken: Arc<Mutex<Taken>>,
    /// Name and address it counts for; none for a known browser.
    counted: Option<(Key, Key)>,
}

impl Waiting {
    /// All places are free.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a place for a sign-in that has to wait. `None`: too many are waiting already, so answer 503 with
    /// `Retry-After` (the [longest delay](super::LONGEST_DELAY) will do). For a known browser (see
    /// [`Throttle::delay`](super::Throttle::delay)) only the places in all count: strangers cannot take its own.
    #[must_use]
    pub fn enter(&self, name: &str, address: IpAddr, known_browser: bool) -> Option<Place> {
        let counted = (!known_browser).then(|| (Key::of_name(name), Key::of_address(address)));
        let mut taken = lock(&self.0);
        if taken.all >= MOST_IN_ALL {
            return None;
        }
        if let Some((name, address)) = counted {
            let of = |counts: &HashMap<Key, u32>, key| counts.get(&key).copied().unwrap_or(0);
            if of(&taken.names, name) >= MOST_PER_NAME || of(&taken.addresses, address) >= MOST_PER_ADDRESS {
                return None;
            }
            *taken.names.entry(name).or_default() += 1;
            *taken.addresses.entry(address).or_default() += 1;
        }
        taken.all += 1;
        Some(Place { taken: Arc::clone(&self.0), counted })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        taken.all = taken.all.saturating_sub(1);
        if let Some((name, address)) = self.counted {
            give_back(&mut taken.names, name);
            give_back(&mut taken.addresses, address);
        }
    }
}

fn give_back(counts: &mut HashMap<Key, u32>, key: Key) {
    if let Some(count) = counts.get_mut(&key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(&key);
        }
    }
}

/// Nothing can panic while the lock is held, so a poisoned one cannot be half changed.
fn lock(taken: &Mutex<Taken>) -> MutexGuard<'_, Taken> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: u32) -> IpAddr {
        IpAddr::from(number.to_be_bytes())
    }

    #[test]
    fn a_name_has_twenty_places_and_gets_them_back() {
        let waiting = Waiting::new();
        let mut places: Vec<Place> =
            (0..MOST_PER_NAME).map(|n| waiting.enter("ana", address(n), false).unwrap()).collect();

        assert!(waiting.enter("Ana", address(99), false).is_none(), "the same name in another case");
        assert!(waiting.enter("bob", address(99), false).is_some());

        places.pop();
        assert!(waiting.enter("ana", address(99), false).is_some());
    }

    #[test]
    fn one_address_cannot_take_all_places_of_a_name() {
        let waiting = Waiting::new();
        let _places: Vec<Place> =
            (0..MOST_PER_ADDRESS).map(|_| waiting.enter("ana", address(1), false).unwrap()).collect();

        assert!(waiting.enter("ana", address(1), false).is_none());
        assert!(waiting.enter("bob", address(1), false).is_none());
        assert!(waiting.enter("ana", address(2), false).is_some());
    }

    #[test]
    fn strangers_cannot_take_the_place_of_a_known_browser() {
        let waiting = Waiting::new();
        let _strangers: Vec<Place> =
            (0..MOST_PER_NAME).map(|n| waiting.enter("ana", address(n), false).unwrap()).collect();

        assert!(waiting.enter("ana", address(0), true).is_some());
    }

    #[test]
    fn there_are_a_thousand_places_and_nothing_remains_of_them() {
        let waiting = Waiting::new();
        let places: Vec<Place> =
            (0..MOST_IN_ALL).map(|n| waiting.enter(&format!("user{n}"), address(n), n % 2 == 0).unwrap()).collect();

        assert!(waiting.enter("one more", address(5000), false).is_none());
        assert!(waiting.enter("one more", address(5000), true).is_none());
        drop(places);

        let taken = lock(&waiting.0);
        assert_eq!((taken.all, taken.names.len(), taken.addresses.len()), (0, 0, 0));
    }
}
