//! What the logit equations need from a number, so that floats trace and intervals prove.

use detente_exact::{Interval, Q};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A float, or an interval that is sure to hold the true number.
pub trait Real:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    const ZERO: Self;
    const ONE: Self;
    /// The nearest representation, or an enclosure.
    fn of(value: &Q) -> Self;
    /// A float that is meant exactly.
    fn point(value: f64) -> Self;
    fn exp(self) -> Self;
    /// The natural logarithm of a positive number.
    fn ln(self) -> Self;
    /// A float near the number.
    fn mid(self) -> f64;
    /// Whether the number is exactly 0.
    fn is_zero(self) -> bool;
}

impl Real for f64 {
    const ZERO: f64 = 0.0;
    const ONE: f64 = 1.0;
    fn of(value: &Q) -> f64 {
        value.to_f64()
    }
    fn point(value: f64) -> f64 {
        value
    }
    fn exp(self) -> f64 {
        libm::exp(self)
    }
    fn ln(self) -> f64 {
        libm::log(self)
    }
    fn mid(self) -> f64 {
        self
    }
    fn is_zero(self) -> bool {
        self == 0.0
    }
}

impl Real for Interval {
    const ZERO: Interval = Interval::ZERO;
    const ONE: Interval = Interval::ONE;
    fn of(value: &Q) -> Interval {
        Interval::from_q(value)
    }
    fn point(value: f64) -> Interval {
        Interval::point(value).unwrap_or(Interval::ENTIRE)
    }
    fn exp(self) -> Interval {
        Interval::exp(self)
    }
    fn ln(self) -> Interval {
        Interval::ln(self).unwrap_or(Interval::ENTIRE)
    }
    fn mid(self) -> f64 {
        Interval::mid(self)
    }
    fn is_zero(self) -> bool {
        self.lo() == 0.0 && self.hi() == 0.0
    }
}

/// Logarithms of the shares `exp(y) / sum of exp(y)`, without overflow.
pub fn log_shares<R: Real>(y: &[R]) -> Vec<R> {
    let log = |a: usize| {
        let gap = |b: usize| if a == b { R::ZERO } else { y[b] - y[a] };
        let top = (0..y.len()).map(|b| gap(b).mid()).fold(0.0, f64::max);
        let sum = (0..y.len()).fold(R::ZERO, |s, b| s + (gap(b) - R::point(top)).exp());
        -(R::point(top) + sum.ln())
    };
    (0..y.len()).map(log).collect()
}
