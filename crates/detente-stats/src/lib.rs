//! What is computed from a table of draws: no solving, no files, no clock.
//!
//! - [`merge`]: counts, exact sums, sketches and witnesses that add up to the same bits in any order.
//! - [`sensitivity`]: how much of an answer's variance each input explains.
//! - [`scenario`]: where in the space of inputs a claim holds, as boxes and rules in plain words.
//! - [`score`]: how good forecasts were, beside a base rate, and whether they were calibrated.
//! - [`tail`]: whether a few draws carry all the weight.
//! - [`smooth`]: conditional means by one regression, for the value of information.
//! - [`weights`]: effective sample size and quantiles of weighted draws.
//!
//! The one idea of this crate: a number that noise could have made is not printed as a finding.
#![forbid(unsafe_code)]

pub mod error;
pub mod merge;
pub mod random;
pub mod scenario;
pub mod score;
pub mod sensitivity;
pub mod smooth;
pub mod tail;
pub mod weights;

pub use error::StatsError;
