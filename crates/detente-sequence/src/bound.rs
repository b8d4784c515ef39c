//! What a profile is worth and what its players could still gain, enclosed.
//!
//! The one idea: the passes of `kernel`, in outward-rounded intervals over the exact weights.
//! A profile of floats is read as the exact profile whose actions but the first of the largest
//! have exactly these probabilities; that one has what is left to 1.

use crate::form::{Form, Side};
use detente_exact::Interval;

/// Bounds on a profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// Expected payoff per player.
    pub values: Vec<Interval>,
    /// What a best response would add per player; lower ends are at least 0.
    pub gains: Vec<Interval>,
}

impl Bound {
    /// The sum over players of what a best response would add, at most.
    pub fn gap(&self) -> f64 {
        self.gains.iter().fold(0.0, |sum, g| (sum + g.hi()).next_up())
    }
}

/// Encloses the values and gains of a plan of probabilities per slot.
pub fn bound(form: &Form, plan: &[Vec<f64>]) -> Bound {
    let players = form.players();
    let plans: Vec<Vec<Interval>> =
        form.sides.iter().zip(plan).map(|(side, plan)| exact_plan(side, plan)).collect();
    let reach: Vec<Vec<Interval>> = form.sides.iter().zip(&plans).map(|(s, p)| reach(s, p)).collect();
    let weights: Vec<Interval> = form.weights.iter().map(Interval::from_q).collect();
    let (mut values, mut gains) = (vec![], vec![]);
    for p in 0..players {
        let side = &form.sides[p];
        let mut best = vec![Interval::ZERO; side.slots()];
        for (l, slots) in form.leaves.chunks(players).enumerate() {
            let mut product = weights[l * players + p];
            for q in (0..players).filter(|q| *q != p) {
                product = product * reach[q][slots[q] as usize];
            }
            best[slots[p] as usize] = best[slots[p] as usize] + product;
        }
        let mut mean = best.clone();
        for k in (0..side.sets.len()).rev() {
            let times = Interval::point(side.times[k]).expect("a count is finite");
            let parent = side.parent[k] as usize;
            let top = side.range(k).map(|s| best[s]).reduce(Interval::max).unwrap_or(Interval::ZERO);
            best[parent] = best[parent] + times * top;
            let average = side.range(k).fold(Interval::ZERO, |sum, s| sum + plans[p][s] * mean[s]);
            mean[parent] = mean[parent] + times * average;
        }
        let gain = best[0] - mean[0];
        gains.push(gain.max(Interval::ZERO));
        values.push(mean[0]);
    }
    Bound { values, gains }
}

fn exact_plan(side: &Side, plan: &[f64]) -> Vec<Interval> {
    let mut exact: Vec<Interval> =
        plan.iter().map(|p| Interval::point(p.clamp(0.0, 1.0)).unwrap_or(Interval::ZERO)).collect();
    let unit = Interval::new(0.0, 1.0).expect("0 is below 1");
    for k in 0..side.sets.len() {
        let mut largest = side.range(k).start;
        for s in side.range(k) {
            if plan[s] > plan[largest] {
                largest = s;
            }
        }
        let others = side.range(k).filter(|s| *s != largest).fold(Interval::ZERO, |sum, s| sum + exact[s]);
        // The rest is at least 0: the largest has at least an equal share of about 1.
        exact[largest] = (Interval::ONE - others).intersect(unit).unwrap_or(Interval::ZERO);
    }
    exact
}

fn reach(side: &Side, plan: &[Interval]) -> Vec<Interval> {
    let mut reach = vec![Interval::ONE; side.slots()];
    for k in 0..side.sets.len() {
        let before = reach[side.parent[k] as usize];
        for s in side.range(k) {
            reach[s] = before * plan[s];
        }
    }
    reach
}
