//! Exponentials, logarithms, roots and powers: each one more variable.
//!
//! The one idea: the same step of the same operands is the same variable at every point, and its
//! values are enclosed from those of the variables before it.

use super::Formula;
use crate::evaluate::Number;
use detente_exact::poly::MPoly;
use detente_exact::{Interval, Q, Scalar};
use detente_game::Op;
use detente_verify::over::Field;
use std::cell::RefCell;
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
    pub(super) list: RefCell<Vec<Atom>>,
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
pub(super) fn exact(kind: Kind, operands: &[Formula]) -> Option<Q> {
    let x = &operands.first()?.center;
    match kind {
        Kind::Exp => Scalar::exp(x),
        Kind::Ln => Scalar::ln(x),
        Kind::Sqrt => Scalar::sqrt(x),
        Kind::Power => Scalar::powf(x, &operands.get(1)?.center),
    }
}
