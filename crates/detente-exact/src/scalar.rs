//! `Scalar`, the few operations a payoff or probability needs, over floats, intervals or `Q`.
//!
//! The one idea: one expression, three readings. Over `f64` it is fast and approximate, over
//! [`Interval`] it bounds the truth, over [`Q`] it is the truth or, where no rational is, nothing.

use crate::{Interval, Q};

/// A number type expressions can be evaluated over.
///
/// Operations that are not defined everywhere return `None` where they are not. Over intervals
/// that means: not defined for every number of the interval.
pub trait Scalar: Clone + PartialEq + std::fmt::Debug {
    /// The number 0.
    fn zero() -> Self;
    /// The number 1.
    fn one() -> Self;
    /// The nearest representation (`f64`), an enclosure (`Interval`), or the number itself.
    fn from_q(value: &Q) -> Self;
    /// `self + other`.
    fn add(&self, other: &Self) -> Self;
    /// `self - other`.
    fn sub(&self, other: &Self) -> Self;
    /// `self · other`.
    fn mul(&self, other: &Self) -> Self;
    /// `self / other`; `None` when the divisor is, or may be, 0.
    fn div(&self, other: &Self) -> Option<Self>;
    /// `-self`.
    fn neg(&self) -> Self;
    /// The distance from 0.
    fn abs(&self) -> Self;
    /// The smaller of two.
    fn min(&self, other: &Self) -> Self;
    /// The larger of two.
    fn max(&self, other: &Self) -> Self;
    /// The sign (-1, 0, 1) if it is certain. A float's sign is taken at face value; only that of
    /// an interval or an exact number proves anything.
    fn sign_certain(&self) -> Option<i32>;
    /// The exponential; over `Q` only of 0.
    fn exp(&self) -> Option<Self>;
    /// The natural logarithm; over `Q` only of 1.
    fn ln(&self) -> Option<Self>;
    /// The square root; over `Q` only of squares.
    fn sqrt(&self) -> Option<Self>;
    /// `self` to the power `exponent`; over `Q` only where the result is rational.
    fn powf(&self, exponent: &Self) -> Option<Self>;
    /// `self` to an integer power; `None` for a negative power of 0.
    fn powi(&self, exponent: i32) -> Option<Self>;
}

/// A float result, unless it is NaN or infinite: a result that left the floats is no number.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

impl Scalar for f64 {
    fn zero() -> f64 {
        0.0
    }
    fn one() -> f64 {
        1.0
    }
    fn from_q(value: &Q) -> f64 {
        value.to_f64()
    }
    fn add(&self, other: &f64) -> f64 {
        self + other
    }
    fn sub(&self, other: &f64) -> f64 {
        self - other
    }
    fn mul(&self, other: &f64) -> f64 {
        self * other
    }
    fn div(&self, other: &f64) -> Option<f64> {
        finite(self / other)
    }
    fn neg(&self) -> f64 {
        -self
    }
    fn abs(&self) -> f64 {
        f64::abs(*self)
    }
    fn min(&self, other: &f64) -> f64 {
        f64::min(*self, *other)
    }
    fn max(&self, other: &f64) -> f64 {
        f64::max(*self, *other)
    }
    fn sign_certain(&self) -> Option<i32> {
        if self.is_nan() {
            None
        } else if *self > 0.0 {
            Some(1)
        } else if *self < 0.0 {
            Some(-1)
        } else {
            Some(0)
        }
    }
    fn exp(&self) -> Option<f64> {
        finite(libm::exp(*self))
    }
    fn ln(&self) -> Option<f64> {
        finite(libm::log(*self))
    }
    fn sqrt(&self) -> Option<f64> {
        finite(f64::sqrt(*self))
    }
    fn powf(&self, exponent: &f64) -> Option<f64> {
        finite(libm::pow(*self, *exponent))
    }
    fn powi(&self, exponent: i32) -> Option<f64> {
        finite(libm::pow(*self, f64::from(exponent)))
    }
}

impl Scalar for Interval {
    fn zero() -> Interval {
        Interval::ZERO
    }
    fn one() -> Interval {
        Interval::ONE
    }
    fn from_q(value: &Q) -> Interval {
        Interval::from_q(value)
    }
    fn add(&self, other: &Interval) -> Interval {
        *self + *other
    }
    fn sub(&self, other: &Interval) -> Interval {
        *self - *other
    }
    fn mul(&self, other: &Interval) -> Interval {
        *self * *other
    }
    fn div(&self, other: &Interval) -> Option<Interval> {
        self.checked_div(*other)
    }
    fn neg(&self) -> Interval {
        -*self
    }
    fn abs(&self) -> Interval {
        Interval::abs(*self)
    }
    fn min(&self, other: &Interval) -> Interval {
        Interval::min(*self, *other)
    }
    fn max(&self, other: &Interval) -> Interval {
        Interval::max(*self, *other)
    }
    fn sign_certain(&self) -> Option<i32> {
        self.sign()
    }
    fn exp(&self) -> Option<Interval> {
        Some(Interval::exp(*self))
    }
    fn ln(&self) -> Option<Interval> {
        Interval::ln(*self)
    }
    fn sqrt(&self) -> Option<Interval> {
        Interval::sqrt(*self)
    }
    fn powf(&self, exponent: &Interval) -> Option<Interval> {
        Interval::powf(*self, *exponent)
    }
    fn powi(&self, exponent: i32) -> Option<Interval> {
        Interval::pow(*self, exponent)
    }
}

impl Scalar for Q {
    fn zero() -> Q {
        Q::ZERO
    }
    fn one() -> Q {
        Q::ONE
    }
    fn from_q(value: &Q) -> Q {
        value.clone()
    }
    fn add(&self, other: &Q) -> Q {
        self + other
    }
    fn sub(&self, other: &Q) -> Q {
        self - other
    }
    fn mul(&self, other: &Q) -> Q {
        self * other
    }
    fn div(&self, other: &Q) -> Option<Q> {
        self.checked_div(other)
    }
    fn neg(&self) -> Q {
        -self
    }
    fn abs(&self) -> Q {
        Q::abs(self)
    }
    fn min(&self, other: &Q) -> Q {
        Ord::min(self, other).clone()
    }
    fn max(&self, other: &Q) -> Q {
        Ord::max(self, other).clone()
    }
    fn sign_certain(&self) -> Option<i32> {
        Some(self.signum())
    }
    /// Rational only at 0 (Lindemann 1882).
    fn exp(&self) -> Option<Q> {
        self.is_zero().then_some(Q::ONE)
    }
    /// Rational only at 1 (Lindemann 1882).
    fn ln(&self) -> Option<Q> {
        self.is_one().then_some(Q::ZERO)
    }
    fn sqrt(&self) -> Option<Q> {
        self.exact_sqrt()
    }
    fn powf(&self, exponent: &Q) -> Option<Q> {
        if self.is_one() {
            return Some(Q::ONE);
        }
        if self.is_zero() && exponent.is_positive() {
            return Some(Q::ZERO);
        }
        let times = i32::try_from(exponent.numerator().to_i64()?).ok()?;
        let degree = u32::try_from(exponent.denominator().to_i64()?).ok()?;
        Scalar::powi(&self.exact_root(degree)?, times)
    }
    /// `None` also for powers too large to hold (beyond a million bits).
    fn powi(&self, exponent: i32) -> Option<Q> {
        const LARGEST: u64 = 1 << 20;
        let bits = self.bits() as u64 * u64::from(exponent.unsigned_abs());
        let trivial = self.is_zero() || Q::abs(self).is_one();
        if bits > LARGEST && !trivial {
            return None;
        }
        self.checked_pow(exponent)
    }
}
