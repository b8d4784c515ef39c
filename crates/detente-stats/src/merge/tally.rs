//! Counts per key, the key being whatever tells draws apart: a signature, an outcome, a verdict.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How often each key was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally<K: Ord> {
    counts: BTreeMap<K, u64>,
}

impl<K: Ord> Default for Tally<K> {
    fn default() -> Tally<K> {
        Tally { counts: BTreeMap::new() }
    }
}

impl<K: Ord + Clone> Tally<K> {
    /// Returns the empty tally.
    pub fn new() -> Tally<K> {
        Tally::default()
    }

    /// Counts one draw.
    pub fn add(&mut self, key: K) {
        self.add_many(key, 1);
    }

    /// Counts several draws of one key.
    pub fn add_many(&mut self, key: K, times: u64) {
        if times > 0 {
            let count = self.counts.entry(key).or_insert(0);
            *count = count.saturating_add(times);
        }
    }

    /// Adds all that another tally holds.
    pub fn merge(&mut self, other: &Tally<K>) {
        for (key, &count) in &other.counts {
            self.add_many(key.clone(), count);
        }
    }

    /// Returns how often a key was seen.
    pub fn count(&self, key: &K) -> u64 {
        self.counts.get(key).copied().unwrap_or(0)
    }

    /// Returns how many draws were counted.
    pub fn total(&self) -> u64 {
        self.counts.values().fold(0, |sum, &count| count.saturating_add(sum))
    }

    /// Returns the share of a key; `None` if nothing was counted.
    pub fn share(&self, key: &K) -> Option<f64> {
        let total = self.total();
        (total > 0).then(|| self.count(key) as f64 / total as f64)
    }

    /// Returns keys and counts, the most frequent first, equal counts in the order of keys.
    pub fn ranked(&self) -> Vec<(&K, u64)> {
        let mut ranked: Vec<(&K, u64)> = self.counts.iter().map(|(k, &c)| (k, c)).collect();
        ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_order() {
        let mut tally = Tally::new();
        for key in ["war", "peace", "war", "deal", "peace"] {
            tally.add(key);
        }
        tally.add_many("truce", 0);
        assert_eq!(tally.ranked(), [(&"peace", 2), (&"war", 2), (&"deal", 1)]);
        assert_eq!(tally.share(&"deal"), Some(0.2));
        assert_eq!(Tally::<u8>::new().share(&1), None);
    }
}
