//! Addressed draws: (seed, stream name, index) to a number in (0, 1).
//!
//! The key of a stream mixes the seed with the parameter's name, and the index
//! is the counter. Adding or reordering parameters moves no other draw.

use crate::copula::Copula;
use crate::philox::philox4x32;
use crate::prior::Prior;

/// Returns a uniform number strictly between 0 and 1, a multiple of 2^-53 plus 2^-54.
pub fn uniform(seed: u64, stream: &str, index: u64) -> f64 {
    in_unit_interval(bits(seed, stream, index))
}

/// Returns 64 random bits at an address.
pub fn bits(seed: u64, stream: &str, index: u64) -> u64 {
    let counter = [index as u32, (index >> 32) as u32, 0, 0];
    let words = philox4x32(counter, key(seed, stream));
    u64::from(words[0]) << 32 | u64::from(words[1])
}

/// Returns the key of a stream, for callers that make up counters of their own.
pub fn key(seed: u64, stream: &str) -> [u32; 2] {
    let key = mix(mix(seed) ^ name_hash(stream));
    [key as u32, (key >> 32) as u32]
}

/// Returns the middle of the cell of width 2^-52 that a binary fraction of 2^64 lies in.
pub(crate) fn in_unit_interval(fraction: u64) -> f64 {
    ((fraction >> 12) as f64 + 0.5) / (1u64 << 52) as f64
}

/// Returns draw `index` of every parameter. `copula` ties the ones it lists, by position.
///
/// A prior must have passed [`Prior::check`].
pub fn draw_all(params: &[(&str, &Prior)], copula: Option<&Copula>, seed: u64, index: u64) -> Vec<f64> {
    let mut shares: Vec<f64> = params.iter().map(|(name, _)| uniform(seed, name, index)).collect();
    if let Some(copula) = copula {
        copula.tie(&mut shares);
    }
    params.iter().zip(&shares).map(|((_, prior), &u)| prior.quantile(u)).collect()
}

impl Prior {
    /// Returns draw `index` of the stream called `stream`, by inversion.
    pub fn draw(&self, seed: u64, stream: &str, index: u64) -> f64 {
        self.quantile(uniform(seed, stream, index))
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014).
pub(crate) fn mix(x: u64) -> u64 {
    let mut z = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// FNV-1a over the name's bytes.
fn name_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_its_address_alone() {
        let q = Prior::Beta { a: 4.0, b: 6.0 };
        let forward: Vec<f64> = (0..50).map(|i| q.draw(7, "q", i)).collect();
        let backward: Vec<f64> = (0..50).rev().map(|i| q.draw(7, "q", i)).collect();
        assert!(forward.iter().eq(backward.iter().rev()));
        let alone = draw_all(&[("q", &q)], None, 7, 3);
        let other = Prior::Uniform { lo: 0.0, hi: 1.0 };
        let together = draw_all(&[("a", &other), ("q", &q)], None, 7, 3);
        assert_eq!(alone[0].to_bits(), together[1].to_bits());
        assert_ne!(q.draw(7, "q", 0), q.draw(8, "q", 0));
        assert_ne!(q.draw(7, "q", 0), q.draw(7, "r", 0));
    }

    #[test]
    fn uniform_numbers_fill_the_unit_interval_evenly() {
        let mut counts = [0u32; 10];
        for i in 0..10_000 {
            let u = uniform(1, "even", i);
            assert!(u > 0.0 && u < 1.0);
            counts[(u * 10.0) as usize] += 1;
        }
        // 1000 expected per bin, standard deviation 30.
        assert!(counts.iter().all(|&c| (850..1150).contains(&c)), "{counts:?}");
    }
}
