//! The proofs found so far, and where each holds.
//!
//! The one idea: a proof holds wherever its polynomials keep their signs. The polynomials of all
//! proofs are cut into factors that have nothing in common, so that a curve on which many proofs
//! end is one factor, and is known to be one.

use super::grid::Grid;
use crate::formula::{Atoms, Formula};
use detente_exact::poly::MPoly;
use detente_exact::{Interval, Q};
use detente_verify::over::Found;
use std::rc::Rc;

/// One polynomial whose sign matters.
pub struct Factor {
    pub poly: MPoly,
    /// Over the whole plane; `None` where atoms occur.
    grid: Option<Grid>,
    /// Derivatives by each variable that occurs.
    slopes: Vec<(usize, MPoly)>,
    /// Cut into these; empty while it is whole.
    parts: Vec<usize>,
}

/// A proof: where it was found, what must keep its sign, and what it says.
pub struct Basis {
    /// The point, and the atoms' values in the game there.
    pub at: Vec<Q>,
    pub conditions: Vec<(usize, i32)>,
    /// Number of its key.
    pub key: usize,
    pub found: Found<Formula>,
}

/// All of them over one plane.
pub struct Library {
    pub sides: [(Q, Q); 2],
    pub atoms: Rc<Atoms>,
    pub factors: Vec<Factor>,
    pub bases: Vec<Basis>,
    /// What is played, by number; the order is that of discovery.
    pub keys: Vec<Vec<String>>,
}

/// A part of the plane, as shares of its sides.
pub type Part = [(f64, f64); 2];

impl Library {
    /// Nothing known yet.
    pub fn new(sides: [(Q, Q); 2], atoms: &Rc<Atoms>) -> Library {
        Library { sides, atoms: atoms.clone(), factors: vec![], bases: vec![], keys: vec![] }
    }

    /// Adds a proof that holds at `at` (parameters, then atoms) where `asked` has the signs that
    /// it has there.
    pub fn add(&mut self, asked: &[MPoly], at: &[Q], key: Vec<String>, found: Found<Formula>) -> usize {
        let mut conditions: Vec<(usize, i32)> = vec![];
        for poly in asked {
            if self.is_settled(poly) {
                continue;
            }
            for leaf in self.insert(poly) {
                conditions.push((leaf, 0));
            }
        }
        // Later ones may have cut earlier ones.
        let mut leaves: Vec<usize> = conditions.iter().flat_map(|c| self.leaves(c.0)).collect();
        leaves.sort_unstable();
        leaves.dedup();
        let sign = |k: usize| self.factors[k].poly.eval(at).map_or(0, |v| v.signum());
        let conditions = leaves.into_iter().map(|k| (k, sign(k))).collect();
        let key = self.keys.iter().position(|k| *k == key).unwrap_or_else(|| {
            self.keys.push(key);
            self.keys.len() - 1
        });
        self.bases.push(Basis { at: at.to_vec(), conditions, key, found });
        self.bases.len() - 1
    }

    /// Whether the sign is the same all over the plane.
    fn is_settled(&self, poly: &MPoly) -> bool {
        self.factor(poly.clone()).sign(&[(0.0, 1.0), (0.0, 1.0)], self).is_some()
    }

    fn factor(&self, poly: MPoly) -> Factor {
        let vars = poly.vars();
        let plain = vars.iter().all(|v| *v < 2);
        let grid = plain.then(|| Grid::new(&poly, &self.sides));
        let slopes = vars.into_iter().map(|v| (v as usize, poly.derivative(v))).collect();
        Factor { poly, grid, slopes, parts: vec![] }
    }

    /// Cuts a polynomial into factors without a common divisor with any other; returns them.
    fn insert(&mut self, poly: &MPoly) -> Vec<usize> {
        let mut found = vec![];
        let mut open = vec![poly.primitive()];
        'next: while let Some(mut p) = open.pop() {
            if p.as_constant().is_some() {
                continue;
            }
            for k in 0..self.factors.len() {
                if !self.factors[k].parts.is_empty() {
                    continue;
                }
                if self.factors[k].poly == p {
                    found.push(k);
                    continue 'next;
                }
                if self.factors[k].poly.is_coprime(&p) {
                    continue;
                }
                let common = self.factors[k].poly.gcd(&p);
                if common.as_constant().is_some() {
                    continue;
                }
                let (Some(rest), Some(own)) = (p.exact_div(&common), self.factors[k].poly.exact_div(&common))
                else {
                    continue;
                };
                if own.as_constant().is_none() {
                    let first = self.factors.len();
                    for part in [common.clone(), own.primitive()] {
                        let factor = self.factor(part);
                        self.factors.push(factor);
                    }
                    self.factors[k].parts = vec![first, first + 1];
                }
                // What is left may hold the common part once more.
                open.push(rest.primitive());
                p = common;
                open.push(p);
                continue 'next;
            }
            // Each zero once.
            let doubled = p.vars().into_iter().fold(MPoly::zero(), |g, v| match g.is_zero() {
                true => p.derivative(v),
                false => g.gcd(&p.derivative(v)),
            });
            let square = p.gcd(&doubled);
            if square.as_constant().is_none()
                && let Some(once) = p.exact_div(&square)
            {
                open.push(once.primitive());
                open.push(square);
                continue;
            }
            let factor = self.factor(p);
            self.factors.push(factor);
            found.push(self.factors.len() - 1);
        }
        found
    }

    /// The factors that a factor was cut into since; itself while it is whole.
    pub fn leaves(&self, factor: usize) -> Vec<usize> {
        match self.factors[factor].parts.as_slice() {
            [] => vec![factor],
            parts => parts.iter().flat_map(|p| self.leaves(*p)).collect(),
        }
    }

    /// Enclosures of all variables over a part of the plane.
    pub fn boxed(&self, part: &Part) -> Vec<Interval> {
        let side = |k: usize| {
            let (from, to) = &self.sides[k];
            let share = |s: f64| from + (to - from) * Q::from_f64(s).unwrap_or(Q::ZERO);
            Interval::between(&share(part[k].0), &share(part[k].1))
        };
        self.atoms.sides(&[side(0), side(1)])
    }

    /// A factor's sign all over the inside of a part, if that shows.
    pub fn sign(&self, factor: usize, part: &Part) -> Option<i32> {
        self.factors[factor].sign(part, self)
    }

    /// A factor's sign at a point.
    pub fn sign_at(&self, factor: usize, at: &[Q; 2]) -> Option<i32> {
        let poly = &self.factors[factor].poly;
        if self.factors[factor].grid.is_some() {
            return poly.eval(&at[..]).map(|v| v.signum());
        }
        let known = self.atoms.sides(&[Interval::from_q(&at[0]), Interval::from_q(&at[1])]);
        poly.eval(&known)?.sign()
    }

    /// The sign that a factor has where a proof was found.
    pub fn sign_where_found(&self, basis: usize, factor: usize) -> Option<i32> {
        self.factors[factor].poly.eval(&self.bases[basis].at).map(|v| v.signum())
    }

    /// All variables' values as floats where the parameters have these.
    pub fn floats(&self, x: f64, y: f64) -> Vec<f64> {
        if self.atoms.list().is_empty() {
            return vec![x, y];
        }
        let exact = |v: f64| Interval::point(v).unwrap_or(Interval::ENTIRE);
        self.atoms.sides(&[exact(x), exact(y)]).into_iter().map(Interval::mid).collect()
    }

    /// A factor's value as a float.
    pub fn value(&self, factor: usize, x: f64, y: f64) -> f64 {
        self.factors[factor].poly.eval(&self.floats(x, y)).unwrap_or(f64::NAN)
    }

    /// Whether a proof holds at a point.
    pub fn holds_at(&self, basis: usize, at: &[Q; 2]) -> bool {
        self.bases[basis].conditions.iter().all(|(k, s)| self.sign_at(*k, at) == Some(*s))
    }
}

impl Factor {
    fn sign(&self, part: &Part, library: &Library) -> Option<i32> {
        if let Some(grid) = &self.grid {
            return grid.within(part[0], part[1]).sign();
        }
        // Natural, and from the middle outwards (mean value form; Moore, Interval Analysis, 1966).
        let known = library.boxed(part);
        let natural = self.poly.eval(&known)?;
        if natural.sign().is_some() {
            return natural.sign();
        }
        let middle: Vec<Interval> = known.iter().filter_map(|i| Interval::point(i.mid())).collect();
        let mut mean = self.poly.eval(&middle)?;
        for (k, slope) in &self.slopes {
            mean = mean + slope.eval(&known)? * (*known.get(*k)? - *middle.get(*k)?);
        }
        natural.intersect(mean)?.sign()
    }
}
