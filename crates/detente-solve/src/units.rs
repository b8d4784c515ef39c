//! Trembles whose ratios the rows determine.
//!
//! The one idea: if only the ratios of some trembles' weights matter, they may sum to 1. If the
//! equations give their ratios, the weights are numbers then, and products with them are no
//! products any more. The rule is that of `detente_game::certificate`.

use crate::cells::{Cell, Tree};
use crate::leaf;
use crate::relax::{Combination, Relaxation};
use crate::roots::Reduced;
use crate::rows::{self, Named, Poly, add_scaled};
use crate::scales;
use crate::search::Search;
use crate::stage::{Mono, Stage};
use crate::state::{State, Status, Var, variable};
use detente_exact::Q;
use detente_game::certificate::{Proof, Row};
use detente_game::solution::Concept;
use std::collections::BTreeMap;

/// A weight that is a number, with the combination of rows that says so.
type Number = (Var, Q, Combination);

/// Solves a decided part in which the ratios of a group of trembles are known; `None` if
/// there is no such group.
pub fn solve(
    search: &mut Search,
    state: &State,
    vars: &[Var],
    strict: &[Var],
    rows: &[Named],
    equations: &[Reduced],
) -> Option<(Proof, Tree)> {
    let stage = search.stage;
    if search.concept != Concept::Sequential || !is_whole(stage, state, rows) {
        return None;
    }
    let groups = scales::groups(stage, state, rows).into_iter();
    let mut scaled = groups.filter(|g| scales::is_own(stage, state, rows, g));
    let (group, numbers) = scaled.find_map(|g| numbers(stage, &g, equations).map(|n| (g, n)))?;
    let mut next = state.clone();
    next.fixed.extend(numbers.iter().map(|(v, q, _)| (*v, q.clone())));
    let mut rows = rows.to_vec();
    rows::insert_fixed(stage, &next, search.concept, &mut rows);
    let left = |list: &[Var]| list.iter().copied().filter(|v| !next.fixed.contains_key(v)).collect();
    let (vars, strict) = (left(vars), left(strict));
    let (mut proof, tree) = solve_rest(search, next, vars, strict, rows);
    for (v, value, combination) in numbers.into_iter().rev() {
        proof = Proof::Fix { variable: variable(stage, v), value, combination, then: Box::new(proof) };
    }
    let group = group.iter().map(|v| name(stage, *v)).collect();
    Some((Proof::Scale { group, then: Box::new(proof) }, tree))
}

/// Solves the rows that are left once the weights are numbers.
pub fn solve_rest(
    search: &mut Search,
    state: State,
    vars: Vec<Var>,
    strict: Vec<Var>,
    rows: Vec<Named>,
) -> (Proof, Tree) {
    if rows.iter().any(|r| r.poly.keys().any(|m| m.len() > 1)) {
        return crate::roots::solve(search, state, vars, strict, rows);
    }
    let relaxation = Relaxation::new(search.stage, &rows);
    match relaxation.strictly(&strict) {
        Err(combination) => (Proof::Refuted { combination }, Tree::Empty),
        Ok(x) => {
            let point = leaf::point(search, &relaxation, &vars, &x);
            leaf::keep(search, Cell { state, vars, rows, strict, point, linear: true })
        }
    }
}

/// Whether nothing of the stage is left to decide and every set has its rows here.
fn is_whole(stage: &Stage, state: &State, rows: &[Named]) -> bool {
    let actions: usize = stage.sets.iter().map(|s| s.actions).sum();
    let best = rows.iter().filter(|r| matches!(r.row, Row::Best(..))).count();
    best == actions && !state.status.contains(&Status::Undecided) && !state.any.contains(&true)
}

/// The information set and action of a weight.
fn name(stage: &Stage, v: Var) -> (u32, u32) {
    let (set, action) = stage.owner[v as usize];
    (stage.sets[set].game.0, action as u32)
}

/// The numbers of all weights of a group that sum to 1, where the equations give all ratios.
fn numbers(stage: &Stage, group: &[Var], equations: &[Reduced]) -> Option<Vec<Number>> {
    let of_group = |p: &Poly| p.keys().all(|m| m.len() == 1 && group.contains(&m[0]));
    let (set, action) = name(stage, *group.first()?);
    let unit = (scales::unit(group), BTreeMap::from([(Row::Unit(set, action), Q::ONE)]));
    let ratios = equations.iter().filter(|r| of_group(&r.poly));
    let ratios = ratios.map(|r| (r.poly.clone(), r.combination.iter().cloned().collect()));
    let mut list: Vec<(Poly, BTreeMap<Row, Q>)> = std::iter::once(unit).chain(ratios).collect();
    // Gauss and Jordan, with the combination of rows that each line has become.
    for k in 0..list.len() {
        let Some(pivot) = list[k].0.keys().find(|m| !m.is_empty()).cloned() else { continue };
        let (line, by) = (list[k].clone(), list[k].0[&pivot].clone());
        for (j, (poly, combination)) in list.iter_mut().enumerate() {
            let Some(q) = poly.get(&pivot).cloned().filter(|_| j != k) else { continue };
            let factor = -(q / &by);
            add_scaled(poly, &line.0, &factor);
            for (row, c) in &line.1 {
                *combination.entry(*row).or_insert(Q::ZERO) += c * &factor;
            }
        }
    }
    group.iter().map(|v| number(*v, &list)).collect()
}

/// The number that a line of the solved system gives a weight, if it lies in (0, 1].
fn number(v: Var, list: &[(Poly, BTreeMap<Row, Q>)]) -> Option<Number> {
    let alone =
        |p: &Poly| p.contains_key(&Mono::from_slice(&[v])) && p.keys().filter(|m| !m.is_empty()).count() == 1;
    let (poly, combination) = list.iter().find(|(p, _)| alone(p))?;
    let constant = poly.get(&Mono::new())?;
    let value = -(constant / &poly[&Mono::from_slice(&[v])]);
    let combination = combination.iter().filter(|(_, q)| !q.is_zero());
    (value.is_positive() && value <= Q::ONE)
        .then(|| (v, value, combination.map(|(r, q)| (*r, q.clone())).collect()))
}
