//! How far an estimate may be off: observed information, clusters, bootstrap.
//!
//! The one idea: all spreads are computed in the coordinates without bounds and carried over, so an
//! interval never leaves the range in which the number makes sense.

use crate::data::Data;
use crate::likelihood::Problem;
use crate::matrix::{inverse, product};
use crate::optimise::maximise;
use crate::parallel::Workers;
use crate::simulate::{resample, simulate};
use serde::{Deserialize, Serialize};

/// The normal quantile of a 95 % interval.
pub const Z95: f64 = 1.959_963_984_540_054;

/// Where standard errors come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Errors {
    /// The inverse of the observed information.
    #[default]
    Observed,
    /// The sandwich over clusters of rows (White, "Maximum likelihood estimation of misspecified
    /// models", Econometrica 1982; clusters as in Liang and Zeger, Biometrika 1986).
    Clustered,
    /// Data drawn from the fitted model and fitted again (Efron, "Bootstrap methods", Annals of
    /// Statistics 1979).
    Parametric,
    /// Rows, or clusters, drawn with replacement and fitted again.
    Case,
}

/// The negative Hessian of the log-likelihood, by differences of its exact gradient.
pub fn observed_information(problem: &Problem, z: &[f64], workers: Workers) -> Option<Vec<Vec<f64>>> {
    let n = z.len();
    let step = |k: usize| 1e-5 * (1.0 + z[k].abs());
    let moved = |piece: u64| {
        let (k, sign) = (piece as usize / 2, if piece.is_multiple_of(2) { 1.0 } else { -1.0 });
        let mut moved = z.to_vec();
        moved[k] += sign * step(k);
        problem.evaluate(&moved).map(|e| e.gradient)
    };
    let gradients: Vec<Vec<f64>> =
        workers.in_order(2 * n as u64, moved).into_iter().collect::<Option<_>>()?;
    if gradients.len() < 2 * n {
        return None;
    }
    let cell = |k: usize, j: usize| -(gradients[2 * k][j] - gradients[2 * k + 1][j]) / (2.0 * step(k));
    let symmetric = |i: usize| (0..n).map(|j| (cell(i, j) + cell(j, i)) / 2.0).collect();
    Some((0..n).map(symmetric).collect())
}

/// The covariance of the coordinates by the observed information.
pub fn observed(problem: &Problem, z: &[f64], workers: Workers) -> Option<Vec<Vec<f64>>> {
    Some(inverse(&observed_information(problem, z, workers)?).0)
}

/// The covariance by the sandwich over clusters; each row is its own cluster where there are none.
pub fn clustered(problem: &Problem, z: &[f64], workers: Workers) -> Option<Vec<Vec<f64>>> {
    let bread = observed(problem, z, workers)?;
    let n = z.len();
    let many = problem.data.clusters.len();
    let mut sums: Vec<Vec<f64>> = vec![vec![0.0; n]; many];
    let mut meat = vec![vec![0.0; n]; n];
    let mut rows = 0.0;
    let mut add = |s: &[f64], times: f64| {
        for i in 0..n {
            for j in 0..n {
                meat[i][j] += times * s[i] * s[j];
            }
        }
    };
    problem.scores(z, &mut |cluster, log, weight| {
        let score: Vec<f64> = (0..n).map(|k| log.by(k)).collect();
        match sums.get_mut(cluster) {
            Some(sum) => sum.iter_mut().zip(&score).for_each(|(t, s)| *t += weight * s),
            // A row of weight w is w rows alike.
            None => {
                add(&score, weight);
                rows += weight;
            }
        }
    })?;
    sums.iter().for_each(|s| add(s, 1.0));
    let count = if many > 0 { many as f64 } else { rows };
    let correction = if count > 1.0 { count / (count - 1.0) } else { 1.0 };
    meat.iter_mut().flatten().for_each(|x| *x *= correction);
    Some(product(&product(&bread, &meat), &bread))
}

/// Coordinates fitted to data sets drawn again; those that found no peak are left out.
pub fn bootstrap(
    problem: &Problem,
    z: &[f64],
    errors: Errors,
    times: u64,
    seed: u64,
    workers: Workers,
) -> Vec<Vec<f64>> {
    let one = |index: u64| {
        let stream = format!("bootstrap {index}");
        let data = match errors {
            Errors::Case => Some(resample(problem.data, seed, &stream)),
            _ => simulate(problem, z, seed, &stream),
        };
        data.and_then(|data| refit(problem, &data, z))
    };
    workers.in_order(times, one).into_iter().flatten().collect()
}

/// The peak near `z` with other data.
pub fn refit(problem: &Problem, data: &Data, z: &[f64]) -> Option<Vec<f64>> {
    let engine = crate::engine::Engine::new(problem.engine.game, problem.engine.shocks).ok()?;
    let again = Problem {
        engine,
        data,
        free: problem.free.clone(),
        base: problem.base.clone(),
        lambda: problem.lambda,
    };
    let all: Vec<usize> = (0..z.len()).collect();
    let f = |z: &[f64]| again.evaluate(z).map(|e| (e.log_likelihood, e.gradient));
    maximise(&f, z, &all, 200).filter(|p| p.converged).map(|p| p.z)
}

/// The covariance of a list of points.
pub fn covariance(list: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = list.first().map_or(0, Vec::len);
    let count = list.len() as f64;
    let mean: Vec<f64> = (0..n).map(|k| list.iter().map(|z| z[k]).sum::<f64>() / count).collect();
    let cell = |i: usize, j: usize| {
        list.iter().map(|z| (z[i] - mean[i]) * (z[j] - mean[j])).sum::<f64>() / (count - 1.0).max(1.0)
    };
    (0..n).map(|i| (0..n).map(|j| cell(i, j)).collect()).collect()
}
