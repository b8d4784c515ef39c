//! Addition, subtraction, multiplication, division, negation and sums of `Q`.
//!
//! The one idea: intermediates of small fractions fit `i128`, and common factors are removed
//! before they are multiplied (Knuth, The Art of Computer Programming, vol. 2, 4.5.1), so results
//! are in lowest terms with divisors of 64 bits only.

use std::iter::{Product, Sum};
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use super::{Q, Repr, UNIT, gcd};

/// `a/b + c/d` with all parts small; the numerator's sign of `c` is free to be flipped by callers.
#[inline]
fn add_small(a: i64, b: i64, c: i64, d: i64) -> Q {
    if b == d {
        if b == 1 {
            return Q::from_reduced(i128::from(a) + i128::from(c), 1);
        }
        return reduce(i128::from(a) + i128::from(c), b, 1, b as u64);
    }
    if b == 1 || d == 1 {
        // One part is an integer: the sum keeps the other's denominator in lowest terms.
        let num = i128::from(a) * i128::from(d) + i128::from(c) * i128::from(b);
        return Q::from_reduced(num, i128::from(b) * i128::from(d));
    }
    let common = gcd(b as u64, d as u64);
    if common == 1 {
        let num = i128::from(a) * i128::from(d) + i128::from(c) * i128::from(b);
        return Q::from_reduced(num, i128::from(b) * i128::from(d));
    }
    let (b_rest, d_rest) = (b / common as i64, d / common as i64);
    let num = i128::from(a) * i128::from(d_rest) + i128::from(c) * i128::from(b_rest);
    reduce(num, d, b_rest, common)
}

/// `num / (den · rest)` where only factors of `common`, which divides `den`, can cancel.
#[inline]
fn reduce(num: i128, den: i64, rest: i64, common: u64) -> Q {
    if num == 0 {
        return Q::ZERO;
    }
    let remainder = match i64::try_from(num) {
        Ok(n) => n.unsigned_abs() % common,
        Err(_) => (num.unsigned_abs() % u128::from(common)) as u64,
    };
    let divisor = gcd(remainder, common) as i64;
    if divisor == 1 {
        return Q::from_reduced(num, i128::from(den) * i128::from(rest));
    }
    let num = match i64::try_from(num) {
        Ok(n) => i128::from(n / divisor),
        Err(_) => num / i128::from(divisor),
    };
    Q::from_reduced(num, i128::from(den / divisor) * i128::from(rest))
}

/// `a/b · c/d` with all parts small and the denominators positive.
#[inline]
fn mul_small(a: i64, b: i64, c: i64, d: i64) -> Q {
    if b == 1 && d == 1 {
        return Q::from_reduced(i128::from(a) * i128::from(c), 1);
    }
    if a == 0 || c == 0 {
        return Q::ZERO;
    }
    let (mut a, mut b, mut c, mut d) = (a, b, c, d);
    if d != 1 {
        let divisor = gcd(a.unsigned_abs(), d as u64) as i64;
        if divisor != 1 {
            (a, d) = (a / divisor, d / divisor);
        }
    }
    if b != 1 {
        let divisor = gcd(c.unsigned_abs(), b as u64) as i64;
        if divisor != 1 {
            (c, b) = (c / divisor, b / divisor);
        }
    }
    Q::from_reduced(i128::from(a) * i128::from(c), i128::from(b) * i128::from(d))
}

#[inline]
fn add(left: &Q, right: &Q) -> Q {
    match (&left.0, &right.0) {
        (Repr::Small(a, b), Repr::Small(c, d)) => add_small(*a, b.get(), *c, d.get()),
        _ => add_big(left, right),
    }
}

#[inline]
fn sub(left: &Q, right: &Q) -> Q {
    match (&left.0, &right.0) {
        (Repr::Small(a, b), Repr::Small(c, d)) => add_small(*a, b.get(), -*c, d.get()),
        _ => sub_big(left, right),
    }
}

#[inline]
fn mul(left: &Q, right: &Q) -> Q {
    match (&left.0, &right.0) {
        (Repr::Small(a, b), Repr::Small(c, d)) => mul_small(*a, b.get(), *c, d.get()),
        _ => mul_big(left, right),
    }
}

#[inline]
fn div(left: &Q, right: &Q) -> Option<Q> {
    match (&left.0, &right.0) {
        (_, Repr::Small(0, _)) => None,
        (Repr::Small(a, b), Repr::Small(c, d)) if *c > 0 => Some(mul_small(*a, b.get(), d.get(), *c)),
        (Repr::Small(a, b), Repr::Small(c, d)) => Some(mul_small(-*a, b.get(), d.get(), -*c)),
        _ => Some(mul_big(left, &right.checked_recip()?)),
    }
}

#[cold]
fn add_big(left: &Q, right: &Q) -> Q {
    Q::from_rbig(match (&left.0, &right.0) {
        (Repr::Big(a), Repr::Big(b)) => &**a + &**b,
        (Repr::Big(a), _) => &**a + right.to_rbig(),
        (_, Repr::Big(b)) => left.to_rbig() + &**b,
        _ => left.to_rbig() + right.to_rbig(),
    })
}

#[cold]
fn sub_big(left: &Q, right: &Q) -> Q {
    Q::from_rbig(match (&left.0, &right.0) {
        (Repr::Big(a), Repr::Big(b)) => &**a - &**b,
        (Repr::Big(a), _) => &**a - right.to_rbig(),
        (_, Repr::Big(b)) => left.to_rbig() - &**b,
        _ => left.to_rbig() - right.to_rbig(),
    })
}

#[cold]
fn mul_big(left: &Q, right: &Q) -> Q {
    if left.is_zero() || right.is_zero() {
        return Q::ZERO;
    }
    Q::from_rbig(match (&left.0, &right.0) {
        (Repr::Big(a), Repr::Big(b)) => &**a * &**b,
        (Repr::Big(a), _) => &**a * right.to_rbig(),
        (_, Repr::Big(b)) => left.to_rbig() * &**b,
        _ => left.to_rbig() * right.to_rbig(),
    })
}

impl Q {
    /// `self / other`, or `None` when `other` is 0.
    #[inline]
    pub fn checked_div(&self, other: &Q) -> Option<Q> {
        div(self, other)
    }

    /// `self -= left · right`, skipping the work when a factor is 0.
    #[inline]
    pub fn sub_mul(&mut self, left: &Q, right: &Q) {
        if !left.is_zero() && !right.is_zero() {
            *self = sub(self, &mul(left, right));
        }
    }
}

fn div_nonzero(left: &Q, right: &Q) -> Q {
    div(left, right).expect("the divisor is not zero")
}

macro_rules! binary {
    ($trait:ident, $method:ident, $assign_trait:ident, $assign:ident, $function:path) => {
        impl $trait<&Q> for &Q {
            type Output = Q;
            #[inline]
            fn $method(self, other: &Q) -> Q {
                $function(self, other)
            }
        }
        impl $trait<Q> for &Q {
            type Output = Q;
            #[inline]
            fn $method(self, other: Q) -> Q {
                $function(self, &other)
            }
        }
        impl $trait<&Q> for Q {
            type Output = Q;
            #[inline]
            fn $method(self, other: &Q) -> Q {
                $function(&self, other)
            }
        }
        impl $trait<Q> for Q {
            type Output = Q;
            #[inline]
            fn $method(self, other: Q) -> Q {
                $function(&self, &other)
            }
        }
        impl $assign_trait<&Q> for Q {
            #[inline]
            fn $assign(&mut self, other: &Q) {
                *self = $function(self, other);
            }
        }
        impl $assign_trait<Q> for Q {
            #[inline]
            fn $assign(&mut self, other: Q) {
                *self = $function(self, &other);
            }
        }
    };
}

binary!(Add, add, AddAssign, add_assign, add);
binary!(Sub, sub, SubAssign, sub_assign, sub);
binary!(Mul, mul, MulAssign, mul_assign, mul);
binary!(Div, div, DivAssign, div_assign, div_nonzero);

impl Neg for Q {
    type Output = Q;
    #[inline]
    fn neg(self) -> Q {
        match self.0 {
            Repr::Small(n, d) => Q(Repr::Small(-n, d)),
            Repr::Big(b) => Q::from_rbig(-*b),
        }
    }
}

impl Neg for &Q {
    type Output = Q;
    #[inline]
    fn neg(self) -> Q {
        match &self.0 {
            Repr::Small(n, d) => Q(Repr::Small(-*n, *d)),
            Repr::Big(b) => Q::from_rbig(-(**b).clone()),
        }
    }
}

impl Sum for Q {
    fn sum<I: Iterator<Item = Q>>(items: I) -> Q {
        items.fold(Q::ZERO, |total, item| total + item)
    }
}

impl<'a> Sum<&'a Q> for Q {
    fn sum<I: Iterator<Item = &'a Q>>(items: I) -> Q {
        items.fold(Q::ZERO, |total, item| total + item)
    }
}

impl Product for Q {
    fn product<I: Iterator<Item = Q>>(items: I) -> Q {
        items.fold(Q::ONE, |total, item| total * item)
    }
}

impl<'a> Product<&'a Q> for Q {
    fn product<I: Iterator<Item = &'a Q>>(items: I) -> Q {
        items.fold(Q::ONE, |total, item| total * item)
    }
}

impl Default for Q {
    fn default() -> Q {
        Q(Repr::Small(0, UNIT))
    }
}
