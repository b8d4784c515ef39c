//! Ranges and vertices of a cell seen as a polyhedron.

use crate::cells::Cell;
use crate::flat::Flat;
use crate::rows::Poly;
use crate::state::Var;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};
use std::collections::{BTreeMap, BTreeSet};

/// A linear form over the cell's variables plus a constant.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub coefs: Flat<Var, Q>,
    pub constant: Q,
}

impl Form {
    /// Reads a linear polynomial; `None` if it has products.
    pub fn from_poly(poly: &Poly) -> Option<Form> {
        let mut form = Form::default();
        for (m, q) in poly {
            match m[..] {
                [] => form.constant = q.clone(),
                [v] => {
                    form.coefs.insert(v, q.clone());
                }
                _ => return None,
            }
        }
        Some(form)
    }

    /// Adds two forms.
    pub fn plus(mut self, other: &Form) -> Form {
        self.constant += &other.constant;
        self.coefs.merge(&other.coefs, |before, q| Some(before.unwrap_or(Q::ZERO) + q));
        self
    }
}

/// Returns the lowest and highest value of `top / bottom` over the closure of the cell,
/// where `bottom` is positive in it (Charnes and Cooper 1962: scale so that it is 1).
pub fn ratio_range(cell: &Cell, weights: usize, top: &Form, bottom: &Form) -> Option<(Q, Q)> {
    if !cell.linear {
        return None;
    }
    let related = related_vars(cell, top.coefs.keys().chain(bottom.coefs.keys()));
    crate::segment::ratio_range(cell, weights, &related, top, bottom)
        .or_else(|| by_program(cell, weights, &related, top, bottom))
}

/// The same by two linear programs over the related variables.
pub fn by_program(
    cell: &Cell,
    weights: usize,
    related: &BTreeSet<Var>,
    top: &Form,
    bottom: &Form,
) -> Option<(Q, Q)> {
    let mut lp = Lp::default();
    let scale = lp.add_variable(Some(Q::ZERO), None);
    let mut column: BTreeMap<Var, usize> = BTreeMap::new();
    for v in related {
        let low = ((*v as usize) < weights).then_some(Q::ZERO);
        column.insert(*v, lp.add_variable(low, None));
        if (*v as usize) < weights {
            lp.add_row(vec![(column[v], Q::ONE), (scale, -Q::ONE)], Rel::Le, Q::ZERO);
        }
    }
    let scaled = |f: &Form, column: &BTreeMap<Var, usize>| -> Option<Vec<(usize, Q)>> {
        let mut list = vec![(scale, f.constant.clone())];
        for (v, q) in &f.coefs {
            list.push((*column.get(v)?, q.clone()));
        }
        Some(list)
    };
    for r in &cell.rows {
        let form = Form::from_poly(&r.poly)?;
        if form.coefs.keys().any(|v| related.contains(v)) {
            let rel = if r.equality { Rel::Eq } else { Rel::Ge };
            lp.add_row(scaled(&form, &column)?, rel, Q::ZERO);
        }
    }
    lp.add_row(scaled(bottom, &column)?, Rel::Eq, Q::ONE);
    let objective = scaled(top, &column)?;
    let negated: Vec<(usize, Q)> = objective.iter().map(|(c, q)| (*c, -q)).collect();
    let Outcome::Optimal { value: high, .. } = lp::maximize(&lp, &objective) else { return None };
    let Outcome::Optimal { value: low, .. } = lp::maximize(&lp, &negated) else { return None };
    Some((-low, high))
}

/// The variables tied to the given ones by rows of the cell.
pub fn related_vars<'a>(cell: &Cell, seeds: impl Iterator<Item = &'a Var>) -> BTreeSet<Var> {
    let mut related: BTreeSet<Var> = seeds.copied().collect();
    loop {
        let before = related.len();
        for r in &cell.rows {
            if r.poly.keys().flatten().any(|v| related.contains(v)) {
                related.extend(r.poly.keys().flatten());
            }
        }
        if related.len() == before {
            return related;
        }
    }
}

/// Returns the vertices of the closed cell in the variables related to `seeds`; `None` if
/// there are more than `cap` or the cell is not a polyhedron.
pub fn vertices(
    cell: &Cell,
    weights: usize,
    seeds: &BTreeSet<Var>,
    cap: usize,
) -> Option<Vec<BTreeMap<Var, Q>>> {
    if !cell.linear {
        return None;
    }
    let related: Vec<Var> = related_vars(cell, seeds.iter()).into_iter().collect();
    let column: BTreeMap<Var, usize> = related.iter().enumerate().map(|(c, v)| (*v, c)).collect();
    let mut lp = Lp::default();
    for v in &related {
        let weight = (*v as usize) < weights;
        lp.add_variable(weight.then_some(Q::ZERO), weight.then_some(Q::ONE));
    }
    for r in &cell.rows {
        let form = Form::from_poly(&r.poly)?;
        if form.coefs.keys().any(|v| column.contains_key(v)) {
            let coefs = form.coefs.iter().map(|(v, q)| (column[v], q.clone())).collect();
            lp.add_row(coefs, if r.equality { Rel::Eq } else { Rel::Ge }, -form.constant);
        }
    }
    let list = lp::vertices(&lp, cap)?;
    Some(list.into_iter().map(|x| related.iter().copied().zip(x).collect()).collect())
}
