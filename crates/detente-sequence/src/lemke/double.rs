//! Floats that guide a path: plain ones, and pairs of them with twice the digits.
//!
//! The one idea: the sum and the product of two floats are a float and an error that is a float too, so a
//! pair holds some 32 decimal digits (Dekker, "A floating-point technique for extending the available
//! precision", 1971; Knuth, "The Art of Computer Programming", volume 2, 1969).

use detente_exact::Q;

/// What a guiding table needs of its numbers.
pub trait Guess: Copy + PartialOrd {
    const ZERO: Self;
    const ONE: Self;
    /// Below this share of the usual size a number other than 0 may be an error of rounding.
    const DOUBT: f64;
    /// The nearest number, times a power of two.
    fn from_q(value: &Q) -> Self;
    fn scaled(self, power: f64) -> Self;
    fn to_f64(self) -> f64;
    fn minus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    fn over(self, other: Self) -> Self;
}

impl Guess for f64 {
    const ZERO: f64 = 0.0;
    const ONE: f64 = 1.0;
    const DOUBT: f64 = 1e-10;
    fn from_q(value: &Q) -> f64 {
        value.to_f64()
    }
    fn scaled(self, power: f64) -> f64 {
        self * power
    }
    fn to_f64(self) -> f64 {
        self
    }
    #[inline]
    fn minus(self, other: f64) -> f64 {
        self - other
    }
    #[inline]
    fn times(self, other: f64) -> f64 {
        self * other
    }
    #[inline]
    fn over(self, other: f64) -> f64 {
        self / other
    }
}

/// An unevaluated sum; the second part is below half the last place of the first.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Pair(f64, f64);

/// A sum and its error.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let back = sum - a;
    (sum, (a - (sum - back)) + (b - back))
}

/// The same where the first is the larger.
fn quick_sum(a: f64, b: f64) -> Pair {
    let sum = a + b;
    Pair(sum, b - (sum - a))
}

/// A float as two of half the digits.
fn split(a: f64) -> (f64, f64) {
    let wide = 134_217_729.0 * a;
    let high = wide - (wide - a);
    (high, a - high)
}

/// A product and its error.
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    let ((a1, a2), (b1, b2)) = (split(a), split(b));
    (product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2)
}

impl Guess for Pair {
    const ZERO: Pair = Pair(0.0, 0.0);
    const ONE: Pair = Pair(1.0, 0.0);
    const DOUBT: f64 = 1e-24;
    fn from_q(value: &Q) -> Pair {
        let high = value.to_f64();
        let low = Q::from_f64(high).map_or(0.0, |q| (value - &q).to_f64());
        Pair(high, low)
    }
    fn scaled(self, power: f64) -> Pair {
        Pair(self.0 * power, self.1 * power)
    }
    fn to_f64(self) -> f64 {
        self.0
    }
    fn minus(self, other: Pair) -> Pair {
        let (sum, error) = two_sum(self.0, -other.0);
        quick_sum(sum, error + (self.1 - other.1))
    }
    fn times(self, other: Pair) -> Pair {
        let (product, error) = two_product(self.0, other.0);
        quick_sum(product, error + (self.0 * other.1 + self.1 * other.0))
    }
    fn over(self, other: Pair) -> Pair {
        let first = self.0 / other.0;
        let rest = self.minus(other.times(Pair(first, 0.0)));
        let second = rest.0 / other.0;
        quick_sum(first, second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pair holds a third to thirty digits, and what is left after steps there and back is its error.
    #[test]
    fn pairs_hold_twice_the_digits() {
        let third = Pair::from_q(&Q::new(1, 3));
        let seventh = Pair::ONE.over(Pair::from_q(&Q::from(7)));
        let product = third.times(seventh);
        let error = product.minus(Pair::from_q(&Q::new(1, 21))).to_f64().abs();
        assert!(error < 1e-32, "{error}");
        let back = product.over(seventh).minus(third).to_f64().abs();
        assert!(back < 1e-31, "{back}");
        assert!(third.0 + third.1 == third.0 && third.1 != 0.0);
    }
}
