//! Hypotheses under quantal response, averaged over weighted plays.
//!
//! The one idea: the likelihood is an average over λ (and over parameters, if they are drawn), so
//! averages are taken of joint probabilities and never of ratios. The averages are weighed by the
//! likelihood itself, and how many of the points carry that weight is part of the answer.

use super::Plan;
use super::table::{Fits, Table, log_sum, of_logit};
use crate::evidence::own_prior;
use crate::play::Setting;
use detente_model::model::Hypothesis;
use detente_solve::Progress;
use detente_solve::logit::Logit;
use detente_stats::tail::{UNSETTLED, shape};
use detente_stats::weights::{effective_size, from_logs, quantiles};
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

/// Fewer equally weighted draws than this are too few for an average.
pub const FEW: f64 = 50.0;
/// The same of the points along λ, which are spread evenly and not drawn.
const FEW_PRECISIONS: f64 = 8.0;
/// Log-odds of this size or more are printed as such: the other side is all but impossible.
const MOST_BITS: f64 = 1e6;

/// Inference under quantal response with λ integrated over its prior.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Smooth {
    /// The prior over λ in words.
    pub lambda_prior: String,
    /// λ before and after the observations: the 5 %, 50 % and 95 % quantiles, in 1 / payoff units.
    pub lambda_before: [f64; 3],
    pub lambda_after: Option<[f64; 3]>,
    /// Points at which the principal branch was followed, and those where that failed.
    pub points: usize,
    pub failed: usize,
    /// Points at which the branch turns back or meets another one: it is one of several there.
    pub doubtful: usize,
    /// The first such doubt in words.
    pub doubt: Option<String>,
    /// `log2_likelihood[n]`: of the first `n` observations.
    pub log2_likelihood: Vec<f64>,
    pub hypotheses: Vec<SmoothHypothesis>,
    /// Equally weighted points that the weighted ones are worth.
    pub effective: f64,
    /// The shape of the weights' tail; above 0.7 the averages are not settled.
    pub tail: Option<f64>,
}

/// One hypothesis under quantal response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmoothHypothesis {
    pub name: String,
    /// Its probability in the game before anything is seen.
    pub prior: f64,
    pub updates: Vec<SmoothUpdate>,
}

/// A hypothesis after one observation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmoothUpdate {
    /// What this observation adds: log2 of P(o | h, before) / P(o | not h, before).
    pub step_bits: Option<f64>,
    /// All observations so far together.
    pub total_bits: Option<f64>,
    /// By the game's own prior.
    pub posterior: Option<f64>,
    /// By the analyst's own prior, at its 5 % and 95 % quantiles.
    pub own_posterior: Option<(f64, f64)>,
}

/// A point: λ and the table there.
pub struct Weighted {
    pub lambda: f64,
    pub table: Table,
    pub doubt: Option<String>,
}

/// Integrates over λ at the base values, at the midpoints of equal shares of its prior.
pub fn at_base(
    logit: &Logit,
    setting: Setting,
    fits: &Fits,
    hypotheses: &[Hypothesis],
    plan: &Plan,
    progress: &dyn Progress,
) -> Smooth {
    let shares = (0..plan.precisions).map(|k| (k as f64 + 0.5) / plan.precisions as f64);
    let lambdas: Vec<f64> = shares.map(|u| plan.lambda.quantile(u, logit.range())).collect();
    let plays = logit.along(&lambdas, progress);
    let points: Vec<Option<Weighted>> = plays
        .into_iter()
        .map(|play| {
            let play = play.ok()?;
            let table = of_logit(setting.game, setting.numbers, fits, &play);
            Some(Weighted { lambda: play.lambda, table, doubt: play.doubts.first().cloned() })
        })
        .collect();
    average(&points, &lambdas, hypotheses, plan)
}

/// Averages over points; `None` where the branch could not be followed.
pub fn average(
    points: &[Option<Weighted>],
    lambdas: &[f64],
    hypotheses: &[Hypothesis],
    plan: &Plan,
) -> Smooth {
    let good: Vec<&Weighted> = points.iter().flatten().collect();
    let steps = good.first().map_or(0, |w| w.table.seen.len());
    let count = libm::log(good.len().max(1) as f64);
    let mean = |pick: &dyn Fn(&Table) -> f64| {
        log_sum(&good.iter().map(|w| pick(&w.table)).collect::<Vec<f64>>()) - count
    };
    let weights: Vec<f64> = good.iter().filter_map(|w| w.table.seen.last().copied()).collect();
    let weights = from_logs(&weights).unwrap_or_default();
    let three = |values: &[f64], weights: &[f64]| {
        let found = quantiles(values, weights, &[0.05, 0.5, 0.95]).ok()?;
        Some([found[0], found[1], found[2]])
    };
    let lambda: Vec<f64> = good.iter().map(|w| w.lambda).collect();
    let follow = |(h, hypothesis): (usize, &Hypothesis)| {
        let sides: Vec<(f64, f64)> =
            (0..steps).map(|n| (mean(&|t| t.with[h][n]), mean(&|t| t.without[h][n]))).collect();
        one(hypothesis, &sides)
    };
    Smooth {
        lambda_prior: plan.lambda.words(),
        lambda_before: three(lambdas, &vec![1.0; lambdas.len()]).unwrap_or([f64::NAN; 3]),
        lambda_after: three(&lambda, &weights),
        points: good.len(),
        failed: points.len() - good.len(),
        doubtful: good.iter().filter(|w| w.doubt.is_some()).count(),
        doubt: good.iter().find_map(|w| w.doubt.clone()),
        log2_likelihood: (0..steps).map(|n| mean(&|t| t.seen[n]) / LN_2).collect(),
        hypotheses: hypotheses.iter().enumerate().map(follow).collect(),
        effective: effective_size(&weights).unwrap_or(0.0),
        tail: shape(&weights).ok().flatten(),
    }
}

/// Follows a hypothesis, given the logarithms of P(h, seen) and P(not h, seen) after each step.
fn one(hypothesis: &Hypothesis, sides: &[(f64, f64)]) -> SmoothHypothesis {
    let odds: Vec<f64> = sides.iter().map(|(with, without)| (with - without) / LN_2).collect();
    let share = |n: usize| {
        let (with, without) = sides[n];
        let all = log_sum(&[with, without]);
        (all > f64::NEG_INFINITY).then(|| libm::exp(with - all))
    };
    let bits = |from: usize, to: usize| {
        let change = odds[to] - odds[from];
        change.is_finite().then_some(change).filter(|b| b.abs() < MOST_BITS)
    };
    let updates = (1..sides.len())
        .map(|n| {
            let total = bits(0, n);
            let own = |p: f64, bits: f64| 1.0 / (1.0 + (1.0 - p) / p * libm::exp2(-bits));
            SmoothUpdate {
                step_bits: bits(n - 1, n),
                total_bits: total,
                posterior: share(n),
                own_posterior: own_prior(hypothesis).zip(total).map(|(p, b)| (own(p.0, b), own(p.1, b))),
            }
        })
        .collect();
    let prior = if sides.is_empty() { None } else { share(0) };
    SmoothHypothesis { name: hypothesis.name.clone(), prior: prior.unwrap_or(f64::NAN), updates }
}

impl Smooth {
    /// What must be known before these numbers are used.
    pub fn warnings(&self, drawn: bool) -> Vec<String> {
        let mut list = vec![];
        let few = if drawn { FEW } else { FEW_PRECISIONS };
        if self.failed > 0 {
            list.push(format!(
                "Quantal response could not be followed at {} of {} points; they are left out.",
                self.failed,
                self.failed + self.points
            ));
        }
        if let Some(doubt) = &self.doubt {
            list.push(format!(
                "At {} of {} points quantal response is one of several: {doubt}.",
                self.doubtful, self.points
            ));
        }
        list.extend(unsettled("quantal response", self.effective, few, self.points, self.tail));
        list
    }
}

/// Words for weights that few points carry.
pub fn unsettled(what: &str, effective: f64, few: f64, points: usize, tail: Option<f64>) -> Option<String> {
    let heavy = tail.is_some_and(|k| k > UNSETTLED);
    (heavy || effective < few).then(|| {
        let tail = tail.map_or(String::new(), |k| format!(", tail shape k = {}", crate::words::short(k)));
        format!(
            "Under {what} few points carry the weight: {} of {points} in effect{tail}. \
             Take more draws, or narrow the priors.",
            crate::words::short(effective)
        )
    })
}
