use std::hash::{BuildHasher, Hash, RandomState};

use parking_lot::Mutex;
use rustc_hash::FxHashMap;

/// Parts that are locked on their own.
const SHARDS: usize = 8;
/// Most answers of one generation in a shard.
const GENERATION: usize = 256;

/// The latest answers, bounded, by a keyed hash of the question.
///
/// Each shard has two generations: when the young one is full it becomes the old one, and the former old one goes.
pub(crate) struct Cache<V> {
    keys: [RandomState; 2],
    shards: [Mutex<Shard<V>>; SHARDS],
}

struct Shard<V> {
    young: FxHashMap<u128, V>,
    old: FxHashMap<u128, V>,
}

impl<V: Clone> Cache<V> {
    pub(crate) fn new() -> Cache<V> {
        let shard = |_| Mutex::new(Shard { young: FxHashMap::default(), old: FxHashMap::default() });
        Cache { keys: [RandomState::new(), RandomState::new()], shards: std::array::from_fn(shard) }
    }

    /// The hash of a question: 128 bits under keys nobody knows, so no two questions share one.
    pub(crate) fn key(&self, question: impl Hash) -> u128 {
        let [high, low] = &self.keys;
        u128::from(high.hash_one(&question)) << 64 | u128::from(low.hash_one(&question))
    }

    pub(crate) fn get(&self, key: u128) -> Option<V> {
        let mut shard = self.shard(key).lock();
        if let Some(value) = shard.young.get(&key) {
            return Some(value.clone());
        }
        let value = shard.old.remove(&key)?;
        shard.insert(key, value.clone());
        Some(value)
    }

    pub(crate) fn insert(&self, key: u128, value: V) {
        self.shard(key).lock().insert(key, value);
    }

    fn shard(&self, key: u128) -> &Mutex<Shard<V>> {
        &self.shards[(key >> 64) as usize % SHARDS]
    }
}

impl<V> Shard<V> {
    fn insert(&mut self, key: u128, value: V) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_answers_stay() {
        let cache = Cache::new();
        for number in 0..100_000_u32 {
            cache.insert(cache.key(number), number);
            assert_eq!(cache.get(cache.key(7_u32)), Some(7).filter(|seven| *seven <= number));
        }
        assert_eq!(cache.get(cache.key(99_999_u32)), Some(99_999));
        assert_eq!(cache.get(cache.key(50_000_u32)), None);
    }

    #[test]
    fn the_cache_is_bounded() {
        let cache = Cache::new();
        for number in 0..100_000_u32 {
            cache.insert(cache.key(number), ());
        }
        let in_shard = |shard: &Mutex<Shard<()>>| {
            let shard = shard.lock();
            shard.young.len() + shard.old.len()
        };
        let kept: usize = cache.shards.iter().map(in_shard).sum();
        assert!((SHARDS * GENERATION..=2 * SHARDS * GENERATION).contains(&kept), "{kept}");
    }
}
