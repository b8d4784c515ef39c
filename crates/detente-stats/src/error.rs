//! What can be wrong with a table, said so that its owner can mend it.

use thiserror::Error;

/// Why a table of draws or forecasts gives no statistics. Rows and columns are counted from 0.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum StatsError {
    /// Two lists that belong together differ in length.
    #[error("{what}: {have} values where {want} are needed")]
    Length {
        /// The list that is too short or too long.
        what: &'static str,
        /// Its length.
        have: usize,
        /// The length that fits.
        want: usize,
    },
    /// There is nothing to compute from.
    #[error("{what}: at least {want} needed, but there are {have}")]
    TooFew {
        /// What there is too little of.
        what: &'static str,
        /// How many there are.
        have: usize,
        /// The least number.
        want: usize,
    },
    /// A value is NaN or infinite.
    #[error("row {row} of {what} is not a finite number")]
    NotFinite {
        /// The list with the value.
        what: String,
        /// The row.
        row: usize,
    },
    /// A probability outside [0, 1], or probabilities that do not sum to 1.
    #[error("row {row}: {why}")]
    Probability {
        /// The row of the forecast.
        row: usize,
        /// What is wrong.
        why: &'static str,
    },
    /// Weights must be finite, not negative, and not all zero.
    #[error("weight {row} is negative or not finite, or all weights are zero")]
    Weight {
        /// The first offending row; 0 where all are zero.
        row: usize,
    },
    /// The output is the same in every draw.
    #[error("the output is the same in every draw, so there is nothing to explain")]
    Constant,
    /// Every draw is of interest, or none is.
    #[error("the claim {} draw, so no rule can tell where it holds", if *.always { "holds in every" } else { "holds in no" })]
    OneSided {
        /// It holds everywhere, rather than nowhere.
        always: bool,
    },
    /// A setting outside its range.
    #[error("{what} must be {range}")]
    Setting {
        /// The setting.
        what: &'static str,
        /// Its range, in words.
        range: &'static str,
    },
}

/// Checks that every value of a list is finite.
///
/// # Errors
/// [`StatsError::NotFinite`] with the first row that is not.
pub fn all_finite(what: &str, values: &[f64]) -> Result<(), StatsError> {
    match values.iter().position(|v| !v.is_finite()) {
        Some(row) => Err(StatsError::NotFinite { what: what.to_string(), row }),
        None => Ok(()),
    }
}

/// Checks that a list has the length that fits.
///
/// # Errors
/// [`StatsError::Length`].
pub fn length(what: &'static str, have: usize, want: usize) -> Result<(), StatsError> {
    if have == want { Ok(()) } else { Err(StatsError::Length { what, have, want }) }
}

/// Returns values divided by the largest magnitude, and that magnitude, so that no square of them
/// overflows or vanishes. Zeros alone stay, with magnitude 1.
pub(crate) fn scaled(values: &[f64]) -> (Vec<f64>, f64) {
    let most = values.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let most = if most > 0.0 { most } else { 1.0 };
    (values.iter().map(|v| v / most).collect(), most)
}
