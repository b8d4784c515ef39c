//! Maximum likelihood from many starts, with λ raised step by step, and what to believe of it.
//!
//! The one idea: at small λ choices are nearly even and the likelihood is nearly smooth and single-
//! peaked, so each start climbs at a small λ first and follows the peak upward; the starts that end
//! elsewhere are part of the answer (Bland and Turocy, "Quantal response equilibrium as a structural
//! model for estimation", Games and Economic Behavior 2026, on continuation).

use crate::Watch;
use crate::data::Data;
use crate::identify::{Identification, drawn, identify, normal};
use crate::likelihood::of_pattern;
pub use crate::likelihood::{Bound, Free, Problem, ProblemError};
use crate::matrix::inverse;
use crate::optimise::{Peak, maximise};
use crate::parallel::Workers;
use crate::simulate::simulate;
pub use crate::spread::Errors;
use crate::spread::{Z95, bootstrap, clustered, covariance, observed, observed_information, refit};
use detente_prob::uniform;
use serde::{Deserialize, Serialize};

/// λ times the payoff range at which each start climbs in turn before λ is set free.
const RAISED: [f64; 3] = [0.5, 2.0, 6.0];
/// Steps at each of these.
const FEW_STEPS: usize = 25;
/// Steps of the last climb.
const MOST_STEPS: usize = 500;
/// Log-likelihoods closer than this are the same peak.
const SAME: f64 = 1e-4;
/// A start must rise by more than this to replace an earlier one: along a flat ridge the first is kept.
const RIDGE: f64 = 1e-7;
/// Groups of rows in which other equilibria are looked for, and starts for each.
const LOOKED_AT: usize = 40;
const OTHER_STARTS: u64 = 12;

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

/// Where one start led.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    pub log_likelihood: Option<f64>,
    pub converged: bool,
}

/// What was found of several equilibria.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Branches {
    /// False where decisions do not depend on each other in a circle: then there is one play.
    pub circular: bool,
    /// Games at the estimate in which the branch from λ = 0 folds back before λ.
    pub folded: usize,
    /// Games looked at for other equilibria, and those that have some.
    pub looked_at: usize,
    pub several: usize,
    /// Log-likelihood of the games looked at if the least and the most likely equilibrium is played.
    pub low: f64,
    pub high: f64,
    /// That of the principal branch.
    pub principal: f64,
}

/// Whether the method recovers what it is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelfCheck {
    pub data_sets: u64,
    pub fitted: u64,
    pub rows: Vec<Recovered>,
}

/// One number in the self-check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recovered {
    pub name: String,
    pub truth: f64,
    pub mean: f64,
    /// Share of the 95 % intervals that hold the truth; `None` where it is not identified.
    pub coverage: Option<f64>,
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

/// Climbs from every start; the highest peak, and where each start led.
fn climb(problem: &Problem, plan: &Plan, workers: Workers) -> Result<(Peak, Vec<Start>), FitError> {
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

/// What one game has of equilibria beside the principal branch.
struct Looked {
    folded: bool,
    /// Whether there are several, and the log-likelihood at the principal, the least and the most likely;
    /// `None` where it was not looked at.
    likelihoods: Option<(bool, f64, f64, f64)>,
}

/// Looks for other equilibria at the estimate.
fn branches(problem: &Problem, z: &[f64], seed: u64, workers: Workers) -> Branches {
    let mut found = Branches { circular: problem.engine.is_circular(), ..Branches::default() };
    if !found.circular {
        return found;
    }
    let starts: Vec<Vec<f64>> = (0..OTHER_STARTS)
        .map(|s| (0..50).map(|k| 4.0 * normal(uniform(seed, "other equilibria", s * 50 + k))).collect())
        .collect();
    let groups = problem.data.groups.len() as u64;
    for looked in workers.in_order(groups, |g| look(problem, z, g as usize, &starts)) {
        found.folded += usize::from(looked.folded);
        if let Some((several, principal, low, high)) = looked.likelihoods {
            found.looked_at += 1;
            found.several += usize::from(several);
            found.principal += principal;
            found.low += low;
            found.high += high;
        }
    }
    found
}

/// Looks for other equilibria of one group's game; from several starts for the first groups only.
fn look(problem: &Problem, z: &[f64], g: usize, starts: &[Vec<f64>]) -> Looked {
    let folded = problem.ends(z, g, false).is_ok_and(|(_, folded)| folded);
    let group = &problem.data.groups[g];
    let point = problem.point(z, g, false).ok().filter(|_| g < LOOKED_AT);
    let likelihoods = point.and_then(|point| {
        let list = problem.engine.several(&point, starts).ok()?;
        let log = |solved: &crate::engine::Solved| -> f64 {
            let ends = problem.engine.ends(&point, solved);
            let one = |c: &crate::data::Observed| {
                c.weight * of_pattern(&ends, &problem.data.patterns[c.pattern]).value
            };
            group.cells.iter().map(one).sum()
        };
        let logs: Vec<f64> = list.iter().map(log).collect();
        let low = logs.iter().copied().fold(f64::INFINITY, f64::min);
        let high = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Some((list.len() > 1, *logs.first()?, low, high))
    });
    Looked { folded, likelihoods }
}

/// One data set of the self-check: the numbers found, and per number whether its interval holds the
/// truth; nothing where no interval was found.
type Checked = (Vec<f64>, Option<Vec<bool>>);

/// Simulates at the estimate, fits, and counts how often the intervals hold the truth.
fn self_check(
    problem: &Problem,
    z: &[f64],
    identification: &Identification,
    plan: &Plan,
    workers: Workers,
) -> SelfCheck {
    let n = z.len();
    let one = |index: u64| checked(problem, z, plan.seed, index, workers.alone());
    let list: Vec<Checked> = workers.in_order(plan.self_check, one).into_iter().flatten().collect();
    let natural = problem.natural(z);
    let fitted = list.len() as f64;
    let held: Vec<&Vec<bool>> = list.iter().filter_map(|(_, holds)| holds.as_ref()).collect();
    let row = |k: usize| {
        let hits = held.iter().filter(|holds| holds[k]).count() as f64;
        let told = identification.identified[k] && !held.is_empty();
        Recovered {
            name: identification.names[k].clone(),
            truth: natural[k].0,
            mean: match list.is_empty() {
                true => f64::NAN,
                false => list.iter().map(|(numbers, _)| numbers[k]).sum::<f64>() / fitted,
            },
            coverage: told.then(|| hits / held.len() as f64),
        }
    };
    let rows = (0..n).map(row).collect();
    SelfCheck { data_sets: plan.self_check, fitted: list.len() as u64, rows }
}

/// Simulates one data set and fits it; `None` where that finds no peak.
fn checked(problem: &Problem, z: &[f64], seed: u64, index: u64, workers: Workers) -> Option<Checked> {
    let data = simulate(problem, z, seed, &format!("self-check {index}"))?;
    let found = refit(problem, &data, z)?;
    let again = Problem {
        engine: crate::engine::Engine::new(problem.engine.game, problem.engine.shocks).ok()?,
        data: &data,
        free: problem.free.clone(),
        base: problem.base.clone(),
        lambda: problem.lambda,
    };
    let numbers = again.natural(&found).into_iter().map(|x| x.0).collect();
    let holds = observed_information(&again, &found, workers).map(|information| {
        let spread = inverse(&information).0;
        let within = |k: usize| (found[k] - z[k]).abs() <= Z95 * spread[k][k].max(0.0).sqrt();
        (0..z.len()).map(within).collect()
    });
    Some((numbers, holds))
}

fn warnings(problem: &Problem, best: &Peak, fit: &Fit) -> Vec<String> {
    let mut list = vec![];
    if !best.converged {
        list.push("The climb stopped before the slope vanished: these numbers are no maximum yet.".into());
    }
    let peaks = fit.starts.iter().filter_map(|s| s.log_likelihood.filter(|_| s.converged));
    let lower = peaks.clone().filter(|v| *v < best.value - SAME).count();
    if lower > 0 {
        list.push(format!(
            "{lower} of {} starts ended on lower peaks: there are several. Take more starts to be surer \
             of the highest.",
            fit.starts.len()
        ));
    }
    if peaks.filter(|v| *v >= best.value - SAME).count() == 1 && fit.starts.len() > 1 {
        list.push("Only one start reached the highest peak.".into());
    }
    for e in fit.estimates.iter().filter(|e| e.at_end) {
        list.push(format!(
            "{} lies at an end of its range: standard errors mean nothing there; use a bootstrap.",
            e.name
        ));
    }
    let b = &fit.branches;
    if b.folded > 0 {
        list.push(format!(
            "In {} of {} games the branch from λ = 0 folds back before the estimated λ: the play jumps \
             there, and the likelihood has a step (Crisman-Cox and Gibilisco, \"Estimating signaling \
             games in international relations\", Political Science Research and Methods 2021).",
            b.folded, fit.games
        ));
    }
    if b.several > 0 {
        list.push(format!(
            "In {} of {} games looked at several equilibria fit the estimate; which one is played moves \
             their log-likelihood from {:.3} to {:.3} (principal branch: {:.3}). The estimates hold for \
             the principal branch.",
            b.several, b.looked_at, b.low, b.high, b.principal
        ));
    }
    if problem.data.blanks > 0 {
        list.push(format!(
            "{} blank cells of moves that could have been made count as not recorded; write `-` for a \
             move that was not made.",
            problem.data.blanks
        ));
    }
    list
}
