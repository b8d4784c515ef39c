//! Where functions are looked at, what was asked of them there, and how long they may grow.
//!
//! The one idea: a limit is no fault. A common factor that would take too long to find stays in,
//! and a function that becomes too long ends the proof, not the program.

use super::Atoms;
use detente_exact::Q;
use detente_exact::poly::MPoly;
use detente_verify::over::Stop;
use indexmap::IndexSet;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Most terms of a function, numerator and denominator together, while a proof is replayed.
pub(super) const MOST_TERMS: usize = 6_000;

/// Common factors are looked for where the product of the numbers of terms is at most this.
pub(super) const MOST_PAIRS: usize = 250_000;

/// Most steps of one search for a common factor, and of all those of one replay, where there are more than two
/// parameters: with one or two, remainders stay short.
pub(super) const MOST_STEPS: u64 = 2_000_000;

pub(super) const ALL_STEPS: u64 = 60_000_000;

/// Where the functions are looked at, and what was asked.
#[derive(Debug)]
pub struct Watch {
    /// Values of the parameters, then of the atoms, as they are rounded in the game at the point.
    pub(super) at: RefCell<Vec<Q>>,
    /// The ranges that are looked at, for bounds of sizes.
    pub(super) sides: Vec<(Q, Q)>,
    /// Sizes are bounded by their own at the point and one part in so many, not over the ranges.
    pub(super) tight: Option<i64>,
    pub(super) atoms: Rc<Atoms>,
    pub(super) asked: RefCell<IndexSet<MPoly>>,
    /// Most terms of a function while a proof is replayed; afterwards there is no limit.
    pub(super) most_terms: Cell<usize>,
    /// Steps left for common factors.
    pub(super) steps: Cell<u64>,
    /// A function became too long, and from there on numbers stood for functions: nothing is proven.
    pub(super) overgrown: Cell<bool>,
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
    pub(super) fn common(&self, a: &MPoly, b: &MPoly) -> MPoly {
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
    pub(super) fn coprime(&self, a: MPoly, b: MPoly) -> (MPoly, MPoly) {
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

    pub(super) fn note(&self, poly: &MPoly) {
        if poly.as_constant().is_none() {
            self.asked.borrow_mut().insert(poly.primitive());
        }
    }
}
