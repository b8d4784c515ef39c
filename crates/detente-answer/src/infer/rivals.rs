//! Models against models: marginal likelihoods of the same observations.
//!
//! The one idea: a model that spreads its bets over much that was not seen pays for it, so the
//! likelihood averaged over the prior's draws compares models of any size (Kass and Raftery, "Bayes
//! factors", Journal of the American Statistical Association 1995). It depends on the priors of the
//! parameters, and is no better than they are.

use super::ModelInference;
use serde::{Deserialize, Serialize};

/// Models compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rivals {
    /// Whether likelihoods are averaged over draws of the parameters, or stand at the base values.
    pub over_draws: bool,
    pub models: Vec<Rival>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    pub name: String,
    /// The analyst's prior among those compared.
    pub prior: f64,
    /// After each observation.
    pub steps: Vec<RivalStep>,
}

/// A model after one observation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RivalStep {
    /// log2 of the likelihood of everything seen so far, low and high over equilibria; `None` is zero.
    pub exact: (Option<f64>, Option<f64>),
    /// Under quantal response.
    pub smooth: f64,
    /// What this observation adds against the other models together, in bits, under quantal response.
    pub step_bits: Option<f64>,
    /// The same under exact equilibrium, of all so far: low and high; `None` where it is impossible
    /// under this model or under all others.
    pub exact_bits: Option<(f64, f64)>,
    /// The model after it, low and high over equilibria.
    pub exact_posterior: Option<(f64, f64)>,
    pub smooth_posterior: f64,
}

/// Compares models by what they make of the same observations.
pub fn compare(models: &[ModelInference], priors: &[f64]) -> Rivals {
    let over_draws = models.iter().all(|m| m.pooled.is_some());
    let total: f64 = priors.iter().sum();
    let priors: Vec<f64> = priors.iter().map(|p| p / total).collect();
    let exact: Vec<Vec<(Option<f64>, Option<f64>)>> = models.iter().map(|m| exact(m, over_draws)).collect();
    let smooth: Vec<Vec<f64>> = models
        .iter()
        .map(|m| match (&m.pooled, over_draws) {
            (Some(pooled), true) => pooled.smooth.log2_likelihood.clone(),
            _ => m.smooth.log2_likelihood.clone(),
        })
        .collect();
    let steps = exact.iter().map(Vec::len).chain(smooth.iter().map(Vec::len)).min().unwrap_or(0);
    let rival = |k: usize| {
        let at = |n: usize| step(k, n, &priors, &exact, &smooth);
        Rival { name: models[k].name.clone(), prior: priors[k], steps: (1..steps).map(at).collect() }
    };
    Rivals { over_draws, models: (0..models.len()).map(rival).collect() }
}

/// log2 likelihoods under exact equilibrium, before and after each observation.
fn exact(model: &ModelInference, over_draws: bool) -> Vec<(Option<f64>, Option<f64>)> {
    if let (Some(pooled), true) = (&model.pooled, over_draws) {
        return pooled.log2_likelihood.clone();
    }
    let bits = |x: f64| (x > 0.0).then(|| libm::log2(x));
    let mut list = vec![(Some(0.0), Some(0.0))];
    for step in &model.exact.steps {
        let low = step.likelihood.iter().filter(|e| e.1.value > 0.0).map(|e| e.0.value).reduce(f64::min);
        let high = step.likelihood.iter().map(|e| e.1.value).reduce(f64::max);
        list.push((low.and_then(bits), high.and_then(bits)));
    }
    list
}

fn step(
    k: usize,
    n: usize,
    priors: &[f64],
    exact: &[Vec<(Option<f64>, Option<f64>)>],
    smooth: &[Vec<f64>],
) -> RivalStep {
    let plain = |bits: Option<f64>| bits.map_or(0.0, libm::exp2);
    let others = |value: &dyn Fn(usize) -> f64| -> f64 {
        (0..priors.len()).filter(|j| *j != k).map(|j| priors[j] * value(j)).sum()
    };
    let share = |own: f64, rest: f64| (own + rest > 0.0).then(|| own / (own + rest));
    let (low, high) = exact[k][n];
    let least = share(priors[k] * plain(low), others(&|j| plain(exact[j][n].1)));
    let most = share(priors[k] * plain(high), others(&|j| plain(exact[j][n].0)));
    let rest = 1.0 - priors[k];
    let ratio = |own: f64, other: f64| (own > 0.0 && other > 0.0).then(|| libm::log2(own / (other / rest)));
    let exact_bits = ratio(plain(low), others(&|j| plain(exact[j][n].1)))
        .zip(ratio(plain(high), others(&|j| plain(exact[j][n].0))));
    let against = |n: usize| ratio(libm::exp2(smooth[k][n]), others(&|j| libm::exp2(smooth[j][n])));
    let own = priors[k] * libm::exp2(smooth[k][n]);
    RivalStep {
        exact: (low, high),
        smooth: smooth[k][n],
        step_bits: against(n).zip(against(n - 1)).map(|(a, b)| a - b),
        exact_bits,
        exact_posterior: least.zip(most),
        smooth_posterior: share(own, others(&|j| libm::exp2(smooth[j][n]))).unwrap_or(f64::NAN),
    }
}
