//! What the draws say: shares under the prior and weighted by the evidence, pooled
//! probabilities, and the parameters that drive each claim.

use crate::claims::{COLUMNS, Column};
use crate::draws::Draw;
use crate::drivers::{Driven, Driver, driven};
use crate::sampler::Sampler;
use crate::shares::{Finding, Pair, effective_size, finding, lower_bound, quantile, ratio_bounds};
use crate::verdict::Class;
use crate::words::likelihood;
use detente_model::Model;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Least share of draws that a claim's `where` must leave.
const VACUOUS: f64 = 0.05;
/// Least share of draws with another verdict than the commonest for which drivers of the verdict are sought.
const RARE: f64 = 0.02;

/// Everything said over the draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Study {
    pub draws: u64,
    pub seed: u64,
    /// Draws whose equilibria are not all known with proof; counted as undefined.
    pub incomplete: u64,
    /// The most frequent reason for that, in words.
    pub open: Option<String>,
    /// Draws in which the observations are impossible in every equilibrium; `None` without observations.
    pub refuted: Option<u64>,
    /// Kish's effective sample size of the draws weighted by the observations.
    pub effective: Option<f64>,
    pub claims: Vec<ClaimStudy>,
    pub asks: Vec<AskStudy>,
    pub hypotheses: Vec<Pooled>,
}

/// A claim over the draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimStudy {
    pub name: String,
    /// Draws that the claim's `where` leaves.
    pub used: u64,
    pub columns: Vec<ColumnStudy>,
    /// The parameters that drive it most, strongest first; at most three.
    pub drivers: Vec<Driver>,
    /// How many other parameters cannot be told from having no effect at this number of draws.
    pub indistinct: u64,
}

/// A claim over the draws, counting one set of equilibria.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnStudy {
    pub column: Column,
    pub true_in_all: u64,
    pub true_in_some: u64,
    pub false_in_all: u64,
    pub undefined: u64,
    /// One-sided lower 95 % bounds (Clopper and Pearson) of the shares that decide.
    pub holds_at_least: f64,
    pub fails_at_least: f64,
    pub finding: Finding,
    /// The same, each draw weighted by P(observed | θ); `None` without observations.
    pub weighted: Option<Weighted>,
}

/// Shares weighted by the probability of what was observed; low and high over the
/// equilibria that a draw may be in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weighted {
    pub true_in_all: (f64, f64),
    pub false_in_all: (f64, f64),
    pub finding: Finding,
}

/// An ask over the draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskStudy {
    pub name: String,
    /// Draws in which it is undefined in some equilibrium.
    pub undefined: u64,
    /// The pooled probability, for an ask that is one probability.
    pub pooled: Option<Pooled>,
    /// 5 %, 50 % and 95 % quantiles over draws of the low and of the high end.
    pub low: Option<[f64; 3]>,
    pub high: Option<[f64; 3]>,
    /// For a statement: draws by class, in the order all, some, none, undefined.
    pub classes: Option<[u64; 4]>,
}

/// A probability pooled over the priors, as an interval over equilibria.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pooled {
    pub name: String,
    pub low: f64,
    pub high: f64,
    /// The word or words of Intelligence Community Directive 203.
    pub words: String,
    /// The parameters that move it most over the draws, strongest first; at most three.
    #[serde(default)]
    pub drivers: Vec<Driver>,
}

/// Sums up draws.
pub fn study(model: &Model, sampler: &Sampler, seed: u64, draws: &[Draw]) -> Study {
    let seen = !model.observes.is_empty();
    let weights: Vec<f64> =
        draws.iter().map(|d| d.observed.iter().map(|o| o.1).fold(0.0, f64::max)).collect();
    let refuted = draws.iter().zip(&weights).filter(|(d, w)| d.complete && **w == 0.0).count();
    let claims = model.claims.iter().enumerate();
    let asks = model.asks.iter().enumerate();
    let hypotheses = model.hypotheses.iter().enumerate();
    Study {
        draws: draws.len() as u64,
        seed,
        incomplete: draws.iter().filter(|d| !d.complete).count() as u64,
        open: most_frequent(draws.iter().filter_map(|d| d.open.as_deref())),
        refuted: seen.then_some(refuted as u64),
        effective: seen.then(|| effective_size(&weights)),
        claims: claims.map(|(k, c)| claim_study(model, sampler, draws, k, &c.name)).collect(),
        asks: asks.map(|(k, a)| ask_study(model, sampler, draws, k, &a.name)).collect(),
        hypotheses: hypotheses
            .filter_map(|(k, h)| {
                let lists: Vec<Vec<Pair>> = draws.iter().map(|d| d.hypotheses[k].clone()).collect();
                pooled(model, sampler, draws, &h.name, &lists)
            })
            .collect(),
    }
}

pub(crate) fn most_frequent<'a>(list: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    list.for_each(|reason| *count.entry(reason).or_insert(0) += 1);
    count.into_iter().max_by_key(|(_, n)| *n).map(|(reason, _)| reason.to_string())
}

fn pooled(
    model: &Model,
    sampler: &Sampler,
    draws: &[Draw],
    name: &str,
    lists: &[Vec<Pair>],
) -> Option<Pooled> {
    let (low, high) = ratio_bounds(lists)?;
    // In one draw: the mean over the equilibria in which the question has an answer.
    let mean = |list: &Vec<Pair>| {
        let defined: Vec<f64> = list.iter().filter(|p| p.1 > 0.0).map(|p| p.0 / p.1).collect();
        (!defined.is_empty()).then(|| defined.iter().sum::<f64>() / defined.len() as f64)
    };
    let scored: Vec<(&Draw, f64)> =
        draws.iter().zip(lists).filter_map(|(d, list)| Some((d, mean(list)?))).collect();
    let drivers = driven_by(model, sampler, &scored).list;
    Some(Pooled { name: name.into(), low, high, words: likelihood(low, high), drivers })
}

fn claim_study(model: &Model, sampler: &Sampler, draws: &[Draw], k: usize, name: &str) -> ClaimStudy {
    let used: Vec<&Draw> = draws.iter().filter(|d| d.claims[k].is_some()).collect();
    let vacuous = (used.len() as f64) < VACUOUS * draws.len() as f64;
    let seen = !model.observes.is_empty();
    let columns = (0..COLUMNS.len()).map(|c| column_study(&used, k, c, seen, vacuous)).collect();
    let driven = drivers(model, sampler, &used, k);
    ClaimStudy {
        name: name.into(),
        used: used.len() as u64,
        columns,
        drivers: driven.list,
        indistinct: driven.indistinct as u64,
    }
}

fn column_study(used: &[&Draw], k: usize, c: usize, seen: bool, vacuous: bool) -> ColumnStudy {
    let class_of = |d: &Draw| d.claims[k].as_ref().map_or(Class::Undefined, |x| x.classes[c]);
    let count = |class: Class| used.iter().filter(|d| class_of(d) == class).count() as u64;
    let n = used.len() as f64;
    let (all, none) = (count(Class::TrueInAll), count(Class::FalseInAll));
    let holds = lower_bound(all as f64, n);
    let fails = lower_bound(none as f64, n);
    let decide = |a, b| if vacuous { Finding::Vacuous } else { finding(a, b) };
    let weighted = seen.then(|| weighted(used, class_of)).flatten().map(|(all, none, size)| Weighted {
        true_in_all: all,
        false_in_all: none,
        finding: decide(lower_bound(all.0 * size, size), lower_bound(none.0 * size, size)),
    });
    ColumnStudy {
        column: COLUMNS[c],
        true_in_all: all,
        true_in_some: count(Class::TrueInSome),
        false_in_all: none,
        undefined: count(Class::Undefined),
        holds_at_least: holds,
        fails_at_least: fails,
        finding: decide(holds, fails),
        weighted,
    }
}

/// Low and high over the equilibria that draws may be in.
type Bounds = (f64, f64);

/// Weighted shares of "true in all" and "false in all", and the effective sample size.
fn weighted(used: &[&Draw], class_of: impl Fn(&Draw) -> Class) -> Option<(Bounds, Bounds, f64)> {
    let share = |class: Class| {
        let list = |d: &&Draw| -> Vec<Pair> {
            let hit = class_of(d) == class;
            let ends = d.observed.iter().flat_map(|(low, high)| [*low, *high]);
            ends.map(|w| (if hit { w } else { 0.0 }, w)).collect()
        };
        ratio_bounds(&used.iter().map(list).collect::<Vec<_>>())
    };
    let weights: Vec<f64> = used.iter().map(|d| d.observed.iter().map(|o| o.1).fold(0.0, f64::max)).collect();
    Some((share(Class::TrueInAll)?, share(Class::FalseInAll)?, effective_size(&weights)))
}

/// What moves a claim's verdict; where that hardly ever changes, what moves its margin.
fn drivers(model: &Model, sampler: &Sampler, used: &[&Draw], k: usize) -> Driven {
    let classes: Vec<(&Draw, f64)> = used.iter().filter_map(|d| Some((*d, class_score(d, k)?))).collect();
    let first = classes.first().map(|c| c.1);
    let common = [0.0, 0.5, 1.0].map(|s| classes.iter().filter(|c| c.1 == s).count());
    let rare = classes.len() - common.into_iter().max().unwrap_or(0);
    if first.is_some() && rare as f64 >= RARE * classes.len() as f64 {
        return driven_by(model, sampler, &classes);
    }
    let margin = |d: &Draw| d.claims[k].as_ref()?.margin;
    let margins: Vec<(&Draw, f64)> = used.iter().filter_map(|d| Some((*d, margin(d)?))).collect();
    driven_by(model, sampler, &margins)
}

/// What drives a score over the draws.
pub(crate) fn driven_by(model: &Model, sampler: &Sampler, kept: &[(&Draw, f64)]) -> Driven {
    let scores: Vec<f64> = kept.iter().map(|(_, s)| *s).collect();
    let params: Vec<&str> =
        sampler.uncertain().map(|(p, _)| model.game.params[p.index()].name.as_str()).collect();
    let column = |j: usize| kept.iter().map(|(d, _)| d.values[j]).collect();
    let columns: Vec<Vec<f64>> = (0..params.len()).map(column).collect();
    driven(&params, &columns, &scores)
}

fn class_score(d: &Draw, k: usize) -> Option<f64> {
    match d.claims[k].as_ref()?.classes[0] {
        Class::TrueInAll => Some(1.0),
        Class::TrueInSome => Some(0.5),
        Class::FalseInAll => Some(0.0),
        Class::Undefined => None,
    }
}

fn ask_study(model: &Model, sampler: &Sampler, draws: &[Draw], k: usize, name: &str) -> AskStudy {
    let list = || draws.iter().map(|d| &d.asks[k]);
    let spread = |end: fn((f64, f64)) -> f64| -> Option<[f64; 3]> {
        let mut values: Vec<f64> = list().filter_map(|a| a.bounds).map(end).collect();
        values.sort_by(f64::total_cmp);
        Some([quantile(&values, 0.05)?, quantile(&values, 0.5)?, quantile(&values, 0.95)?])
    };
    let pairs: Vec<Vec<Pair>> = list().map(|a| a.pairs.clone()).collect();
    let statements: Vec<Class> = list().filter_map(|a| a.class).collect();
    let count = |class: Class| statements.iter().filter(|c| **c == class).count() as u64;
    let classes = [Class::TrueInAll, Class::TrueInSome, Class::FalseInAll, Class::Undefined];
    AskStudy {
        name: name.into(),
        undefined: list().filter(|a| a.undefined).count() as u64,
        pooled: pooled(model, sampler, draws, name, &pairs),
        low: spread(|b| b.0),
        high: spread(|b| b.1),
        classes: (!statements.is_empty()).then(|| classes.map(count)),
    }
}
