//! Polynomials in one variable over `Q`: arithmetic, division, common divisors, Sturm sequences.
//!
//! The one idea: coefficients from the constant term up, the last one never 0, so equality is
//! equality of lists; every remainder is scaled by a positive number to keep its fractions short.

use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

use serde::{Deserialize, Serialize};

use crate::rational::numerator_gcd;
use crate::{Q, Scalar};

/// A polynomial in one variable.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Q>", into = "Vec<Q>")]
pub struct Poly {
    coefs: Vec<Q>,
}

impl From<Vec<Q>> for Poly {
    fn from(coefs: Vec<Q>) -> Poly {
        Poly::new(coefs)
    }
}

impl From<Poly> for Vec<Q> {
    fn from(poly: Poly) -> Vec<Q> {
        poly.coefs
    }
}

impl Poly {
    /// The polynomial with these coefficients, the constant term first.
    pub fn new(mut coefs: Vec<Q>) -> Poly {
        while coefs.last().is_some_and(Q::is_zero) {
            coefs.pop();
        }
        Poly { coefs }
    }

    /// The polynomial with these whole coefficients, the constant term first.
    pub fn from_integers(coefs: &[i64]) -> Poly {
        Poly::new(coefs.iter().map(|c| Q::from(*c)).collect())
    }

    /// The polynomial 0.
    pub fn zero() -> Poly {
        Poly::default()
    }

    /// A constant.
    pub fn constant(value: Q) -> Poly {
        Poly::new(vec![value])
    }

    /// The variable itself.
    pub fn variable() -> Poly {
        Poly::new(vec![Q::ZERO, Q::ONE])
    }

    /// The polynomial of degree 1 with this root.
    pub fn with_root(root: &Q) -> Poly {
        Poly::new(vec![-root, Q::ONE])
    }

    /// The coefficients, the constant term first; empty for 0.
    pub fn coefs(&self) -> &[Q] {
        &self.coefs
    }

    /// Whether the polynomial is 0 everywhere.
    pub fn is_zero(&self) -> bool {
        self.coefs.is_empty()
    }

    /// The degree; `None` for the polynomial 0.
    pub fn degree(&self) -> Option<usize> {
        self.coefs.len().checked_sub(1)
    }

    /// The coefficient of the highest power; 0 for the polynomial 0.
    pub fn leading(&self) -> Q {
        self.coefs.last().cloned().unwrap_or_default()
    }

    /// The value at an exact point.
    pub fn eval(&self, x: &Q) -> Q {
        let mut total = Q::ZERO;
        for coefficient in self.coefs.iter().rev() {
            total = total * x + coefficient;
        }
        total
    }

    /// The value over any scalar, by Horner's scheme.
    pub fn eval_scalar<S: Scalar>(&self, x: &S) -> S {
        let mut total = S::zero();
        for coefficient in self.coefs.iter().rev() {
            total = total.mul(x).add(&S::from_q(coefficient));
        }
        total
    }

    /// The derivative.
    pub fn derivative(&self) -> Poly {
        let powers = (1i64..).map(Q::from);
        Poly::new(self.coefs.iter().skip(1).zip(powers).map(|(c, power)| c * power).collect())
    }

    /// Every coefficient multiplied by a number.
    pub fn scale(&self, factor: &Q) -> Poly {
        Poly::new(self.coefs.iter().map(|c| c * factor).collect())
    }

    /// The same roots with coprime whole coefficients; the leading sign stays.
    pub fn primitive(&self) -> Poly {
        let Some(first) = self.coefs.first() else { return Poly::zero() };
        let (mut num, mut den) = (first.numerator(), first.denominator());
        for coefficient in &self.coefs[1..] {
            num = numerator_gcd(&num, coefficient);
            den = &den / numerator_gcd(&den, &coefficient.denominator()) * coefficient.denominator();
        }
        match den.checked_div(&num.abs()) {
            Some(factor) => self.scale(&factor),
            // Only the first coefficient can be 0 here, and then `num` became another's.
            None => self.clone(),
        }
    }

    /// Quotient and remainder; `None` for division by 0.
    pub fn div_rem(&self, divisor: &Poly) -> Option<(Poly, Poly)> {
        let lead = divisor.coefs.last()?.recip();
        let size = divisor.coefs.len();
        let mut rest = self.coefs.clone();
        let mut quotient = vec![Q::ZERO; (rest.len() + 1).saturating_sub(size)];
        for shift in (0..quotient.len()).rev() {
            let factor = &rest[shift + size - 1] * &lead;
            for (offset, coefficient) in divisor.coefs.iter().enumerate() {
                rest[shift + offset].sub_mul(&factor, coefficient);
            }
            quotient[shift] = factor;
        }
        Some((Poly::new(quotient), Poly::new(rest)))
    }

    /// The greatest common divisor with leading coefficient 1; 0 if both are 0.
    pub fn gcd(&self, other: &Poly) -> Poly {
        let (mut a, mut b) = (self.primitive(), other.primitive());
        while let Some((_, rest)) = a.div_rem(&b) {
            a = b;
            b = rest.primitive();
        }
        match a.leading().checked_recip() {
            Some(inverse) => a.scale(&inverse),
            None => a,
        }
    }

    /// The polynomial with the same roots, each once.
    pub fn squarefree(&self) -> Poly {
        let common = self.gcd(&self.derivative());
        match self.div_rem(&common) {
            Some((quotient, _)) => quotient.primitive(),
            None => Poly::zero(),
        }
    }

    /// Sturm's sequence (Sturm, 1829): the polynomial, its derivative, and negated remainders.
    pub fn sturm_sequence(&self) -> Vec<Poly> {
        let mut sequence = vec![self.primitive()];
        let mut next = self.derivative().primitive();
        while !next.is_zero() {
            let last = sequence.last().expect("it starts with one element");
            let (_, rest) = last.div_rem(&next).expect("the loop ends at 0");
            sequence.push(next);
            next = rest.primitive().scale(&Q::from(-1));
        }
        sequence
    }

    /// The number of different real roots in `(lo, hi]`; `None` for the polynomial 0.
    pub fn count_roots(&self, lo: &Q, hi: &Q) -> Option<usize> {
        if self.is_zero() {
            return None;
        }
        if lo >= hi {
            return Some(0);
        }
        let sequence = self.squarefree().sturm_sequence();
        Some(sign_changes(&sequence, lo).saturating_sub(sign_changes(&sequence, hi)))
    }

    /// A number that every real root is below in size (Cauchy's bound, 1829).
    pub fn root_bound(&self) -> Q {
        let Some((leading, others)) = self.coefs.split_last() else { return Q::ONE };
        let largest = others.iter().map(Q::abs).max().unwrap_or_default();
        Q::ONE + largest / leading.abs()
    }
}

/// Sign changes of a Sturm sequence at a point, zeros skipped.
pub(super) fn sign_changes(sequence: &[Poly], x: &Q) -> usize {
    let mut changes = 0;
    let mut last = 0;
    for poly in sequence {
        let sign = poly.eval(x).signum();
        if sign != 0 {
            changes += usize::from(last != 0 && sign != last);
            last = sign;
        }
    }
    changes
}

impl Add<&Poly> for &Poly {
    type Output = Poly;
    fn add(self, other: &Poly) -> Poly {
        let (long, short) = if self.coefs.len() >= other.coefs.len() { (self, other) } else { (other, self) };
        let mut coefs = long.coefs.clone();
        coefs.iter_mut().zip(&short.coefs).for_each(|(c, d)| *c += d);
        Poly::new(coefs)
    }
}

impl Sub<&Poly> for &Poly {
    type Output = Poly;
    fn sub(self, other: &Poly) -> Poly {
        self + &-other
    }
}

impl Neg for &Poly {
    type Output = Poly;
    fn neg(self) -> Poly {
        Poly { coefs: self.coefs.iter().map(|c| -c).collect() }
    }
}

impl Mul<&Poly> for &Poly {
    type Output = Poly;
    fn mul(self, other: &Poly) -> Poly {
        if self.is_zero() || other.is_zero() {
            return Poly::zero();
        }
        let mut coefs = vec![Q::ZERO; self.coefs.len() + other.coefs.len() - 1];
        for (i, a) in self.coefs.iter().enumerate() {
            for (j, b) in other.coefs.iter().enumerate() {
                coefs[i + j] += a * b;
            }
        }
        Poly::new(coefs)
    }
}

impl fmt::Display for Poly {
    /// Like `x^2 - 3/2 x + 1`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return out.write_str("0");
        }
        let mut first = true;
        for (power, coefficient) in self.coefs.iter().enumerate().rev() {
            if coefficient.is_zero() {
                continue;
            }
            out.write_str(match (first, coefficient.is_negative()) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            })?;
            first = false;
            let size = coefficient.abs();
            match (power, size.is_one()) {
                (0, _) => write!(out, "{size}")?,
                (_, true) => {}
                (_, false) => write!(out, "{size} ")?,
            }
            match power {
                0 => {}
                1 => out.write_str("x")?,
                _ => write!(out, "x^{power}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Poly {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
