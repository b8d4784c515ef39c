//! A number that may vary: one exact rational, or two exact ends.
//!
//! Over a continuum of equilibria an answer is a range. Ends are rationals, so
//! that a comparison is decided exactly; long fractions are rounded outward.

use detente_exact::{Interval, Q};
use detente_game::solution::Num;
use std::cmp::Ordering;

/// Fractions longer than this many bits are rounded outward where a range allows it.
const MAX_BITS: usize = 2048;

/// One exact number, or a closed range that is sure to hold it.
#[derive(Clone, Debug, PartialEq)]
pub enum Range {
    Point(Q),
    Between(Q, Q),
}

impl Range {
    /// The number zero.
    pub const ZERO: Range = Range::Point(Q::ZERO);

    /// Returns the range with these ends, in ascending order.
    pub fn new(low: Q, high: Q) -> Range {
        match low.cmp(&high) {
            Ordering::Equal => Range::Point(low),
            Ordering::Less => Range::Between(low, high).rounded(),
            Ordering::Greater => Range::Between(high, low).rounded(),
        }
    }

    /// Returns what is known of a computed number.
    pub fn of(number: &Num) -> Range {
        if let Some(q) = &number.exact {
            return Range::Point(q.clone());
        }
        let value = Q::from_f64(number.value).unwrap_or(Q::ZERO);
        let radius = Q::from_f64(number.radius.unwrap_or(0.0)).unwrap_or(Q::ZERO);
        Range::new(&value - &radius, &value + &radius)
    }

    /// The lower end.
    pub fn low(&self) -> &Q {
        match self {
            Range::Point(q) | Range::Between(q, _) => q,
        }
    }

    /// The upper end.
    pub fn high(&self) -> &Q {
        match self {
            Range::Point(q) | Range::Between(_, q) => q,
        }
    }

    /// Returns the number, if there is only one.
    pub fn point(&self) -> Option<&Q> {
        match self {
            Range::Point(q) => Some(q),
            Range::Between(..) => None,
        }
    }

    /// Whether this is surely zero.
    pub fn is_zero(&self) -> bool {
        matches!(self, Range::Point(q) if q.is_zero())
    }

    /// Whether zero lies inside.
    pub fn may_be_zero(&self) -> bool {
        !self.low().is_positive() && !self.high().is_negative()
    }

    /// The middle, as a float for statistics and pictures.
    pub fn middle(&self) -> f64 {
        (self.low().to_f64() + self.high().to_f64()) / 2.0
    }

    /// Returns how this compares with zero, if every number inside agrees.
    pub fn sign(&self) -> Option<Ordering> {
        match self {
            Range::Point(q) => Some(q.cmp(&Q::ZERO)),
            Range::Between(low, _) if low.is_positive() => Some(Ordering::Greater),
            Range::Between(_, high) if high.is_negative() => Some(Ordering::Less),
            Range::Between(..) => None,
        }
    }

    /// Sum.
    pub fn plus(&self, other: &Range) -> Range {
        match (self, other) {
            (Range::Point(a), Range::Point(b)) => Range::Point(a + b),
            _ => Range::new(self.low() + other.low(), self.high() + other.high()),
        }
    }

    /// The negative.
    pub fn negative(&self) -> Range {
        match self {
            Range::Point(q) => Range::Point(-q),
            Range::Between(a, b) => Range::Between(-b, -a),
        }
    }

    /// Difference, as if the two varied freely.
    pub fn minus(&self, other: &Range) -> Range {
        self.plus(&other.negative())
    }

    /// Product.
    pub fn times(&self, other: &Range) -> Range {
        if let (Range::Point(a), Range::Point(b)) = (self, other) {
            return Range::Point(a * b);
        }
        let ends = [
            self.low() * other.low(),
            self.low() * other.high(),
            self.high() * other.low(),
            self.high() * other.high(),
        ];
        let [a, b, c, d] = ends;
        let low = a.clone().min(b.clone()).min(c.clone()).min(d.clone());
        Range::new(low, a.max(b).max(c).max(d))
    }

    /// Quotient; `None` where the divisor may be zero.
    pub fn over(&self, divisor: &Range) -> Option<Range> {
        if divisor.may_be_zero() {
            return None;
        }
        let inverse = match divisor {
            Range::Point(q) => Range::Point(q.recip()),
            Range::Between(a, b) => Range::new(b.recip(), a.recip()),
        };
        Some(self.times(&inverse))
    }

    /// The smallest range that holds both.
    pub fn hull(&self, other: &Range) -> Range {
        let low = self.low().min(other.low()).clone();
        let high = self.high().max(other.high()).clone();
        Range::new(low, high)
    }

    /// What two enclosures of the same number leave.
    pub fn both(&self, other: &Range) -> Range {
        let low = self.low().max(other.low()).clone();
        let high = self.high().min(other.high()).clone();
        // Two sound enclosures always meet; keep the first if rounding says otherwise.
        if low <= high { Range::new(low, high) } else { self.clone() }
    }

    /// The larger.
    pub fn larger(&self, other: &Range) -> Range {
        Range::new(self.low().max(other.low()).clone(), self.high().max(other.high()).clone())
    }

    /// The smaller.
    pub fn smaller(&self, other: &Range) -> Range {
        Range::new(self.low().min(other.low()).clone(), self.high().min(other.high()).clone())
    }

    /// Absolute value.
    pub fn absolute(&self) -> Range {
        match self.sign() {
            Some(Ordering::Less) => self.negative(),
            Some(_) => self.clone(),
            None => Range::new(Q::ZERO, self.high().clone().max(-self.low())),
        }
    }

    /// Applies a function known on enclosing floats; `None` where it has no value.
    pub fn through(&self, f: impl Fn(Interval) -> Option<Interval>) -> Option<Range> {
        let image = f(Interval::between(self.low(), self.high()))?;
        Some(Range::new(Q::from_f64(image.lo())?, Q::from_f64(image.hi())?))
    }

    /// The number as printed: the ends, or one number with a radius where they nearly meet.
    pub fn ends(&self) -> (Num, Num) {
        match self {
            Range::Point(q) => (Num::exact(q.clone()), Num::exact(q.clone())),
            Range::Between(a, b) => {
                let (low, high) = (a.to_f64_down(), b.to_f64_up());
                let radius = (high - low) / 2.0 * (1.0 + 1e-12) + f64::MIN_POSITIVE;
                if radius <= 1e-9 {
                    let number = Num::within(low + (high - low) / 2.0, radius);
                    (number.clone(), number)
                } else {
                    (Num::exact(a.clone()), Num::exact(b.clone()))
                }
            }
        }
    }

    fn rounded(self) -> Range {
        match self {
            Range::Between(a, b) if a.bits() > MAX_BITS || b.bits() > MAX_BITS => {
                match (Q::from_f64(a.to_f64_down()), Q::from_f64(b.to_f64_up())) {
                    (Some(low), Some(high)) => Range::Between(low, high),
                    _ => Range::Between(a, b),
                }
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(a: i64, b: i64) -> Q {
        Q::new(a, b)
    }

    #[test]
    fn ranges_enclose_and_points_stay_exact() {
        let third = Range::Point(q(1, 3));
        assert_eq!(third.times(&Range::Point(q(3, 1))), Range::Point(Q::ONE));
        let r = Range::new(q(-1, 2), q(1, 4));
        assert_eq!(r.times(&r), Range::new(q(-1, 8), q(1, 4)));
        assert_eq!(r.sign(), None);
        assert_eq!(third.over(&r), None);
        assert_eq!(third.over(&Range::new(q(1, 2), Q::ONE)), Some(Range::new(q(1, 3), q(2, 3))));
        assert_eq!(r.absolute(), Range::new(Q::ZERO, q(1, 2)));
    }

    #[test]
    fn an_enclosed_irrational_number_prints_as_one_number() {
        let r = Range::of(&Num::within(0.5, 1e-10));
        let (low, high) = r.ends();
        assert_eq!(low, high);
        assert!(low.exact.is_none() && low.radius.unwrap() >= 1e-10);
    }
}
