//! `Q`, the exact rational number, with a fast path for small fractions.
//!
//! The one idea: every value has exactly one representation. A fraction in lowest terms whose
//! parts fit `i64` is stored inline; anything larger is boxed and comes back inline as soon as it
//! fits. So equality, order and hash never depend on how a number was computed.

mod convert;
mod ops;
mod order;
mod text;

use std::num::NonZeroI64;

use dashu_int::ops::{BitTest, UnsignedAbs};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

/// An exact rational number of any size.
///
/// Sixteen bytes; arithmetic on numbers whose numerator and denominator fit 63 bits does not
/// allocate. The operators `/` and `/=` panic on division by zero; [`Q::checked_div`] does not.
#[derive(Clone)]
pub struct Q(Repr);

/// Invariant: `Small` is in lowest terms with a positive denominator and a numerator other than
/// `i64::MIN`; `Big` holds only what `Small` cannot.
#[derive(Clone)]
enum Repr {
    Small(i64, NonZeroI64),
    Big(Box<RBig>),
}

const UNIT: NonZeroI64 = NonZeroI64::new(1).expect("one is not zero");

impl Q {
    /// The number 0.
    pub const ZERO: Q = Q(Repr::Small(0, UNIT));
    /// The number 1.
    pub const ONE: Q = Q(Repr::Small(1, UNIT));

    /// The fraction `num / den` in lowest terms. Panics if `den` is zero; see [`Q::checked_new`].
    pub fn new(num: i64, den: i64) -> Q {
        Q::checked_new(num, den).expect("the denominator of a fraction is not zero")
    }

    /// The fraction `num / den` in lowest terms, or `None` if `den` is zero.
    pub fn checked_new(num: i64, den: i64) -> Option<Q> {
        if den == 0 {
            return None;
        }
        let (mut num, mut den) = (i128::from(num), i128::from(den));
        if den < 0 {
            (num, den) = (-num, -den);
        }
        // Both parts are at most 2^63 in size, so their divisor fits u64.
        let divisor = i128::from(gcd(num.unsigned_abs() as u64, den as u64));
        Some(Q::from_reduced(num / divisor, den / divisor))
    }

    /// Wraps parts known to be in lowest terms with a positive denominator.
    #[inline]
    fn from_reduced(num: i128, den: i128) -> Q {
        if let (Ok(n), Ok(d)) = (i64::try_from(num), i64::try_from(den))
            && n != i64::MIN
            && let Some(d) = NonZeroI64::new(d)
        {
            return Q(Repr::Small(n, d));
        }
        Q::from_rbig(RBig::from_parts(IBig::from(num), UBig::from(den.unsigned_abs())))
    }

    /// Wraps a small fraction known to be in lowest terms; `den` is positive.
    #[inline]
    fn small(num: i64, den: i64) -> Q {
        Q(Repr::Small(num, NonZeroI64::new(den).expect("callers pass a positive denominator")))
    }

    /// Wraps a big fraction, inline when it fits. `RBig` keeps lowest terms itself.
    pub(crate) fn from_rbig(value: RBig) -> Q {
        if value.numerator().bit_len() <= 63
            && value.denominator().bit_len() <= 63
            && let (Ok(n), Ok(d)) = (i64::try_from(value.numerator()), i64::try_from(value.denominator()))
            && n != i64::MIN
        {
            return Q::small(n, d);
        }
        Q(Repr::Big(Box::new(value)))
    }

    /// The same number as a big fraction.
    pub(crate) fn to_rbig(&self) -> RBig {
        match &self.0 {
            Repr::Small(n, d) => RBig::from_parts(IBig::from(*n), UBig::from(d.get().unsigned_abs())),
            Repr::Big(b) => (**b).clone(),
        }
    }

    /// Whether the number is 0.
    #[inline]
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small(0, _))
    }

    /// Whether the number is 1.
    #[inline]
    pub fn is_one(&self) -> bool {
        matches!(self.0, Repr::Small(1, UNIT))
    }

    /// Whether the number is above 0.
    #[inline]
    pub fn is_positive(&self) -> bool {
        self.signum() > 0
    }

    /// Whether the number is below 0.
    #[inline]
    pub fn is_negative(&self) -> bool {
        self.signum() < 0
    }

    /// Whether the denominator is 1.
    #[inline]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small(_, d) => *d == UNIT,
            Repr::Big(b) => b.is_int(),
        }
    }

    /// The sign: -1, 0 or 1.
    #[inline]
    pub fn signum(&self) -> i32 {
        match &self.0 {
            Repr::Small(n, _) => n.signum() as i32,
            Repr::Big(b) if b.numerator().sign() == dashu_int::Sign::Negative => -1,
            Repr::Big(_) => 1,
        }
    }

    /// The distance from 0.
    pub fn abs(&self) -> Q {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// `1 / self`. Panics on 0; see [`Q::checked_recip`].
    pub fn recip(&self) -> Q {
        self.checked_recip().expect("the reciprocal of zero")
    }

    /// `1 / self`, or `None` for 0.
    pub fn checked_recip(&self) -> Option<Q> {
        match &self.0 {
            Repr::Small(0, _) => None,
            Repr::Small(n, d) if *n > 0 => Some(Q::small(d.get(), *n)),
            Repr::Small(n, d) => Some(Q::small(-d.get(), -*n)),
            Repr::Big(b) => {
                let sign = b.numerator().sign();
                let num = IBig::from_parts(sign, b.denominator().clone());
                Some(Q::from_rbig(RBig::from_parts(num, b.numerator().unsigned_abs())))
            }
        }
    }

    /// `self` to an integer power; `0⁰ = 1`. Panics on a negative power of 0; see
    /// [`Q::checked_pow`].
    pub fn pow(&self, exponent: i32) -> Q {
        self.checked_pow(exponent).expect("a negative power of zero")
    }

    /// `self` to an integer power, or `None` for a negative power of 0.
    pub fn checked_pow(&self, exponent: i32) -> Option<Q> {
        let mut base = if exponent < 0 { self.checked_recip()? } else { self.clone() };
        let mut left = exponent.unsigned_abs();
        let mut result = Q::ONE;
        while left > 0 {
            if left & 1 == 1 {
                result *= &base;
            }
            left >>= 1;
            if left > 0 {
                base = &base * &base;
            }
        }
        Some(result)
    }

    /// The numerator in lowest terms, carrying the sign.
    pub fn numerator(&self) -> Q {
        match &self.0 {
            Repr::Small(n, _) => Q::small(*n, 1),
            Repr::Big(b) => Q::from_rbig(RBig::from(b.numerator().clone())),
        }
    }

    /// The denominator in lowest terms, always positive.
    pub fn denominator(&self) -> Q {
        match &self.0 {
            Repr::Small(_, d) => Q::small(d.get(), 1),
            Repr::Big(b) => Q::from_rbig(RBig::from(IBig::from(b.denominator().clone()))),
        }
    }

    /// The largest integer not above the number.
    pub fn floor(&self) -> Q {
        match &self.0 {
            Repr::Small(n, d) => Q::small(n.div_euclid(d.get()), 1),
            Repr::Big(b) => Q::from_rbig(RBig::from(b.floor())),
        }
    }

    /// The smallest integer not below the number.
    pub fn ceil(&self) -> Q {
        -(-self).floor()
    }

    /// The number modulo a prime; `None` if the prime divides the denominator.
    pub fn modulo(&self, prime: u64) -> Option<u64> {
        let (num, den) = match &self.0 {
            Repr::Small(n, d) => {
                (i128::from(*n).rem_euclid(i128::from(prime)) as u64, d.get().unsigned_abs() % prime)
            }
            Repr::Big(b) => {
                let size = b.numerator().clone().unsigned_abs() % prime;
                let num = if self.is_negative() { (prime - size) % prime } else { size };
                (num, b.denominator() % prime)
            }
        };
        // By Fermat's theorem, den^(prime - 2) is the inverse.
        let times = |a: u64, b: u64| (u128::from(a) * u128::from(b) % u128::from(prime)) as u64;
        let (mut inverse, mut base, mut exponent) = (1, den, prime - 2);
        if den == 1 {
            return Some(num);
        }
        while exponent > 0 {
            if exponent & 1 == 1 {
                inverse = times(inverse, base);
            }
            base = times(base, base);
            exponent >>= 1;
        }
        (den != 0).then(|| times(num, inverse))
    }

    /// The number as `i64` if it is an integer of that size.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small(n, d) if *d == UNIT => Some(*n),
            Repr::Small(..) => None,
            // i64::MIN is the one 64-bit integer stored big.
            Repr::Big(b) if b.is_int() => i64::try_from(b.numerator()).ok(),
            Repr::Big(_) => None,
        }
    }

    /// Size in bits: of the numerator plus of the denominator.
    pub fn bits(&self) -> usize {
        match &self.0 {
            Repr::Small(n, d) => {
                (128 - n.unsigned_abs().leading_zeros() - d.get().unsigned_abs().leading_zeros()) as usize
            }
            Repr::Big(b) => b.numerator().bit_len() + b.denominator().bit_len(),
        }
    }

    /// The exact square root if the number is the square of a rational, else `None`.
    pub fn exact_sqrt(&self) -> Option<Q> {
        self.exact_root(2)
    }

    /// The exact root of this degree if it is rational and the number is not negative, else
    /// `None`. The root of degree 1 is the number itself, of either sign; degree 0 has none.
    pub fn exact_root(&self, degree: u32) -> Option<Q> {
        if degree == 1 || (self.is_zero() && degree > 0) {
            return Some(self.clone());
        }
        if degree == 0 || self.is_negative() {
            return None;
        }
        if self.is_one() {
            return Some(Q::ONE);
        }
        let degree = degree as usize;
        let (num, den) = self.to_rbig().into_parts();
        let num = num.unsigned_abs();
        let (num_root, den_root) = (num.nth_root(degree), den.nth_root(degree));
        (num_root.pow(degree) == num && den_root.pow(degree) == den)
            .then(|| Q::from_rbig(RBig::from_parts(IBig::from(num_root), den_root)))
    }
}

/// Greatest common divisor of the numerators, not negative.
pub(crate) fn numerator_gcd(left: &Q, right: &Q) -> Q {
    use dashu_int::ops::Gcd;
    if let (Repr::Small(a, _), Repr::Small(b, _)) = (&left.0, &right.0) {
        return Q::from_reduced(i128::from(gcd(a.unsigned_abs(), b.unsigned_abs())), 1);
    }
    if left.is_zero() || right.is_zero() {
        return if left.is_zero() { right.numerator().abs() } else { left.numerator().abs() };
    }
    let (a, b) = (left.to_rbig().into_parts().0, right.to_rbig().into_parts().0);
    Q::from_rbig(RBig::from(IBig::from(a.gcd(b))))
}

/// Greatest common divisor by Stein's binary method; `gcd(0, b) = b`.
#[inline]
fn gcd(mut a: u64, mut b: u64) -> u64 {
    if a == 0 {
        return b;
    }
    if b == 0 {
        return a;
    }
    let shift = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    loop {
        b >>= b.trailing_zeros();
        if a > b {
            std::mem::swap(&mut a, &mut b);
        }
        b -= a;
        if b == 0 {
            return a << shift;
        }
    }
}
