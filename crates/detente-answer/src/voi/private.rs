//! What it is worth to learn a number that nobody else knows to be learnt.
//!
//! The one idea: the others play as they do in each draw, so this is a decision under doubt. Its value is
//! never negative; what a table of draws says of it is checked on draws that were not used to choose, and
//! an estimate that this check does not bear out is no finding.

use super::Worth;
use super::plans::{Chosen, Plans};
use crate::ends::{Ends, hull};
use detente_stats::smooth::Smoother;

/// One way to pick an equilibrium in every draw: the weights of sequences in each.
pub(super) type Picked<'a> = Vec<&'a [f64]>;

/// The weights of every equilibrium of a draw, as ways to pick one: the one best for the player, the
/// one worst for it, and the first. One way, if no draw has more than one.
pub(super) fn ways<'a>(plans: &Plans, draws: &'a [Vec<Vec<f64>>]) -> Vec<Picked<'a>> {
    if draws.iter().all(|d| d.len() == 1) {
        return vec![draws.iter().map(|d| d[0].as_slice()).collect()];
    }
    let pick = |better: fn(f64, f64) -> bool| -> Picked<'a> {
        let one = |draw: &'a Vec<Vec<f64>>| {
            let mut best = (plans.best(&draw[0]).0, &draw[0]);
            for weights in &draw[1..] {
                let value = plans.best(weights).0;
                if better(value, best.0) {
                    best = (value, weights);
                }
            }
            best.1.as_slice()
        };
        draws.iter().map(one).collect()
    };
    vec![pick(|a, b| a > b), pick(|a, b| a < b), pick(|_, _| false)]
}

/// The mean weight of each sequence.
pub(super) fn mean_weights(picked: &[&[f64]]) -> Vec<f64> {
    let n = picked.len() as f64;
    let mut mean = vec![0.0; picked.first().map_or(0, |w| w.len())];
    for weights in picked {
        mean.iter_mut().zip(*weights).for_each(|(m, w)| *m += w / n);
    }
    mean
}

/// Knowing every parameter: the expected value of perfect information.
pub(super) fn everything(plans: &Plans, ways: &[Picked]) -> Option<Worth> {
    summed_up(ways.iter().map(|picked| {
        let (_, plan) = plans.best(&mean_weights(picked));
        let gains: Vec<f64> = picked.iter().map(|w| plans.best(w).0 - plans.value(w, &plan)).collect();
        let changed = gains.iter().filter(|g| **g > 1e-12).count();
        Some(Estimate {
            value: average(&gains),
            held_out: average(&gains),
            error: error(&gains),
            changed,
            rows: gains.len(),
        })
    }))
}

/// Knowing one parameter, whose values in the draws are given.
pub(super) fn one(plans: &Plans, ways: &[Picked], values: &[f64]) -> Option<Worth> {
    summed_up(ways.iter().map(|picked| estimate(plans, picked, values)))
}

struct Estimate {
    value: f64,
    /// The gain on draws that did not choose the plans; its error.
    held_out: f64,
    error: f64,
    changed: usize,
    rows: usize,
}

fn estimate(plans: &Plans, picked: &Picked, values: &[f64]) -> Option<Estimate> {
    let (_, plan) = plans.best(&mean_weights(picked));
    let smoother = Smoother::new(values).ok()?;
    let curves = fit(&smoother, picked)?;
    let fitted: Vec<Vec<f64>> = curves.iter().map(|c| c.fitted()).collect();
    let mut gains = vec![];
    let mut changed = 0;
    for i in 0..picked.len() {
        let weights: Vec<f64> = fitted.iter().map(|c| c[i]).collect();
        let gain = plans.best(&weights).0 - plans.value(&weights, &plan);
        changed += usize::from(gain > 1e-9);
        gains.push(gain);
    }
    let held_out = held_out(plans, picked, values)?;
    Some(Estimate {
        value: average(&gains),
        held_out: average(&held_out),
        error: error(&held_out),
        changed,
        rows: picked.len(),
    })
}

/// Gains on each half of the draws of the plans that the other half chooses.
fn held_out(plans: &Plans, picked: &Picked, values: &[f64]) -> Option<Vec<f64>> {
    let mut gains = vec![0.0; picked.len()];
    for side in 0..2 {
        let learn: Vec<usize> = (0..picked.len()).filter(|i| i % 2 != side).collect();
        let rows: Picked = learn.iter().map(|i| picked[*i]).collect();
        let inputs: Vec<f64> = learn.iter().map(|i| values[*i]).collect();
        let (_, plan): (f64, Chosen) = plans.best(&mean_weights(&rows));
        let smoother = Smoother::new(&inputs).ok()?;
        let curves = fit(&smoother, &rows)?;
        for i in (0..picked.len()).filter(|i| i % 2 == side) {
            let expected: Vec<f64> = curves.iter().map(|c| c.at(values[i])).collect();
            let informed = plans.best(&expected).1;
            gains[i] = plans.value(picked[i], &informed) - plans.value(picked[i], &plan);
        }
    }
    Some(gains)
}

fn fit<'s>(smoother: &'s Smoother, picked: &Picked) -> Option<Vec<detente_stats::smooth::Curve<'s>>> {
    let sequences = picked.first()?.len();
    let column = |s: usize| picked.iter().map(|w| w[s]).collect::<Vec<f64>>();
    (0..sequences).map(|s| smoother.fit(&column(s)).ok()).collect()
}

fn summed_up(estimates: impl Iterator<Item = Option<Estimate>>) -> Option<Worth> {
    let all: Vec<Estimate> = estimates.collect::<Option<Vec<_>>>()?;
    let value = hull(all.iter().map(|e| Ends::point(e.value.max(0.0))))?;
    let changes = hull(all.iter().map(|e| Ends::point(e.changed as f64 / e.rows as f64)))?;
    Some(Worth {
        value,
        error: all.iter().map(|e| 2.0 * e.error).fold(0.0, f64::max),
        held_out: hull(all.iter().map(|e| Ends::point(e.held_out)))?,
        distinguishable: all.iter().all(|e| e.held_out > 2.0 * e.error && e.held_out > 1e-12),
        changes,
    })
}

pub(super) fn average(list: &[f64]) -> f64 {
    list.iter().sum::<f64>() / (list.len() as f64).max(1.0)
}

/// The standard error of the mean.
pub(super) fn error(list: &[f64]) -> f64 {
    if list.len() < 2 {
        return 0.0;
    }
    let mean = average(list);
    let squares: f64 = list.iter().map(|x| (x - mean) * (x - mean)).sum();
    (squares / (list.len() as f64 - 1.0) / list.len() as f64).sqrt()
}
