//! The numbers of a tableau: floats that guess, exact fractions that decide.
//!
//! The one idea: one simplex serves both, and each kind says what it holds for 0.

use crate::Q;

/// What a tableau needs of its numbers.
pub(super) trait Cell: Clone + PartialOrd {
    /// Exact numbers pivot by smallest index, floats greedily.
    const EXACT: bool;
    const ZERO: Self;
    const ONE: Self;
    fn from_q(value: &Q) -> Self;
    /// The sign; over floats 0 within the tolerance.
    fn sign(&self) -> i32;
    /// A rough size, to compare candidates over floats.
    fn size(&self) -> f64;
    fn add_mul(&mut self, left: &Self, right: &Self);
    fn sub(&self, other: &Self) -> Self;
    fn mul(&self, other: &Self) -> Self;
    /// The divisor has a nonzero sign.
    fn div(&self, other: &Self) -> Self;
    fn neg(&self) -> Self;
}

/// Floats this close to 0 count as 0.
const TOLERANCE: f64 = 1e-9;

impl Cell for f64 {
    const EXACT: bool = false;
    const ZERO: f64 = 0.0;
    const ONE: f64 = 1.0;
    fn from_q(value: &Q) -> f64 {
        value.to_f64()
    }
    #[inline]
    fn sign(&self) -> i32 {
        i32::from(*self > TOLERANCE) - i32::from(*self < -TOLERANCE)
    }
    #[inline]
    fn size(&self) -> f64 {
        self.abs()
    }
    #[inline]
    fn add_mul(&mut self, left: &f64, right: &f64) {
        *self += left * right;
        // Rounding dust would grow into false pivots.
        if self.abs() < 1e-12 {
            *self = 0.0;
        }
    }
    #[inline]
    fn sub(&self, other: &f64) -> f64 {
        self - other
    }
    #[inline]
    fn mul(&self, other: &f64) -> f64 {
        self * other
    }
    #[inline]
    fn div(&self, other: &f64) -> f64 {
        self / other
    }
    #[inline]
    fn neg(&self) -> f64 {
        -self
    }
}

impl Cell for Q {
    const EXACT: bool = true;
    const ZERO: Q = Q::ZERO;
    const ONE: Q = Q::ONE;
    fn from_q(value: &Q) -> Q {
        value.clone()
    }
    #[inline]
    fn sign(&self) -> i32 {
        self.signum()
    }
    fn size(&self) -> f64 {
        1.0
    }
    #[inline]
    fn add_mul(&mut self, left: &Q, right: &Q) {
        if !left.is_zero() && !right.is_zero() {
            *self += left * right;
        }
    }
    #[inline]
    fn sub(&self, other: &Q) -> Q {
        self - other
    }
    #[inline]
    fn mul(&self, other: &Q) -> Q {
        self * other
    }
    #[inline]
    fn div(&self, other: &Q) -> Q {
        self / other
    }
    #[inline]
    fn neg(&self) -> Q {
        -self
    }
}
