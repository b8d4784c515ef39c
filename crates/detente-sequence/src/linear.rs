//! Exact equilibria of two players: linear programs over the sequence form.
//!
//! The one idea for constant sums: against a reach `x`, what the opponent gets is a maximum over its sequences, and
//! that maximum is linear once every set has a value of its own (Koller, Megiddo and von Stengel,
//! "Efficient computation of equilibria for extensive two-person games", Games and Economic
//! Behavior, 1996). Making it small gives one player's optimal strategy; the multipliers of the
//! same program are the opponent's. An exact best response of each then proves both.

use crate::form::{Form, Side};
use crate::kernel::reach_of;
use crate::merge::rows;
use detente_exact::Q;
use detente_exact::lp::{Lp, Outcome, Rel, feasible, maximize};

/// An equilibrium of a two-player game with a constant sum, proven by best responses.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimal {
    /// Probability of each slot, per player; 1 for the empty sequence.
    pub plan: Vec<Vec<Q>>,
    /// Expected payoff per player: what it can secure, whatever the other does.
    pub values: Vec<Q>,
}

/// Solves a two-player constant-sum form exactly. `None` if the form is of another kind.
pub fn optimal(form: &Form) -> Option<Optimal> {
    if form.players() != 2 || !form.constant_sum {
        return None;
    }
    let program = program(form, 0);
    let Outcome::Optimal { x, dual, .. } = maximize(&program.lp, &program.objective) else { return None };
    let first = x[..program.slots].to_vec();
    let second = reach_from(&form.sides[1], &dual[program.first_row..]);
    let plan = vec![probabilities(&form.sides[0], &first), probabilities(&form.sides[1], &second)];
    let reach = vec![first, second];
    let values: Vec<Q> = (0..2).map(|p| best_response(form, p, &reach)).collect();
    // Neither gains: what each gets as a best response is what its own plan gives it.
    let mean: Vec<Q> = (0..2).map(|p| expected(form, p, &reach, &plan[p])).collect();
    (values == mean).then_some(Optimal { plan, values })
}

/// An exact equilibrium of a two-player game, whatever the sum, with the supports of a plan that is
/// near one: sequences reached with more than `least` are played, their owners indifferent among
/// them. Given the supports, each player's conditions are linear in the other's reach (Koller,
/// Megiddo and von Stengel 1996), so two programs decide. `None` if there is none.
pub fn with_supports(form: &Form, plan: &[Vec<f64>], least: f64) -> Option<Vec<Vec<Q>>> {
    if form.players() != 2 {
        return None;
    }
    let played: Vec<Vec<bool>> = form
        .sides
        .iter()
        .zip(plan)
        .map(|(side, plan)| reach_of(side, plan).into_iter().map(|r| r > least).collect())
        .collect();
    let exact = (0..2).map(|p| {
        let Program { mut lp, slots, first_row, .. } = program(form, p);
        for s in (0..slots).filter(|s| !played[p][*s]) {
            lp.upper[s] = Some(Q::ZERO);
        }
        for (s, _) in played[1 - p].iter().enumerate().filter(|(_, played)| **played) {
            lp.rows[first_row + s].rel = Rel::Eq;
        }
        let x = feasible(&lp).ok()?;
        Some(x[..slots].to_vec())
    });
    let reach: Vec<Vec<Q>> = exact.collect::<Option<_>>()?;
    let plan: Vec<Vec<Q>> = form.sides.iter().zip(&reach).map(|(s, r)| probabilities(s, r)).collect();
    let stays = |p: usize| best_response(form, p, &reach) == expected(form, p, &reach, &plan[p]);
    (stays(0) && stays(1)).then_some(plan)
}

/// The linear program that makes the opponent's best response worth least.
struct Program {
    lp: Lp,
    /// What to make large: minus the opponent's value at its root.
    objective: [(usize, Q); 1],
    /// Slots of the own reach: the program's first variables.
    slots: usize,
    /// The first row whose multiplier is the opponent's reach.
    first_row: usize,
}

fn program(form: &Form, p: usize) -> Program {
    let (own, other) = (&form.sides[p], &form.sides[1 - p]);
    let slots = own.slots();
    // Variables: own reach; then the opponent's value at its root and at each of its sets.
    let mut lp = Lp::with_variables(slots, Some(Q::ZERO), None);
    for _ in 0..=other.sets.len() {
        lp.add_variable(None, None);
    }
    lp.add_row(vec![(0, Q::ONE)], Rel::Eq, Q::ONE);
    for k in 0..own.sets.len() {
        let mut row: Vec<(usize, Q)> = own.range(k).map(|s| (s, Q::ONE)).collect();
        row.push((own.parent[k] as usize, -Q::ONE));
        lp.add_row(row, Rel::Eq, Q::ZERO);
    }
    let first_row = lp.rows.len();
    let value_of = |set: Option<usize>| slots + set.map_or(0, |k| k + 1);
    let mut owner = vec![None; other.slots()];
    let mut follows = vec![vec![]; other.slots()];
    for k in 0..other.sets.len() {
        other.range(k).for_each(|s| owner[s] = Some(k));
        follows[other.parent[k] as usize].push(k);
    }
    for (s, leaves) in rows(form, 1 - p).into_iter().enumerate() {
        // gradient + values of the sets that follow - value of the own set <= 0.
        let mut row: Vec<(usize, Q)> = leaves
            .iter()
            .map(|l| *l as usize * 2)
            .map(|at| (form.leaves[at + p] as usize, form.weights[at + 1 - p].clone()))
            .filter(|(_, weight)| !weight.is_zero())
            .collect();
        row.extend(follows[s].iter().map(|k| (value_of(Some(*k)), whole(other.times[*k]))));
        row.push((value_of(owner[s]), -Q::ONE));
        lp.add_row(row, Rel::Le, Q::ZERO);
    }
    Program { lp, objective: [(value_of(None), -Q::ONE)], slots, first_row }
}

/// The opponent's reach from the multipliers: each is the reach times the number of merged
/// copies on the way.
fn reach_from(side: &Side, multipliers: &[Q]) -> Vec<Q> {
    let mut copies = vec![Q::ONE; side.slots()];
    for k in 0..side.sets.len() {
        let before = &copies[side.parent[k] as usize] * &whole(side.times[k]);
        side.range(k).for_each(|s| copies[s] = before.clone());
    }
    multipliers.iter().zip(&copies).map(|(y, times)| y / times).collect()
}

fn whole(times: f64) -> Q {
    Q::from_f64(times).expect("a count is finite")
}

/// Probabilities from a reach; equal ones where the set itself is not reached.
fn probabilities(side: &Side, reach: &[Q]) -> Vec<Q> {
    let mut plan = vec![Q::ONE; side.slots()];
    for k in 0..side.sets.len() {
        let before = &reach[side.parent[k] as usize];
        let count = side.range(k).len() as i64;
        for s in side.range(k) {
            plan[s] = if before.is_zero() { Q::new(1, count) } else { &reach[s] / before };
        }
    }
    plan
}

/// What player `p` gets from its best response.
pub fn best_response(form: &Form, p: usize, reach: &[Vec<Q>]) -> Q {
    let side = &form.sides[p];
    let mut value = gradient(form, p, reach);
    for k in (0..side.sets.len()).rev() {
        let best = side.range(k).map(|s| value[s].clone()).max().expect("a set has actions");
        value[side.parent[k] as usize] += &(whole(side.times[k]) * best);
    }
    value.swap_remove(0)
}

/// What player `p` gets from its own plan.
pub fn expected(form: &Form, p: usize, reach: &[Vec<Q>], plan: &[Q]) -> Q {
    let side = &form.sides[p];
    let mut value = gradient(form, p, reach);
    for k in (0..side.sets.len()).rev() {
        let mean: Q = side.range(k).map(|s| &plan[s] * &value[s]).sum();
        value[side.parent[k] as usize] += &(whole(side.times[k]) * mean);
    }
    value.swap_remove(0)
}

/// What each slot of a player pays against the reaches of the others.
pub(crate) fn gradient(form: &Form, p: usize, reach: &[Vec<Q>]) -> Vec<Q> {
    let players = form.players();
    let mut gradient = vec![Q::ZERO; form.sides[p].slots()];
    for (l, slots) in form.leaves.chunks(players).enumerate() {
        let mut product = form.weights[l * players + p].clone();
        for q in (0..players).filter(|q| *q != p) {
            product *= &reach[q][slots[q] as usize];
        }
        gradient[slots[p] as usize] += &product;
    }
    gradient
}
