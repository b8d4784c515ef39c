//! A share of variance with its interval, or the statement that noise could have made it.

use crate::error::StatsError;
use serde::Serialize;
use std::fmt;

/// A share from 0 to 1, estimated from draws.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Effect {
    /// The interval lies above 0.
    Found {
        /// The estimate. By noise it may exceed 1 a little; it is not cut off.
        estimate: f64,
        /// The lower end of the interval, above 0.
        low: f64,
        /// The upper end of the interval.
        high: f64,
    },
    /// Not distinguishable from 0 at this number of draws.
    Indistinct {
        /// The raw estimate, possibly negative; not for print.
        raw: f64,
        /// The most that the share can be at the level of the interval.
        high: f64,
    },
}

impl Effect {
    /// Sorts an estimate and its interval into one of the two.
    pub fn new(estimate: f64, low: f64, high: f64) -> Effect {
        if low > 0.0 && estimate > 0.0 {
            Effect::Found { estimate, low, high: high.max(estimate) }
        } else {
            Effect::Indistinct { raw: estimate, high: high.max(0.0) }
        }
    }

    /// Returns the estimate where there is one to print.
    pub fn estimate(&self) -> Option<f64> {
        match self {
            Effect::Found { estimate, .. } => Some(*estimate),
            Effect::Indistinct { .. } => None,
        }
    }

    /// Returns the number that came out, finding or not: for sums and checks.
    pub fn raw(&self) -> f64 {
        match self {
            Effect::Found { estimate, .. } => *estimate,
            Effect::Indistinct { raw, .. } => *raw,
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::Found { estimate, low, high } => write!(f, "{estimate:.2} ({low:.2} to {high:.2})"),
            Effect::Indistinct { high, .. } => {
                // The bound is rounded up, so that what is printed is true.
                write!(
                    f,
                    "not distinguishable from 0 at this N (at most {:.2})",
                    (high * 100.0).ceil() / 100.0
                )
            }
        }
    }
}

/// Returns the ends that cut off equal tails of a list, which is sorted in place.
///
/// `level` is the share between them.
pub(crate) fn percentiles(values: &mut [f64], level: f64) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let last = (values.len() - 1) as f64;
    let at = |share: f64| values[(share * last).round() as usize];
    (at((1.0 - level) / 2.0), at((1.0 + level) / 2.0))
}

/// Checks the level of an interval and the number of resamples behind it.
pub(crate) fn check_interval(level: f64, resamples: usize) -> Result<(), StatsError> {
    if !(level > 0.0 && level < 1.0) {
        return Err(StatsError::Setting { what: "the level of the interval", range: "between 0 and 1" });
    }
    if resamples < 20 {
        return Err(StatsError::TooFew { what: "resamples", have: resamples, want: 20 });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_number_is_never_printed() {
        let noise = Effect::new(-0.013, -0.04, 0.021);
        assert_eq!(noise.estimate(), None);
        assert_eq!(noise.to_string(), "not distinguishable from 0 at this N (at most 0.03)");
        assert_eq!(noise.raw(), -0.013);
        assert!(!Effect::new(-0.5, -0.9, -0.2).to_string().contains("-0"));
        let found = Effect::new(0.314, 0.29, 0.34);
        assert_eq!(found.to_string(), "0.31 (0.29 to 0.34)");
        assert_eq!(Effect::new(0.1, 0.0, 0.2).estimate(), None);
    }

    #[test]
    fn percentiles_cut_equal_tails() {
        let mut values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert_eq!(percentiles(&mut values, 0.9), (5.0, 95.0));
        assert!(check_interval(1.0, 100).is_err() && check_interval(0.95, 3).is_err());
    }
}
