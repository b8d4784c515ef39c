//! A small random generator with a state of one word.
//!
//! SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
//! 2014): the same seed gives the same games on every machine, for ever.

use detente_exact::Q;

/// A stream of random words.
#[derive(Clone, Debug)]
pub struct SplitMix(u64);

impl SplitMix {
    /// Starts a stream.
    pub fn new(seed: u64) -> SplitMix {
        SplitMix(seed)
    }

    /// Returns the next word.
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns an integer below `bound`, which is at least 1.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.word()) * bound as u128) >> 64) as usize
    }

    /// Returns an integer from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    /// Returns true once in `times` draws.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Returns a float in (0, 1).
    pub fn unit(&mut self) -> f64 {
        ((self.word() >> 12) as f64 + 0.5) / (1u64 << 52) as f64
    }

    /// Returns positive probabilities with a small common denominator.
    pub fn distribution(&mut self, count: usize) -> Vec<Q> {
        let weights: Vec<i64> = (0..count).map(|_| self.between(1, 9)).collect();
        let total: i64 = weights.iter().sum();
        weights.into_iter().map(|w| Q::new(w, total)).collect()
    }
}

/// Where random payoffs come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payoffs {
    /// Integers from 0 to the number: ties are common when it is small.
    Integers(u32),
    /// Decimals with two places from -10 to 10: ties are rare.
    Decimals,
}

impl Payoffs {
    /// Draws a payoff.
    pub fn draw(self, random: &mut SplitMix) -> Q {
        match self {
            Payoffs::Integers(high) => Q::from(random.between(0, i64::from(high))),
            Payoffs::Decimals => Q::new(random.between(-1000, 1000), 100),
        }
    }
}
