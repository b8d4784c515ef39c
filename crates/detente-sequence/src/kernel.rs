//! The arrays that an iteration runs over, and the three passes on them.
//!
//! The one idea: a player's gradient is one sweep over its own rows (weight times the others'
//! reach), a strategy's reach is one increasing loop over slots, and a value is one decreasing
//! loop over sets. Nothing recurses and nothing is looked up by name.

use crate::form::{Form, Side};
use crate::merge::rows;

/// One player's view of the game in floats.
#[derive(Clone, Debug)]
pub struct View {
    pub side: Side,
    /// Rows of `pay` and `others` by own slot; one more entry than slots.
    pub row: Vec<u32>,
    /// Slots of the other players, `players - 1` for each entry, in the order of players.
    pub others: Vec<u32>,
    /// Chance probability times own payoff.
    pub pay: Vec<f64>,
}

/// The whole game in floats: one view per player.
#[derive(Clone, Debug)]
pub struct Kernel {
    pub views: Vec<View>,
}

impl Kernel {
    /// Lays a form out for iteration. Weights are rounded to the nearest float.
    pub fn new(form: &Form) -> Kernel {
        let views = (0..form.players()).map(|p| view(form, p)).collect();
        Kernel { views }
    }

    /// Number of players.
    pub fn players(&self) -> usize {
        self.views.len()
    }

    /// The gradient of player `p`'s payoff in its own reach, into `gradient`: what each slot adds
    /// when the others reach with `reach`.
    pub fn gradient(&self, p: usize, reach: &[Vec<f64>], gradient: &mut [f64]) {
        let view = &self.views[p];
        match self.players() {
            2 => two_player_gradient(view, &reach[1 - p], gradient),
            _ => many_player_gradient(view, p, reach, gradient),
        }
    }

    /// What player `p` gets from its best response to the others' reach.
    pub fn best_response(&self, p: usize, reach: &[Vec<f64>]) -> f64 {
        let mut value = vec![0.0; self.views[p].side.slots()];
        self.gradient(p, reach, &mut value);
        best_of(&self.views[p].side, value)
    }

    /// What player `p` gets if all play `plan`.
    pub fn value(&self, p: usize, plan: &[Vec<f64>], reach: &[Vec<f64>]) -> f64 {
        let mut value = vec![0.0; self.views[p].side.slots()];
        self.gradient(p, reach, &mut value);
        mean_of(&self.views[p].side, value, &plan[p])
    }

    /// The sum over players of what a best response would add: the Nash gap, in floats.
    pub fn gap(&self, plan: &[Vec<f64>]) -> f64 {
        let reach: Vec<Vec<f64>> =
            self.views.iter().zip(plan).map(|(v, plan)| reach_of(&v.side, plan)).collect();
        let gain = |p: usize| {
            let side = &self.views[p].side;
            let mut value = vec![0.0; side.slots()];
            self.gradient(p, &reach, &mut value);
            let mean = mean_of(side, value.clone(), &plan[p]);
            (best_of(side, value) - mean).max(0.0)
        };
        (0..self.players()).map(gain).sum()
    }
}

/// What the best plan gets under a gradient.
pub(crate) fn best_of(side: &Side, mut value: Vec<f64>) -> f64 {
    for k in (0..side.sets.len()).rev() {
        let best = side.range(k).map(|s| value[s]).fold(f64::NEG_INFINITY, f64::max);
        value[side.parent[k] as usize] += side.times[k] * best;
    }
    value[0]
}

/// What a plan gets under a gradient.
pub(crate) fn mean_of(side: &Side, mut value: Vec<f64>, plan: &[f64]) -> f64 {
    for k in (0..side.sets.len()).rev() {
        let mean: f64 = side.range(k).map(|s| plan[s] * value[s]).sum();
        value[side.parent[k] as usize] += side.times[k] * mean;
    }
    value[0]
}

/// The reach of each slot under a plan of probabilities per slot.
pub fn reach_of(side: &Side, plan: &[f64]) -> Vec<f64> {
    let mut reach = vec![1.0; side.slots()];
    for k in 0..side.sets.len() {
        let before = reach[side.parent[k] as usize];
        for s in side.range(k) {
            reach[s] = before * plan[s];
        }
    }
    reach
}

/// Equal probabilities at every set.
pub fn uniform(side: &Side) -> Vec<f64> {
    let mut plan = vec![1.0; side.slots()];
    for k in 0..side.sets.len() {
        let range = side.range(k);
        let share = 1.0 / range.len() as f64;
        plan[range].fill(share);
    }
    plan
}

fn view(form: &Form, p: usize) -> View {
    let players = form.players();
    let mut view = View { side: form.sides[p].clone(), row: vec![0], others: vec![], pay: vec![] };
    for row in rows(form, p) {
        for l in row {
            let at = l as usize * players;
            let weight = &form.weights[at + p];
            if weight.is_zero() {
                continue;
            }
            view.pay.push(weight.to_f64());
            view.others.extend((0..players).filter(|q| *q != p).map(|q| form.leaves[at + q]));
        }
        view.row.push(view.pay.len() as u32);
    }
    view
}

fn two_player_gradient(view: &View, reach: &[f64], gradient: &mut [f64]) {
    for (s, ends) in view.row.windows(2).enumerate() {
        let run = ends[0] as usize..ends[1] as usize;
        let mut sum = 0.0;
        for (slot, pay) in view.others[run.clone()].iter().zip(&view.pay[run]) {
            sum += pay * reach[*slot as usize];
        }
        gradient[s] = sum;
    }
}

fn many_player_gradient(view: &View, p: usize, reach: &[Vec<f64>], gradient: &mut [f64]) {
    let others: Vec<usize> = (0..reach.len()).filter(|q| *q != p).collect();
    let width = others.len();
    for (s, ends) in view.row.windows(2).enumerate() {
        let mut sum = 0.0;
        for e in ends[0] as usize..ends[1] as usize {
            let mut product = view.pay[e];
            for (q, slot) in others.iter().zip(&view.others[e * width..(e + 1) * width]) {
                product *= reach[*q][*slot as usize];
            }
            sum += product;
        }
        gradient[s] = sum;
    }
}
