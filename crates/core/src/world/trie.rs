//! A persistent hash map with fixed fan-out, for millions of values.
//!
//! Dependent memory accesses dominate the time of a decision. Here a million values are three branches and a leaf deep.
//! A branch is an array, and a leaf a slice of the values, each after its whole hash: one access each. A value is
//! copied whenever a neighbor changes, so large parts of it should be shared. Keys are parts of the values: the caller
//! of a look-up passes the comparison.

use std::array;
use std::hash::{BuildHasher, Hash, RandomState};
use std::slice;
use std::sync::Arc;

/// Fan-out of a branch, and the number of hash bits for it.
const WAYS: usize = 1 << BITS;
const BITS: u32 = 6;
/// The deepest level with hash bits left.
const DEEPEST: u32 = u64::BITS / BITS;
/// Maximum entries of a leaf that can split.
const MOST: usize = 8;

/// Values by key; the key is a part of the value.
#[derive(Debug, Clone)]
pub(super) struct HashTrie<T> {
    root: Node<T>,
    /// Keyed at random, so that keys cannot be chosen to collide.
    hasher: RandomState,
}

#[derive(Debug)]
enum Node<T> {
    Nothing,
    /// Never empty.
    Leaf(Arc<[Entry<T>]>),
    Branch(Arc<[Node<T>; WAYS]>),
}

#[derive(Debug, Clone)]
struct Entry<T> {
    hash: u64,
    value: T,
}

impl<T> Clone for Node<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Nothing => Self::Nothing,
            Self::Leaf(entries) => Self::Leaf(entries.clone()),
            Self::Branch(ways) => Self::Branch(ways.clone()),
        }
    }
}

impl<T> Default for HashTrie<T> {
    fn default() -> Self {
        Self { root: Node::Nothing, hasher: RandomState::new() }
    }
}

impl<T: Clone> HashTrie<T> {
    /// The value with that key: the one for which `is` is true.
    pub(super) fn get(&self, key: &(impl Hash + ?Sized), is: impl Fn(&T) -> bool) -> Option<&T> {
        self.root.get(self.hasher.hash_one(key), is)
    }

    /// The same, mutable except for its key.
    pub(super) fn get_mut(&mut self, key: &(impl Hash + ?Sized), is: impl Fn(&T) -> bool) -> Option<&mut T> {
        let hash = self.hasher.hash_one(key);
        // Copies nothing when there is nothing to change.
        self.root.get(hash, &is)?;
        self.root.get_mut(hash, is)
    }

    /// Adds a value. Its key must be new.
    pub(super) fn insert(&mut self, key: &(impl Hash + ?Sized), value: T) {
        self.root.insert(Entry { hash: self.hasher.hash_one(key), value }, 0);
    }

    /// Removes the value with that key.
    pub(super) fn remove(&mut self, key: &(impl Hash + ?Sized), is: impl Fn(&T) -> bool) {
        let hash = self.hasher.hash_one(key);
        if self.root.get(hash, &is).is_some() {
            self.root.remove(hash, 0, &is);
        }
    }

    /// Every value, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.root.iter()
    }
}

/// The child index of a hash at a level.
fn way(hash: u64, level: u32) -> usize {
    usize::try_from((hash >> (level * BITS)) % (1 << BITS)).unwrap_or_default()
}

impl<T: Clone> Node<T> {
    fn get(&self, hash: u64, is: impl Fn(&T) -> bool) -> Option<&T> {
        let (mut node, mut level) = (self, 0);
        loop {
            match node {
                Self::Nothing => return None,
                Self::Leaf(entries) => return Some(&entries.iter().find(|it| it.hash == hash && is(&it.value))?.value),
                Self::Branch(ways) => node = ways.get(way(hash, level))?,
            }
            level += 1;
        }
    }

    /// Changes nodes in place that no other trie shares.
    fn get_mut(&mut self, hash: u64, is: impl Fn(&T) -> bool) -> Option<&mut T> {
        let (mut node, mut level) = (self, 0);
        loop {
            match node {
                Self::Nothing => return None,
                Self::Leaf(entries) => {
                    let found = Arc::make_mut(entries).iter_mut().find(|it| it.hash == hash && is(&it.value))?;
                    return Some(&mut found.value);
                }
                Self::Branch(ways) => node = Arc::make_mut(ways).get_mut(way(hash, level))?,
            }
            level += 1;
        }
    }

    fn insert(&mut self, entry: Entry<T>, level: u32) {
        match self {
            Self::Nothing => *self = Self::Leaf([entry].into()),
            Self::Branch(ways) => {
                if let Some(next) = Arc::make_mut(ways).get_mut(way(entry.hash, level)) {
                    next.insert(entry, level + 1);
                }
            }
            Self::Leaf(entries) if entries.len() < MOST || level >= DEEPEST => {
                *self = Self::Leaf(entries.iter().cloned().chain([entry]).collect());
            }
            Self::Leaf(entries) => {
                let entries = entries.clone();
                *self = Self::Branch(Arc::new(array::from_fn(|_| Self::Nothing)));
                for entry in entries.iter().cloned().chain([entry]) {
                    self.insert(entry, level);
                }
            }
        }
    }

    fn remove(&mut self, hash: u64, level: u32, is: &impl Fn(&T) -> bool) {
        match self {
            Self::Nothing => {}
            Self::Leaf(entries) => {
                let left: Arc<[_]> = entries.iter().filter(|it| it.hash != hash || !is(&it.value)).cloned().collect();
                *self = if left.is_empty() { Self::Nothing } else { Self::Leaf(left) };
            }
            Self::Branch(ways) => {
                let ways = Arc::make_mut(ways);
                if let Some(next) = ways.get_mut(way(hash, level)) {
                    next.remove(hash, level + 1, is);
                }
                if ways.iter().all(|it| matches!(it, Self::Nothing)) {
                    *self = Self::Nothing;
                }
            }
        }
    }

    fn iter(&self) -> Box<dyn Iterator<Item = &T> + '_> {
        let (entries, ways): (slice::Iter<'_, Entry<T>>, slice::Iter<'_, Self>) = match self {
            Self::Nothing => return Box::new([].into_iter()),
            Self::Leaf(entries) => (entries.iter(), [].iter()),
            Self::Branch(ways) => ([].iter(), ways.iter()),
        };
        Box::new(entries.map(|it| &it.value).chain(ways.flat_map(Self::iter)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A trie of pairs with chosen hashes behaves as a map, whichever hashes collide, and earlier versions stay
    /// unchanged.
    fn does_what_a_map_does(hash: impl Fn(u64) -> u64) {
        let mut trie = Node::Nothing;
        let mut map = BTreeMap::new();
        let mut before = vec![(trie.clone(), map.clone())];
        let all = |trie: &Node<(u64, u64)>| trie.iter().copied().collect::<BTreeMap<_, _>>();
        // Each of 700 keys is used several times: added, changed or removed.
        for step in 0..5000_u64 {
            let key = step.wrapping_mul(11) % 700;
            let is = |it: &(u64, u64)| it.0 == key;
            assert_eq!(trie.get(hash(key), is), map.get_key_value(&key).map(|(key, value)| (*key, *value)).as_ref());
            if trie.get(hash(key), is).is_none() {
                trie.insert(Entry { hash: hash(key), value: (key, step) }, 0);
                map.insert(key, step);
            } else if step % 3 == 0 {
                trie.remove(hash(key), 0, &is);
                map.remove(&key);
            } else {
                trie.get_mut(hash(key), is).unwrap().1 = step;
                map.insert(key, step);
            }
            if step % 500 == 0 {
                before.push((trie.clone(), map.clone()));
            }
        }
        before.push((trie.clone(), map.clone()));
        for (trie, map) in &before {
            assert_eq!(all(trie), *map);
            assert_eq!(trie.iter().count(), map.len(), "each once");
        }
        for key in map.into_keys() {
            trie.remove(hash(key), 0, &|it| it.0 == key);
            assert!(trie.get(hash(key), |it| it.0 == key).is_none());
        }
        assert!(matches!(trie, Node::Nothing), "what goes leaves nothing behind");
    }

    #[test]
    fn what_is_put_in_is_found_until_it_is_taken_out() {
        let hasher = RandomState::new();
        does_what_a_map_does(|key| hasher.hash_one(key));
    }

    #[test]
    fn neighbors_are_separated_at_any_level() {
        for level in [0, 1, DEEPEST - 1, DEEPEST] {
            does_what_a_map_does(|key| key << (level * BITS));
        }
    }

    #[test]
    fn those_of_one_hash_are_told_apart_by_themselves() {
        does_what_a_map_does(|_| 0);
        does_what_a_map_does(|key| key % 3);
        does_what_a_map_does(|key| u64::MAX - key % 2);
    }
}
