//! The attempts that are under way: waiting out their delay, or having their password verified. Owns how many there may be; a
//! flood beyond that is refused at once instead of holding memory and connections.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Standing;
use super::key::Key;

/// How many attempts may be under way in the second lane.
pub const MOST_IN_ALL: u32 = 1000;

/// How many attempts for one name may be under way in the second lane.
pub const MOST_PER_NAME: u32 = 20;

/// How many attempts from one address may be under way in each lane. Fewer than a name has, so that no single address takes
/// all of them, and few beside what the first lane of the hashing queue holds.
pub const MOST_PER_ADDRESS: u32 = 16;

/// Where an attempt queues for work that takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// From an address without outstanding failures. No address with failures gets in the way here.
    First,
    /// From an address with failures of its own, or with more attempts at once than the first lane takes.
    Second,
}

/// The attempts under way. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Attempts(Arc<Mutex<UnderWay>>);

/// INVARIANT: counts are those of the places that exist, and no count of zero is kept, so the maps stay as small as the
/// number of requests that are open.
#[derive(Debug, Default)]
struct UnderWay {
    first: HashMap<Key, u32>,
    second: u32,
    second_by_address: HashMap<Key, u32>,
    second_by_name: HashMap<Key, u32>,
}

/// The place of an attempt that is under way. Dropping it gives it back, also when the request is canceled.
#[derive(Debug)]
#[must_use = "the place is given back when this is dropped"]
pub struct Place {
    under_way: Arc<Mutex<UnderWay>>,
    counted: Counted,
}

#[derive(Debug)]
enum Counted {
    First { address: Key },
    Second { address: Key, name: Option<Key> },
}

impl Place {
    /// The lane in which the attempt queues.
    #[must_use]
    pub const fn lane(&self) -> Lane {
        match self.counted {
            Counted::First { .. } => Lane::First,
            Counted::Second { .. } => Lane::Second,
        }
    }
}

impl Attempts {
    /// None is under way.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a place for an attempt. `None`: too many are under way already, so answer 429 with `Retry-After` (the
    /// [longest delay](super::LONGEST_DELAY) will do).
    ///
    /// A clean address always gets one as long as it has fewer than [`MOST_PER_ADDRESS`]: its attempts are bounded by the
    /// connections that the server takes. Beyond, it is treated like a failing one.
    #[must_use]
    pub fn enter(&self, name: Option<&str>, address: IpAddr, standing: Standing) -> Option<Place> {
        let address = Key::of_address(address);
        let mut under_way = lock(&self.0);
        if standing == Standing::Clean && count(&under_way.first, address) < MOST_PER_ADDRESS {
            add(&mut under_way.first, address);
            return Some(self.place(Counted::First { address }));
        }
        let name = name.map(Key::of_name);
        let full = under_way.second >= MOST_IN_ALL
            || count(&under_way.second_by_address, address) >= MOST_PER_ADDRESS
            || name.is_some_and(|name| count(&under_way.second_by_name, name) >= MOST_PER_NAME);
        if full {
            return None;
        }
        under_way.second = under_way.second.saturating_add(1);
        add(&mut under_way.second_by_address, address);
        if let Some(name) = name {
            add(&mut under_way.second_by_name, name);
        }
        Some(self.place(Counted::Second { address, name }))
    }

    fn place(&self, counted: Counted) -> Place {
        Place { under_way: Arc::clone(&self.0), counted }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut under_way = lock(&self.under_way);
        match self.counted {
            Counted::First { address } => give_back(&mut under_way.first, address),
            Counted::Second { address, name } => {
                under_way.second = under_way.second.saturating_sub(1);
                give_back(&mut under_way.second_by_address, address);
                if let Some(name) = name {
                    give_back(&mut under_way.second_by_name, name);
                }
            }
        }
    }
}

fn count(counts: &HashMap<Key, u32>, key: Key) -> u32 {
    counts.get(&key).copied().unwrap_or(0)
}

fn add(counts: &mut HashMap<Key, u32>, key: Key) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
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
fn lock(under_way: &Mutex<UnderWay>) -> MutexGuard<'_, UnderWay> {
    under_way.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Standing::{Clean, Failing};
    use super::*;

    fn address(number: u32) -> IpAddr {
        IpAddr::from(number.to_be_bytes())
    }

    /// As many places as are given.
    fn flood(attempts: &Attempts, name: &str, from: impl IntoIterator<Item = u32>, standing: Standing) -> Vec<Place> {
        from.into_iter().filter_map(|n| attempts.enter(Some(name), address(n), standing)).collect()
    }

    #[test]
    fn failing_addresses_share_twenty_places_of_a_name_and_get_them_back() {
        let attempts = Attempts::new();
        let mut places = flood(&attempts, "ana", 0..500, Failing);
        assert_eq!(places.len(), 20);

        assert!(attempts.enter(Some("Ana"), address(999), Failing).is_none(), "the same name in another case");
        assert!(attempts.enter(Some("bob"), address(999), Failing).is_some());
        places.pop();
        assert!(attempts.enter(Some("ana"), address(999), Failing).is_some());
    }

    #[test]
    fn one_failing_address_cannot_take_all_places_of_a_name() {
        let attempts = Attempts::new();
        let places = flood(&attempts, "ana", [1; 40], Failing);
        assert_eq!(places.len(), 16);

        assert!(attempts.enter(Some("bob"), address(1), Failing).is_none());
        assert!(attempts.enter(Some("ana"), address(2), Failing).is_some());
    }

    #[test]
    fn a_clean_address_gets_a_place_in_the_first_lane_whatever_others_hold() {
        let attempts = Attempts::new();
        let mut others = Vec::new();
        for name in 0..60 {
            others.extend(flood(&attempts, &format!("user{name}"), 0..200, Failing));
        }
        others.extend(flood(&attempts, "ana", (0..200).map(|n| n + 10_000), Clean));
        assert!(attempts.enter(Some("zoe"), address(9999), Failing).is_none(), "the second lane is full");

        let place = attempts.enter(Some("ana"), address(5000), Clean).unwrap();
        assert_eq!(place.lane(), Lane::First);
    }

    #[test]
    fn a_clean_address_with_many_attempts_at_once_fills_no_lane_alone() {
        let attempts = Attempts::new();
        let places = flood(&attempts, "ana", [1; 400], Clean);
        let first = places.iter().filter(|place| place.lane() == Lane::First).count();
        assert_eq!((first, places.len()), (16, 32));

        let another = attempts.enter(Some("ana"), address(2), Clean).unwrap();
        assert_eq!(another.lane(), Lane::First);
    }

    #[test]
    fn the_second_lane_has_a_thousand_places_and_nothing_remains_of_them() {
        let attempts = Attempts::new();
        let places: Vec<_> =
            (0..2000).filter_map(|n| attempts.enter(Some(&format!("user{n}")), address(n), Failing)).collect();
        assert_eq!(places.len(), 1000);
        let clean = flood(&attempts, "ana", 5000..6000, Clean);
        drop((places, clean));

        let left = lock(&attempts.0);
        let maps = [&left.first, &left.second_by_address, &left.second_by_name];
        assert_eq!((left.second, maps.map(HashMap::len)), (0, [0; 3]));
    }
}
