//! Sums of floats without any rounding until the end, so the order of adding does not matter.
//!
//! A finite `f64` is an integer times 2^-1074, and so is a sum of them. The sum is kept as that
//! integer in digits of 32 bits. After R. M. Neal, "Fast exact summation using small and large
//! superaccumulators" (2015). The digits are balanced (from -2^31 to 2^31 - 1), which makes the
//! form unique: equal sums are equal bits.

use serde::{Deserialize, Serialize};

/// Digits for 2^-1074 to 2^1024 and 2^63 summands.
const DIGITS: usize = 68;
const BASE: i64 = 1 << 32;
const HALF: i64 = 1 << 31;

/// An exact sum of finite floats; others are counted and left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct ExactSum {
    /// Balanced digits, the lowest first, without the zeros at the top.
    digits: Vec<i64>,
    count: u64,
    refused: u64,
}

/// A sum as it stands in a file, which anybody may have changed.
#[derive(Deserialize)]
struct Written {
    digits: Vec<i64>,
    count: u64,
    refused: u64,
}

impl TryFrom<Written> for ExactSum {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<ExactSum, &'static str> {
        let Written { digits, count, refused } = written;
        let balanced = digits.iter().all(|d| (-HALF..HALF).contains(d));
        if digits.len() > DIGITS || !balanced || digits.last() == Some(&0) {
            return Err("these are not the digits of a sum; compute the shard again");
        }
        Ok(ExactSum { digits, count, refused })
    }
}

impl Default for ExactSum {
    fn default() -> ExactSum {
        ExactSum::new()
    }
}

impl ExactSum {
    /// Returns the empty sum.
    pub fn new() -> ExactSum {
        ExactSum { digits: Vec::new(), count: 0, refused: 0 }
    }

    /// Adds one number. Infinities and NaN are only counted, see [`ExactSum::refused`].
    pub fn add(&mut self, x: f64) {
        if !x.is_finite() {
            self.refused += 1;
            return;
        }
        self.count += 1;
        let bits = x.to_bits();
        let exponent = (bits >> 52 & 0x7FF) as usize;
        let fraction = bits & ((1 << 52) - 1);
        // A subnormal has no leading one and the exponent of the smallest normal number.
        let (mantissa, shift) =
            if exponent == 0 { (fraction, 0) } else { (fraction | 1 << 52, exponent - 1) };
        let wide = u128::from(mantissa) << (shift % 32);
        let sign = if x < 0.0 { -1 } else { 1 };
        for part in 0..3 {
            let digit = (wide >> (32 * part)) as u32;
            self.add_digit(shift / 32 + part, sign * i64::from(digit));
        }
        self.trim();
    }

    /// Adds all that another sum holds.
    pub fn merge(&mut self, other: &ExactSum) {
        for (place, &digit) in other.digits.iter().enumerate() {
            self.add_digit(place, digit);
        }
        self.trim();
        self.count = self.count.saturating_add(other.count);
        self.refused = self.refused.saturating_add(other.refused);
    }

    /// Returns how many finite numbers were added.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns how many infinities and NaN were left out.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Returns the sum, rounded once to the nearest `f64`, ties to even.
    pub fn value(&self) -> f64 {
        // In balanced form the sign of the top digit is the sign of the number.
        let negative = self.digits.last().is_some_and(|&d| d < 0);
        let sign = if negative { -1 } else { 1 };
        let mut carry = 0;
        let mut plain: Vec<u64> = Vec::with_capacity(self.digits.len());
        for &digit in &self.digits {
            let total = sign * digit + carry;
            plain.push(total.rem_euclid(BASE) as u64);
            carry = total.div_euclid(BASE);
        }
        let magnitude = nearest(&plain);
        if negative { -magnitude } else { magnitude }
    }

    /// Returns the mean of the finite numbers; `None` if there are none.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.value() / self.count as f64)
    }

    fn add_digit(&mut self, place: usize, amount: i64) {
        let mut place = place;
        let mut amount = amount;
        while amount != 0 && place < DIGITS {
            if self.digits.len() <= place {
                self.digits.resize(place + 1, 0);
            }
            let total = self.digits[place] + amount;
            let digit = (total + HALF).rem_euclid(BASE) - HALF;
            self.digits[place] = digit;
            amount = (total - digit) / BASE;
            place += 1;
        }
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
    }
}

/// Returns the `f64` nearest to an integer of 32-bit digits times 2^-1074.
fn nearest(digits: &[u64]) -> f64 {
    let Some(top) = digits.iter().rposition(|&d| d != 0) else { return 0.0 };
    let bit = |place: usize| digits[place / 32] >> (place % 32) & 1;
    let highest = top * 32 + (63 - digits[top].leading_zeros() as usize);
    // The kept bits are those from `lowest` up; below 2^53 nothing is cut.
    let lowest = highest.saturating_sub(52);
    let mantissa = (lowest..=highest).rev().fold(0u64, |m, place| m << 1 | bit(place));
    // The bits of a float count up through its exponents, so a carry lands where it should.
    let bits = ((lowest as u64) << 52) + mantissa;
    let half = lowest > 0 && bit(lowest - 1) == 1;
    let more = half && (mantissa & 1 == 1 || (0..lowest - 1).any(|place| bit(place) == 1));
    let rounded = bits + u64::from(more);
    if rounded >= f64::INFINITY.to_bits() { f64::INFINITY } else { f64::from_bits(rounded) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(numbers: &[f64]) -> ExactSum {
        let mut sum = ExactSum::new();
        numbers.iter().for_each(|&x| sum.add(x));
        sum
    }

    #[test]
    fn nothing_is_lost() {
        assert_eq!(sum(&[1e300, 1.0, -1e300]).value(), 1.0);
        assert_eq!(sum(&[f64::MAX, f64::MAX, -f64::MAX]).value(), f64::MAX);
        assert_eq!(sum(&[f64::MAX, f64::MAX]).value(), f64::INFINITY);
        assert_eq!(sum(&[5e-324, 5e-324]).value(), 1e-323);
        assert_eq!(sum(&[]).value(), 0.0);
        assert_eq!(sum(&[1.0, -1.0]), sum(&[3.0, -3.0]));
        assert_eq!(sum(&[0.1; 10]).value(), 1.0);
        assert_eq!(sum(&[2.0, f64::NAN, 4.0]).mean(), Some(3.0));
        assert_eq!(sum(&[f64::INFINITY]).refused(), 1);
        assert_eq!(sum(&[f64::INFINITY]).mean(), None);
    }

    #[test]
    fn ties_go_to_even_and_more_than_a_tie_goes_up() {
        let unit = 2f64.powi(-53);
        assert_eq!(sum(&[1.0, unit]).value(), 1.0);
        assert_eq!(sum(&[1.0, unit, 5e-324]).value(), 1.0 + f64::EPSILON);
        assert_eq!(sum(&[1.0 + f64::EPSILON, unit]).value(), 1.0 + 2.0 * f64::EPSILON);
        assert_eq!(sum(&[-1.0, -unit, -5e-324]).value(), -1.0 - f64::EPSILON);
        assert_eq!(sum(&[2.0 - f64::EPSILON, unit * 2.0]).value(), 2.0);
    }

    #[test]
    fn a_file_with_other_digits_is_refused() {
        let read = |text: &str| serde_json::from_str::<ExactSum>(text);
        assert!(read(r#"{"digits":[1,-5],"count":2,"refused":0}"#).is_ok());
        assert!(read(r#"{"digits":[9223372036854775807],"count":2,"refused":0}"#).is_err());
        assert!(read(r#"{"digits":[1,0],"count":2,"refused":0}"#).is_err());
    }

    #[test]
    fn one_number_comes_back_unchanged() {
        for x in [0.1, -3e-310, 5e-324, f64::MIN_POSITIVE, 1e308, -7.25, 4503599627370497.0] {
            assert_eq!(sum(&[x]).value().to_bits(), x.to_bits(), "{x}");
        }
    }
}
