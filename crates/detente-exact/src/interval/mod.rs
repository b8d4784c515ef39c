//! `Interval`, a set of reals between two floats that is sure to hold the true result.
//!
//! The one idea: every operation rounds its lower end down and its upper end up, by no more than
//! needed, so a sign read off an interval is a proof.

mod functions;
mod round;

use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

use crate::Q;
use round::{add_down, add_up, div_down, mul_down, mul_up};

/// All reals `x` with `lo <= x <= hi`. Never empty, never NaN; an end may be infinite and then
/// stands for "no bound on this side".
#[derive(Clone, Copy, PartialEq)]
pub struct Interval {
    lo: f64,
    hi: f64,
}

impl Interval {
    /// The single number 0.
    pub const ZERO: Interval = Interval { lo: 0.0, hi: 0.0 };
    /// The single number 1.
    pub const ONE: Interval = Interval { lo: 1.0, hi: 1.0 };
    /// All reals.
    pub const ENTIRE: Interval = Interval { lo: f64::NEG_INFINITY, hi: f64::INFINITY };

    /// The interval from `lo` to `hi`; `None` if it would hold no real number.
    pub fn new(lo: f64, hi: f64) -> Option<Interval> {
        (lo <= hi && lo < f64::INFINITY && hi > f64::NEG_INFINITY)
            .then_some(Interval { lo: lo + 0.0, hi: hi + 0.0 })
    }

    /// The single number `value`; `None` unless it is finite.
    pub fn point(value: f64) -> Option<Interval> {
        Interval::new(value, value)
    }

    /// The smallest interval around an exact number.
    pub fn from_q(value: &Q) -> Interval {
        Interval { lo: value.to_f64_down(), hi: value.to_f64_up() }
    }

    /// The smallest interval around two exact numbers, in either order.
    pub fn between(one: &Q, other: &Q) -> Interval {
        Interval::from_q(one).hull(Interval::from_q(other))
    }

    /// The lower end.
    #[inline]
    pub fn lo(self) -> f64 {
        self.lo
    }

    /// The upper end.
    #[inline]
    pub fn hi(self) -> f64 {
        self.hi
    }

    /// Whether the interval is a single number.
    #[inline]
    pub fn is_point(self) -> bool {
        self.lo == self.hi
    }

    /// Whether the float lies inside.
    #[inline]
    pub fn contains(self, value: f64) -> bool {
        self.lo <= value && value <= self.hi
    }

    /// Whether the exact number lies inside.
    pub fn contains_q(self, value: &Q) -> bool {
        let above = Q::from_f64(self.lo).is_none_or(|lo| lo <= *value);
        let below = Q::from_f64(self.hi).is_none_or(|hi| *value <= hi);
        above && below
    }

    /// Whether every number of `self` lies in `other`.
    #[inline]
    pub fn is_subset(self, other: Interval) -> bool {
        other.lo <= self.lo && self.hi <= other.hi
    }

    /// Whether every number of `self` lies in `other` and off its ends.
    #[inline]
    pub fn is_interior(self, other: Interval) -> bool {
        (other.lo < self.lo || other.lo == f64::NEG_INFINITY)
            && (self.hi < other.hi || other.hi == f64::INFINITY)
    }

    /// The smallest interval that holds both.
    #[inline]
    pub fn hull(self, other: Interval) -> Interval {
        Interval { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    /// The numbers in both, or `None` if there are none.
    #[inline]
    pub fn intersect(self, other: Interval) -> Option<Interval> {
        Interval::new(self.lo.max(other.lo), self.hi.min(other.hi))
    }

    /// An upper bound of `hi - lo`.
    #[inline]
    pub fn width(self) -> f64 {
        add_up(self.hi, -self.lo)
    }

    /// A float inside, near the middle; finite even if an end is not.
    pub fn mid(self) -> f64 {
        match (self.lo.is_finite(), self.hi.is_finite()) {
            (true, true) => (self.lo / 2.0 + self.hi / 2.0).clamp(self.lo, self.hi),
            (true, false) => self.lo.max(0.0),
            (false, true) => self.hi.min(0.0),
            (false, false) => 0.0,
        }
    }

    /// The largest distance from 0.
    #[inline]
    pub fn magnitude(self) -> f64 {
        self.lo.abs().max(self.hi.abs())
    }

    /// The sign shared by all numbers inside: -1, 0 or 1, or `None` if they differ.
    #[inline]
    pub fn sign(self) -> Option<i32> {
        if self.lo > 0.0 {
            Some(1)
        } else if self.hi < 0.0 {
            Some(-1)
        } else if self.lo == 0.0 && self.hi == 0.0 {
            Some(0)
        } else {
            None
        }
    }

    /// The distances from 0 of the numbers inside.
    pub fn abs(self) -> Interval {
        if self.lo >= 0.0 {
            self
        } else if self.hi <= 0.0 {
            -self
        } else {
            Interval { lo: 0.0, hi: self.magnitude() }
        }
    }

    /// The smaller of a number here and a number there.
    pub fn min(self, other: Interval) -> Interval {
        Interval { lo: self.lo.min(other.lo), hi: self.hi.min(other.hi) }
    }

    /// The larger of a number here and a number there.
    pub fn max(self, other: Interval) -> Interval {
        Interval { lo: self.lo.max(other.lo), hi: self.hi.max(other.hi) }
    }

    /// The quotients, or `None` if the divisor holds 0.
    pub fn checked_div(self, divisor: Interval) -> Option<Interval> {
        if divisor.contains(0.0) {
            return None;
        }
        // Dividing by a negative divisor is dividing the negation by a positive one.
        let (num, den) = if divisor.hi < 0.0 { (-self, -divisor) } else { (self, divisor) };
        // With a positive divisor, each end moves outward with the divisor that suits its sign.
        let low_by = if num.lo >= 0.0 { den.hi } else { den.lo };
        let high_by = if num.hi >= 0.0 { den.lo } else { den.hi };
        Some(Interval { lo: div_down_bound(num.lo, low_by), hi: 0.0 - div_down_bound(-num.hi, high_by) })
    }
}

/// `div_down` where an infinite numerator means "no bound".
#[inline]
fn div_down_bound(num: f64, den: f64) -> f64 {
    if num == f64::NEG_INFINITY { num } else { div_down(num, den) }
}

impl Neg for Interval {
    type Output = Interval;
    #[inline]
    fn neg(self) -> Interval {
        Interval { lo: 0.0 - self.hi, hi: 0.0 - self.lo }
    }
}

impl Add for Interval {
    type Output = Interval;
    #[inline]
    fn add(self, other: Interval) -> Interval {
        Interval { lo: add_down(self.lo, other.lo), hi: add_up(self.hi, other.hi) }
    }
}

impl Sub for Interval {
    type Output = Interval;
    #[inline]
    fn sub(self, other: Interval) -> Interval {
        self + -other
    }
}

impl Mul for Interval {
    type Output = Interval;
    #[inline]
    fn mul(self, other: Interval) -> Interval {
        let (a, b) = (self, other);
        // Which ends make the lowest and the highest product follows from signs, unless both hold 0 inside.
        let (low, high) = if a.lo >= 0.0 {
            let low = if b.lo >= 0.0 { a.lo } else { a.hi };
            let high = if b.hi >= 0.0 { a.hi } else { a.lo };
            ((low, b.lo), (high, b.hi))
        } else if a.hi <= 0.0 {
            let low = if b.hi >= 0.0 { a.lo } else { a.hi };
            let high = if b.lo >= 0.0 { a.hi } else { a.lo };
            ((low, b.hi), (high, b.lo))
        } else if b.lo >= 0.0 {
            ((a.lo, b.hi), (a.hi, b.hi))
        } else if b.hi <= 0.0 {
            ((a.hi, b.lo), (a.lo, b.lo))
        } else {
            return Interval {
                lo: mul_down(a.lo, b.hi).min(mul_down(a.hi, b.lo)),
                hi: mul_up(a.lo, b.lo).max(mul_up(a.hi, b.hi)),
            };
        };
        Interval { lo: mul_down(low.0, low.1), hi: mul_up(high.0, high.1) }
    }
}

impl std::ops::Div for Interval {
    type Output = Interval;
    /// All reals if the divisor holds 0; see [`Interval::checked_div`].
    #[inline]
    fn div(self, divisor: Interval) -> Interval {
        self.checked_div(divisor).unwrap_or(Interval::ENTIRE)
    }
}

impl From<&Q> for Interval {
    fn from(value: &Q) -> Interval {
        Interval::from_q(value)
    }
}

impl From<i32> for Interval {
    fn from(value: i32) -> Interval {
        let value = f64::from(value);
        Interval { lo: value, hi: value }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[{}, {}]", self.lo, self.hi)
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[{:?}, {:?}]", self.lo, self.hi)
    }
}
