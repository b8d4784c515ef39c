//! Rational functions of one or more parameters, looked at around a point.
//!
//! The one idea: whoever asks for a sign gets the sign at the point, and numerator and denominator
//! are noted. Wherever all that was noted keeps its sign, every answer stays as it was given, so
//! whatever was concluded from the answers holds there as well. An exponential, logarithm or root
//! is an [`Atom`], one more variable: what holds whatever number stands for it holds for its own.

mod irrational;
mod watch;

pub use irrational::{Atom, Atoms, Kind};
pub use watch::Watch;

use detente_exact::poly::MPoly;
use detente_exact::{Interval, Q};
use detente_verify::over::Field;
use std::rc::Rc;

/// A rational function; constants need no point.
#[derive(Clone, Debug)]
pub struct Formula {
    center: Q,
    /// Numerator, denominator and where they are looked at; `None` for a constant.
    ratio: Option<(Rc<(MPoly, MPoly)>, Rc<Watch>)>,
}

impl PartialEq for Formula {
    fn eq(&self, other: &Formula) -> bool {
        self.center == other.center && self.minus(other).is_zero()
    }
}

impl Formula {
    /// Parameter `k` itself.
    pub fn variable(k: usize, watch: &Rc<Watch>) -> Formula {
        let center = watch.at.borrow()[k].clone();
        Formula { center, ratio: Some((Rc::new((MPoly::variable(k as u32), MPoly::one())), watch.clone())) }
    }

    /// Numerator and denominator; the denominator is not 0 at the point. They have no common factor unless looking
    /// for one would have taken too long.
    pub fn fraction(&self) -> (MPoly, MPoly) {
        match &self.ratio {
            None => (MPoly::constant(self.center.clone()), MPoly::one()),
            Some((ratio, _)) => (ratio.0.clone(), ratio.1.clone()),
        }
    }

    /// The value as a float elsewhere; `values` are those of all variables.
    pub fn at(&self, values: &[f64]) -> f64 {
        match &self.ratio {
            None => self.center.to_f64(),
            Some((ratio, _)) => {
                ratio.0.eval(values).unwrap_or(f64::NAN) / ratio.1.eval(values).unwrap_or(f64::NAN)
            }
        }
    }

    /// The number, if it is one.
    pub fn constant(&self) -> Option<&Q> {
        self.ratio.is_none().then_some(&self.center)
    }

    /// All values where the variables lie in these ranges; `None` where the denominator may be 0.
    pub fn range(&self, known: &[Interval]) -> Option<Interval> {
        match &self.ratio {
            None => Some(Interval::from_q(&self.center)),
            Some((ratio, _)) => ratio.0.eval(known)?.checked_div(ratio.1.eval(known)?),
        }
    }

    /// The function, made free of common factors.
    fn make(num: MPoly, den: MPoly, center: Q, watch: &Rc<Watch>) -> Formula {
        let (num, den) = watch.coprime(num, den);
        Formula::of_coprime(num, den, center, watch)
    }

    /// The function of a numerator and a denominator without common factors.
    fn of_coprime(num: MPoly, den: MPoly, center: Q, watch: &Rc<Watch>) -> Formula {
        if num.is_zero() {
            return Formula::of(&Q::ZERO);
        }
        if num.len() + den.len() > watch.most_terms.get() {
            watch.overgrown.set(true);
        }
        if watch.overgrown.get() {
            return Formula { center, ratio: None };
        }
        let (mut num, mut den) = (num, den);
        if den.as_constant().is_none() {
            let whole = den.primitive();
            let factor = whole.terms().next_back().zip(den.terms().next_back());
            if let Some(scale) = factor.and_then(|((_, a), (_, b))| a.checked_div(b)) {
                (num, den) = (num.scale(&scale), whole);
            }
        }
        if let Some(inverse) = den.as_constant().and_then(|c| c.checked_recip()) {
            (num, den) = (if inverse.is_one() { num } else { num.scale(&inverse) }, MPoly::one());
            if num.as_constant().is_some() {
                return Formula { center, ratio: None };
            }
        }
        Formula { center, ratio: Some((Rc::new((num, den)), watch.clone())) }
    }
}

impl Field for Formula {
    fn of(value: &Q) -> Formula {
        Formula { center: value.clone(), ratio: None }
    }

    fn plus(&self, other: &Formula) -> Formula {
        let center = &self.center + &other.center;
        match (&self.ratio, &other.ratio) {
            (None, None) => Formula { center, ratio: None },
            (Some(_), None) if other.center.is_zero() => self.clone(),
            (None, Some(_)) if self.center.is_zero() => other.clone(),
            (Some((own, watch)), None) => {
                let num = &own.0 + &own.1.scale(&other.center);
                Formula { center, ratio: Some((Rc::new((num, own.1.clone())), watch.clone())) }
            }
            (None, Some(_)) => other.plus(self),
            (Some((a, watch)), Some((b, _))) => {
                if a.1 == b.1 {
                    return Formula::make(&a.0 + &b.0, a.1.clone(), center, watch);
                }
                // Only factors that both denominators share can cancel (Henrici, "A subroutine for computations
                // with rational numbers", Journal of the ACM 1956).
                let common = watch.common(&a.1, &b.1);
                let (own, other) = match (a.1.exact_div(&common), b.1.exact_div(&common)) {
                    (Some(own), Some(other)) if common.as_constant().is_none() => (own, other),
                    _ => {
                        let num = &(&a.0 * &b.1) + &(&b.0 * &a.1);
                        return Formula::of_coprime(num, &a.1 * &b.1, center, watch);
                    }
                };
                let num = &(&a.0 * &other) + &(&b.0 * &own);
                let (num, common) = watch.coprime(num, common);
                Formula::of_coprime(num, &(&own * &other) * &common, center, watch)
            }
        }
    }

    fn times(&self, other: &Formula) -> Formula {
        if self.is_zero() || other.is_zero() {
            return Formula::of(&Q::ZERO);
        }
        let center = &self.center * &other.center;
        match (&self.ratio, &other.ratio) {
            (None, None) => Formula { center, ratio: None },
            (Some(_), None) if other.center.is_one() => self.clone(),
            (Some((own, watch)), None) => {
                let num = own.0.scale(&other.center);
                Formula { center, ratio: Some((Rc::new((num, own.1.clone())), watch.clone())) }
            }
            (None, Some(_)) => other.times(self),
            (Some((a, watch)), Some((b, _))) => {
                let (up, right) = watch.coprime(a.0.clone(), b.1.clone());
                let (down, left) = watch.coprime(b.0.clone(), a.1.clone());
                Formula::of_coprime(&up * &down, &left * &right, center, watch)
            }
        }
    }

    fn negated(&self) -> Formula {
        let ratio = self.ratio.as_ref().map(|(r, watch)| (Rc::new((-&r.0, r.1.clone())), watch.clone()));
        Formula { center: -&self.center, ratio }
    }

    fn over(&self, divisor: &Formula) -> Option<Formula> {
        divisor.sign().filter(|s| *s != 0)?;
        let center = self.center.checked_div(&divisor.center)?;
        match (&self.ratio, &divisor.ratio) {
            (None, None) => Some(Formula { center, ratio: None }),
            (_, None) => Some(self.times(&Formula::of(&divisor.center.checked_recip()?))),
            (_, Some((b, watch))) => {
                let (num, den) = self.fraction();
                let (num, below) = watch.coprime(num, b.0.clone());
                let (above, den) = watch.coprime(b.1.clone(), den);
                Some(Formula::of_coprime(&num * &above, &den * &below, center, watch))
            }
        }
    }

    fn is_zero(&self) -> bool {
        self.ratio.is_none() && self.center.is_zero()
    }

    fn is_one(&self) -> bool {
        self.ratio.is_none() && self.center.is_one()
    }

    fn sign(&self) -> Option<i32> {
        let sign = self.center.signum();
        match &self.ratio {
            None => Some(sign),
            Some(_) if sign == 0 => None,
            Some((ratio, watch)) => {
                watch.note(&ratio.0);
                watch.note(&ratio.1);
                Some(sign)
            }
        }
    }

    fn center(&self) -> Q {
        self.center.clone()
    }

    fn sorted(&self, other: &Formula) -> Option<(Formula, Formula)> {
        match self.minus(other).sign()? {
            -1 => Some((other.clone(), self.clone())),
            _ => Some((self.clone(), other.clone())),
        }
    }

    fn bound(&self) -> Q {
        let Some((ratio, watch)) = &self.ratio else { return self.center.abs() };
        if watch.tight.is_none() {
            let sides: Vec<Interval> = watch.sides.iter().map(|(a, b)| Interval::between(a, b)).collect();
            let known = watch.atoms.sides(&sides);
            let range = ratio.0.eval(&known).zip(ratio.1.eval(&known)).and_then(|(n, d)| n.checked_div(d));
            if let Some(bound) = range.map(|i| i.magnitude()).and_then(Q::from_f64) {
                return bound;
            }
        }
        // Near the point, the size stays below this number: where both differences keep their signs.
        let part = Q::new(1, watch.tight.unwrap_or(1));
        let bound = self.center.abs() * (&part + Q::ONE) + part / Q::from(8);
        let limit = Formula::of(&bound);
        let inside = [limit.minus(self), limit.plus(self)];
        for condition in &inside {
            let _noted = condition.sign();
        }
        bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(count: usize) -> (Vec<Formula>, Rc<Watch>) {
        let at: Vec<Q> = (0..count).map(|k| Q::new(k as i64 + 2, 3)).collect();
        let sides = vec![(Q::ZERO, Q::from(100)); count];
        let watch = Watch::new(&at, &sides, None, &Atoms::new(count));
        ((0..count).map(|k| Formula::variable(k, &watch)).collect(), watch)
    }

    /// The value elsewhere, from the fraction.
    fn elsewhere(f: &Formula) -> f64 {
        f.at(&[0.3, 1.7, 2.9])
    }

    #[test]
    fn sums_products_and_quotients_have_their_values_and_cancel() {
        let (v, _) = variables(3);
        let [x, y, z] = [&v[0], &v[1], &v[2]];
        let (a, b) = (x.plus(y), y.minus(&z.times(x)));
        let over = |n: &Formula, d: &Formula| n.over(d).expect("no divisor is 0 at the point");
        let (p, q) = (over(&x.times(&b), &a), over(&z.times(&a), &b));
        let (at_p, at_q) = (elsewhere(&p), elsewhere(&q));
        for (found, wanted) in [
            (p.plus(&q), at_p + at_q),
            (p.times(&q), at_p * at_q),
            (over(&p, &q), at_p / at_q),
            (over(&x.plus(z), &a).plus(&over(y, &a.times(z))), (0.3 + 2.9) / 2.0 + 1.7 / (2.0 * 2.9)),
        ] {
            assert!((elsewhere(&found) - wanted).abs() < 1e-12 * wanted.abs().max(1.0), "{found:?}");
        }
        // Crosswise common factors are gone, and so is one that only the sum's numerator brings.
        assert_eq!(p.times(&q).fraction(), x.times(z).fraction());
        assert_eq!(over(x, &a).plus(&over(y, &a)).constant(), Some(&Q::ONE));
        assert!(p.minus(&p).is_zero());
    }

    #[test]
    fn what_grows_too_long_proves_nothing_and_later_functions_are_whole() {
        let sum = |v: &[Formula]| v.iter().fold(Formula::of(&Q::ONE), |s, x| s.plus(x));
        let power = |f: &Formula, n: usize| (0..n).fold(Formula::of(&Q::ONE), |p, _| p.times(f));
        // (1 + x1 + … + x8)^8 has 16 over 8 terms, 12,870.
        let (v, watch) = variables(8);
        let _long = power(&sum(&v), 8);
        assert!(watch.asked().is_err());
        let (v, watch) = variables(8);
        assert!(watch.asked().is_ok());
        assert_eq!(power(&sum(&v), 8).fraction().0.len(), 12_870);
    }
}
