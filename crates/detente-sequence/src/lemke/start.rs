//! Where the path begins: plans that are best replies, ties and trembles included.
//!
//! The one idea: with trembles every set is reached, so working backwards through a player's sets
//! gives one best action at each. Numbers are polynomials in e, compared from the lowest power.

use crate::form::{Form, Side};
use detente_exact::Q;

/// A polynomial in e, lowest power first.
pub type Powers = Vec<Q>;

/// How many own actions lead to each slot, itself included.
pub fn lengths(side: &Side) -> Vec<usize> {
    let mut lengths = vec![0; side.slots()];
    for k in 0..side.sets.len() {
        let before = lengths[side.parent[k] as usize];
        side.range(k).for_each(|s| lengths[s] = before + 1);
    }
    lengths
}

/// The slot that player `p` chooses at each set if the other takes every action alike.
pub fn against_all(form: &Form, p: usize) -> Vec<usize> {
    let other = &form.sides[1 - p];
    let mut reach = vec![vec![Q::ONE]; other.slots()];
    for k in 0..other.sets.len() {
        let count = Q::from(other.range(k).len() as i64);
        let share = &reach[other.parent[k] as usize][0] / &count;
        other.range(k).for_each(|s| reach[s] = vec![share.clone()]);
    }
    best(form, p, &reach)
}

/// The slot that player `p` chooses at each set if the other follows a plan and trembles.
pub fn against_trembling(form: &Form, p: usize, chosen: &[usize]) -> Vec<usize> {
    best(form, p, &trembling(&form.sides[1 - p], chosen))
}

/// The reach of a plan with trembles: every other slot has e to the power of its length.
fn trembling(side: &Side, chosen: &[usize]) -> Vec<Powers> {
    let lengths = lengths(side);
    let width = lengths.iter().max().map_or(1, |l| l + 1);
    let mut reach = vec![vec![Q::ZERO; width]; side.slots()];
    reach[0][0] = Q::ONE;
    for (k, chosen) in chosen.iter().enumerate() {
        let mut rest = reach[side.parent[k] as usize].clone();
        for s in side.range(k).filter(|s| s != chosen) {
            reach[s][lengths[s]] = Q::ONE;
            rest[lengths[s]] -= &Q::ONE;
        }
        reach[*chosen] = rest;
    }
    reach
}

/// The best slot at each set against a reach of the other, the first of equals.
fn best(form: &Form, p: usize, reach: &[Powers]) -> Vec<usize> {
    let side = &form.sides[p];
    let width = reach[0].len();
    let mut value = vec![vec![Q::ZERO; width]; side.slots()];
    for (slots, weights) in form.leaves.chunks(2).zip(form.weights.chunks(2)) {
        let (own, other) = (slots[p] as usize, slots[1 - p] as usize);
        add(&mut value[own], &reach[other], &weights[p]);
    }
    let mut chosen = vec![0; side.sets.len()];
    for k in (0..side.sets.len()).rev() {
        let slots = side.range(k);
        let best = slots.rev().max_by(|a, b| value[*a].cmp(&value[*b])).expect("a set has actions");
        chosen[k] = best;
        let more = value[best].clone();
        add(&mut value[side.parent[k] as usize], &more, &Q::ONE);
    }
    chosen
}

/// Adds a multiple, place by place.
pub fn add(to: &mut [Q], what: &[Q], times: &Q) {
    if times.is_zero() {
        return;
    }
    for (to, what) in to.iter_mut().zip(what) {
        if !what.is_zero() {
            *to += &(what * times);
        }
    }
}
