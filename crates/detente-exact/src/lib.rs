//! Exact arithmetic for proofs: numbers that are either right or say how far they may be off.
//!
//! [`Q`] is an exact rational. The one idea of this crate: floats may guess, only exact arithmetic
//! concludes.

pub mod rational;

pub use rational::Q;
