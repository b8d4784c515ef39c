//! Sparse polynomials in many variables over `Q`.
//!
//! The one idea: a sorted map from monomials to coefficients that are never 0, so two equal
//! polynomials are equal maps and everything is done in one fixed order.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

use serde::{Deserialize, Serialize};

use super::Poly;
use crate::{Interval, Q, Scalar};

/// A product of powers: pairs of a variable's number and an exponent above 0, sorted by variable.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<(u32, u16)>", into = "Vec<(u32, u16)>")]
pub struct Monomial(Vec<(u32, u16)>);

impl From<Vec<(u32, u16)>> for Monomial {
    fn from(powers: Vec<(u32, u16)>) -> Monomial {
        Monomial::new(powers)
    }
}

impl From<Monomial> for Vec<(u32, u16)> {
    fn from(monomial: Monomial) -> Vec<(u32, u16)> {
        monomial.0
    }
}

impl Monomial {
    /// The empty product, 1.
    pub fn one() -> Monomial {
        Monomial::default()
    }

    /// A product from powers in any order. Where a variable is named twice its exponents are
    /// added, to at most 65535.
    pub fn new(mut powers: Vec<(u32, u16)>) -> Monomial {
        powers.retain(|(_, exponent)| *exponent > 0);
        powers.sort_unstable();
        powers.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(next.1);
            }
            same
        });
        Monomial(powers)
    }

    /// The powers, sorted by variable.
    pub fn powers(&self) -> &[(u32, u16)] {
        &self.0
    }

    /// The exponent of a variable, 0 if it does not occur.
    pub fn exponent(&self, variable: u32) -> u16 {
        match self.0.binary_search_by_key(&variable, |power| power.0) {
            Ok(at) => self.0[at].1,
            Err(_) => 0,
        }
    }

    /// The sum of all exponents.
    pub fn degree(&self) -> u32 {
        self.0.iter().map(|(_, exponent)| u32::from(*exponent)).sum()
    }

    /// The product; `None` if an exponent would exceed 65535.
    pub fn checked_mul(&self, other: &Monomial) -> Option<Monomial> {
        let mut powers = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(&&(a, m)), Some(&&(b, n))) = (left.peek(), right.peek()) {
            if a <= b {
                left.next();
            }
            if b <= a {
                right.next();
            }
            powers.push(match a.cmp(&b) {
                std::cmp::Ordering::Less => (a, m),
                std::cmp::Ordering::Greater => (b, n),
                std::cmp::Ordering::Equal => (a, m.checked_add(n)?),
            });
        }
        powers.extend(left);
        powers.extend(right);
        Some(Monomial(powers))
    }

    /// The largest product of powers that divides both.
    pub fn gcd(&self, other: &Monomial) -> Monomial {
        let shared = self.0.iter().map(|(v, exponent)| (*v, (*exponent).min(other.exponent(*v))));
        Monomial(shared.filter(|(_, exponent)| *exponent > 0).collect())
    }

    /// The quotient, if `divisor` divides.
    pub fn checked_div(&self, divisor: &Monomial) -> Option<Monomial> {
        let mut powers = self.0.clone();
        for (variable, exponent) in &divisor.0 {
            let at = powers.binary_search_by_key(variable, |power| power.0).ok()?;
            powers[at].1 = powers[at].1.checked_sub(*exponent)?;
        }
        powers.retain(|(_, exponent)| *exponent > 0);
        Some(Monomial(powers))
    }

    /// The exponent of a variable, and the rest of the product.
    fn take(&self, variable: u32) -> (u16, Monomial) {
        let rest = self.0.iter().filter(|power| power.0 != variable).copied().collect();
        (self.exponent(variable), Monomial(rest))
    }

    fn eval<S: Scalar>(&self, point: &[S]) -> Option<S> {
        let mut total = S::one();
        for (variable, exponent) in &self.0 {
            let base = point.get(usize::try_from(*variable).ok()?)?;
            total = total.mul(&base.powi(i32::from(*exponent))?);
        }
        Some(total)
    }
}

/// A polynomial in variables numbered by `u32`. Exponents are at most 65535: the operators panic
/// beyond, the `checked_` functions return `None`.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<(Monomial, Q)>", into = "Vec<(Monomial, Q)>")]
pub struct MPoly {
    terms: BTreeMap<Monomial, Q>,
}

impl From<Vec<(Monomial, Q)>> for MPoly {
    fn from(terms: Vec<(Monomial, Q)>) -> MPoly {
        MPoly::from_terms(terms)
    }
}

impl From<MPoly> for Vec<(Monomial, Q)> {
    fn from(poly: MPoly) -> Vec<(Monomial, Q)> {
        poly.terms.into_iter().collect()
    }
}

impl MPoly {
    /// The polynomial 0.
    pub fn zero() -> MPoly {
        MPoly::default()
    }

    /// The polynomial 1.
    pub fn one() -> MPoly {
        MPoly::constant(Q::ONE)
    }

    /// A constant.
    pub fn constant(value: Q) -> MPoly {
        MPoly::from_terms([(Monomial::one(), value)])
    }

    /// One variable.
    pub fn variable(variable: u32) -> MPoly {
        MPoly::from_terms([(Monomial::new(vec![(variable, 1)]), Q::ONE)])
    }

    /// The sum of the given terms.
    pub fn from_terms(terms: impl IntoIterator<Item = (Monomial, Q)>) -> MPoly {
        let mut sum = MPoly::zero();
        for (monomial, coefficient) in terms {
            sum.add_term(monomial, coefficient);
        }
        sum
    }

    fn add_term(&mut self, monomial: Monomial, coefficient: Q) {
        if coefficient.is_zero() {
            return;
        }
        match self.terms.entry(monomial) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(coefficient);
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                *place.get_mut() += coefficient;
                if place.get().is_zero() {
                    place.remove();
                }
            }
        }
    }

    /// The terms in order of their monomials; no coefficient is 0.
    pub fn terms(&self) -> impl ExactSizeIterator<Item = (&Monomial, &Q)> + DoubleEndedIterator {
        self.terms.iter()
    }

    /// The number of terms.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether there are no terms: the polynomial 0.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether the polynomial is 0.
    pub fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// The value, if no variable occurs.
    pub fn as_constant(&self) -> Option<Q> {
        match self.terms.len() {
            0 => Some(Q::ZERO),
            1 => self.terms.get(&Monomial::one()).cloned(),
            _ => None,
        }
    }

    /// The variables that occur, ascending.
    pub fn vars(&self) -> Vec<u32> {
        let mut all: Vec<u32> =
            self.terms.keys().flat_map(|monomial| monomial.0.iter().map(|power| power.0)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The highest exponent of a variable; 0 if it does not occur.
    pub fn degree_in(&self, variable: u32) -> u16 {
        self.terms.keys().map(|monomial| monomial.exponent(variable)).max().unwrap_or(0)
    }

    /// The highest sum of exponents; 0 for the polynomial 0.
    pub fn total_degree(&self) -> u32 {
        self.terms.keys().map(Monomial::degree).max().unwrap_or(0)
    }

    /// Every coefficient multiplied by a number.
    pub fn scale(&self, factor: &Q) -> MPoly {
        MPoly::from_terms(self.terms.iter().map(|(m, c)| (m.clone(), c * factor)))
    }

    /// The product; `None` if an exponent would exceed 65535.
    pub fn checked_mul(&self, other: &MPoly) -> Option<MPoly> {
        let mut product = MPoly::zero();
        for (left, a) in &self.terms {
            for (right, b) in &other.terms {
                product.add_term(left.checked_mul(right)?, a * b);
            }
        }
        Some(product)
    }

    /// An integer power; `None` if an exponent would exceed 65535.
    pub fn checked_pow(&self, exponent: u16) -> Option<MPoly> {
        let mut power = MPoly::one();
        for _ in 0..exponent {
            power = power.checked_mul(self)?;
        }
        Some(power)
    }

    /// The polynomial with a number in place of a variable.
    pub fn substitute(&self, variable: u32, value: &Q) -> MPoly {
        let with_value = self.terms.iter().map(|(monomial, coefficient)| {
            let (exponent, rest) = monomial.take(variable);
            (rest, coefficient * value.pow(i32::from(exponent)))
        });
        MPoly::from_terms(with_value)
    }

    /// The polynomial with `num / den` in place of a variable, times `den` to the variable's
    /// degree, which clears every denominator: where `den > 0` the sign is that of the
    /// substituted value. `None` if an exponent would exceed 65535.
    pub fn substitute_fraction(&self, variable: u32, num: &MPoly, den: &MPoly) -> Option<MPoly> {
        let parts = self.coefficients_in(variable);
        // Horner's scheme, one factor of the denominator per step.
        let mut total = MPoly::zero();
        let mut den_power = MPoly::one();
        for part in parts.iter().rev() {
            total = &total.checked_mul(num)? + &part.checked_mul(&den_power)?;
            den_power = den_power.checked_mul(den)?;
        }
        Some(total)
    }

    /// The coefficients with respect to a variable, from the constant term up to its degree.
    pub fn coefficients_in(&self, variable: u32) -> Vec<MPoly> {
        let mut parts = vec![MPoly::zero(); usize::from(self.degree_in(variable)) + 1];
        for (monomial, coefficient) in &self.terms {
            let (exponent, rest) = monomial.take(variable);
            parts[usize::from(exponent)].add_term(rest, coefficient.clone());
        }
        parts
    }

    /// The largest product of powers that divides every term; 1 for the polynomial 0.
    pub fn monomial_content(&self) -> Monomial {
        let mut keys = self.terms.keys();
        let first = keys.next().cloned().unwrap_or_default();
        keys.fold(first, |common, monomial| common.gcd(monomial))
    }

    /// The monomial content, and the polynomial divided by it.
    pub fn split_content(&self) -> (Monomial, MPoly) {
        let content = self.monomial_content();
        let divided = self.terms.iter().filter_map(|(m, c)| Some((m.checked_div(&content)?, c.clone())));
        let rest = MPoly { terms: divided.collect() };
        (content, rest)
    }

    /// The derivative with respect to a variable.
    pub fn derivative(&self, variable: u32) -> MPoly {
        MPoly::from_terms(self.terms.iter().filter_map(|(monomial, coefficient)| {
            let (exponent, _) = monomial.take(variable);
            let lowered = monomial.checked_div(&Monomial(vec![(variable, 1)]))?;
            Some((lowered, coefficient * Q::from(i32::from(exponent))))
        }))
    }

    /// The polynomial in one variable, if no other occurs.
    pub fn to_univariate(&self, variable: u32) -> Option<Poly> {
        let parts = self.coefficients_in(variable);
        parts.iter().map(MPoly::as_constant).collect::<Option<Vec<Q>>>().map(Poly::new)
    }

    /// The value at a point that lists the variables by number; `None` if one is missing.
    pub fn eval<S: Scalar>(&self, point: &[S]) -> Option<S> {
        let mut total = S::zero();
        for (monomial, coefficient) in &self.terms {
            total = total.add(&S::from_q(coefficient).mul(&monomial.eval(point)?));
        }
        Some(total)
    }

    /// An interval that holds every value over a box, whose sides are listed by variable. `None`
    /// if one is missing. Exact up to one rounding where [`MPoly::multilinear_range`] applies.
    pub fn range(&self, sides: &[Interval]) -> Option<Interval> {
        let natural = self.eval(sides)?;
        let exact_side = |side: &Interval| Some((Q::from_f64(side.lo())?, Q::from_f64(side.hi())?));
        let needed = |variable: u32| exact_side(sides.get(usize::try_from(variable).ok()?)?);
        match self.corner_range(needed) {
            Some((lo, hi)) => natural.intersect(Interval::between(&lo, &hi)),
            None => Some(natural),
        }
    }

    /// The exact least and greatest value over a box with rational sides, listed by variable, if
    /// every exponent is at most 1 and at most 6 variables occur: such a polynomial is linear in
    /// each variable, so its extremes are at corners. `None` otherwise.
    pub fn multilinear_range(&self, sides: &[(Q, Q)]) -> Option<(Q, Q)> {
        self.corner_range(|variable| sides.get(usize::try_from(variable).ok()?).cloned())
    }

    fn corner_range(&self, side: impl Fn(u32) -> Option<(Q, Q)>) -> Option<(Q, Q)> {
        const MOST_VARIABLES: usize = 6;
        let variables = self.vars();
        let linear = self.terms.keys().all(|m| m.0.iter().all(|(_, exponent)| *exponent == 1));
        if !linear || variables.len() > MOST_VARIABLES {
            return None;
        }
        let mut corners = vec![self.clone()];
        for variable in variables {
            let (lo, hi) = side(variable)?;
            let ends = if lo == hi { vec![lo] } else { vec![lo, hi] };
            corners =
                corners.iter().flat_map(|c| ends.iter().map(|end| c.substitute(variable, end))).collect();
        }
        let values: Option<Vec<Q>> = corners.iter().map(MPoly::as_constant).collect();
        let values = values?;
        Some((values.iter().min()?.clone(), values.iter().max()?.clone()))
    }
}

impl Add<&MPoly> for &MPoly {
    type Output = MPoly;
    fn add(self, other: &MPoly) -> MPoly {
        let (mut sum, added) =
            if self.len() >= other.len() { (self.clone(), other) } else { (other.clone(), self) };
        for (monomial, coefficient) in &added.terms {
            sum.add_term(monomial.clone(), coefficient.clone());
        }
        sum
    }
}

impl Neg for &MPoly {
    type Output = MPoly;
    fn neg(self) -> MPoly {
        MPoly { terms: self.terms.iter().map(|(m, c)| (m.clone(), -c)).collect() }
    }
}

impl Sub<&MPoly> for &MPoly {
    type Output = MPoly;
    fn sub(self, other: &MPoly) -> MPoly {
        self + &-other
    }
}

impl Mul<&MPoly> for &MPoly {
    type Output = MPoly;
    fn mul(self, other: &MPoly) -> MPoly {
        self.checked_mul(other).expect("exponents stay below 65536")
    }
}

impl From<Q> for MPoly {
    fn from(value: Q) -> MPoly {
        MPoly::constant(value)
    }
}

impl fmt::Display for MPoly {
    /// Like `3/2 x0 x2^2 - x1 + 1`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return out.write_str("0");
        }
        for (index, (monomial, coefficient)) in self.terms.iter().rev().enumerate() {
            out.write_str(match (index, coefficient.is_negative()) {
                (0, false) => "",
                (0, true) => "-",
                (_, false) => " + ",
                (_, true) => " - ",
            })?;
            let size = coefficient.abs();
            let mut separate = !size.is_one() || monomial.0.is_empty();
            if separate {
                write!(out, "{size}")?;
            }
            for (variable, exponent) in &monomial.0 {
                let space = if separate { " " } else { "" };
                separate = true;
                match exponent {
                    1 => write!(out, "{space}x{variable}")?,
                    _ => write!(out, "{space}x{variable}^{exponent}")?,
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for MPoly {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
