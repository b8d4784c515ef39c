//! The linear view of a state's rows: every product of weights is one number in
//! [0, 1]. With two players this loses nothing.

use crate::flat::Flat;
use crate::rows::{Named, Poly, add_scaled, sum};
use crate::stage::{Mono, Stage};
use crate::state::Var;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};
use detente_game::certificate::Row;

/// Multipliers of rows.
pub type Combination = Vec<(Row, Q)>;

/// A linear program over the monomials of some rows.
pub struct Relaxation<'a> {
    rows: &'a [Named],
    pub monos: Vec<Mono>,
    column: Flat<Mono, usize>,
    lp: Lp,
}

impl<'a> Relaxation<'a> {
    /// Sets up the program: weights and products in [0, 1], values within their bounds.
    pub fn new(stage: &Stage, rows: &'a [Named]) -> Relaxation<'a> {
        let n = stage.num_weights() as Var;
        // As many unknowns as rows, about.
        let room = rows.len();
        let lp = Lp {
            lower: Vec::with_capacity(room),
            upper: Vec::with_capacity(room),
            rows: Vec::with_capacity(room),
        };
        let mut r = Relaxation { rows, monos: Vec::with_capacity(room), column: Flat::with_room(room), lp };
        for named in rows {
            for m in named.poly.keys().filter(|m| !m.is_empty()) {
                if r.column.contains_key(m) {
                    continue;
                }
                // A product with a value is bounded like the value: weights are at most 1.
                let (low, high) = match m.iter().find(|v| **v >= n) {
                    Some(v) => {
                        let bound = stage.sets[(v - n) as usize].bound.clone();
                        (-bound.clone(), bound)
                    }
                    None => (Q::ZERO, Q::ONE),
                };
                r.column.insert(m.clone(), r.monos.len());
                r.monos.push(m.clone());
                r.lp.add_variable(Some(low), Some(high));
            }
            let coefs = named.poly.iter().filter(|(m, _)| !m.is_empty());
            let mut list = Vec::with_capacity(named.poly.len());
            list.extend(coefs.map(|(m, q)| (r.column[m], q.clone())));
            let rhs = -named.poly.get(&Mono::new()).cloned().unwrap_or(Q::ZERO);
            r.lp.add_row(list, if named.equality { Rel::Eq } else { Rel::Ge }, rhs);
        }
        r
    }

    /// Returns a point that floats take for one of the relaxation, or the combination that refutes
    /// it.
    pub fn believed(self) -> Result<Point, Combination> {
        let x = lp::believed(&self.lp).map_err(|y| self.combination(&y))?;
        Ok(Point(self.column.into_iter().map(|(m, c)| (m, x[c])).collect()))
    }

    /// Returns a point of the relaxation, or the combination that refutes it.
    pub fn feasible(&self) -> Result<Vec<Q>, Combination> {
        lp::feasible(&self.lp).map_err(|y| self.combination(&y))
    }

    /// Returns a point at which all `strict` variables are positive (as large as possible
    /// together), or the combination that proves that there is none.
    pub fn strictly(&self, strict: &[Var]) -> Result<Vec<Q>, Combination> {
        let mut lp = self.lp.clone();
        let t = lp.add_variable(Some(Q::ZERO), Some(Q::ONE));
        for v in strict {
            if let Some(c) = self.column.get(&Mono::from_slice(&[*v])) {
                lp.add_row(vec![(*c, Q::ONE), (t, -Q::ONE)], Rel::Ge, Q::ZERO);
            }
        }
        match lp::maximize(&lp, &[(t, Q::ONE)]) {
            Outcome::Optimal { mut x, value, .. } if value.is_positive() => {
                x.truncate(self.monos.len());
                Ok(x)
            }
            Outcome::Optimal { dual, .. } => Err(self.combination(&dual)),
            Outcome::Infeasible { farkas } => Err(self.combination(&farkas)),
            Outcome::Unbounded { .. } => unreachable!("the objective is at most 1"),
        }
    }

    /// Turns multipliers of "at least" conditions into a combination of rows.
    fn combination(&self, y: &[Q]) -> Combination {
        let used = self.rows.iter().zip(y).filter(|(_, q)| !q.is_zero());
        used.map(|(r, q)| (r.row, -q)).collect()
    }

    /// Returns a variable's number at a point, if it is a column by itself.
    pub fn at(&self, v: Var, x: &[Q]) -> Option<Q> {
        self.column.get(&Mono::from_slice(&[v])).map(|c| x[*c].clone())
    }
}

/// A point that floats take for one of a relaxation: a number per monomial, those without one are
/// 0. It shows where to look next and proves nothing.
#[derive(Default)]
pub struct Point(Flat<Mono, f64>);

impl Point {
    /// Returns a variable's number, if it occurs by itself.
    pub fn at(&self, v: Var) -> Option<f64> {
        self.0.get(&Mono::from_slice(&[v])).copied()
    }

    /// Returns the value of a polynomial.
    pub fn value(&self, poly: &Poly) -> f64 {
        let at = |m: &Mono| match self.0.get(m) {
            Some(x) => *x,
            None if m.is_empty() => 1.0,
            None => 0.0,
        };
        poly.iter().map(|(m, q)| q.to_f64() * at(m)).sum()
    }
}

/// An equation that follows from `=` rows, with the combination that gives it.
#[derive(Clone, Debug)]
pub struct Derived {
    pub poly: Poly,
    pub combination: Flat<Row, Q>,
}

/// Eliminates: Gauss–Jordan over monomials, values first. Every result is a combination
/// of the given `=` rows, with the monomial it was solved for.
pub fn eliminate(stage: &Stage, rows: &[Named]) -> Vec<(Mono, Derived)> {
    let n = stage.num_weights() as Var;
    let mut left: Vec<Derived> = rows
        .iter()
        .filter(|r| r.equality)
        .map(|r| Derived { poly: r.poly.clone(), combination: Flat::from([(r.row, Q::ONE)]) })
        .collect();
    let mut done: Vec<(Mono, Derived)> = Vec::with_capacity(left.len());
    // Values go first, then long products, so that what stays is short and about weights.
    let rank = |m: &Mono| match m[..] {
        [v] if v >= n => (0, 0, v),
        _ => (1, usize::MAX - m.len(), m.first().copied().unwrap_or(0)),
    };
    while let Some(next) = left.pop() {
        let pivot = next.poly.keys().filter(|m| !m.is_empty()).min_by_key(|m| rank(m)).cloned();
        let Some(pivot) = pivot else {
            if !next.poly.is_empty() {
                return vec![(Mono::new(), next)];
            }
            continue;
        };
        let lead = next.poly[&pivot].recip();
        let unit = scaled(next, &lead);
        for other in left.iter_mut().chain(done.iter_mut().map(|(_, d)| d)) {
            if let Some(q) = other.poly.get(&pivot).cloned() {
                subtract(other, &unit, &q);
            }
        }
        done.push((pivot, unit));
    }
    done
}

fn scaled(mut d: Derived, q: &Q) -> Derived {
    if !q.is_one() {
        d.poly.change(|c| *c *= q);
        d.combination.change(|c| *c *= q);
    }
    d
}

fn subtract(from: &mut Derived, what: &Derived, times: &Q) {
    let factor = -times.clone();
    add_scaled(&mut from.poly, &what.poly, &factor);
    from.combination.merge(&what.combination, |before, q| sum(before, q, &factor));
}
