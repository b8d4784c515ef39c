//! A device that can be written out: a few plans of all players, one of which is drawn.
//!
//! The one idea: whoever chooses the weights plays a table against whoever chooses which player leaves for
//! which plan; rows (the best plan to leave for) and columns (plans of all) are added in turn. If leaving is
//! mixed so, the plans in which each player mixes its own reasons to leave give nobody anything on average
//! (the argument of Hart and Schmeidler, "Existence of correlated equilibria", 1989; as columns of a program:
//! Papadimitriou and Roughgarden, "Computing correlated equilibria in multi-player games", 2008), so the
//! table's value tends to 0. Everything here is floats and a proposal: what the device is worth is enclosed
//! afterwards ([`crate::bound::mixed`]).

use crate::form::Side;
use crate::kernel::{Kernel, mean_of, reach_of, uniform};

/// A plan of all players: probability per slot, per player.
pub type Joint = Vec<Vec<f64>>;

/// Plans of all players and the probability that each is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    pub weights: Vec<f64>,
    pub plans: Vec<Joint>,
    /// The most that any player gains by one plan of its own, in floats.
    pub gain: f64,
}

/// Rounds of adding a row per player and a column.
const STEPS: usize = 40;
/// A plan that is drawn less often than this is left out.
const RARE: f64 = 1e-12;

/// A plan of all players, what each earns by it, and the gradients it leaves each player.
struct Column {
    plan: Joint,
    gradient: Vec<Vec<f64>>,
    value: Vec<f64>,
}

/// A player and the plan that it might leave for.
struct Row {
    player: usize,
    plan: Vec<f64>,
}

/// The best device made of these plans and of a few more; ends where nobody gains more than `goal`, which may be
/// below 0: then whoever refuses loses at least so much.
///
/// # Panics
/// If there is no plan, or one does not fit the kernel.
pub fn mixture(kernel: &Kernel, plans: Vec<Joint>, goal: f64, keep_going: &dyn Fn() -> bool) -> Mixture {
    let mut columns: Vec<Column> = plans.into_iter().map(|plan| column(kernel, plan)).collect();
    let mut rows: Vec<Row> = vec![];
    let mut weights = vec![1.0 / columns.len() as f64; columns.len()];
    let mut best: Option<(f64, Vec<f64>)> = None;
    for step in 0..STEPS {
        let replies: Vec<(f64, Vec<f64>)> =
            (0..kernel.players()).map(|p| reply(kernel, p, &columns, &weights)).collect();
        let worst = replies.iter().map(|(gain, _)| *gain).fold(f64::NEG_INFINITY, f64::max);
        if best.as_ref().is_none_or(|(gain, _)| worst < *gain) {
            best = Some((worst, weights.clone()));
        }
        if worst <= goal || step + 1 == STEPS || !keep_going() {
            break;
        }
        for (player, (_, plan)) in replies.into_iter().enumerate() {
            if !rows.iter().any(|row| row.player == player && row.plan == plan) {
                rows.push(Row { player, plan });
            }
        }
        let gains: Vec<Vec<f64>> =
            rows.iter().map(|row| columns.iter().map(|c| gain(kernel, row, c)).collect()).collect();
        let (found, reasons) = table(&gains);
        weights = found;
        columns.push(column(kernel, leavers(kernel, &rows, &reasons)));
        weights.push(0.0);
    }
    let (gain, weights) = best.expect("the first step has a gain");
    let used = weights.iter().zip(columns).filter(|(w, _)| **w > RARE);
    let (weights, plans): (Vec<f64>, Vec<Joint>) = used.map(|(w, c)| (*w, c.plan)).unzip();
    let total: f64 = weights.iter().sum();
    Mixture { weights: weights.into_iter().map(|w| w / total).collect(), plans, gain }
}

fn column(kernel: &Kernel, plan: Joint) -> Column {
    let reach: Vec<Vec<f64>> = kernel.views.iter().zip(&plan).map(|(v, p)| reach_of(&v.side, p)).collect();
    let gradient: Vec<Vec<f64>> = (0..kernel.players())
        .map(|p| {
            let mut gradient = vec![0.0; kernel.views[p].side.slots()];
            kernel.gradient(p, &reach, &mut gradient);
            gradient
        })
        .collect();
    let earned = |p: usize| mean_of(&kernel.views[p].side, gradient[p].clone(), &plan[p]);
    let value = (0..kernel.players()).map(earned).collect();
    Column { plan, gradient, value }
}

/// What the player of this row gains by leaving where this column is drawn.
fn gain(kernel: &Kernel, row: &Row, column: &Column) -> f64 {
    let p = row.player;
    mean_of(&kernel.views[p].side, column.gradient[p].clone(), &row.plan) - column.value[p]
}

/// A player's best plan against the weighted columns, and what it gains by it.
fn reply(kernel: &Kernel, p: usize, columns: &[Column], weights: &[f64]) -> (f64, Vec<f64>) {
    let side = &kernel.views[p].side;
    let mut value = vec![0.0; side.slots()];
    let mut earned = 0.0;
    for (column, weight) in columns.iter().zip(weights).filter(|(_, w)| **w > 0.0) {
        value.iter_mut().zip(&column.gradient[p]).for_each(|(sum, g)| *sum += weight * g);
        earned += weight * column.value[p];
    }
    let mut plan = vec![0.0; side.slots()];
    plan[0] = 1.0;
    for k in (0..side.sets.len()).rev() {
        let range = side.range(k);
        let top = range.clone().fold(range.start, |top, s| if value[s] > value[top] { s } else { top });
        plan[top] = 1.0;
        value[side.parent[k] as usize] += side.times[k] * value[top];
    }
    (value[0] - earned, plan)
}

/// Each player's plan that comes to drawing one of its rows by the given weights.
fn leavers(kernel: &Kernel, rows: &[Row], reasons: &[f64]) -> Joint {
    let mixed = |p: usize, side: &Side| {
        let mut reach = vec![0.0; side.slots()];
        for (row, weight) in rows.iter().zip(reasons).filter(|(row, w)| row.player == p && **w > 0.0) {
            reach.iter_mut().zip(reach_of(side, &row.plan)).for_each(|(sum, r)| *sum += weight * r);
        }
        let mut plan = uniform(side);
        for k in 0..side.sets.len() {
            let total: f64 = side.range(k).map(|s| reach[s]).sum();
            if total > 0.0 {
                side.range(k).for_each(|s| plan[s] = reach[s] / total);
            }
        }
        plan
    };
    kernel.views.iter().enumerate().map(|(p, view)| mixed(p, &view.side)).collect()
}

/// Weights of the columns that make the largest weighted sum of a row smallest, and weights of the rows
/// that prove it, as far as floats go: the simplex method on the table made positive (Dantzig, "A proof of the
/// equivalence of the programming problem and the game problem", 1951).
fn table(gains: &[Vec<f64>]) -> (Vec<f64>, Vec<f64>) {
    let (height, width) = (gains.len(), gains[0].len());
    let size = gains.iter().flatten().fold(f64::MIN_POSITIVE, |most, x| most.max(x.abs()));
    // Maximise the sum of x with (gains / size + 2) x <= 1: slacks first, then one column per column, then the
    // right side; the last line is the objective.
    let line = |(i, row): (usize, &Vec<f64>)| {
        let mut line = vec![0.0; height];
        line[i] = 1.0;
        line.extend(row.iter().map(|x| x / size + 2.0));
        line.push(1.0);
        line
    };
    let mut lines: Vec<Vec<f64>> = gains.iter().enumerate().map(line).collect();
    let mut last = vec![0.0; height];
    last.extend(vec![-1.0; width]);
    last.push(0.0);
    lines.push(last);
    let mut basis: Vec<usize> = (0..height).collect();
    for _ in 0..50 * (height + width) {
        let objective = &lines[height];
        let enters = (0..height + width).min_by(|a, b| objective[*a].total_cmp(&objective[*b]));
        let Some(enters) = enters.filter(|c| objective[*c] < -1e-13) else { break };
        let ratio = |i: &usize| lines[*i][height + width] / lines[*i][enters];
        let leaves = (0..height).filter(|i| lines[*i][enters] > 1e-11);
        let Some(leaves) = leaves.min_by(|a, b| ratio(a).total_cmp(&ratio(b))) else { break };
        let pivot = lines[leaves][enters];
        lines[leaves].iter_mut().for_each(|x| *x /= pivot);
        let source = std::mem::take(&mut lines[leaves]);
        for line in lines.iter_mut().filter(|line| !line.is_empty() && line[enters] != 0.0) {
            let factor = line[enters];
            line.iter_mut().zip(&source).for_each(|(x, s)| *x -= factor * s);
            line[enters] = 0.0;
        }
        lines[leaves] = source;
        basis[leaves] = enters;
    }
    let mut weights = vec![0.0; width];
    for (i, column) in basis.iter().enumerate().filter(|(_, c)| **c >= height) {
        weights[column - height] = lines[i][height + width].max(0.0);
    }
    let reasons = lines[height][..height].iter().map(|y| y.max(0.0)).collect();
    (shares(weights), shares(reasons))
}

/// Scaled to sum to 1; equal where all are 0.
fn shares(mut list: Vec<f64>) -> Vec<f64> {
    let total: f64 = list.iter().sum();
    let count = list.len() as f64;
    list.iter_mut().for_each(|x| *x = if total > 0.0 { *x / total } else { 1.0 / count });
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_solved() {
        // Rock, paper, scissors with one column worse: the value is 0 at equal weights.
        let gains = vec![vec![0.0, 1.0, -1.0, 2.0], vec![-1.0, 0.0, 1.0, 2.0], vec![1.0, -1.0, 0.0, 2.0]];
        let (weights, reasons) = table(&gains);
        for (w, third) in weights.iter().zip([1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0, 0.0]) {
            assert!((w - third).abs() < 1e-12, "{weights:?}");
        }
        assert!(reasons.iter().all(|y| (y - 1.0 / 3.0).abs() < 1e-12), "{reasons:?}");
    }
}
