//! A few draws of each kind to look at again, chosen by hash and not by who came first.
//!
//! Of each key the draws with the lowest hash of (seed, number) are kept: a uniform sample without
//! replacement (bottom-k sampling: E. Cohen, H. Kaplan, "Summarizing data using bottom-k sketches",
//! PODC 2007). Merging keeps the lowest of both, in any order; the same draw twice is one draw.

use detente_prob::bits;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// Two samples that cannot be merged: they choose or keep differently.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("these samples were taken with different seeds or sizes; take both with the same")]
pub struct Unlike;

/// Up to a fixed number of draws per key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witnesses<K: Ord> {
    seed: u64,
    keep: usize,
    /// Per key: hash and number of a draw.
    kept: BTreeMap<K, BTreeSet<(u64, u64)>>,
}

impl<K: Ord + Clone> Witnesses<K> {
    /// Returns an empty sample of up to `keep` draws per key.
    pub fn new(seed: u64, keep: usize) -> Witnesses<K> {
        Witnesses { seed, keep, kept: BTreeMap::new() }
    }

    /// Offers draw `number` as a witness of `key`.
    pub fn add(&mut self, key: K, number: u64) {
        let hash = bits(self.seed, "witness", number);
        self.offer(key, (hash, number));
    }

    /// Offers all witnesses of another sample.
    ///
    /// # Errors
    /// The samples differ in seed or size.
    pub fn merge(&mut self, other: &Witnesses<K>) -> Result<(), Unlike> {
        if (self.seed, self.keep) != (other.seed, other.keep) {
            return Err(Unlike);
        }
        for (key, draws) in &other.kept {
            for &draw in draws {
                self.offer(key.clone(), draw);
            }
        }
        Ok(())
    }

    /// Returns the numbers of the draws kept for a key, in order of their number.
    pub fn of(&self, key: &K) -> Vec<u64> {
        let mut numbers: Vec<u64> = self.kept.get(key).into_iter().flatten().map(|d| d.1).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Returns the keys with witnesses.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.kept.keys()
    }

    fn offer(&mut self, key: K, draw: (u64, u64)) {
        if self.keep == 0 {
            return;
        }
        let draws = self.kept.entry(key).or_default();
        draws.insert(draw);
        if draws.len() > self.keep {
            draws.pop_last();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_uniform_and_repeats_count_once() {
        let mut witnesses = Witnesses::new(3, 200);
        for number in (0..10_000).chain(0..10_000) {
            witnesses.add("all", number);
        }
        let kept = witnesses.of(&"all");
        assert_eq!(kept.len(), 200);
        let mean = kept.iter().sum::<u64>() as f64 / 200.0;
        // Expected 4999.5 with standard deviation 204.
        assert!((mean - 4999.5).abs() < 800.0, "{mean}");
        assert_eq!(Witnesses::new(3, 2).merge(&witnesses), Err(Unlike));
        assert!(witnesses.of(&"none").is_empty());
    }
}
