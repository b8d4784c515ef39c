//! `Q` from and to machine numbers.
//!
//! The one idea: every finite float is a fraction over a power of two, so coming in is exact, and
//! going out is rounded once: to nearest, down, or up.

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use super::{Q, Repr};

/// Integers up to this size are floats exactly.
const EXACT_FLOAT: u64 = 1 << 53;

impl From<i64> for Q {
    #[inline]
    fn from(value: i64) -> Q {
        Q::from_reduced(i128::from(value), 1)
    }
}

impl From<i32> for Q {
    #[inline]
    fn from(value: i32) -> Q {
        Q::small(i64::from(value), 1)
    }
}

impl Q {
    /// The exact value of a finite float, a fraction over a power of two; `None` for infinities
    /// and NaN. Both zeros give 0.
    pub fn from_f64(value: f64) -> Option<Q> {
        if !value.is_finite() {
            return None;
        }
        if value == 0.0 {
            return Some(Q::ZERO);
        }
        let bits = value.to_bits();
        let field = ((bits >> 52) & 0x7ff) as i32;
        let fraction = bits & ((1 << 52) - 1);
        let (mut mantissa, mut exponent) =
            if field == 0 { (fraction, -1074) } else { (fraction | (1 << 52), field - 1075) };
        let zeros = mantissa.trailing_zeros();
        mantissa >>= zeros;
        exponent += zeros as i32;
        let signed = if value < 0.0 { -(mantissa as i64) } else { mantissa as i64 };
        if (-62..=0).contains(&exponent) {
            return Some(Q::small(signed, 1 << -exponent));
        }
        if exponent > 0 {
            let shifted = IBig::from(signed) << exponent as usize;
            return Some(Q::from_rbig(RBig::from(shifted)));
        }
        let power = UBig::ONE << (-exponent) as usize;
        Some(Q::from_rbig(RBig::from_parts(IBig::from(signed), power)))
    }

    /// The nearest float, ties to even; infinite when the number is beyond the largest float.
    pub fn to_f64(&self) -> f64 {
        if let Repr::Small(n, d) = &self.0 {
            let den = d.get() as u64;
            // One rounding in all: either in the division of two exact floats, or in converting
            // the numerator, since dividing by a power of two is then exact.
            if (n.unsigned_abs() <= EXACT_FLOAT && den <= EXACT_FLOAT) || den.is_power_of_two() {
                return *n as f64 / den as f64;
            }
        }
        self.to_rbig().to_f64().value()
    }

    /// The largest float not above the number (negative infinity below all floats).
    pub fn to_f64_down(&self) -> f64 {
        let nearest = self.to_f64();
        match Q::from_f64(nearest) {
            Some(exact) if exact > *self => nearest.next_down(),
            Some(_) => nearest,
            None if nearest > 0.0 => f64::MAX,
            None => nearest,
        }
    }

    /// The smallest float not below the number (infinity above all floats).
    pub fn to_f64_up(&self) -> f64 {
        -(-self).to_f64_down()
    }
}
