//! Attempts in progress: those that wait out their delay or have their password verified. Owns their limits; attempts
//! beyond are refused at once instead of holding memory and connections.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Standing;
use super::key::Key;

/// Maximum attempts in progress in the second lane.
pub const MOST_IN_ALL: u32 = 1000;

/// Maximum attempts for one name in progress in the second lane.
pub const MOST_PER_NAME: u32 = 20;

/// Maximum attempts from one address in progress in each lane. Lower than the limit for a name, so that no single
/// address uses all of it, and low compared to the first lane of the hashing queue.
pub const MOST_PER_ADDRESS: u32 = 16;

/// The queue of an attempt for expensive work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// For addresses without outstanding failures. Addresses with failures cannot block it.
    First,
    /// For addresses with failures, or with more concurrent attempts than the first lane accepts.
    Second,
}

/// The attempts in progress. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Attempts(Arc<Mutex<UnderWay>>);

/// INVARIANT: counts match the existing places, and no count of zero is stored, so the maps stay as small as the number
/// of open requests.
#[derive(Debug, Default)]
struct UnderWay {
    first: HashMap<Key, u32>,
    second: u32,
    second_by_address: HashMap<Key, u32>,
    second_by_name: HashMap<Key, u32>,
}

/// The place of an attempt in progress. Dropping it frees it, also when the request is canceled.
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
    /// No attempts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a place for an attempt. `None` when too many are in progress: answer 429 with `Retry-After` (for example
    /// the [longest delay](super::LONGEST_DELAY)).
    ///
    /// A clean address always gets a place while it has fewer than [`MOST_PER_ADDRESS`]; the server's connection limit
    /// bounds these. Beyond that, it is treated like a failing address.
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

/// Nothing panics while the lock is held, so a poisoned lock holds consistent data.
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

    /// Takes as many places as available.
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
