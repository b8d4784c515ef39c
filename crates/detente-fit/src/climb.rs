//! The climb to the highest peak of the likelihood.
//!
//! The one idea: at small λ choices are nearly even and the likelihood is nearly smooth and single-
//! peaked, so each start climbs at a small λ first and follows the peak upward; the starts that end
//! elsewhere are part of the answer (Bland and Turocy, "Quantal response equilibrium as a structural
//! model for estimation", Games and Economic Behavior 2026, on continuation).

use crate::fit::{FitError, Plan};
use crate::identify::drawn;
use crate::likelihood::Problem;
use crate::optimise::{Peak, maximise};
use crate::parallel::Workers;
use serde::{Deserialize, Serialize};

/// λ times the payoff range at which each start climbs in turn before λ is set free.
const RAISED: [f64; 3] = [0.5, 2.0, 6.0];
/// Steps at each of these.
const FEW_STEPS: usize = 25;
/// Steps of the last climb.
const MOST_STEPS: usize = 500;
/// A start must rise by more than this to replace an earlier one: along a flat ridge the first is kept.
const RIDGE: f64 = 1e-7;

/// Where one start led.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    pub log_likelihood: Option<f64>,
    pub converged: bool,
}

/// Climbs from every start; the highest peak, and where each start led.
pub(crate) fn climb(
    problem: &Problem,
    plan: &Plan,
    workers: Workers,
) -> Result<(Peak, Vec<Start>), FitError> {
    let base: Vec<f64> =
        problem.free.iter().map(|f| f.bound.coordinate(problem.base[f.param.index()])).collect();
    let peaks = workers.in_order(plan.starts + 1, |index| climb_from(problem, &base, plan.seed, index));
    if (peaks.len() as u64) < plan.starts + 1 {
        return Err(FitError::Stopped);
    }
    let mut best: Option<Peak> = None;
    let mut starts = vec![];
    for peak in peaks {
        starts.push(Start {
            log_likelihood: peak.as_ref().map(|p| p.value),
            converged: peak.as_ref().is_some_and(|p| p.converged),
        });
        if let Some(peak) = peak
            && best.as_ref().is_none_or(|b| peak.value > b.value + RIDGE)
        {
            best = Some(peak);
        }
    }
    let why = || {
        let first: Vec<f64> = base.iter().copied().chain(problem.lambda.is_none().then_some(0.0)).collect();
        let groups = 0..problem.data.groups.len();
        groups
            .filter_map(|g| problem.ends(&first, g, false).err())
            .next()
            .unwrap_or_else(|| "a play was seen that has probability zero".into())
    };
    best.map(|b| (b, starts)).ok_or_else(|| FitError::NoLikelihood { why: why() })
}

/// The peak that one start leads to: the base values, or a draw of the priors.
fn climb_from(problem: &Problem, base: &[f64], seed: u64, index: u64) -> Option<Peak> {
    let f = |z: &[f64]| problem.evaluate(z).map(|e| (e.log_likelihood, e.gradient));
    let n = problem.dimensions();
    let all: Vec<usize> = (0..n).collect();
    let held: Vec<usize> = (0..problem.free.len()).collect();
    let mut z = base.to_vec();
    if problem.lambda.is_none() {
        z.push(0.0);
    }
    if index > 0 {
        z = drawn(problem, &z, seed, index);
    }
    if problem.lambda.is_none() {
        let range = problem.point(&z, 0, false).map_or(0.0, |p| problem.engine.range(&p));
        // Where all payoffs are alike at the start, their unit is all there is.
        let range = if range > 1e-6 { range } else { 1.0 };
        for share in RAISED {
            z[n - 1] = libm::log(share / range);
            if let Some(peak) = maximise(&f, &z, &held, FEW_STEPS) {
                z = peak.z;
            }
        }
    }
    maximise(&f, &z, &all, MOST_STEPS)
}
