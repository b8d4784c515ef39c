//! Division and common factors of polynomials in many variables.
//!
//! The one idea: a polynomial in many variables is one in its last variable, whose coefficients
//! are polynomials in the others; so Euclid's algorithm with pseudo-remainders does it (Knuth,
//! The Art of Computer Programming 2, 1969, section 4.6.1). Most pairs have no common factor, and
//! that shows at one point modulo a prime.

use super::{MPoly, Monomial};
use crate::Q;
use crate::rational::numerator_gcd;

/// Images are taken modulo this prime, 2^61 - 1.
const PRIME: u64 = (1 << 61) - 1;

impl MPoly {
    /// The quotient, if the division leaves no rest.
    pub fn exact_div(&self, divisor: &MPoly) -> Option<MPoly> {
        if let Some(number) = divisor.as_constant() {
            return number.checked_recip().map(|inverse| self.scale(&inverse));
        }
        if self.is_zero() {
            return Some(MPoly::zero());
        }
        let variable = divisor.vars().into_iter().next_back()?;
        let (mut rest, by) = (self.coefficients_in(variable), divisor.coefficients_in(variable));
        let lead = by.last()?;
        let mut quotient = MPoly::zero();
        while rest.len() >= by.len() {
            let shift = rest.len() - by.len();
            let factor = rest.last()?.exact_div(lead)?;
            if !factor.is_zero() {
                for (k, c) in by.iter().enumerate() {
                    rest[shift + k] = &rest[shift + k] - &factor.checked_mul(c)?;
                }
                quotient = &quotient + &factor.checked_mul(&power(variable, u16::try_from(shift).ok()?))?;
            }
            rest.pop();
        }
        rest.iter().all(MPoly::is_zero).then_some(quotient)
    }

    /// The same zeros with coprime whole coefficients, the last of them positive.
    pub fn primitive(&self) -> MPoly {
        let mut coefs = self.terms().map(|(_, c)| c);
        let Some(first) = coefs.next() else { return MPoly::zero() };
        let (mut num, mut den) = (first.numerator(), first.denominator());
        for c in coefs {
            num = numerator_gcd(&num, c);
            let other = c.denominator();
            den = &den / numerator_gcd(&den, &other) * other;
        }
        let last = self.terms().next_back().map_or(1, |(_, c)| c.signum());
        let factor = den.checked_div(&num.abs()).unwrap_or(Q::ONE);
        if factor.is_one() && last > 0 {
            return self.clone();
        }
        self.scale(&(factor * Q::from(last)))
    }

    /// The greatest common divisor, primitive; 0 if both are 0.
    pub fn gcd(&self, other: &MPoly) -> MPoly {
        self.gcd_within(other, &mut u64::MAX.clone()).unwrap_or_else(MPoly::one)
    }

    /// The greatest common divisor, if finding it takes at most so many steps, which are taken off; a step is
    /// about a product of two machine words. `None` where it would take more: remainders of polynomials in
    /// many variables can grow beyond all measure though their divisor is short.
    pub fn gcd_within(&self, other: &MPoly, steps: &mut u64) -> Option<MPoly> {
        if self.is_zero() {
            return Some(other.primitive());
        }
        if other.is_zero() {
            return Some(self.primitive());
        }
        if self.is_coprime(other) {
            return Some(MPoly::one());
        }
        let mut common = self.vars();
        common.retain(|v| other.degree_in(*v) > 0);
        let Some(variable) = common.last().copied() else { return Some(MPoly::one()) };
        let (own, theirs) = (content(self, variable, steps)?, content(other, variable, steps)?);
        let outer = own.gcd_within(&theirs, steps)?;
        let part = |p: &MPoly, c: &MPoly| p.exact_div(c).unwrap_or_else(|| p.clone()).primitive();
        let (mut a, mut b) = (part(self, &own), part(other, &theirs));
        if a.degree_in(variable) < b.degree_in(variable) {
            std::mem::swap(&mut a, &mut b);
        }
        while !b.is_zero() {
            if b.degree_in(variable) == 0 {
                return Some(outer);
            }
            let Some(rest) = pseudo_remainder(&a, &b, variable, steps)? else { return Some(outer) };
            let c = content(&rest, variable, steps)?;
            a = b;
            b = part(&rest, &c);
        }
        Some(outer.checked_mul(&a).map_or(outer, |p| p.primitive()))
    }

    /// Whether the two surely have no factor in common but numbers. A `false` says nothing.
    pub fn is_coprime(&self, other: &MPoly) -> bool {
        if self.as_constant().is_some_and(|c| !c.is_zero())
            || other.as_constant().is_some_and(|c| !c.is_zero())
        {
            return true;
        }
        self.vars().into_iter().filter(|v| other.degree_in(*v) > 0).all(|v| {
            let images = image(self, v).zip(image(other, v));
            // The factor's degree is at most that of the images' common divisor, where a leading
            // coefficient of one of them does not vanish.
            images.is_some_and(|(a, b)| {
                (a.len() == usize::from(self.degree_in(v)) + 1
                    || b.len() == usize::from(other.degree_in(v)) + 1)
                    && !a.is_empty()
                    && !b.is_empty()
                    && modular_gcd_is_constant(a, b)
            })
        })
    }
}

fn power(variable: u32, exponent: u16) -> MPoly {
    MPoly::from_terms([(Monomial::new(vec![(variable, exponent)]), Q::ONE)])
}

/// What all coefficients of the powers of a variable have in common; `None` where that takes too many steps.
fn content(poly: &MPoly, variable: u32, steps: &mut u64) -> Option<MPoly> {
    let mut found = MPoly::zero();
    for coefficient in poly.coefficients_in(variable) {
        found = found.gcd_within(&coefficient, steps)?;
    }
    Some(found)
}

/// What is left of `a`, times a power of `b`'s leading coefficient, after division by `b`. `Some(None)` where
/// an exponent grows too large, `None` where it takes too many steps.
fn pseudo_remainder(a: &MPoly, b: &MPoly, variable: u32, steps: &mut u64) -> Option<Option<MPoly>> {
    let by = b.coefficients_in(variable);
    let Some(lead) = by.last() else { return Some(None) };
    let words = |p: &MPoly| p.terms().map(|(_, c)| c.bits() as u64 / 64 + 1).sum::<u64>();
    let (own, top_words) = (words(b), words(lead));
    let mut rest = a.clone();
    while !rest.is_zero() && rest.degree_in(variable) >= b.degree_in(variable) {
        let shift = rest.degree_in(variable) - b.degree_in(variable);
        let Some(top) = rest.coefficients_in(variable).pop() else { return Some(None) };
        let cost = words(&rest).saturating_mul(top_words).saturating_add(own.saturating_mul(words(&top)));
        *steps = steps.checked_sub(cost)?;
        let taken = b.checked_mul(&top).and_then(|taken| taken.checked_mul(&power(variable, shift)));
        let (Some(taken), Some(scaled)) = (taken, rest.checked_mul(lead)) else { return Some(None) };
        rest = (&scaled - &taken).primitive();
    }
    Some(Some(rest))
}

/// The polynomial in one variable modulo the prime, with fixed numbers for the others; without
/// leading zeros. `None` if a denominator vanishes.
fn image(poly: &MPoly, keep: u32) -> Option<Vec<u64>> {
    let mut coefs = vec![0u64; usize::from(poly.degree_in(keep)) + 1];
    for (monomial, c) in poly.terms() {
        let mut product = c.modulo(PRIME)?;
        let mut at = 0;
        for (variable, exponent) in monomial.powers() {
            if *variable == keep {
                at = usize::from(*exponent);
                continue;
            }
            let base = (u64::from(*variable) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) % PRIME;
            product = times(product, modular_power(base, u64::from(*exponent)));
        }
        coefs[at] = (coefs[at] + product) % PRIME;
    }
    while coefs.last() == Some(&0) {
        coefs.pop();
    }
    Some(coefs)
}

fn times(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

fn modular_power(mut base: u64, mut exponent: u64) -> u64 {
    let mut total = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            total = times(total, base);
        }
        base = times(base, base);
        exponent >>= 1;
    }
    total
}

/// Euclid's algorithm modulo the prime; both have a leading coefficient other than 0.
fn modular_gcd_is_constant(mut a: Vec<u64>, mut b: Vec<u64>) -> bool {
    loop {
        if a.len() < b.len() {
            std::mem::swap(&mut a, &mut b);
        }
        let Some(lead) = b.last().copied() else { return a.len() == 1 };
        if b.len() == 1 {
            return true;
        }
        let inverse = modular_power(lead, PRIME - 2);
        while a.len() >= b.len() {
            let factor = times(a.last().copied().unwrap_or(0), inverse);
            let shift = a.len() - b.len();
            for (k, c) in b.iter().enumerate() {
                a[shift + k] = (a[shift + k] + PRIME - times(factor, *c)) % PRIME;
            }
            while a.last() == Some(&0) {
                a.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x() -> MPoly {
        MPoly::variable(0)
    }
    fn y() -> MPoly {
        MPoly::variable(1)
    }
    fn number(n: i64) -> MPoly {
        MPoly::constant(Q::from(n))
    }

    #[test]
    fn a_product_divides_into_its_factors() {
        let (a, b) = (&(&x() * &y()) - &number(3), &(&x() + &y()) + &number(1));
        let product = &a * &b;
        assert_eq!(product.exact_div(&a), Some(b.clone()));
        assert_eq!(product.exact_div(&b), Some(a.clone()));
        assert_eq!((&product + &number(1)).exact_div(&a), None);
    }

    #[test]
    fn common_factors_are_found_and_others_are_not_made_up() {
        let common = &(&x() * &x()) - &y();
        let (a, b) = (&common * &(&x() + &number(2)), &common * &(&y() - &x()));
        assert_eq!(a.gcd(&b), common.primitive());
        assert_eq!((&x() + &number(2)).gcd(&(&y() - &x())), MPoly::one());
        assert!((&x() + &number(2)).is_coprime(&(&y() - &x())));
        assert!(!a.is_coprime(&b));
        // A factor in one variable only.
        let (a, b) = (&(&x() + &number(1)) * &y(), &(&x() + &number(1)) * &(&x() - &y()));
        assert_eq!(a.gcd(&b), &x() + &number(1));
        assert_eq!(a.gcd(&MPoly::zero()), a.primitive());
    }

    #[test]
    fn a_search_for_common_factors_ends_at_its_bound() {
        let common = &(&x() * &x()) - &y();
        let (a, b) = (&common * &(&x() + &number(2)), &common * &(&y() - &x()));
        let mut steps = 1_000;
        assert_eq!(a.gcd_within(&b, &mut steps), Some(common.primitive()));
        assert!(0 < steps && steps < 1_000);
        assert_eq!(a.gcd_within(&b, &mut 3), None);
        // Without common factors nothing has to be divided.
        assert_eq!((&x() + &number(2)).gcd_within(&(&y() - &x()), &mut 0), Some(MPoly::one()));
    }

    #[test]
    fn primitive_keeps_zeros_and_turns_the_sign() {
        let p = &x().scale(&Q::new(-2, 3)) + &number(-4);
        assert_eq!(p.primitive(), &x() + &number(6));
    }
}
