//! Sobol' first and total indices with bootstrap intervals.
//!
//! The first index of an input is the share of variance that would go if it were known; the total
//! index the share that would stay if all others were known. Estimators as recommended by A. Saltelli
//! and others (2010, table 2): total indices by M. J. W. Jansen, "Analysis of variance designs for model
//! output" (1999), which cannot be negative; first indices by their formula (b), whose noise vanishes
//! with the input's influence, where Jansen's stays at that of the whole output.
//!
//! Intervals are percentiles of a bootstrap over base points (G. E. B. Archer, A. Saltelli, I. M. Sobol',
//! "Sensitivity measures, ANOVA-like techniques and the use of bootstrap", 1997). It takes the points as
//! independent; Sobol' points are more even than that, so the intervals are, if anything, too wide.

use super::effect::{Effect, check_interval, percentiles};
use crate::error::{StatsError, all_finite, scaled};
use crate::random::pick;
use serde::Serialize;

/// How intervals are made.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexSettings {
    /// The confidence level of the intervals. Default 0.95.
    pub level: f64,
    /// Bootstrap resamples behind them. Default 500.
    pub resamples: usize,
    /// The seed of the bootstrap.
    pub seed: u64,
}

impl Default for IndexSettings {
    fn default() -> IndexSettings {
        IndexSettings { level: 0.95, resamples: 500, seed: 0 }
    }
}

/// Indices of all inputs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SobolIndices {
    /// Base points; the model was asked (inputs + 2) times as often.
    pub points: usize,
    /// The variance that is shared out.
    pub variance: f64,
    /// First indices, in the order of the inputs.
    pub first: Vec<Effect>,
    /// Total indices, in the order of the inputs.
    pub total: Vec<Effect>,
}

/// Estimates the indices from the outputs of the rows of a [`super::Design`], in their order.
///
/// A claim is an output of 0 and 1.
///
/// # Errors
/// Outputs that are not finite or not whole base points, fewer than 8 base points, an output that
/// never changes, or settings outside their range.
pub fn sobol_indices(
    outputs: &[f64],
    inputs: usize,
    settings: &IndexSettings,
) -> Result<SobolIndices, StatsError> {
    check_interval(settings.level, settings.resamples)?;
    all_finite("the outputs", outputs)?;
    let per = inputs + 2;
    let points = outputs.len() / per;
    if !outputs.len().is_multiple_of(per) {
        return Err(StatsError::Length { what: "outputs", have: outputs.len(), want: (points + 1) * per });
    }
    if points < 8 {
        return Err(StatsError::TooFew { what: "base points", have: points, want: 8 });
    }
    let (outputs, unit) = scaled(outputs);
    let parts = Parts::new(&outputs, inputs);
    let whole = parts.estimate(|_| 1.0);
    // The variance of equal numbers may be a rounding error instead of 0.
    if parts.range == 0.0 || whole.variance <= 0.0 {
        return Err(StatsError::Constant);
    }
    let mut resampled = vec![Vec::with_capacity(settings.resamples); 2 * inputs];
    for number in 0..settings.resamples {
        let mut times = vec![0u32; points];
        for k in 0..points {
            let address = (number * points + k) as u64;
            times[pick(settings.seed, "bootstrap of indices", address, points)] += 1;
        }
        let again = parts.estimate(|point| f64::from(times[point]));
        // A resample without any variance says nothing about shares of it.
        if again.variance > 0.0 {
            for (list, share) in resampled.iter_mut().zip(again.first.iter().chain(&again.total)) {
                list.push(*share);
            }
        }
    }
    let effect = |estimate: f64, never: bool, list: &mut Vec<f64>| {
        let (low, high) = if list.is_empty() { (0.0, 1.0) } else { percentiles(list, settings.level) };
        if never {
            // No change in N pairs: a change is rarer than -ln(1 - level) / N, and moves the output
            // by its range at most.
            let rate = -libm::log(1.0 - settings.level) / points as f64;
            let most = rate * parts.range * parts.range / (2.0 * whole.variance);
            return Effect::new(0.0, 0.0, most.min(1.0));
        }
        Effect::new(estimate, low, high)
    };
    let mut effects = Vec::with_capacity(2 * inputs);
    for (place, list) in resampled.iter_mut().enumerate() {
        let input = place % inputs;
        let estimate = if place < inputs { whole.first[input] } else { whole.total[input] };
        effects.push(effect(estimate, parts.never_moves(input), list));
    }
    let total = effects.split_off(inputs);
    Ok(SobolIndices { points, variance: whole.variance * unit * unit, first: effects, total })
}

/// What the estimators sum over base points, row by row.
struct Parts {
    inputs: usize,
    /// Per base point: sum and sum of squares of the outputs of A and B, about the overall mean.
    sums: Vec<(f64, f64)>,
    /// Per base point and input, of the move from A's output to the mixed one: its product with B's
    /// output, and half its square.
    moves: Vec<(f64, f64)>,
    /// The largest output less the smallest.
    range: f64,
}

/// Variance and shares of one weighting of the base points.
struct Shares {
    variance: f64,
    first: Vec<f64>,
    total: Vec<f64>,
}

impl Parts {
    fn new(outputs: &[f64], inputs: usize) -> Parts {
        let per = inputs + 2;
        let middle = outputs.iter().sum::<f64>() / outputs.len() as f64;
        let ends = outputs.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &y| (l.min(y), h.max(y)));
        let mut sums = Vec::new();
        let mut moves = Vec::new();
        for row in outputs.chunks_exact(per) {
            let (a, b) = (row[0] - middle, row[per - 1] - middle);
            sums.push((a + b, a * a + b * b));
            for mixed in &row[1..=inputs] {
                let moved = mixed - row[0];
                moves.push((b * moved, moved * moved / 2.0));
            }
        }
        Parts { inputs, sums, moves, range: ends.1 - ends.0 }
    }

    fn never_moves(&self, input: usize) -> bool {
        self.moves.iter().skip(input).step_by(self.inputs).all(|m| m.1 == 0.0)
    }

    fn estimate(&self, weight: impl Fn(usize) -> f64) -> Shares {
        let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
        let mut own = vec![0.0; self.inputs];
        let mut all = vec![0.0; self.inputs];
        for (point, &(s, q)) in self.sums.iter().enumerate() {
            let w = weight(point);
            if w == 0.0 {
                continue;
            }
            count += w;
            sum += w * s;
            squares += w * q;
            for (input, moved) in self.moves[point * self.inputs..][..self.inputs].iter().enumerate() {
                own[input] += w * moved.0;
                all[input] += w * moved.1;
            }
        }
        let mean = sum / (2.0 * count);
        let variance = (squares / (2.0 * count) - mean * mean).max(0.0);
        let first = own.iter().map(|t| t / count / variance).collect();
        let total = all.iter().map(|t| t / count / variance).collect();
        Shares { variance, first, total }
    }
}
