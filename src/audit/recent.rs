//! Remembers what was used lately, for several threads at once, within bounds.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was used lately: between `room` and twice `room` of it, by weight.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    room: usize,
    ages: Mutex<Ages<K, V>>,
}

/// What was put in since the last turn, and what was there before. When the young fill the room, the old are forgotten.
#[derive(Debug)]
struct Ages<K, V> {
    young: HashMap<K, (V, usize)>,
    old: HashMap<K, (V, usize)>,
    weight: usize,
}

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    /// Remembers nothing yet, and later things of this weight together.
    pub(super) fn new(room: usize) -> Self {
        let ages = Ages { young: HashMap::new(), old: HashMap::new(), weight: 0 };
        Self { room, ages: Mutex::new(ages) }
    }

    /// What is remembered under a key; from now on it counts as young.
    pub(super) fn get(&self, key: &K) -> Option<V> {
        let mut ages = self.ages();
        if let Some((value, _)) = ages.young.get(key) {
            return Some(value.clone());
        }
        let (key, (value, weight)) = ages.old.remove_entry(key)?;
        ages.put(key, value.clone(), weight, self.room);
        Some(value)
    }

    /// Remembers something.
    pub(super) fn put(&self, key: K, value: V, weight: usize) {
        self.ages().put(key, value, weight, self.room);
    }

    fn ages(&self) -> MutexGuard<'_, Ages<K, V>> {
        // Whoever panicked while holding it left a map that is whole.
        self.ages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V> Ages<K, V> {
    fn put(&mut self, key: K, value: V, weight: usize, room: usize) {
        if self.weight + weight > room {
            self.old = std::mem::take(&mut self.young);
            self.weight = 0;
        }
        self.weight += weight;
        self.young.insert(key, (value, weight));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let recent = Recent::new(10);
        recent.put("kept", 1, 1);
        for turn in 0..100 {
            recent.put(if turn % 2 == 0 { "other" } else { "another" }, turn, 9);
            assert_eq!(recent.get(&"kept"), Some(1), "turn {turn}");
        }
        recent.put("large", 2, 1_000);
        assert_eq!(recent.get(&"large"), Some(2));
        recent.put("next", 3, 10);
        recent.put("after", 4, 10);
        assert_eq!(recent.get(&"large"), None);
    }
}
