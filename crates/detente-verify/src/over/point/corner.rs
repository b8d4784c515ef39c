//! A corner of a cell, solved as functions: which rows hold with equality there, and what they determine.

use super::{Condition, evaluate};
use crate::over::lift::{self, Equation};
use crate::over::{Field, Stop};
use crate::rows::Rules;
use crate::state::State;
use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome, Rel};
use std::collections::{BTreeMap, BTreeSet};

/// A corner of the cell: one function per variable, every condition checked; and the variables for
/// which the equations alone leave no other number.
pub(super) fn corner<N: Field>(
    rules: &Rules<N>,
    state: &State<N>,
    conditions: &[Condition<N>],
) -> Result<(BTreeMap<u32, N>, BTreeSet<u32>), Stop> {
    let vars: BTreeSet<u32> = conditions.iter().flat_map(|c| c.poly.0.keys().flatten().copied()).collect();
    let vars: Vec<u32> = vars.into_iter().collect();
    if conditions.iter().any(|c| c.poly.0.keys().any(|m| m.len() > 1)) {
        return Err(Stop::Never("products of unknown weights remain in a cell".into()));
    }
    let place = |v: u32| vars.binary_search(&v).unwrap_or_default();
    let n = vars.len();
    let bound = |v: u32| rules.set(v - rules.tree.set_of.len() as u32).bound.clone();
    let mut program = Lp::default();
    for v in &vars {
        let size = rules.is_value(*v).then(|| bound(*v));
        let (low, high) = size.map_or((Q::ZERO, Q::ONE), |m| (-&m, m));
        program.add_variable(Some(low), Some(high));
    }
    let room = program.add_variable(Some(Q::ZERO), Some(Q::ONE));
    let strict: Vec<u32> =
        vars.iter().copied().filter(|v| !rules.is_value(*v) && rules.is_strict(state, *v)).collect();
    for c in conditions {
        let coefs = c.poly.0.iter().filter_map(|(m, q)| m.first().map(|v| (place(*v), q.center())));
        let constant = c.poly.0.get(&vec![]).map_or(Q::ZERO, Field::center);
        program.add_row(coefs.collect(), if c.equation { Rel::Eq } else { Rel::Ge }, -constant);
    }
    for v in &strict {
        program.add_row(vec![(place(*v), Q::ONE), (room, -Q::ONE)], Rel::Ge, Q::ZERO);
    }
    let empty = || Stop::Here("a cell of the proof is empty here".to_string());
    let Outcome::Optimal { x, value, .. } = lp::maximize(&program, &[(room, Q::ONE)]) else {
        return Err(empty());
    };
    if !strict.is_empty() && !value.is_positive() {
        return Err(empty());
    }
    // What is tight at the corner: equations first, then ends of ranges, then inequalities.
    let row = |coefs: Vec<(usize, N)>, rhs: N| {
        let mut all = vec![N::zero(); n + 1];
        coefs.into_iter().for_each(|(k, c)| all[k] = c);
        Equation { coefs: all, rhs }
    };
    let of = |c: &Condition<N>| {
        let coefs = c.poly.0.iter().filter_map(|(m, q)| m.first().map(|v| (place(*v), q.clone())));
        row(coefs.collect(), c.poly.0.get(&vec![]).map_or(N::zero(), Field::negated))
    };
    let mut equations: Vec<Equation<N>> = vec![];
    let mut kinds: Vec<Option<usize>> = vec![];
    for (k, c) in conditions.iter().enumerate().filter(|(_, c)| c.equation) {
        equations.push(of(c));
        kinds.push(Some(k));
    }
    for (k, v) in vars.iter().enumerate() {
        let ends = [&program.lower[k], &program.upper[k]];
        if let Some(end) = ends.into_iter().flatten().find(|end| **end == x[k] && !strict.contains(v)) {
            equations.push(row(vec![(k, N::one())], N::of(end)));
            kinds.push(None);
        }
    }
    let tight = |k: usize| program.rows[k].value(&x) == program.rows[k].rhs;
    for (k, c) in conditions.iter().enumerate().filter(|(k, c)| !c.equation && tight(*k)) {
        equations.push(of(c));
        kinds.push(Some(k));
    }
    for (_, v) in strict.iter().enumerate().filter(|(k, _)| tight(conditions.len() + *k)) {
        equations.push(row(vec![(place(*v), N::one()), (n, N::one().negated())], N::zero()));
        kinds.push(None);
    }
    let lifted = lift::solve(&equations, &x)?;
    let holds: BTreeSet<usize> =
        kinds.iter().zip(&lifted.solved).filter(|(_, s)| **s).filter_map(|(k, _)| *k).collect();
    let equal: Vec<bool> = kinds
        .iter()
        .zip(&lifted.solved)
        .map(|(kind, solved)| *solved && kind.is_some_and(|k| conditions[k].equation))
        .collect();
    let sole = determined(&vars, &equations, &equal);
    let values: BTreeMap<u32, N> = vars.iter().copied().zip(lifted.values).collect();
    let lost = |what: &str| Stop::Here(format!("{what} of a cell is not sure off this point"));
    for (_, c) in conditions.iter().enumerate().filter(|(k, _)| !holds.contains(k)) {
        let value = evaluate(&c.poly, &values);
        let kept = if c.equation { value.is_zero() } else { value.sign().is_some_and(|s| s >= 0) };
        if !kept {
            return Err(lost(if c.equation { "an equation" } else { "an inequality" }));
        }
    }
    for v in vars.iter().filter(|v| !rules.is_value(**v)) {
        let least = i32::from(strict.contains(v));
        if values.get(v).and_then(Field::sign).is_none_or(|s| s < least) {
            return Err(lost("the sign of a weight"));
        }
    }
    Ok((values, sole))
}

/// The variables of those blocks in which there are as many independent equations as variables.
/// `equal` are the equations that a pivot was found for; such equations come first, so their pivots
/// are in their own block.
fn determined<N: Field>(vars: &[u32], equations: &[Equation<N>], equal: &[bool]) -> BTreeSet<u32> {
    let n = vars.len();
    let mut block: Vec<usize> = (0..n).collect();
    let inside = |e: &Equation<N>| (0..n).filter(|k| !e.coefs[*k].is_zero()).collect::<Vec<usize>>();
    let independent = || equations.iter().zip(equal).filter(|(_, equal)| **equal).map(|(e, _)| inside(e));
    for members in independent() {
        let Some(home) = members.first().map(|k| block[*k]) else { continue };
        let joined: Vec<usize> = members.iter().map(|k| block[*k]).collect();
        block.iter_mut().filter(|b| joined.contains(b)).for_each(|b| *b = home);
    }
    let mut rank = vec![0; n];
    for members in independent() {
        if let Some(first) = members.first() {
            rank[block[*first]] += 1;
        }
    }
    let size = |home: usize| block.iter().filter(|b| **b == home).count();
    (0..n).filter(|k| rank[block[*k]] == size(block[*k])).map(|k| vars[k]).collect()
}
