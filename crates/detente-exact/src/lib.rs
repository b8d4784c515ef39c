//! Exact arithmetic for proofs: numbers that are either right or say how far they may be off.
//!
//! - [`Q`]: an exact rational of any size, fast when small.
//! - [`Interval`]: two floats that are sure to enclose the true number.
//! - [`Scalar`]: what an expression needs to be evaluated over either, or over plain `f64`.
//! - [`integer`]: tableaus of whole numbers, pivoted without fractions.
//! - [`lp`]: linear systems and programs decided with certificates anybody can check.
//! - [`poly`]: polynomials, their real roots as exact objects, their ranges over boxes.
//!
//! The one idea of this crate: floats may guess, only exact arithmetic concludes.

pub mod integer;
pub mod interval;
pub mod lp;
pub mod poly;
pub mod rational;
pub mod scalar;

pub use interval::Interval;
pub use rational::Q;
pub use scalar::Scalar;
