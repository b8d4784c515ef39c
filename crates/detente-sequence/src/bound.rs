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
    mixed(form, &[(Interval::ONE, plan)])
}

/// Encloses the values of a device that draws one of these plans with these weights, and what each player
/// gains by one plan of its own in place of the device's (for one plan: by the best response).
pub fn mixed(form: &Form, device: &[(Interval, &[Vec<f64>])]) -> Bound {
    let players = form.players();
    let weights: Vec<Interval> = form.weights.iter().map(Interval::from_q).collect();
    let zeros = |side: &Side| vec![Interval::ZERO; side.slots()];
    let mut summed: Vec<Vec<Interval>> = form.sides.iter().map(zeros).collect();
    let mut values = vec![Interval::ZERO; players];
    let alone = device.len() == 1;
    for (share, plan) in device {
        let plans: Vec<Vec<Interval>> =
            form.sides.iter().zip(*plan).map(|(side, plan)| exact_plan(side, plan)).collect();
        let reach: Vec<Vec<Interval>> = form.sides.iter().zip(&plans).map(|(s, p)| reach(s, p)).collect();
        for (p, side) in form.sides.iter().enumerate() {
            let gradient = gradient(form, &weights, &reach, p);
            let value = mean(side, &plans[p], gradient.clone());
            // A product with 1 would be rounded outward.
            match alone {
                true => (values[p], summed[p]) = (value, gradient),
                false => {
                    values[p] = values[p] + *share * value;
                    summed[p].iter_mut().zip(gradient).for_each(|(sum, g)| *sum = *sum + *share * g);
                }
            }
        }
    }
    let best = form.sides.iter().zip(summed).map(|(side, summed)| best(side, summed));
    let gains = best.zip(&values).map(|(best, value)| (best - *value).max(Interval::ZERO)).collect();
    Bound { values, gains }
}

/// What each slot of player `p` adds when the others reach so.
fn gradient(form: &Form, weights: &[Interval], reach: &[Vec<Interval>], p: usize) -> Vec<Interval> {
    let players = form.players();
    let mut sum = vec![Interval::ZERO; form.sides[p].slots()];
    for (l, slots) in form.leaves.chunks(players).enumerate() {
        let mut product = weights[l * players + p];
        for q in (0..players).filter(|q| *q != p) {
            product = product * reach[q][slots[q] as usize];
        }
        sum[slots[p] as usize] = sum[slots[p] as usize] + product;
    }
    sum
}

/// What the best plan gets under a gradient.
fn best(side: &Side, mut value: Vec<Interval>) -> Interval {
    for k in (0..side.sets.len()).rev() {
        let top = side.range(k).map(|s| value[s]).reduce(Interval::max).unwrap_or(Interval::ZERO);
        let parent = side.parent[k] as usize;
        value[parent] = value[parent] + times(side, k) * top;
    }
    value[0]
}

/// What a plan gets under a gradient.
fn mean(side: &Side, plan: &[Interval], mut value: Vec<Interval>) -> Interval {
    for k in (0..side.sets.len()).rev() {
        let average = side.range(k).fold(Interval::ZERO, |sum, s| sum + plan[s] * value[s]);
        let parent = side.parent[k] as usize;
        value[parent] = value[parent] + times(side, k) * average;
    }
    value[0]
}

/// How many copies of a set follow its parent slot.
fn times(side: &Side, set: usize) -> Interval {
    Interval::point(side.times[set]).expect("a count is finite")
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
