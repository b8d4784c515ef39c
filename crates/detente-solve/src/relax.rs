//! The linear view of a state's rows: every product of weights is one number in
//! [0, 1]. With two players this loses nothing.

use crate::flat::Flat;
use crate::rows::{Named, Poly, add_scaled};
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
            let mut list = Vec::with_capacity(named.poly.len());
            for (m, q) in named.poly.iter().filter(|(m, _)| !m.is_empty()) {
                if let Some(column) = r.column.get(m) {
                    list.push((*column, q.clone()));
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
                list.push((r.monos.len(), q.clone()));
                r.column.insert(m.clone(), r.monos.len());
                r.monos.push(m.clone());
                r.lp.add_variable(Some(low), Some(high));
            }
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
        if self.rows.is_empty() {
            return Ok(vec![]);
        }
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

/// Equations that follow from `=` rows, and the steps that led to them.
pub struct Eliminated {
    /// Per result: the monomial it was solved for, the equation, and the number of the row that it was.
    pub results: Vec<(Mono, Poly, usize)>,
    names: Vec<Row>,
    steps: Vec<Step>,
}

/// One step of an elimination, by numbers of rows.
enum Step {
    /// The row times a number.
    Scale(usize, Q),
    /// The row minus another one times a number.
    Subtract(usize, usize, Q),
}

impl Eliminated {
    /// The combination of rows that gives a result: all steps walked back.
    pub fn combination(&self, result: usize) -> Flat<Row, Q> {
        let mut y = vec![Q::ZERO; self.names.len()];
        y[self.results[result].2] = Q::ONE;
        for step in self.steps.iter().rev() {
            match step {
                Step::Scale(row, q) => y[*row] *= q,
                Step::Subtract(row, what, q) if !y[*row].is_zero() => {
                    let part = &y[*row] * q;
                    y[*what] -= part;
                }
                Step::Subtract(..) => {}
            }
        }
        self.names.iter().copied().zip(y).filter(|(_, q)| !q.is_zero()).collect()
    }
}

/// As [`eliminated`], with the combination of every result.
pub fn eliminate(stage: &Stage, rows: &[Named]) -> Vec<(Mono, Derived)> {
    let found = eliminated(stage, rows);
    let combinations: Vec<_> = (0..found.results.len()).map(|k| found.combination(k)).collect();
    let derived = |((mono, poly, _), combination)| (mono, Derived { poly, combination });
    found.results.into_iter().zip(combinations).map(derived).collect()
}

/// Eliminates: Gauss–Jordan over monomials, values first. Every result is a combination
/// of the given `=` rows.
pub fn eliminated(stage: &Stage, rows: &[Named]) -> Eliminated {
    let n = stage.num_weights() as Var;
    let equations = || rows.iter().filter(|r| r.equality);
    let names: Vec<Row> = equations().map(|r| r.row).collect();
    let mut left: Vec<Poly> = equations().map(|r| r.poly.clone()).collect();
    let mut results: Vec<(Mono, Poly, usize)> = Vec::with_capacity(left.len());
    let mut steps = Vec::with_capacity(2 * left.len());
    // Values go first, then long products, so that what stays is short and about weights.
    let rank = |m: &Mono| match m[..] {
        [v] if v >= n => (0, 0, v),
        _ => (1, usize::MAX - m.len(), m.first().copied().unwrap_or(0)),
    };
    while let Some(mut next) = left.pop() {
        let row = left.len();
        let pivot = next.keys().filter(|m| !m.is_empty()).min_by_key(|m| rank(m)).cloned();
        let Some(pivot) = pivot else {
            if !next.is_empty() {
                let results = vec![(Mono::new(), next, row)];
                return Eliminated { results, names, steps };
            }
            continue;
        };
        let lead = next[&pivot].recip();
        if !lead.is_one() {
            next.change(|c| *c *= &lead);
            steps.push(Step::Scale(row, lead));
        }
        let here = left.iter_mut().enumerate();
        for (other, poly) in here.chain(results.iter_mut().map(|(_, poly, of)| (*of, poly))) {
            if let Some(q) = poly.get(&pivot).cloned() {
                add_scaled(poly, &next, &-&q);
                steps.push(Step::Subtract(other, row, q));
            }
        }
        results.push((pivot, next, row));
    }
    Eliminated { results, names, steps }
}
