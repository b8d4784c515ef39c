//! The end of a path, made exact and proven.
//!
//! The one idea: which variables are 0 says everything: each sequence of a player that is as good as the
//! best of its set gives an equation for the other's reach, so a square system in polynomials of e is left.
//! Its solution is proven by what an equilibrium is: each sequence has at least its tremble, and more only
//! where it is a best reply to the other's reach, for every small e.

use super::rows::Variable;
use super::start::{Powers, add, lengths};
use crate::form::Form;
use detente_exact::Q;
use detente_exact::lp::solve_all;
use std::collections::{BTreeMap, BTreeSet};

/// The reach of every slot of a player as a polynomial in e, where these variables of the player's table may
/// differ from 0. `None` if that leaves it open.
pub(super) fn reach(form: &Form, own: usize, basic: &BTreeSet<Variable>) -> Option<Vec<Powers>> {
    let (side, other) = (&form.sides[own], &form.sides[1 - own]);
    let lengths = lengths(side);
    let width = lengths.iter().max().map_or(1, |l| l + 1);
    // Unknowns: reaches that are more than trembles, then values of the other's sets.
    let mut place: Vec<Option<usize>> = vec![None; side.slots()];
    let mut count = 0;
    for s in (1..side.slots()).filter(|s| basic.contains(&Variable::Reach(*s))) {
        place[s] = Some(count);
        count += 1;
    }
    let values = count;
    let known = |s: usize| if s == 0 { 0 } else { lengths[s] };
    let mut equations: Vec<BTreeMap<usize, Q>> = vec![];
    let mut right: Vec<Powers> = vec![];
    let put = |row: &mut BTreeMap<usize, Q>, right: &mut Powers, s: usize, factor: &Q| match place[s] {
        Some(unknown) => *row.entry(unknown).or_insert(Q::ZERO) += factor,
        None => right[known(s)] -= factor,
    };
    for k in 0..side.sets.len() {
        let (mut row, mut rest) = (BTreeMap::new(), vec![Q::ZERO; width]);
        side.range(k).for_each(|s| put(&mut row, &mut rest, s, &Q::ONE));
        put(&mut row, &mut rest, side.parent[k] as usize, &-Q::ONE);
        equations.push(row);
        right.push(rest);
    }
    let first = equations.len();
    // Which equation a slot of the other has, if it is as good as the best.
    let mut best: Vec<Option<usize>> = vec![None; other.slots()];
    for k in 0..other.sets.len() {
        for s in other.range(k).filter(|s| !basic.contains(&Variable::Short(*s))) {
            best[s] = Some(equations.len() - first);
            equations.push(BTreeMap::from([(values + k, Q::ONE)]));
            right.push(vec![Q::ZERO; width]);
        }
    }
    for k in 0..other.sets.len() {
        if let Some(row) = best[other.parent[k] as usize] {
            *equations[first + row].entry(values + k).or_insert(Q::ZERO) -= &Q::ONE;
        }
    }
    for (slots, weights) in form.leaves.chunks(2).zip(form.weights.chunks(2)) {
        let (mine, theirs) = (slots[own] as usize, slots[1 - own] as usize);
        if let Some(row) = best[theirs].map(|row| first + row) {
            put(&mut equations[row], &mut right[row], mine, &-&weights[1 - own]);
        }
    }
    let equations = equations.into_iter().map(|row| row.into_iter().collect()).collect();
    let solution = solve_all(equations, right, values + other.sets.len())?;
    let mut reach = vec![vec![Q::ZERO; width]; side.slots()];
    for (s, powers) in reach.iter_mut().enumerate() {
        match place[s] {
            Some(unknown) => powers.clone_from(&solution[unknown]),
            None => powers[known(s)] = Q::ONE,
        }
    }
    Some(reach)
}

/// Whether these reaches are an equilibrium of the game with trembles for every small e.
pub(super) fn holds(form: &Form, reach: &[Vec<Powers>; 2]) -> bool {
    (0..2).all(|p| is_plan(form, p, &reach[p]) && is_best(form, p, reach))
}

/// Whether every slot has at least its tremble, and the slots of a set as much as the slot before.
fn is_plan(form: &Form, p: usize, reach: &[Powers]) -> bool {
    let side = &form.sides[p];
    let lengths = lengths(side);
    let zero = |powers: &[Q]| powers.iter().all(Q::is_zero);
    let starts = reach[0].iter().enumerate().all(|(k, q)| if k == 0 { q.is_one() } else { q.is_zero() });
    let flows = (0..side.sets.len()).all(|k| {
        let mut rest = reach[side.parent[k] as usize].clone();
        side.range(k).for_each(|s| add(&mut rest, &reach[s], &-Q::ONE));
        zero(&rest)
    });
    let trembles = (1..side.slots()).all(|s| {
        let first = beyond(&reach[s], lengths[s]).into_iter().find(|q| !q.is_zero());
        first.is_none_or(|q| q.is_positive())
    });
    starts && flows && trembles
}

/// A reach beyond its tremble.
fn beyond(reach: &[Q], length: usize) -> Powers {
    let mut rest = reach.to_vec();
    rest[length] -= &Q::ONE;
    rest
}

/// Whether a player uses no more than trembles ask of what is not a best reply.
fn is_best(form: &Form, p: usize, reach: &[Vec<Powers>; 2]) -> bool {
    let (side, theirs) = (&form.sides[p], &reach[1 - p]);
    let lengths = lengths(side);
    let mut value = vec![vec![Q::ZERO; theirs[0].len()]; side.slots()];
    for (slots, weights) in form.leaves.chunks(2).zip(form.weights.chunks(2)) {
        add(&mut value[slots[p] as usize], &theirs[slots[1 - p] as usize], &weights[p]);
    }
    for k in (0..side.sets.len()).rev() {
        let best = side.range(k).map(|s| value[s].clone()).max().expect("a set has actions");
        let used = |s: usize| beyond(&reach[p][s], lengths[s]).iter().any(|q| !q.is_zero());
        if side.range(k).any(|s| used(s) && value[s] != best) {
            return false;
        }
        add(&mut value[side.parent[k] as usize], &best, &Q::ONE);
    }
    true
}
