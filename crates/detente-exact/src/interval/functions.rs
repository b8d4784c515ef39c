//! Powers, roots, exponentials and logarithms of intervals.
//!
//! The one idea: each function here is monotone on pieces, so its range is spanned by bounds at
//! the ends. `libm` computes exponential, logarithm and power as in FreeBSD's msun, whose authors
//! bound the error below one unit in the last place (0.7 for power); two units outward cover it,
//! and one rounding in the subnormal range besides.

use super::Interval;
use super::round::{div_down, div_up, mul_down, mul_up, sqrt_down, sqrt_up};

/// Two floats below: the guard under a `libm` result.
#[inline]
fn guard_down(value: f64) -> f64 {
    value.next_down().next_down()
}

/// Two floats above: the guard over a `libm` result.
#[inline]
fn guard_up(value: f64) -> f64 {
    value.next_up().next_up()
}

/// A bound below `base^exponent` for a base that is not negative, by repeated squaring.
fn power_down(base: f64, exponent: u32) -> f64 {
    power_by(base, exponent, mul_down)
}

/// A bound above `base^exponent` for a base that is not negative, by repeated squaring.
fn power_up(base: f64, exponent: u32) -> f64 {
    power_by(base, exponent, mul_up)
}

fn power_by(mut base: f64, mut exponent: u32, mul: fn(f64, f64) -> f64) -> f64 {
    let mut result = 1.0;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = mul(result, base);
        }
        exponent >>= 1;
        if exponent > 0 {
            base = mul(base, base);
        }
    }
    result
}

impl Interval {
    /// The integer powers; `None` for a negative power of an interval that holds 0.
    pub fn pow(self, exponent: i32) -> Option<Interval> {
        let times = exponent.unsigned_abs();
        let positive = if times == 0 {
            Interval::ONE
        } else if times.is_multiple_of(2) {
            let size = self.abs();
            Interval { lo: power_down(size.lo, times), hi: power_up(size.hi, times) }
        } else {
            Interval { lo: odd_power_down(self.lo, times), hi: 0.0 - odd_power_down(-self.hi, times) }
        };
        if exponent >= 0 {
            return Some(positive);
        }
        if self.contains(0.0) {
            return None;
        }
        match Interval::ONE.checked_div(positive) {
            Some(inverse) => Some(inverse),
            // The power underflowed to an interval that touches 0: bound the far side only.
            None => Some(underflowed_inverse(positive)),
        }
    }

    /// The square roots; `None` if a number inside is negative.
    pub fn sqrt(self) -> Option<Interval> {
        (self.lo >= 0.0).then(|| Interval { lo: sqrt_down(self.lo), hi: sqrt_up(self.hi) })
    }

    /// The exponentials.
    pub fn exp(self) -> Interval {
        let lo = if self.lo == 0.0 { 1.0 } else { guard_down(libm::exp(self.lo)).max(0.0) };
        let hi = if self.hi == 0.0 { 1.0 } else { guard_up(libm::exp(self.hi)) };
        Interval { lo, hi }
    }

    /// The natural logarithms; `None` if a number inside is not positive.
    pub fn ln(self) -> Option<Interval> {
        if self.lo <= 0.0 {
            return None;
        }
        let lo = if self.lo == 1.0 { 0.0 } else { guard_down(libm::log(self.lo)) };
        let hi = if self.hi == 1.0 { 0.0 } else { guard_up(libm::log(self.hi)) };
        Some(Interval { lo, hi })
    }

    /// The real powers. `None` where a power is undefined: a negative base with an exponent that
    /// is not a single integer, or 0 with an exponent that may be negative or 0.
    pub fn powf(self, exponent: Interval) -> Option<Interval> {
        if exponent.is_point() && exponent.lo == exponent.lo.trunc() && exponent.lo.abs() < 1e9 {
            return self.pow(exponent.lo as i32);
        }
        if self.lo < 0.0 || (self.lo == 0.0 && exponent.lo <= 0.0) {
            return None;
        }
        // Monotone in each argument, so the extremes are at corners.
        let mut range: Option<Interval> = None;
        for base in [self.lo, self.hi] {
            for power in [exponent.lo, exponent.hi] {
                let corner = power_corner(base, power);
                range = Some(range.map_or(corner, |so_far| so_far.hull(corner)));
            }
        }
        range
    }
}

/// A bound below an odd power.
fn odd_power_down(base: f64, times: u32) -> f64 {
    if base >= 0.0 { power_down(base, times) } else { 0.0 - power_up(-base, times) }
}

/// The reciprocals of an interval that touches 0 only by rounding.
fn underflowed_inverse(power: Interval) -> Interval {
    if power.hi > 0.0 {
        Interval { lo: div_down(1.0, power.hi), hi: f64::INFINITY }
    } else if power.lo < 0.0 {
        Interval { lo: f64::NEG_INFINITY, hi: div_up(1.0, power.lo) }
    } else {
        Interval::ENTIRE
    }
}

/// One corner of the range of powers; the base is not negative.
fn power_corner(base: f64, power: f64) -> Interval {
    let value = libm::pow(base, power);
    if value.is_nan() {
        // 1 to an unbounded power, and the like: every power of it is at least 0.
        return Interval { lo: 0.0, hi: f64::INFINITY };
    }
    if base == 0.0 || base == 1.0 || power == 0.0 {
        return Interval { lo: value.min(f64::MAX), hi: value };
    }
    Interval { lo: guard_down(value).max(0.0), hi: guard_up(value) }
}
