//! Which parameters make a proper prior.
//!
//! A prior built by hand or read from JSON may hold anything; [`Prior::check`]
//! says whether the rest of this crate may be asked about it.

use crate::families::{self, LARGEST_SHAPE, SMALLEST_SHAPE};
use crate::prior::Prior;
use thiserror::Error;

/// Least probability that a truncation may keep.
const LEAST_MASS: f64 = 1e-9;
/// Sizes beyond this would overflow in sums and squares.
const LARGEST_SIZE: f64 = 1e100;

/// Why a prior is not a proper distribution.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum PriorError {
    #[error("{what} is not a finite number")]
    NotFinite { what: &'static str },
    #[error("the lower end {lo} is not below the upper end {hi}")]
    EmptyRange { lo: f64, hi: f64 },
    #[error("{what} must be greater than 0, but is {value}")]
    NotPositive { what: &'static str, value: f64 },
    #[error("{what} must lie between {lo} and {hi}, but is {value}")]
    OutOfRange { what: &'static str, value: f64, lo: f64, hi: f64 },
    #[error("a discrete prior needs at least one value, and one probability per value")]
    NoValues,
    #[error("the probabilities of a discrete prior sum to {sum}, not 1")]
    Sum { sum: f64 },
    #[error("the values of a discrete prior must be in ascending order, each listed once")]
    Order,
    #[error("almost no probability lies between {lo} and {hi}")]
    NothingLeft { lo: f64, hi: f64 },
    #[error("a prior can be truncated once; give the narrowest range")]
    Nested,
}

impl Prior {
    /// Checks that the parameters make a proper, non-degenerate distribution.
    ///
    /// # Errors
    /// The first thing that is wrong, in words fit for the model's author.
    pub fn check(&self) -> Result<(), PriorError> {
        match self {
            Prior::Uniform { lo, hi } => range(*lo, *hi),
            Prior::Normal { mean, sd } => {
                finite("the mean", *mean)?;
                scale("the standard deviation", *sd)
            }
            Prior::Lognormal { mu, sigma } => {
                bounded("the mean of the logarithm", *mu, -300.0, 300.0)?;
                scale("the standard deviation of the logarithm", *sigma)?;
                bounded("the standard deviation of the logarithm", *sigma, 0.0, 20.0)
            }
            Prior::Beta { a, b } => {
                shape("the first parameter of beta", *a)?;
                shape("the second parameter of beta", *b)
            }
            Prior::Gamma { shape: k, scale: s } => {
                shape("the shape", *k)?;
                scale("the scale", *s)
            }
            Prior::Triangular { lo, mode, hi } | Prior::Pert { lo, mode, hi } => {
                range(*lo, *hi)?;
                bounded("the most likely value", *mode, *lo, *hi)
            }
            Prior::Discrete { values, probs } => discrete(values, probs),
            Prior::Truncated { prior, lo, hi } => {
                if matches!(**prior, Prior::Truncated { .. }) {
                    return Err(PriorError::Nested);
                }
                prior.check()?;
                range(*lo, *hi)?;
                let (below, above) = families::truncation(prior, *lo, *hi);
                // A NaN mass must fail too, so the comparison is written this way round.
                if above - below > LEAST_MASS {
                    Ok(())
                } else {
                    Err(PriorError::NothingLeft { lo: *lo, hi: *hi })
                }
            }
            Prior::Interval { lo, hi } => {
                range(*lo, *hi)?;
                families::interval(*lo, *hi).check()
            }
        }
    }
}

fn finite(what: &'static str, value: f64) -> Result<(), PriorError> {
    if !value.is_finite() {
        return Err(PriorError::NotFinite { what });
    }
    if value.abs() <= LARGEST_SIZE {
        return Ok(());
    }
    Err(PriorError::OutOfRange { what, value, lo: -LARGEST_SIZE, hi: LARGEST_SIZE })
}

fn scale(what: &'static str, value: f64) -> Result<(), PriorError> {
    finite(what, value)?;
    if value > 0.0 { Ok(()) } else { Err(PriorError::NotPositive { what, value }) }
}

fn bounded(what: &'static str, value: f64, lo: f64, hi: f64) -> Result<(), PriorError> {
    finite(what, value)?;
    if (lo..=hi).contains(&value) { Ok(()) } else { Err(PriorError::OutOfRange { what, value, lo, hi }) }
}

fn shape(what: &'static str, value: f64) -> Result<(), PriorError> {
    scale(what, value)?;
    bounded(what, value, SMALLEST_SHAPE, LARGEST_SHAPE)
}

fn range(lo: f64, hi: f64) -> Result<(), PriorError> {
    finite("the lower end", lo)?;
    finite("the upper end", hi)?;
    if lo < hi { Ok(()) } else { Err(PriorError::EmptyRange { lo, hi }) }
}

fn discrete(values: &[f64], probs: &[f64]) -> Result<(), PriorError> {
    if values.is_empty() || values.len() != probs.len() {
        return Err(PriorError::NoValues);
    }
    for (value, prob) in values.iter().zip(probs) {
        finite("a value", *value)?;
        scale("a probability", *prob)?;
    }
    if values.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(PriorError::Order);
    }
    let sum: f64 = probs.iter().sum();
    if (sum - 1.0).abs() <= 1e-9 { Ok(()) } else { Err(PriorError::Sum { sum }) }
}
