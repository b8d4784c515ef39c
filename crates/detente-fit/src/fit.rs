//! Maximum likelihood of payoffs and λ, and what to believe of it.
//!
//! The one idea: one peak, then everything that could make it mean less: what is not identified, how far
//! the numbers may lie from it, which other equilibria there are, and whether the method finds a known truth.

use crate::Watch;
pub use crate::branches::Branches;
use crate::branches::branches;
pub use crate::climb::Start;
use crate::climb::climb;
use crate::data::Data;
use crate::identify::{Identification, identify};
use crate::likelihood::of_pattern;
pub use crate::likelihood::{Bound, Free, Problem, ProblemError};
use crate::parallel::Workers;
use crate::recover::self_check;
pub use crate::recover::{Recovered, SelfCheck};
pub use crate::spread::Errors;
use crate::spread::{Z95, bootstrap, clustered, covariance, observed};
use crate::warnings::warnings;
use serde::{Deserialize, Serialize};

/// How to fit.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Starts beside the base values.
    pub starts: u64,
    pub seed: u64,
    pub errors: Errors,
    /// Data sets of a bootstrap.
    pub resamples: u64,
    /// Data sets of the self-check; 0 for none.
    pub self_check: u64,
    /// Threads for starts, resamples and checks; the numbers do not depend on it.
    pub threads: usize,
}

/// A fitted model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    pub identification: Identification,
    pub estimates: Vec<Estimate>,
    /// λ if it was fixed.
    pub fixed_lambda: Option<f64>,
    pub log_likelihood: f64,
    /// Of choices all alike (λ = 0), and of the plain shares of what was recorded.
    pub log_likelihood_uniform: Option<f64>,
    pub log_likelihood_shares: f64,
    pub aic: f64,
    pub bic: f64,
    pub rows: usize,
    pub plays: f64,
    pub clusters: usize,
    pub errors: Errors,
    /// Resamples that were fitted, of a bootstrap.
    pub resampled: Option<u64>,
    pub starts: Vec<Start>,
    /// Largest slope of the log-likelihood at the estimate.
    pub slope: f64,
    /// Distinct games: rows that differ in covariates.
    pub games: usize,
    pub branches: Branches,
    pub self_check: Option<SelfCheck>,
    pub warnings: Vec<String>,
}

/// One number estimated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    pub name: String,
    pub value: f64,
    /// Standard error; `None` where the number is not identified on its own.
    pub error: Option<f64>,
    /// The 95 % interval.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// True at an end of the range in which it may lie: its interval means nothing there.
    pub at_end: bool,
}

/// Why there is no fit.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    #[error("nothing is to be estimated")]
    Nothing,
    #[error("the model gives the data no likelihood from any start: {why}")]
    NoLikelihood { why: String },
    #[error("stopped")]
    Stopped,
}

/// Fits.
///
/// # Errors
/// Nothing to estimate, no start with a likelihood, or stopped.
pub fn fit(problem: &Problem, plan: &Plan, watch: &dyn Watch) -> Result<Fit, FitError> {
    if problem.dimensions() == 0 {
        return Err(FitError::Nothing);
    }
    let workers = Workers { threads: plan.threads, watch };
    let (best, starts) = climb(problem, plan, workers)?;
    let z = &best.z;
    let identification = identify(problem, z, plan.seed, workers)
        .ok_or(FitError::NoLikelihood { why: "the information is not finite at the estimate".into() })?;
    let mut resampled = None;
    let covariance = match plan.errors {
        Errors::Observed => observed(problem, z, workers),
        Errors::Clustered => clustered(problem, z, workers),
        Errors::Parametric | Errors::Case => {
            let list = bootstrap(problem, z, plan.errors, plan.resamples, plan.seed, workers);
            resampled = Some(list.len() as u64);
            (list.len() > 1).then(|| covariance(&list))
        }
    };
    let estimates = estimates(problem, z, covariance.as_deref(), &identification);
    let k = identification.rank as f64;
    let shares = shares(problem.data);
    let mut fit = Fit {
        log_likelihood: best.value,
        log_likelihood_uniform: uniform_choice(problem, z),
        log_likelihood_shares: shares,
        aic: 2.0 * k - 2.0 * best.value,
        bic: k * libm::log(problem.data.plays) - 2.0 * best.value,
        fixed_lambda: problem.lambda,
        rows: problem.data.rows,
        plays: problem.data.plays,
        clusters: problem.data.clusters.len(),
        errors: plan.errors,
        resampled,
        starts,
        slope: best.slope,
        games: problem.data.groups.len(),
        branches: branches(problem, z, plan.seed, workers),
        self_check: None,
        warnings: vec![],
        estimates,
        identification,
    };
    if plan.self_check > 0 {
        fit.self_check = Some(self_check(problem, z, &fit.identification, plan, workers));
    }
    if !watch.go_on(1.0) {
        return Err(FitError::Stopped);
    }
    fit.warnings = warnings(problem, &best, &fit);
    Ok(fit)
}

fn estimates(
    problem: &Problem,
    z: &[f64],
    covariance: Option<&[Vec<f64>]>,
    identification: &Identification,
) -> Vec<Estimate> {
    let natural = problem.natural(z);
    let bound = |k: usize| problem.free.get(k).map_or(Bound::Above(0.0), |f| f.bound);
    let one = |k: usize| {
        let (value, slope) = natural[k];
        let variance = covariance.map(|c| c[k][k]).filter(|v| v.is_finite() && *v > 0.0);
        let deviation = variance.map(f64::sqrt).filter(|_| identification.identified[k]);
        let end = |sign: f64| {
            deviation.map(|d| bound(k).number(&crate::dual::Dual::of(z[k] + sign * Z95 * d)).value)
        };
        let (a, b) = (end(-1.0), end(1.0));
        // `Below` runs downward.
        let (low, high) = if a > b { (b, a) } else { (a, b) };
        let at_end = match bound(k) {
            Bound::Free => false,
            Bound::Above(_) | Bound::Below(_) => z[k] < -12.0,
            Bound::Between(..) => z[k].abs() > 12.0,
        };
        Estimate {
            name: identification.names[k].clone(),
            value,
            error: deviation.map(|d| d * slope.abs()),
            low,
            high,
            at_end,
        }
    };
    (0..z.len()).map(one).collect()
}

/// The log-likelihood where every action is as likely as any other of its set.
fn uniform_choice(problem: &Problem, z: &[f64]) -> Option<f64> {
    let mut sum = 0.0;
    for (g, group) in problem.data.groups.iter().enumerate() {
        let mut point = problem.point(z, g, false).ok()?;
        point.lambda = crate::dual::Dual::of(1e-12);
        let solved = problem.engine.solve(&point).ok()?;
        let ends = problem.engine.ends(&point, &solved);
        for cell in &group.cells {
            sum += cell.weight * of_pattern(&ends, &problem.data.patterns[cell.pattern]).value;
        }
    }
    Some(sum)
}

/// The log-likelihood of the plain shares of each record, whatever the covariates.
fn shares(data: &Data) -> f64 {
    let mut counts = vec![0.0; data.patterns.len()];
    data.groups.iter().flat_map(|g| &g.cells).for_each(|c| counts[c.pattern] += c.weight);
    counts.iter().filter(|c| **c > 0.0).map(|c| c * libm::log(c / data.plays)).sum()
}
