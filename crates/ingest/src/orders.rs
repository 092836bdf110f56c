use std::hash::{BuildHasher, RandomState};

use parking_lot::Mutex;
use rustc_hash::FxHashSet;

/// Most orders of one generation.
const GENERATION: usize = 100_000;

/// Orders that were tracked, by site and number: the latest 100 000 at least, twice as many at most.
#[derive(Default)]
pub(crate) struct Orders {
    keys: RandomState,
    seen: Mutex<Seen>,
}

/// When the young generation is full it becomes the old one, and the former old one goes.
#[derive(Default)]
struct Seen {
    young: FxHashSet<u64>,
    old: FxHashSet<u64>,
}

impl Orders {
    pub(crate) fn has(&self, site: u32, id: &str) -> bool {
        let key = self.keys.hash_one((site, id));
        let seen = self.seen.lock();
        seen.young.contains(&key) || seen.old.contains(&key)
    }

    pub(crate) fn learn(&self, site: u32, id: &str) {
        let key = self.keys.hash_one((site, id));
        let mut seen = self.seen.lock();
        if seen.young.len() >= GENERATION {
            seen.old = std::mem::take(&mut seen.young);
        }
        seen.young.insert(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_orders_are_known() {
        let orders = Orders::default();
        let last = 3 * GENERATION;
        for number in 0..=last {
            orders.learn(1, &number.to_string());
        }
        assert!(orders.has(1, &last.to_string()));
        assert!(orders.has(1, &(last - GENERATION).to_string()));
        assert!(!orders.has(2, &last.to_string()));
        assert!(!orders.has(1, "0"));
    }
}
