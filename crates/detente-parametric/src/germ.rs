//! Rational functions of one parameter, looked at around a point.
//!
//! The one idea: whoever asks for a sign gets the sign at the point, and the numerator is noted.
//! Between the nearest roots of all that was noted, every answer stays as it was given, so whatever
//! was concluded from the answers holds there as well.

use crate::evaluate::Number;
use detente_exact::poly::Poly;
use detente_exact::{Interval, Q, Scalar};
use detente_verify::over::Field;
use std::cell::RefCell;
use std::rc::Rc;

/// Where the functions are looked at, and what was asked.
#[derive(Debug)]
pub struct Watch {
    at: Q,
    /// The whole range that is looked at, for bounds of sizes.
    range: (Q, Q),
    asked: RefCell<Vec<Poly>>,
}

impl Watch {
    /// Nothing asked yet.
    pub fn new(at: Q, range: (Q, Q)) -> Rc<Watch> {
        Rc::new(Watch { at, range, asked: RefCell::new(vec![]) })
    }

    /// Whatever must not change its sign, each once.
    pub fn asked(&self) -> Vec<Poly> {
        let mut list = self.asked.borrow().clone();
        list.sort_by(|a, b| a.coefs().cmp(b.coefs()));
        list.dedup();
        list
    }

    fn note(&self, poly: &Poly) {
        if poly.degree().is_none_or(|d| d == 0) {
            return;
        }
        let mut poly = poly.primitive();
        if poly.leading().is_negative() {
            poly = -&poly;
        }
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&poly) {
            asked.push(poly);
        }
    }
}

/// A rational function; constants need no point.
#[derive(Clone, Debug)]
pub struct Germ {
    center: Q,
    /// Numerator, denominator and where they are looked at; `None` for a constant.
    ratio: Option<(Poly, Poly, Rc<Watch>)>,
}

impl PartialEq for Germ {
    fn eq(&self, other: &Germ) -> bool {
        self.minus(other).is_zero()
    }
}

impl Germ {
    /// The parameter itself.
    pub fn variable(watch: &Rc<Watch>) -> Germ {
        let one = Poly::constant(Q::ONE);
        Germ { center: watch.at.clone(), ratio: Some((Poly::variable(), one, watch.clone())) }
    }

    /// Numerator and denominator, without common factors; the denominator is not 0 at the point.
    pub fn fraction(&self) -> (Poly, Poly) {
        match &self.ratio {
            None => (Poly::constant(self.center.clone()), Poly::constant(Q::ONE)),
            Some((num, den, _)) => (num.clone(), den.clone()),
        }
    }

    /// The value elsewhere; `None` where the denominator is 0.
    pub fn at(&self, x: &Q) -> Option<Q> {
        let (num, den) = self.fraction();
        num.eval(x).checked_div(&den.eval(x))
    }

    fn make(num: Poly, den: Poly, watch: &Rc<Watch>) -> Germ {
        let (mut num, mut den) = (num, den);
        if den.degree().is_some_and(|d| d > 0) {
            let common = num.gcd(&den);
            if common.degree().is_some_and(|d| d > 0)
                && let (Some((n, _)), Some((d, _))) = (num.div_rem(&common), den.div_rem(&common))
            {
                (num, den) = (n, d);
            }
        }
        let lead = den.leading();
        if let Some(inverse) = lead.checked_recip().filter(|_| !lead.is_one()) {
            (num, den) = (num.scale(&inverse), den.scale(&inverse));
        }
        let constant = |p: &Poly| p.degree().is_none_or(|d| d == 0);
        if constant(&num) && constant(&den) {
            return Germ { center: num.eval(&Q::ZERO), ratio: None };
        }
        let value = num.eval(&watch.at).checked_div(&den.eval(&watch.at));
        // Denominators are divisors that were noted as other than 0 at the point.
        let center = value.expect("a noted divisor is not 0 at the point");
        Germ { center, ratio: Some((num, den, watch.clone())) }
    }

    fn with(&self, other: &Germ, f: impl Fn(&Poly, &Poly, &Poly, &Poly) -> (Poly, Poly)) -> Option<Germ> {
        let watch = self.ratio.as_ref().or(other.ratio.as_ref()).map(|r| r.2.clone())?;
        let ((a, b), (c, d)) = (self.fraction(), other.fraction());
        let (num, den) = f(&a, &b, &c, &d);
        Some(Germ::make(num, den, &watch))
    }
}

impl Field for Germ {
    fn of(value: &Q) -> Germ {
        Germ { center: value.clone(), ratio: None }
    }

    fn plus(&self, other: &Germ) -> Germ {
        let sum = |a: &Poly, b: &Poly, c: &Poly, d: &Poly| {
            if b == d { (a + c, b.clone()) } else { (&(a * d) + &(c * b), b * d) }
        };
        self.with(other, sum).unwrap_or_else(|| Germ::of(&(&self.center + &other.center)))
    }

    fn times(&self, other: &Germ) -> Germ {
        if self.is_zero() || other.is_zero() {
            return Germ::zero();
        }
        let product = |a: &Poly, b: &Poly, c: &Poly, d: &Poly| (a * c, b * d);
        self.with(other, product).unwrap_or_else(|| Germ::of(&(&self.center * &other.center)))
    }

    fn negated(&self) -> Germ {
        let ratio = self.ratio.as_ref().map(|(num, den, watch)| (-num, den.clone(), watch.clone()));
        Germ { center: -&self.center, ratio }
    }

    fn over(&self, divisor: &Germ) -> Option<Germ> {
        divisor.sign().filter(|s| *s != 0)?;
        let quotient = |a: &Poly, b: &Poly, c: &Poly, d: &Poly| (a * d, b * c);
        match self.with(divisor, quotient) {
            Some(germ) => Some(germ),
            None => self.center.checked_div(&divisor.center).map(|q| Germ::of(&q)),
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
            Some((num, _, watch)) => {
                watch.note(num);
                Some(sign)
            }
        }
    }

    fn center(&self) -> Q {
        self.center.clone()
    }

    fn sorted(&self, other: &Germ) -> Option<(Germ, Germ)> {
        match self.minus(other).sign()? {
            -1 => Some((other.clone(), self.clone())),
            _ => Some((self.clone(), other.clone())),
        }
    }

    fn bound(&self) -> Q {
        let Some((num, den, watch)) = &self.ratio else { return self.center.abs() };
        let range = Interval::between(&watch.range.0, &watch.range.1);
        let over = num.eval_scalar(&range).div(&den.eval_scalar(&range));
        if let Some(bound) = over.map(|i| i.abs().hi()).and_then(Q::from_f64) {
            return bound;
        }
        // Near the point, the size stays below this number: where both differences keep their signs.
        let bound = self.center.abs() * Q::from(2) + Q::ONE;
        let limit = Germ::of(&bound);
        let inside = [limit.minus(self), limit.plus(self)];
        for condition in &inside {
            let _noted = condition.sign();
        }
        bound
    }
}

impl Number for Germ {
    fn irrational(_op: &detente_game::Op, _operands: &[Germ]) -> Option<Germ> {
        None
    }

    fn vanishes(&self) -> bool {
        self.is_zero()
    }
}
