//! Scrambled Sobol' points: numbers that fill the unit cube more evenly than random ones.
//!
//! Point `i` is a function of the seed and `i` alone, as in [`crate::stream`], so any part of a
//! sequence can be computed anywhere. The first `2^k` points, and every later aligned block of
//! `2^k`, put exactly one point into each of `2^k` equal slices of every dimension.
//!
//! Direction numbers: S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better
//! two-dimensional projections", SIAM J. Sci. Comput. 30 (2008), first 512 dimensions of the
//! criterion D6 (`data/joe-kuo-6.512.txt`, BSD licence beside it). Scrambling: A. B. Owen,
//! "Randomly permuted (t,m,s)-nets and (t,s)-sequences" (1995): each binary digit is flipped or not
//! by a random bit that depends on all digits before it. Those bits are hashes, an idea of
//! B. Burley, "Practical hash-based Owen scrambling", J. Computer Graphics Techniques 9 (2020).

use crate::stream::{in_unit_interval, mix};
use thiserror::Error;

/// One line per dimension from the second on: degree, inner coefficients, initial numbers.
const JOE_KUO: &str = include_str!("../data/joe-kuo-6.512.txt");

/// The number of dimensions with published direction numbers in this crate.
pub const MOST_DIMENSIONS: usize = 512;

/// Digits that one 64-bit hash scrambles: the 63 inner nodes of a binary tree of this depth.
const DIGITS_PER_HASH: u32 = 6;
/// Hashes per coordinate; 54 digits, of which 52 are used.
const HASHES: u32 = 9;

/// More dimensions were asked for than have direction numbers.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{asked} dimensions asked for, but only {MOST_DIMENSIONS} are available; draw at random instead")]
pub struct TooManyDimensions {
    /// How many were asked for.
    pub asked: usize,
}

/// A scrambled Sobol' sequence in a fixed number of dimensions.
///
/// ```
/// use detente_prob::Sobol;
/// let points = Sobol::new(3, 7).unwrap();
/// assert_eq!(points.point(1_000_000)[2], points.share(1_000_000, 2));
/// ```
#[derive(Clone, Debug)]
pub struct Sobol {
    /// Per dimension, what each binary digit of the index adds.
    directions: Vec<[u64; 64]>,
    /// Per dimension, the key of its scrambling.
    keys: Vec<u64>,
}

impl Sobol {
    /// Prepares the sequence of a seed. Dimension `d` is the same whatever the number of dimensions.
    ///
    /// # Errors
    /// More than [`MOST_DIMENSIONS`].
    pub fn new(dimensions: usize, seed: u64) -> Result<Sobol, TooManyDimensions> {
        if dimensions > MOST_DIMENSIONS {
            return Err(TooManyDimensions { asked: dimensions });
        }
        let first = std::iter::once(van_der_corput());
        let directions = first.chain(JOE_KUO.lines().map(directions_of)).take(dimensions).collect();
        let keys = (0..dimensions as u64).map(|d| mix(mix(seed ^ 0x50B0_1506_B015_0B01).wrapping_add(d)));
        Ok(Sobol { directions, keys: keys.collect() })
    }

    /// Returns the number of dimensions.
    pub fn dimensions(&self) -> usize {
        self.directions.len()
    }

    /// Returns one coordinate of point `index`, strictly between 0 and 1.
    ///
    /// # Panics
    /// If `dimension` is not below [`Sobol::dimensions`].
    pub fn share(&self, index: u64, dimension: usize) -> f64 {
        in_unit_interval(scramble(self.plain(index, dimension), self.keys[dimension]))
    }

    /// Returns all coordinates of point `index`.
    pub fn point(&self, index: u64) -> Vec<f64> {
        (0..self.dimensions()).map(|d| self.share(index, d)).collect()
    }

    /// Returns a coordinate before scrambling, as a binary fraction of 2^64.
    ///
    /// # Panics
    /// If `dimension` is not below [`Sobol::dimensions`].
    pub fn plain(&self, index: u64, dimension: usize) -> u64 {
        let directions = &self.directions[dimension];
        let mut rest = index;
        let mut fraction = 0;
        while rest != 0 {
            fraction ^= directions[rest.trailing_zeros() as usize];
            rest &= rest - 1;
        }
        fraction
    }
}

/// The first dimension: the digits of the index mirrored at the point.
fn van_der_corput() -> [u64; 64] {
    std::array::from_fn(|k| 1 << (63 - k))
}

/// The direction numbers of a line of the table, continued by its recurrence (Joe and Kuo 2008, (2)).
fn directions_of(line: &str) -> [u64; 64] {
    let mut numbers = line.split(' ').map(|word| word.parse::<u64>().expect("the table holds numbers only"));
    let degree = numbers.next().expect("a line begins with its degree") as usize;
    let inner = numbers.next().expect("the coefficients follow");
    let mut directions = [0; 64];
    for (k, initial) in numbers.enumerate() {
        directions[k] = initial << (63 - k);
    }
    for k in degree..64 {
        let far = directions[k - degree];
        let mut next = far ^ (far >> degree);
        for j in 1..degree {
            if inner >> (degree - 1 - j) & 1 == 1 {
                next ^= directions[k - j];
            }
        }
        directions[k] = next;
    }
    directions
}

/// Flips each of the first 54 binary digits by a random bit addressed by the key and all digits before.
fn scramble(fraction: u64, key: u64) -> u64 {
    let mut out = 0;
    for level in 0..HASHES {
        let done = level * DIGITS_PER_HASH;
        let prefix = if done == 0 { 0 } else { fraction >> (64 - done) };
        // Prefix and level are one number: 48 binary digits at most, then 4.
        let node = prefix << 4 | u64::from(level);
        let flips = mix(key ^ node.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        let digits = fraction >> (64 - done - DIGITS_PER_HASH) & ((1 << DIGITS_PER_HASH) - 1);
        let mut flipped = 0;
        for digit in 0..DIGITS_PER_HASH {
            // Nodes are numbered as in a heap: at depth d they are 2^d and up, in the order of the
            // d digits that lead there.
            let node = 1 << digit | digits >> (DIGITS_PER_HASH - digit);
            flipped |= (flips >> node & 1) << (DIGITS_PER_HASH - 1 - digit);
        }
        out |= (digits ^ flipped) << (64 - done - DIGITS_PER_HASH);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest t for which the first 2^m points are a (t, m, 2)-net in two dimensions:
    /// every box of 2^-a by 2^-b with a + b = m - t holds exactly 2^t points.
    fn quality(xs: &[(u64, u64)], m: u32) -> u32 {
        let balanced = |t: u32| {
            (0..=m - t).all(|a| {
                let b = m - t - a;
                let mut counts = vec![0u32; 1 << (m - t)];
                for &(x, y) in xs {
                    counts[((x >> (m - a)) << b | y >> (m - b)) as usize] += 1;
                }
                counts.iter().all(|&c| c == 1 << t)
            })
        };
        (0..=m).find(|&t| balanced(t)).expect("with t = m there is one box, which holds all")
    }

    /// The first m digits of two coordinates of a block of 2^m points.
    fn digits(sobol: &Sobol, m: u32, block: u64, d: usize, e: usize, scrambled: bool) -> Vec<(u64, u64)> {
        let one = |i: u64, d: usize| {
            let plain = sobol.plain(i, d);
            let fraction = if scrambled { scramble(plain, sobol.keys[d]) } else { plain };
            fraction >> (64 - m)
        };
        (block << m..(block + 1) << m).map(|i| (one(i, d), one(i, e))).collect()
    }

    /// SciPy 1.17.1 `scipy.stats.qmc.Sobol(d=512, scramble=False, bits=53)`, which uses the same table and walks it
    /// in Gray-code order: its points 5 and 1000 are ours at `n ^ n >> 1`.
    #[test]
    fn the_plain_points_are_the_published_ones() {
        let sobol = Sobol::new(512, 0).unwrap();
        let at = |n: u64, d: usize| sobol.plain(n ^ (n >> 1), d) as f64 / 2f64.powi(64);
        let five: Vec<f64> = [0, 1, 2, 3, 9, 99, 511].iter().map(|&d| at(5, d)).collect();
        assert_eq!(five, SCIPY_5);
        let thousand: Vec<f64> = [0, 1, 2, 3, 9, 99, 511].iter().map(|&d| at(1000, d)).collect();
        assert_eq!(thousand, SCIPY_1000);
    }

    #[test]
    fn every_dimension_is_stratified_in_every_block() {
        let sobol = Sobol::new(MOST_DIMENSIONS, 11).unwrap();
        for d in 0..MOST_DIMENSIONS {
            for block in [0, 3, (1 << 40) + 5] {
                let mut seen = [false; 64];
                for i in block * 64..(block + 1) * 64 {
                    let slice = (sobol.share(i, d) * 64.0) as usize;
                    assert!(!seen[slice], "dimension {d}, block {block}");
                    seen[slice] = true;
                }
            }
        }
    }

    #[test]
    fn two_dimensional_projections_are_nets_and_scrambling_keeps_them() {
        let sobol = Sobol::new(40, 5).unwrap();
        // The first two dimensions are a (0, m, 2)-net for every m.
        for m in 1..=10 {
            assert_eq!(quality(&digits(&sobol, m, 0, 0, 1, true), m), 0);
        }
        let mut worst = 0;
        for d in 0..40 {
            for e in 0..d {
                let plain = quality(&digits(&sobol, 8, 0, d, e, false), 8);
                let scrambled = quality(&digits(&sobol, 8, 0, d, e, true), 8);
                assert_eq!(plain, scrambled, "dimensions {e} and {d}");
                worst = worst.max(plain);
            }
        }
        // No projection of the first 40 dimensions is a mere diagonal (t = 8), though some are coarse.
        assert!(worst <= 6, "{worst}");
    }

    #[test]
    fn a_point_depends_on_seed_and_index_alone() {
        let few = Sobol::new(2, 9).unwrap();
        let many = Sobol::new(300, 9).unwrap();
        for i in [0, 1, 77, (1 << 24) + 3, u64::MAX] {
            assert_eq!(few.point(i)[..], many.point(i)[..2]);
        }
        assert_ne!(few.point(3), Sobol::new(2, 10).unwrap().point(3));
        assert_eq!(Sobol::new(513, 0).unwrap_err().asked, 513);
        assert_eq!(Sobol::new(0, 0).unwrap().point(4), Vec::<f64>::new());
    }

    /// Owen (1997): the mean is unbiased over seeds, and for a smooth function its error falls like
    /// n^-1.5, against n^-0.5 for random points.
    #[test]
    fn scrambled_means_are_unbiased_and_far_closer_than_random() {
        let smooth = |p: &[f64]| p.iter().map(|x| 1.0 + (x - 0.5)).product::<f64>();
        let n = 1024;
        let errors: Vec<f64> = (0..60)
            .map(|seed| {
                let sobol = Sobol::new(4, seed).unwrap();
                (0..n).map(|i| smooth(&sobol.point(i))).sum::<f64>() / n as f64 - 1.0
            })
            .collect();
        let rms = (errors.iter().map(|e| e * e).sum::<f64>() / 60.0).sqrt();
        let mean = errors.iter().sum::<f64>() / 60.0;
        // Random points: standard deviation about 0.62, so an error of 0.019.
        assert!(rms < 0.019 / 10.0, "{rms}");
        assert!(mean.abs() < 4.0 * rms / 60f64.sqrt(), "{mean} {rms}");
    }

    /// One point over many seeds is uniform, and two points fall independently within a slice.
    #[test]
    fn each_point_is_uniform_over_seeds() {
        let mut cells = [0u32; 16];
        for seed in 0..16_000 {
            let sobol = Sobol::new(2, seed).unwrap();
            let fine = |i| (sobol.share(i, 1) * 8.0).fract();
            cells[(fine(0) * 4.0) as usize * 4 + (fine(5) * 4.0) as usize] += 1;
        }
        // 1000 expected per cell, standard deviation 31.
        assert!(cells.iter().all(|&c| (870..1130).contains(&c)), "{cells:?}");
    }

    const SCIPY_5: [f64; 7] = [0.875, 0.875, 0.125, 0.375, 0.125, 0.375, 0.875];
    const SCIPY_1000: [f64; 7] =
        [0.2197265625, 0.0966796875, 0.5185546875, 0.6767578125, 0.0693359375, 0.1865234375, 0.3955078125];
}
