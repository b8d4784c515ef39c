//! Makes mixing players exactly indifferent, as far as floats go.
//!
//! The one idea: with supports and leading members fixed, the unknowns are the odds within
//! supports and the weights of trembles; each action mixed with another gives one equation.
//! There are at least as many unknowns, so the smallest correction is taken (Gauss–Newton).

use crate::qre::field::{Field, Play};
use crate::qre::linear::{Factored, dot, norm};
use crate::qre::real::log_shares;

/// Most corrections.
const ROUNDS: usize = 40;
/// Added to the normal equations' diagonal: equations may depend on each other.
const DAMPING: f64 = 1e-13;

/// Which actions are played, and which members believed in.
pub struct Shape {
    /// Per action.
    pub support: Vec<bool>,
    /// Per set and member.
    pub leads: Vec<Vec<bool>>,
}

/// Per action: the logarithm of its probability if played, else of its tremble's weight.
/// Returns the corrected logarithms, and the largest difference between payoffs of actions
/// that are mixed, in payoff units.
pub fn indifferent(field: &Field<f64>, shape: &Shape, logs: &[f64]) -> (Vec<f64>, f64) {
    let mut logs = logs.to_vec();
    let (mut best, mut kept) = (f64::INFINITY, logs.clone());
    for _ in 0..ROUNDS {
        let play = play(field, shape, &logs);
        logs = play.log.clone();
        let worth = field.worth(&play, Some(&shape.leads));
        let mut rows = vec![];
        let mut miss = vec![];
        for (h, s) in field.sets.iter().enumerate() {
            let played: Vec<usize> = (0..s.actions).filter(|a| shape.support[s.first + a]).collect();
            if played.len() < 2 {
                continue;
            }
            let slopes = field.slopes(h, &play, &worth);
            for a in &played[1..] {
                let base = played[0];
                let row: Vec<f64> = slopes[*a].iter().zip(&slopes[base]).map(|(x, y)| x - y).collect();
                rows.push(by_unknowns(field, shape, &play, row));
                miss.push(worth.payoffs[s.first + a] - worth.payoffs[s.first + base]);
            }
        }
        let size = miss.iter().fold(0.0f64, |m, x| m.max(x.abs()));
        if size < best {
            best = size;
            kept.clone_from(&logs);
        }
        if size == 0.0 || size > 1e3 * best {
            break;
        }
        let Some(step) = smallest(&rows, &miss) else { break };
        let longest = step.iter().fold(0.0f64, |m, x| m.max(x.abs()));
        if longest < 1e-16 {
            break;
        }
        let scale = if longest > 1.0 { 1.0 / longest } else { 1.0 };
        logs.iter_mut().zip(&step).for_each(|(l, d)| *l += scale * d);
    }
    (kept, if best.is_finite() { best } else { 0.0 })
}

/// The play that logarithms stand for, shares within supports made to sum to 1.
pub fn play(field: &Field<f64>, shape: &Shape, logs: &[f64]) -> Play<f64> {
    let mut play = Play { log: logs.to_vec(), prob: vec![0.0; logs.len()] };
    for s in &field.sets {
        let played: Vec<usize> = (s.first..s.first + s.actions).filter(|a| shape.support[*a]).collect();
        let shares = log_shares(&played.iter().map(|a| logs[*a]).collect::<Vec<f64>>());
        for (a, l) in played.iter().zip(shares) {
            play.log[*a] = l;
            play.prob[*a] = libm::exp(l);
        }
    }
    play
}

/// Derivatives by the logarithms as free numbers: shares are scaled to sum to 1 afterwards.
fn by_unknowns(field: &Field<f64>, shape: &Shape, play: &Play<f64>, mut row: Vec<f64>) -> Vec<f64> {
    for s in &field.sets {
        let own = s.first..s.first + s.actions;
        let total: f64 = own.clone().filter(|a| shape.support[*a]).map(|a| row[a]).sum();
        for a in own.filter(|a| shape.support[*a]) {
            row[a] -= play.prob[a] * total;
        }
    }
    row
}

/// The shortest step that brings all misses to 0, to first order.
fn smallest(rows: &[Vec<f64>], miss: &[f64]) -> Option<Vec<f64>> {
    let kept: Vec<(Vec<f64>, f64)> = rows
        .iter()
        .zip(miss)
        .filter_map(|(r, m)| {
            let length = norm(r);
            (length > 1e-14).then(|| (r.iter().map(|x| x / length).collect(), m / length))
        })
        .collect();
    if kept.is_empty() {
        return None;
    }
    let normal: Vec<Vec<f64>> = (0..kept.len())
        .map(|i| {
            let entry = |j: usize| dot(&kept[i].0, &kept[j].0) + if i == j { DAMPING } else { 0.0 };
            (0..kept.len()).map(entry).collect()
        })
        .collect();
    let right: Vec<f64> = kept.iter().map(|(_, m)| -m).collect();
    let share = Factored::new(normal).solve(&right)?;
    let mut step = vec![0.0; rows[0].len()];
    for ((row, _), y) in kept.iter().zip(&share) {
        step.iter_mut().zip(row).for_each(|(s, x)| *s += y * x);
    }
    Some(step)
}
