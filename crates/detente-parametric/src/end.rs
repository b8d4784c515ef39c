//! Ends of pieces: exact numbers, or the zero of an expression with exponentials, logarithms or roots.
//!
//! The one idea: a polynomial's zero is known exactly; the zero of another expression is known as the
//! only one in an interval where the expression surely rises or surely falls, and has other signs at
//! the two ends (Moore, Interval Analysis, 1966).

use crate::formula::{Atoms, Kind};
use crate::slopes::gradient;
use detente_exact::poly::{MPoly, RealRoot};
use detente_exact::{Interval, Q, Scalar};
use std::cmp::Ordering;
use std::rc::Rc;

/// Zeros are first enclosed to this share of the range, so that signs at both ends are sure.
const WIDTH: i64 = 1 << 40;
/// Most parts that a range is cut into in search of one zero.
const MAX_PARTS: usize = 4000;

/// A number at which something may change.
#[derive(Clone, Debug)]
pub enum End {
    /// Rational or algebraic.
    Root(RealRoot),
    /// A zero of an expression.
    Zero(Zero),
}

/// A zero of a polynomial over a parameter and irrational steps.
#[derive(Clone, Debug)]
pub struct Zero {
    pub poly: MPoly,
    pub atoms: Rc<Atoms>,
    /// It lies between these.
    pub lo: Q,
    pub hi: Q,
    /// Whether there is surely one, and only one.
    pub sure: bool,
}

impl End {
    /// An exact number.
    pub fn exact(value: &Q) -> End {
        End::Root(RealRoot::Rational(value.clone()))
    }

    /// A number not above it.
    pub fn lo(&self) -> &Q {
        match self {
            End::Root(root) => root.lo(),
            End::Zero(zero) => &zero.lo,
        }
    }

    /// A number not below it.
    pub fn hi(&self) -> &Q {
        match self {
            End::Root(root) => root.hi(),
            End::Zero(zero) => &zero.hi,
        }
    }

    /// The number, if it is rational.
    pub fn rational(&self) -> Option<&Q> {
        match self {
            End::Root(root) => root.rational(),
            End::Zero(_) => None,
        }
    }

    /// Narrows what it is known to lie in, as far as signs are sure.
    pub fn refine(&mut self, width: &Q) {
        match self {
            End::Root(root) => root.refine(width),
            End::Zero(zero) => zero.refine(width),
        }
    }

    /// A float near it.
    pub fn to_f64(&self) -> f64 {
        match self {
            End::Root(root) => root.to_f64(),
            End::Zero(zero) => {
                let mut narrow = zero.clone();
                narrow.refine(&Q::from(2).pow(-70));
                ((narrow.lo + narrow.hi) / Q::from(2)).to_f64()
            }
        }
    }

    /// Which lies to the left. Two numbers that cannot be told apart count as one.
    pub fn compare(&self, other: &End) -> Ordering {
        if let (End::Root(a), End::Root(b)) = (self, other) {
            return a.compare_root(b);
        }
        let (mut a, mut b) = (self.clone(), other.clone());
        for _ in 0..8 {
            if a.hi() < b.lo() {
                return Ordering::Less;
            }
            if b.hi() < a.lo() {
                return Ordering::Greater;
            }
            let width = (a.hi() - a.lo()).max(b.hi() - b.lo()) / Q::from(64);
            a.refine(&width);
            b.refine(&width);
        }
        Ordering::Equal
    }

    /// Whether an expression is 0 there. With irrational steps: as far as floats can tell.
    pub fn is_zero_of(&self, poly: &MPoly, atoms: &Atoms) -> bool {
        if let (End::Root(root), Some(own)) = (self, poly.to_univariate(0)) {
            return root.sign_of(&own) == 0;
        }
        if let End::Zero(zero) = self
            && poly.exact_div(&zero.poly).is_some()
        {
            return true;
        }
        let mut narrow = self.clone();
        narrow.refine(&Q::from(2).pow(-60));
        let known = atoms.sides(&[Interval::between(narrow.lo(), narrow.hi())]);
        poly.eval(&known).is_none_or(|v| v.sign().is_none())
    }
}

impl Zero {
    /// The number itself where it is a short fraction, as the zero of sqrt(x) - 1 is.
    fn short(self) -> End {
        let near = Q::simplest_between(&self.lo, &self.hi);
        match self.sure && vanishes(&self.poly, &self.atoms, &near) {
            true => End::exact(&near),
            false => End::Zero(self),
        }
    }

    fn refine(&mut self, width: &Q) {
        while self.sure && &self.hi - &self.lo > *width {
            let middle = (&self.lo + &self.hi) / Q::from(2);
            let (Some(mid), Some(right)) = (sign(&self.poly, &self.atoms, &middle), self.right()) else {
                return;
            };
            if mid == right { self.hi = middle } else { self.lo = middle }
        }
    }

    fn right(&self) -> Option<i32> {
        sign(&self.poly, &self.atoms, &self.hi)
    }
}

/// The sign at a number, if floats can tell.
fn sign(poly: &MPoly, atoms: &Atoms, at: &Q) -> Option<i32> {
    poly.eval(&atoms.sides(&[Interval::from_q(at)]))?.sign().filter(|s| *s != 0)
}

/// The nearest zeros on both sides of a center at which the expression is not 0, within the range from
/// `from` to `to`.
pub fn nearest(poly: &MPoly, atoms: &Rc<Atoms>, center: &Q, from: &Q, to: &Q) -> [Option<End>; 2] {
    if let Some(own) = poly.to_univariate(0) {
        let own = own.squarefree();
        // Most conditions have no root in the range.
        if own.count_roots(from, to) == Some(0) && !own.eval(from).is_zero() {
            return [None, None];
        }
        let below = own.roots_in(from, center).into_iter().flatten().next_back();
        let above = own.roots_in(center, to).into_iter().flatten().next();
        return [below.map(End::Root), above.map(End::Root)];
    }
    let search = Search { poly, atoms, width: (to - from) / Q::from(WIDTH) };
    [search.first(center, from), search.first(center, to)].map(|zero| zero.map(Zero::short))
}

/// Whether an expression is exactly 0 at a number at which all its steps are rational.
fn vanishes(poly: &MPoly, atoms: &Atoms, at: &Q) -> bool {
    let mut known = vec![at.clone()];
    for atom in atoms.list() {
        let operand = |k: usize| -> Option<Q> {
            let (num, den) = atom.operands.get(k)?;
            num.eval(&known)?.checked_div(&den.eval(&known)?)
        };
        let value = operand(0).and_then(|x| match atom.kind {
            Kind::Exp => Scalar::exp(&x),
            Kind::Ln => Scalar::ln(&x),
            Kind::Sqrt => Scalar::sqrt(&x),
            Kind::Power => Scalar::powf(&x, &operand(1)?),
        });
        let Some(value) = value else { return false };
        known.push(value);
    }
    poly.eval(&known).is_some_and(|v| v.is_zero())
}

/// A search for zeros of one expression.
struct Search<'a> {
    poly: &'a MPoly,
    atoms: &'a Rc<Atoms>,
    width: Q,
}

impl Search<'_> {
    /// The first zero on the way from one number to another.
    fn first(&self, start: &Q, end: &Q) -> Option<Zero> {
        // What is nearest to the start is on top.
        let mut open = vec![(start.clone(), end.clone())];
        let mut parts = 0;
        while let Some((near, far)) = open.pop() {
            parts += 1;
            let known = self.atoms.sides(&[Interval::between(&near, &far)]);
            let slope = gradient(self.poly, self.atoms, &known).and_then(|g| g.first().copied());
            if self.keeps_sign(&near, &far, &known, slope) {
                continue;
            }
            let steady = slope.and_then(Interval::sign).is_some_and(|s| s != 0);
            let ends = (sign(self.poly, self.atoms, &near), sign(self.poly, self.atoms, &far));
            match ends {
                (Some(a), Some(b)) if steady && a == b => continue,
                (Some(_), Some(_)) if steady => return Some(self.settled(near, far)),
                _ => {}
            }
            if (&far - &near).abs() <= self.width || parts > MAX_PARTS {
                return Some(self.zero(&near, &far, false));
            }
            let middle = (&near + &far) / Q::from(2);
            open.push((middle.clone(), far));
            open.push((near, middle));
        }
        None
    }

    /// Whether the expression has one sign all over a part: natural, or from the middle outwards.
    fn keeps_sign(&self, near: &Q, far: &Q, known: &[Interval], slope: Option<Interval>) -> bool {
        let Some(natural) = self.poly.eval(known) else { return false };
        if natural.sign().is_some_and(|s| s != 0) {
            return true;
        }
        let middle = (near + far) / Q::from(2);
        let center = self.poly.eval(&self.atoms.sides(&[Interval::from_q(&middle)]));
        let Some((center, slope)) = center.zip(slope) else { return false };
        let reach = Interval::between(near, far) - Interval::from_q(&middle);
        (center + slope * reach).sign().is_some_and(|s| s != 0)
    }

    /// The one zero of a part with different signs at its ends, enclosed so that both stay sure.
    fn settled(&self, near: Q, far: Q) -> Zero {
        let mut zero = self.zero(&near, &far, true);
        zero.refine(&self.width);
        zero
    }

    fn zero(&self, near: &Q, far: &Q, sure: bool) -> Zero {
        let (lo, hi) = if near < far { (near, far) } else { (far, near) };
        Zero { poly: self.poly.clone(), atoms: self.atoms.clone(), lo: lo.clone(), hi: hi.clone(), sure }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::Atom;

    #[test]
    fn zeros_of_exponentials_are_enclosed_on_both_sides() {
        // exp(x) - 3 x has zeros near 0.619 and 1.512, and is negative between them.
        let atoms = Atoms::new(1);
        let exp = Atom { kind: Kind::Exp, operands: vec![(MPoly::variable(0), MPoly::one())] };
        let number = atoms.number(exp);
        let f = &MPoly::variable(number as u32) - &MPoly::variable(0).scale(&Q::from(3));
        let [below, above] = nearest(&f, &atoms, &Q::ONE, &Q::ZERO, &Q::from(2));
        let (below, above) = (below.expect("a zero"), above.expect("a zero"));
        assert!((below.to_f64() - 0.619061286735945).abs() < 1e-14, "{}", below.to_f64());
        assert!((above.to_f64() - 1.512134551657842).abs() < 1e-14, "{}", above.to_f64());
        assert!(below.compare(&above).is_lt() && above.compare(&above.clone()).is_eq());
        assert!(below.is_zero_of(&f, &atoms));
        // From beyond its own zero the search finds the next one, not the same again.
        let [again, none] = nearest(&f, &atoms, &Q::new(9, 5), above.hi(), &Q::from(2));
        assert!(again.is_none() && none.is_none());
    }
}
