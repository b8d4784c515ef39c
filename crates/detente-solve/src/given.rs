//! Weights that equations with products give once they are added up in the right way.
//!
//! The one idea: once each set's last weight is written by the others, an equation is a sum of products, and
//! many equations have the same products. Elimination over products, the longest first, leaves short ones: where one
//! says that a weight is a number, that weight is known, and the rest is shorter. Only Nash proofs need this.

use crate::cells::Tree;
use crate::roots::Reduced;
use crate::rows::{self, Named, Poly, add_scaled};
use crate::search::Search;
use crate::stage::Mono;
use crate::state::{State, Var, variable};
use detente_exact::Q;
use detente_game::certificate::{Proof, Row};
use detente_game::solution::Concept;
use std::collections::BTreeMap;

/// A polynomial that is 0, and the rows that say so.
type Line = (Poly, BTreeMap<Row, Q>);

/// Solves a decided part in which the equations give a weight; `None` if they give none.
pub fn solve(
    search: &mut Search,
    state: &State,
    vars: &[Var],
    strict: &[Var],
    rows: &[Named],
    equations: &[Reduced],
) -> Option<(Proof, Tree)> {
    if search.concept != Concept::Nash {
        return None;
    }
    let lines = eliminated(equations);
    let positive = |v: Var| search.positive(state, v);
    let (v, value, combination) = lines.iter().find_map(|(poly, combination)| {
        let (v, value) = crate::scales::factored(poly, &positive)?;
        (!state.fixed.contains_key(&v) && search.may_fix(state, v)).then_some((v, value, combination))
    })?;
    let combination: Vec<(Row, Q)> =
        combination.iter().filter(|(_, q)| !q.is_zero()).map(|(r, q)| (*r, q.clone())).collect();
    let named = variable(search.stage, v);
    let fix =
        |value: Q, then: Proof| Proof::Fix { variable: named, value, combination, then: Box::new(then) };
    if !search.in_domain(state, v, &value) {
        return Some((fix(value, Proof::OutOfRange { variable: named }), Tree::Empty));
    }
    let mut next = state.clone();
    next.fixed.insert(v, value.clone());
    let mut rows = rows.to_vec();
    rows::insert_fixed(search.stage, &next, search.concept, &mut rows);
    let left = |list: &[Var]| list.iter().copied().filter(|w| *w != v).collect();
    let (vars, strict) = (left(vars), left(strict));
    let (proof, tree) = crate::units::solve_rest(search, next, vars, strict, rows);
    Some((fix(value, proof), tree))
}

/// Gauss and Jordan over products, the longest first.
fn eliminated(equations: &[Reduced]) -> Vec<Line> {
    let line = |r: &Reduced| (r.poly.clone(), r.combination.iter().cloned().collect());
    let mut lines: Vec<Line> = equations.iter().map(line).collect();
    let mut products: Vec<Mono> =
        lines.iter().flat_map(|(p, _)| p.keys().filter(|m| !m.is_empty()).cloned()).collect();
    products.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    products.dedup();
    let mut done = 0;
    for product in products {
        let Some(at) = (done..lines.len()).find(|k| lines[*k].0.contains_key(&product)) else { continue };
        lines.swap(done, at);
        let (line, by) = (lines[done].clone(), lines[done].0[&product].clone());
        for (_, (poly, combination)) in lines.iter_mut().enumerate().filter(|(k, _)| *k != done) {
            let Some(q) = poly.get(&product).cloned() else { continue };
            let factor = -(q / &by);
            add_scaled(poly, &line.0, &factor);
            for (row, c) in &line.1 {
                *combination.entry(*row).or_insert(Q::ZERO) += c * &factor;
            }
        }
        done += 1;
    }
    lines
}
