//! Exact arithmetic for proofs: numbers that are either right or say how far they may be off.
//!
//! [`Q`] is an exact rational, [`Interval`] a float enclosure rounded outward, and [`Scalar`] the
//! operations an expression needs over either, or over plain `f64`. The one idea of this crate:
//! floats may guess, only exact arithmetic concludes.

pub mod interval;
pub mod lp;
pub mod poly;
pub mod rational;
pub mod scalar;

pub use interval::Interval;
pub use rational::Q;
pub use scalar::Scalar;
