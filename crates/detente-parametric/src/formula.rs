//! Rational functions of one or more parameters, looked at around a point.
//!
//! The one idea: whoever asks for a sign gets the sign at the point, and numerator and denominator
//! are noted. Wherever all that was noted keeps its sign, every answer stays as it was given, so
//! whatever was concluded from the answers holds there as well. An exponential, logarithm or root
//! is an [`Atom`], one more variable: what holds whatever number stands for it holds for its own.

use crate::evaluate::Number;
use detente_exact::poly::MPoly;
use detente_exact::{Interval, Q, Scalar};
use detente_game::Op;
use detente_verify::over::{Field, Stop};
use indexmap::IndexSet;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// An irrational step, with its operands as numerator and denominator.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    pub kind: Kind,
    pub operands: Vec<(MPoly, MPoly)>,
}

/// Which irrational step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Exp,
    Ln,
    Sqrt,
    Power,
}

impl Atom {
    /// All values where the variables before it have these.
    pub fn range(&self, known: &[Interval]) -> Option<Interval> {
        let value = |k: usize| {
            let (num, den) = self.operands.get(k)?;
            num.eval(known)?.checked_div(den.eval(known)?)
        };
        match self.kind {
            Kind::Exp => Some(value(0)?.exp()),
            Kind::Ln => value(0)?.ln(),
            Kind::Sqrt => value(0)?.sqrt(),
            Kind::Power => value(0)?.powf(value(1)?),
        }
    }
}

/// All irrational steps met so far, the same at every point.
#[derive(Debug)]
pub struct Atoms {
    /// How many variables are parameters; the atoms follow.
    pub free: usize,
    list: RefCell<Vec<Atom>>,
}

impl Atoms {
    /// None yet, for so many free parameters.
    pub fn new(free: usize) -> Rc<Atoms> {
        Rc::new(Atoms { free, list: RefCell::new(vec![]) })
    }

    /// The atoms in order: variable `free + k` is atom `k`.
    pub fn list(&self) -> Vec<Atom> {
        self.list.borrow().clone()
    }

    /// Enclosures of every variable where the parameters have these.
    pub fn sides(&self, params: &[Interval]) -> Vec<Interval> {
        let mut known = params.to_vec();
        for atom in self.list.borrow().iter() {
            let range = atom.range(&known).unwrap_or(Interval::ENTIRE);
            known.push(range);
        }
        known
    }

    pub(crate) fn number(&self, atom: Atom) -> usize {
        let mut list = self.list.borrow_mut();
        let at = list.iter().position(|a| *a == atom).unwrap_or_else(|| {
            list.push(atom);
            list.len() - 1
        });
        self.free + at
    }
}

/// Most terms of a function, numerator and denominator together, while a proof is replayed.
const MOST_TERMS: usize = 6_000;
/// Common factors are looked for where the product of the numbers of terms is at most this.
const MOST_PAIRS: usize = 250_000;
/// Most steps of one search for a common factor, and of all those of one replay, where there are more than two
/// parameters: with one or two, remainders stay short.
const MOST_STEPS: u64 = 2_000_000;
const ALL_STEPS: u64 = 60_000_000;

/// Where the functions are looked at, and what was asked.
#[derive(Debug)]
pub struct Watch {
    /// Values of the parameters, then of the atoms, as they are rounded in the game at the point.
    at: RefCell<Vec<Q>>,
    /// The ranges that are looked at, for bounds of sizes.
    sides: Vec<(Q, Q)>,
    /// Sizes are bounded by their own at the point and one part in so many, not over the ranges.
    tight: Option<i64>,
    atoms: Rc<Atoms>,
    asked: RefCell<IndexSet<MPoly>>,
    /// Most terms of a function while a proof is replayed; afterwards there is no limit.
    most_terms: Cell<usize>,
    /// Steps left for common factors.
    steps: Cell<u64>,
    /// A function became too long, and from there on numbers stood for functions: nothing is proven.
    overgrown: Cell<bool>,
}

impl Watch {
    /// Nothing asked yet.
    pub fn new(at: &[Q], sides: &[(Q, Q)], tight: Option<i64>, atoms: &Rc<Atoms>) -> Rc<Watch> {
        Rc::new(Watch {
            at: RefCell::new(at.to_vec()),
            sides: sides.to_vec(),
            tight,
            atoms: atoms.clone(),
            asked: RefCell::new(IndexSet::new()),
            most_terms: Cell::new(MOST_TERMS),
            steps: Cell::new(if atoms.free > 2 { ALL_STEPS } else { u64::MAX }),
            overgrown: Cell::new(false),
        })
    }

    /// Whatever must not change its sign, each once. Called when the replay is over: functions made from then on
    /// may be of any length, since nobody would ask again whether one became too long.
    ///
    /// # Errors
    /// A function became too long to go on with, so nothing that was concluded is proven.
    pub fn asked(&self) -> Result<Vec<MPoly>, Stop> {
        if self.overgrown.get() {
            let words = format!("the functions of the parameters grow beyond {MOST_TERMS} terms");
            return Err(Stop::Never(words));
        }
        self.most_terms.set(usize::MAX);
        Ok(self.asked.borrow().iter().cloned().collect())
    }

    /// The point with the atoms' values there.
    pub fn at(&self) -> Vec<Q> {
        self.at.borrow().clone()
    }

    /// What two polynomials have in common; 1 where looking for it would take too long, which is no fault: a
    /// fraction that could be shorter has the same values.
    fn common(&self, a: &MPoly, b: &MPoly) -> MPoly {
        if a.len() * b.len() > MOST_PAIRS {
            return MPoly::one();
        }
        let given = if self.atoms.free > 2 { self.steps.get().min(MOST_STEPS) } else { u64::MAX };
        let mut left = given;
        let found = a.gcd_within(b, &mut left);
        self.steps.set(self.steps.get().saturating_sub(given - left));
        found.unwrap_or_else(MPoly::one)
    }

    /// Both without their common factors.
    fn coprime(&self, a: MPoly, b: MPoly) -> (MPoly, MPoly) {
        if a.is_zero() || a.as_constant().is_some() || b.as_constant().is_some() {
            return (a, b);
        }
        let common = self.common(&a, &b);
        if common.as_constant().is_some() {
            return (a, b);
        }
        match (a.exact_div(&common), b.exact_div(&common)) {
            (Some(a), Some(b)) => (a, b),
            _ => (a, b),
        }
    }

    fn note(&self, poly: &MPoly) {
        if poly.as_constant().is_none() {
            self.asked.borrow_mut().insert(poly.primitive());
        }
    }
}

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

impl Number for Formula {
    fn irrational(op: &Op, operands: &[Formula]) -> Option<Formula> {
        let watch = operands.iter().find_map(|o| o.ratio.as_ref().map(|r| r.1.clone()))?;
        let first = operands.first()?;
        let x = first.center.to_f64();
        let (kind, center) = match op {
            Op::Exp(_) => (Kind::Exp, libm::exp(x)),
            Op::Ln(_) => (Kind::Ln, libm::log(x)),
            Op::Sqrt(_) => (Kind::Sqrt, x.sqrt()),
            Op::Pow(..) => (Kind::Power, libm::pow(x, operands.get(1)?.center.to_f64())),
            _ => return None,
        };
        let center = exact(kind, operands).or_else(|| Q::from_f64(center))?;
        let number =
            watch.atoms.number(Atom { kind, operands: operands.iter().map(Formula::fraction).collect() });
        let mut at = watch.at.borrow_mut();
        while at.len() <= number {
            at.push(Q::ZERO);
        }
        at[number] = center.clone();
        drop(at);
        let ratio = Rc::new((MPoly::variable(number as u32), MPoly::one()));
        Some(Formula { center, ratio: Some((ratio, watch)) })
    }

    fn vanishes(&self) -> bool {
        self.is_zero()
    }
}

/// The value at the point where it is rational.
fn exact(kind: Kind, operands: &[Formula]) -> Option<Q> {
    let x = &operands.first()?.center;
    match kind {
        Kind::Exp => Scalar::exp(x),
        Kind::Ln => Scalar::ln(x),
        Kind::Sqrt => Scalar::sqrt(x),
        Kind::Power => Scalar::powf(x, &operands.get(1)?.center),
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
