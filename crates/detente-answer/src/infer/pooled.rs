//! The inference over draws of all parameters.
//!
//! The one idea: a draw in which what was seen is unlikely says little, so draws are weighed by the
//! likelihood: a pooled posterior is a ratio of sums. Which equilibrium a draw plays is not known,
//! so the sums run from the least to the most that any choice of equilibria gives.

use super::draws::{Draw, draw};
use super::parallel::in_order;
use super::smooth::{FEW, Smooth, Weighted, average, unsettled};
use super::{Plan, Ready};
use crate::sampler::Sampler;
use crate::shares::{Pair, effective_size, ratio_bounds};
use crate::solved::Memory;
use detente_solve::Progress;
use detente_stats::tail::shape;
use serde::{Deserialize, Serialize};

/// The inference over the priors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pooled {
    pub draws: usize,
    pub seed: u64,
    /// Draws in which all equilibria are known with proof; the others count for quantal response only.
    pub proven: usize,
    /// Proven draws in which every equilibrium gives everything observed probability zero.
    pub refuted: usize,
    /// `log2_likelihood[n]`: of the first `n` observations under exact equilibrium, averaged over
    /// the proven draws, the least and the most likely equilibrium of each; `None` for zero.
    pub log2_likelihood: Vec<(Option<f64>, Option<f64>)>,
    pub hypotheses: Vec<PooledHypothesis>,
    /// Equally weighted draws that the weighted ones are worth, under exact equilibrium.
    pub effective: f64,
    pub tail: Option<f64>,
    /// Under quantal response.
    pub smooth: Smooth,
}

/// A hypothesis over the draws under exact equilibrium: low and high over choices of equilibria.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PooledHypothesis {
    pub name: String,
    pub prior: Option<(f64, f64)>,
    /// After each observation; `None` where all draws are refuted.
    pub posterior: Vec<Option<(f64, f64)>>,
}

/// Takes the draws and sums them up.
///
/// # Errors
/// Correlations that no joint distribution has, in words.
pub fn pooled(
    ready: &Ready,
    plan: &Plan,
    memory: &Memory,
    progress: &dyn Progress,
) -> Result<Pooled, String> {
    let sampler = Sampler::new(ready.contender.model).map_err(|e| e.to_string())?;
    let piece = |index: u64| draw(ready, &sampler, plan, index, memory, progress);
    let draws = in_order(plan.draws, plan.threads, progress, piece);
    Ok(summed(ready, plan, draws))
}

fn summed(ready: &Ready, plan: &Plan, draws: Vec<Draw>) -> Pooled {
    let steps = ready.observes.len() + 1;
    let proven: Vec<&Draw> = draws.iter().filter(|d| d.complete).collect();
    let mean = |n: usize, most: bool| {
        let best = |d: &&Draw| {
            let ends = d.seen[n].iter();
            match most {
                true => ends.map(|e| e.1).fold(0.0, f64::max),
                // A refuted equilibrium is not chosen where another one allows what was seen.
                false => ends.filter(|e| e.1 > 0.0).map(|e| e.0).reduce(f64::min).unwrap_or(0.0),
            }
        };
        let sum: f64 = proven.iter().map(best).sum();
        (sum > 0.0).then(|| libm::log2(sum / proven.len() as f64))
    };
    let weights: Vec<f64> = proven
        .iter()
        .map(|d| {
            let ends: Vec<f64> = d.seen[steps - 1].iter().map(|e| (e.0 + e.1) / 2.0).collect();
            ends.iter().sum::<f64>() / ends.len().max(1) as f64
        })
        .collect();
    let bounds = |h: usize, n: usize| {
        let list: Vec<Vec<Pair>> = proven.iter().map(|d| d.pairs[h][n].clone()).collect();
        ratio_bounds(&list)
    };
    let hypotheses = ready.hypotheses.iter().enumerate().map(|(h, hypothesis)| PooledHypothesis {
        name: hypothesis.name.clone(),
        prior: bounds(h, 0),
        posterior: (1..steps).map(|n| bounds(h, n)).collect(),
    });
    let (hypotheses, log2_likelihood) =
        (hypotheses.collect(), (0..steps).map(|n| (mean(n, false), mean(n, true))).collect());
    let (draws_taken, proven_count) = (draws.len(), proven.len());
    let refuted = weights.iter().filter(|w| **w == 0.0).count();
    let (effective, tail) = (effective_size(&weights), shape(&weights).ok().flatten());
    let lambdas: Vec<f64> = draws.iter().map(|d| d.lambda).filter(|l| l.is_finite()).collect();
    let points: Vec<Option<Weighted>> = draws.into_iter().map(|d| d.logit).collect();
    Pooled {
        draws: draws_taken,
        seed: plan.seed,
        proven: proven_count,
        refuted,
        log2_likelihood,
        hypotheses,
        effective,
        tail,
        smooth: average(&points, &lambdas, &ready.hypotheses, plan),
    }
}

impl Pooled {
    /// What must be known before these numbers are used.
    pub fn warnings(&self) -> Vec<String> {
        let mut list = vec![];
        if self.proven < self.draws {
            list.push(format!(
                "In {} of {} draws the equilibria are not all known with proof; under exact equilibrium \
                 they count for nothing.",
                self.draws - self.proven,
                self.draws
            ));
        }
        if self.refuted == self.proven && self.proven > 0 {
            list.push(
                "In no draw does any equilibrium allow everything that was seen: under exact \
                 equilibrium the observations refute the model over its priors."
                    .into(),
            );
        } else {
            let left = self.proven - self.refuted;
            list.extend(unsettled("exact equilibrium over the draws", self.effective, FEW, left, self.tail));
        }
        list.extend(self.smooth.warnings(true).into_iter().map(|w| format!("Over the draws: {w}")));
        list
    }
}
