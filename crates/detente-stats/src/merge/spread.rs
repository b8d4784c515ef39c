//! How numbers are spread: their ends exactly, their quantiles within 1 part in 128.
//!
//! The bins are fixed once for all floats: the sign, the exponent and the first seven binary digits
//! of the mantissa. So merging adds integers. The idea of fixed relative bins is that of C. Masson,
//! J. E. Rim, H. K. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error
//! guarantees", VLDB 2019; reading the bin off the float's own bits needs no logarithm.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Mantissa bits that a bin ignores: 52 less the seven that it keeps.
const IGNORED: u32 = 45;

/// Counts of numbers in fixed bins, with the exact smallest and largest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Spread {
    bins: BTreeMap<i64, u64>,
    count: u64,
    refused: u64,
    ends: Option<(f64, f64)>,
}

/// A spread as it stands in a file, which anybody may have changed.
#[derive(Deserialize)]
struct Written {
    bins: BTreeMap<i64, u64>,
    count: u64,
    refused: u64,
    ends: Option<(f64, f64)>,
}

impl TryFrom<Written> for Spread {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Spread, &'static str> {
        let Written { bins, count, refused, ends } = written;
        let total = bins.values().try_fold(0u64, |sum, &c| sum.checked_add(c));
        let outer = (bins.first_key_value().map(|b| *b.0), bins.last_key_value().map(|b| *b.0));
        let fits = match (ends, outer) {
            (None, (None, None)) => true,
            (Some((low, high)), (Some(first), Some(last))) => {
                low.is_finite() && high.is_finite() && bin_of(low) == first && bin_of(high) == last
            }
            _ => false,
        };
        if total != Some(count) || !fits {
            return Err("these bins do not belong together; compute the shard again");
        }
        Ok(Spread { bins, count, refused, ends })
    }
}

impl Spread {
    /// Returns the empty spread.
    pub fn new() -> Spread {
        Spread::default()
    }

    /// Adds one number. Infinities and NaN are only counted, see [`Spread::refused`].
    pub fn add(&mut self, x: f64) {
        if !x.is_finite() {
            self.refused += 1;
            return;
        }
        // One zero only.
        let x = x + 0.0;
        *self.bins.entry(bin_of(x)).or_insert(0) += 1;
        self.count += 1;
        self.ends = Some(self.ends.map_or((x, x), |(lo, hi)| (lo.min(x), hi.max(x))));
    }

    /// Adds all that another spread holds.
    pub fn merge(&mut self, other: &Spread) {
        for (&bin, &count) in &other.bins {
            let own = self.bins.entry(bin).or_insert(0);
            *own = own.saturating_add(count);
        }
        self.count = self.count.saturating_add(other.count);
        self.refused = self.refused.saturating_add(other.refused);
        self.ends = match (self.ends, other.ends) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, another) => one.or(another),
        };
    }

    /// Returns how many finite numbers were added.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns how many infinities and NaN were left out.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Returns the smallest and the largest number, exactly; `None` if there are none.
    pub fn ends(&self) -> Option<(f64, f64)> {
        self.ends
    }

    /// Returns two numbers between which the `share` quantile of the sample is sure to lie.
    ///
    /// The quantile is the smallest number with at least that share of the sample at or below it.
    /// `None` if the sample is empty or `share` is not in [0, 1].
    pub fn quantile(&self, share: f64) -> Option<(f64, f64)> {
        let (least, most) = self.ends?;
        if !(0.0..=1.0).contains(&share) {
            return None;
        }
        let rank = ((share * self.count as f64).ceil() as u64).clamp(1, self.count);
        let mut below = 0;
        for (&bin, &count) in &self.bins {
            below = count.saturating_add(below);
            if below >= rank {
                let (low, high) = bin_ends(bin);
                return Some((low.max(least), high.min(most)));
            }
        }
        None
    }

    /// Returns the bins that hold something, from the lowest: ends, both inside, and count.
    pub fn bins(&self) -> impl Iterator<Item = (f64, f64, u64)> {
        self.bins.iter().map(|(&bin, &count)| {
            let (low, high) = bin_ends(bin);
            (low, high, count)
        })
    }
}

/// The bin of a number: its bits, mapped so that they sort as the numbers do, less the last ones.
fn bin_of(x: f64) -> i64 {
    ordered(x.to_bits() as i64) >> IGNORED
}

/// The smallest and the largest number of a bin.
fn bin_ends(bin: i64) -> (f64, f64) {
    let low = bin << IGNORED;
    let high = low | ((1 << IGNORED) - 1);
    let number = |sorted: i64| f64::from_bits(ordered(sorted) as u64);
    (number(low), number(high).min(f64::MAX))
}

/// Turns sign and magnitude into two's complement and back, as `f64::total_cmp` does.
fn ordered(bits: i64) -> i64 {
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_holds_its_number_and_is_narrow() {
        for x in [0.0, 1.0, -1.0, 0.3, -1e-300, 7.77e200, f64::MAX, -f64::MAX, 5e-324] {
            let (low, high) = bin_ends(bin_of(x));
            assert!(low <= x && x <= high, "{low} {x} {high}");
            assert!(x == 0.0 || x.abs() < 1e-300 || (high - low) <= x.abs() / 127.0, "{x}");
        }
        assert!(bin_of(-0.1) < bin_of(0.0) && bin_of(0.0) < bin_of(0.1));
    }

    #[test]
    fn quantiles_enclose_those_of_the_sample() {
        let mut sample: Vec<f64> = (0..999).map(|i| ((i * 7919 % 999) as f64 - 300.0) / 37.0).collect();
        let mut spread = Spread::new();
        sample.iter().for_each(|&x| spread.add(x));
        sample.sort_by(f64::total_cmp);
        for (share, rank) in [(0.0, 0), (0.05, 49), (0.5, 499), (0.95, 949), (1.0, 998)] {
            let (low, high) = spread.quantile(share).unwrap();
            assert!(low <= sample[rank] && sample[rank] <= high, "{share}");
            assert!(high - low <= sample[rank].abs() / 127.0);
        }
        assert_eq!(spread.ends(), Some((sample[0], sample[998])));
        assert_eq!(spread.quantile(1.5), None);
        assert_eq!(Spread::new().quantile(0.5), None);
    }

    #[test]
    fn a_file_whose_parts_disagree_is_refused() {
        let mut spread = Spread::new();
        [1.5, -2.0, 7.0].into_iter().for_each(|x| spread.add(x));
        let text = serde_json::to_string(&spread).unwrap();
        let read = |text: &str| serde_json::from_str::<Spread>(text);
        assert_eq!(read(&text).unwrap(), spread);
        assert!(read(&text.replace("\"count\":3", "\"count\":4")).is_err());
        assert!(read(&text.replace("7.0", "9.0")).is_err());
        assert!(read(r#"{"bins":{},"count":0,"refused":0,"ends":null}"#).is_ok());
    }

    #[test]
    fn the_two_zeros_are_one_number() {
        let (mut a, mut b) = (Spread::new(), Spread::new());
        a.add(0.0);
        b.add(-0.0);
        assert_eq!(serde_json::to_string(&a).unwrap(), serde_json::to_string(&b).unwrap());
    }
}
