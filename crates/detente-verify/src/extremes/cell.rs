//! One cell of a component: its rows, the vertices of their closure, and which of them a line comes to.

use super::{MAX_VERTICES, Weights};
use crate::combine::reduced;
use crate::germ::Germ;
use crate::joins::Contacts;
use crate::poly::{Monomial, Poly};
use crate::rows::Weight;
use crate::state::State;
use crate::weights::OnWeights;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};
use std::collections::{BTreeMap, BTreeSet};

/// A choice of cells as a polytope of weights, one weight of each set left to the others.
pub(super) struct Cell {
    pub(super) state: State,
    pub(super) rows: Vec<(Poly, bool)>,
    /// An inner point: all rows hold, and what must be above 0 is.
    pub(super) inner: Weights,
}

impl Cell {
    /// `None` if the rows that are linear allow nothing.
    pub(super) fn new(at: &Contacts, state: State) -> Option<Cell> {
        let (rules, tree) = (at.rules, &at.rules.stages[at.stage as usize]);
        let plain = |p: &Poly| reduced(rules, &state, p).ok().filter(is_linear);
        let said = OnWeights::new(rules, &state, tree);
        let said = said.rows.into_iter().chain(said.scales.into_iter().map(|p| (p, true)));
        let mut rows: Vec<(Poly, bool)> = said.filter_map(|(p, e)| Some((plain(&p)?, e))).collect();
        let mut above = Vec::new();
        for a in tree.sets.iter().flat_map(|d| rules.tree.actions(d.set)) {
            let Weight::Of(w) = rules.weight(&state, a) else { continue };
            let poly = plain(&Poly::variable(w))?;
            if rules.is_strict(&state, w) {
                above.push(poly.clone());
            }
            rows.push((poly, false));
        }
        rows.retain(|(p, _)| p.as_constant().is_none());
        rows.dedup();
        let inner = inner_point(&rows, &above)?;
        Some(Cell { state, rows, inner })
    }

    /// The vertices of the polytopes that some polynomials depend on; `None` if there are too many
    /// or a product has two weights of one polytope.
    pub(super) fn vertices(&self, polys: &[Poly], open: &BTreeSet<u32>) -> Option<Vec<Weights>> {
        let mut points: Vec<Weights> = vec![Weights::new()];
        let mut left = open.clone();
        while let Some(first) = left.first().copied() {
            let related = self.related(first);
            let twice = |m: &Monomial| m.iter().filter(|v| related.contains(v)).count() > 1;
            if polys.iter().flat_map(|p| p.0.keys()).any(twice) {
                return None;
            }
            left.retain(|v| !related.contains(v));
            let column: BTreeMap<u32, usize> = related.iter().copied().zip(0..).collect();
            let mut program = Lp::with_variables(related.len(), Some(Q::ZERO), Some(Q::ONE));
            for (row, equation) in &self.rows {
                if row.0.keys().flatten().any(|v| related.contains(v)) {
                    add_row(&mut program, row, if *equation { Rel::Eq } else { Rel::Ge }, &column, None);
                }
            }
            let list = lp::vertices(&program, MAX_VERTICES)?;
            if points.len() * list.len() > MAX_VERTICES {
                return None;
            }
            let with = |p: &Weights, x: &[Q]| -> Weights {
                p.clone().into_iter().chain(related.iter().copied().zip(x.iter().cloned())).collect()
            };
            points =
                points.iter().flat_map(|p| list.iter().map(|x| with(p, x)).collect::<Vec<_>>()).collect();
        }
        Some(points)
    }

    /// The weights tied to one by rows.
    fn related(&self, first: u32) -> BTreeSet<u32> {
        let mut related = BTreeSet::from([first]);
        loop {
            let before = related.len();
            for (row, _) in &self.rows {
                if row.0.keys().flatten().any(|v| related.contains(v)) {
                    related.extend(row.0.keys().flatten());
                }
            }
            if related.len() == before {
                return related;
            }
        }
    }

    /// Whether equilibria lie on the line from the inner point to these weights, shortly before
    /// its end.
    pub(super) fn comes_to(&self, at: &Contacts, weights: &Weights) -> bool {
        let mut end = self.inner.clone();
        end.extend(weights.iter().map(|(v, q)| (*v, q.clone())));
        let number = |p: &Poly, at: &Weights| evaluated(p, at).unwrap_or(Q::ONE);
        let line = |w: u32| match reduced(at.rules, &self.state, &Poly::variable(w)) {
            Ok(poly) => Germ::line(&number(&poly, &self.inner), &number(&poly, &end)),
            // There is none: each was reduced when the cell was read.
            Err(_) => Germ::default(),
        };
        at.limit(&self.state, &at.rules.stages[at.stage as usize], &line).is_ok()
    }
}

fn is_linear(p: &Poly) -> bool {
    p.0.keys().all(|m| m.len() <= 1)
}

/// A point at which rows hold and what must be above 0 is; `None` if there is none.
fn inner_point(rows: &[(Poly, bool)], above: &[Poly]) -> Option<Weights> {
    let mut column: BTreeMap<u32, usize> = BTreeMap::new();
    for v in rows.iter().map(|(p, _)| p).chain(above).flat_map(|p| p.0.keys().flatten()) {
        let next = column.len();
        column.entry(*v).or_insert(next);
    }
    let mut program = Lp::with_variables(column.len(), Some(Q::ZERO), Some(Q::ONE));
    let least = program.add_variable(Some(Q::ZERO), Some(Q::ONE));
    for (row, equation) in rows {
        add_row(&mut program, row, if *equation { Rel::Eq } else { Rel::Ge }, &column, None);
    }
    above.iter().for_each(|p| add_row(&mut program, p, Rel::Ge, &column, Some(least)));
    match lp::maximize(&program, &[(least, Q::ONE)]) {
        Outcome::Optimal { x, value, .. } if value.is_positive() => {
            Some(column.into_iter().map(|(v, at)| (v, x[at].clone())).collect())
        }
        _ => None,
    }
}

/// Adds that a linear polynomial, less `minus` if given, is 0 or at least 0.
pub(super) fn add_row(
    program: &mut Lp,
    poly: &Poly,
    rel: Rel,
    column: &BTreeMap<u32, usize>,
    minus: Option<usize>,
) {
    let mut coefs: Vec<(usize, Q)> = minus.map(|at| (at, -Q::ONE)).into_iter().collect();
    let mut right = Q::ZERO;
    for (monomial, c) in &poly.0 {
        match monomial.first() {
            None => right = -c,
            Some(v) => coefs.push((column[v], c.clone())),
        }
    }
    program.add_row(coefs, rel, right);
}

/// The value of a polynomial; `None` if a weight has no number.
pub(super) fn evaluated(poly: &Poly, at: &Weights) -> Option<Q> {
    let mut sum = Q::ZERO;
    for (monomial, c) in &poly.0 {
        let mut product = c.clone();
        for v in monomial {
            product *= at.get(v)?;
        }
        sum += product;
    }
    Some(sum)
}
