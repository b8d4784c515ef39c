//! What a sweep's sums say.
//!
//! A draw whose equilibria are not all known counts as undefined: an outcome's probability lies
//! anywhere from 0 to 1 there, and that is in the bounds.

use super::identity::Identity;
use super::row::STRENGTHS;
use super::state::{CLASSES, Claim, Ends, Moments, State};
use crate::claims::{COLUMNS, Column};
use crate::shares::{Finding, finding, lower_bound};
use crate::study::{ColumnStudy, Weighted};
use crate::verdict::Class;
use crate::words::likelihood;
use detente_stats::merge::Spread;
use serde::{Deserialize, Serialize};

/// Least share of draws that a claim's `where` must leave.
const VACUOUS: f64 = 0.05;
/// Half the width of a 95 % interval, in standard errors.
const WIDTH: f64 = 1.96;
/// Most patterns and reasons that are listed.
const LISTED: usize = 20;

/// Everything that is said over a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub draws: u64,
    /// Draws by strength, in the order of [`STRENGTHS`].
    pub strengths: Vec<Count>,
    /// Why draws are not complete, the most frequent first.
    pub open: Vec<Count>,
    /// Where draws are answered many at a time: those that took the exact path, and why.
    #[serde(default)]
    pub exact: Vec<Count>,
    /// Draws in which the observations are impossible in every equilibrium; `None` without observations.
    pub refuted: Option<u64>,
    /// Kish's effective sample size of the draws weighted by the observations.
    pub effective: Option<f64>,
    pub outcomes: Vec<OutcomeSummary>,
    pub claims: Vec<ClaimSummary>,
    pub asks: Vec<AskSummary>,
    pub hypotheses: Vec<PooledSummary>,
    /// Which outcomes can happen in which equilibrium: how many draws have each kind of set.
    pub patterns: Vec<Count>,
    /// Draws by number of components of equilibria.
    pub components: Vec<Count>,
}

/// How often something was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    pub what: String,
    pub draws: u64,
}

/// A mean over draws, with the half width of its 95 % interval as if draws were independent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mean {
    pub value: f64,
    pub within: f64,
    /// Draws in which it is known.
    pub draws: u64,
}

/// Low and high over a selection of equilibria.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Between {
    pub low: Mean,
    pub high: Mean,
}

/// An outcome's probability over the priors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutcomeSummary {
    pub name: String,
    pub label: String,
    /// Lower and upper probability over all equilibria; undefined draws count from 0 to 1.
    pub all: Between,
    /// Over the equilibria that do not fail the intuitive criterion; `None` where nothing is left.
    pub intuitive: Option<Between>,
    /// Over those that the observations do not refute, in the draws that have any.
    pub not_refuted: Option<Between>,
    /// If each component is as likely as any other.
    pub uniform: Option<Mean>,
    /// On the principal branch of logit equilibria.
    pub logit: Option<Mean>,
}

/// A claim over the priors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimSummary {
    pub name: String,
    pub label: String,
    /// Draws that its `where` leaves.
    pub used: u64,
    pub columns: Vec<ColumnStudy>,
}

/// A question over the priors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskSummary {
    pub name: String,
    pub label: String,
    /// Draws in which it is undefined in some equilibrium.
    pub undefined: u64,
    /// For a probability of an event: pooled over the priors, low and high over the equilibria.
    pub pooled: Option<PooledSummary>,
    /// 5 %, 50 % and 95 % quantiles over draws of the low and of the high end, within 1 part in 128.
    pub low: Option<[f64; 3]>,
    pub high: Option<[f64; 3]>,
    /// For a statement: draws by class, in the order all, some, none, undefined.
    pub classes: Option<[u64; 4]>,
}

/// A probability pooled over the priors, rounded outward.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PooledSummary {
    pub name: String,
    pub low: f64,
    pub high: f64,
    /// The word or words of Intelligence Community Directive 203.
    pub words: String,
}

/// Says what the sums of a run say.
pub fn summary(id: &Identity, state: &State) -> Summary {
    let strengths = STRENGTHS.iter().zip(state.strengths);
    let claims = id.claims.iter().zip(&state.claims);
    let asks = id.asks.iter().zip(&state.asks);
    let hypotheses = id.hypotheses.iter().zip(&state.hypotheses);
    let count = |(what, draws): (String, u64)| Count { what, draws };
    let listed = |list: Vec<(String, u64)>| list.into_iter().take(LISTED).map(count).collect();
    let mut components: Vec<(u64, u64)> = state.components.ranked().iter().map(|(k, n)| (**k, *n)).collect();
    components.sort_unstable();
    Summary {
        draws: state.draws,
        strengths: strengths.map(|(what, draws)| Count { what: what.to_string(), draws }).collect(),
        open: listed(state.open.ranked()),
        exact: listed(state.exact.ranked()),
        refuted: id.observed.then_some(state.refuted),
        effective: id.observed.then(|| state.weights.effective()),
        outcomes: outcomes(id, state),
        claims: claims
            .map(|(named, claim)| ClaimSummary {
                name: named.name.clone(),
                label: named.label.clone(),
                used: claim.used,
                columns: columns(claim, state.draws, id.observed),
            })
            .collect(),
        asks: asks
            .map(|(named, ask)| {
                let pooled = ask.pool.bounds().map(|b| pooled(&named.name, b));
                AskSummary {
                    name: named.name.clone(),
                    label: named.label.clone(),
                    undefined: ask.undefined,
                    pooled,
                    low: quantiles(&ask.low),
                    high: quantiles(&ask.high),
                    classes: (ask.classes.iter().sum::<u64>() > 0).then_some(ask.classes),
                }
            })
            .collect(),
        hypotheses: hypotheses
            .filter_map(|(named, pool)| Some(pooled(&named.name, pool.bounds()?)))
            .collect(),
        patterns: listed(state.patterns.ranked()),
        components: listed(components.into_iter().map(|(k, n)| (k.to_string(), n)).collect()),
    }
}

fn outcomes(id: &Identity, state: &State) -> Vec<OutcomeSummary> {
    let list = id.outcomes.iter().zip(&state.outcomes);
    list.map(|(named, o)| OutcomeSummary {
        name: named.name.clone(),
        label: named.label.clone(),
        all: whole(&o.all, state.draws),
        intuitive: between(&o.intuitive),
        not_refuted: if id.observed { between(&o.not_refuted) } else { None },
        uniform: mean(&o.uniform),
        logit: mean(&o.logit),
    })
    .collect()
}

fn mean(moments: &Moments) -> Option<Mean> {
    moments.mean().map(|(value, error)| Mean { value, within: WIDTH * error, draws: moments.count() })
}

fn between(ends: &Ends) -> Option<Between> {
    Some(Between { low: mean(&ends.low)?, high: mean(&ends.high)? })
}

/// Both ends over all draws, those that are not known counting as 0 below and 1 above.
fn whole(ends: &Ends, draws: u64) -> Between {
    let known = ends.low.count();
    let n = draws.max(1) as f64;
    let end = |moments: &Moments, missing: f64| {
        let value = (moments.sum.value() + missing) / n;
        let variance = ((moments.squares.value() + missing) / n - value * value).max(0.0);
        Mean { value, within: WIDTH * (variance / (n - 1.0).max(1.0)).sqrt(), draws: known }
    };
    Between { low: end(&ends.low, 0.0), high: end(&ends.high, (draws - known) as f64) }
}

fn columns(claim: &Claim, draws: u64, observed: bool) -> Vec<ColumnStudy> {
    let vacuous = (claim.used as f64) < VACUOUS * draws as f64;
    let decide = |holds, fails| if vacuous { Finding::Vacuous } else { finding(holds, fails) };
    let effective = claim.weights.effective();
    let column = |(k, column): (usize, &Column)| {
        let [all, some, none, undefined] = claim.classes[k];
        let n = claim.used as f64;
        let (holds, fails) = (lower_bound(all as f64, n), lower_bound(none as f64, n));
        let weighted = || {
            let (all, none) = (claim.share(k, Class::TrueInAll)?, claim.share(k, Class::FalseInAll)?);
            let bound = |share: f64| lower_bound(share * effective, effective);
            Some(Weighted {
                true_in_all: all,
                false_in_all: none,
                finding: decide(bound(all.0), bound(none.0)),
            })
        };
        ColumnStudy {
            column: *column,
            true_in_all: all,
            true_in_some: some,
            false_in_all: none,
            undefined,
            holds_at_least: holds,
            fails_at_least: fails,
            finding: decide(holds, fails),
            weighted: if observed { weighted() } else { None },
        }
    };
    debug_assert_eq!(CLASSES[0], Class::TrueInAll);
    COLUMNS.iter().enumerate().map(column).collect()
}

fn quantiles(spread: &Spread) -> Option<[f64; 3]> {
    // The bin of zero holds numbers that nobody would tell from it.
    let middle = |(low, high): (f64, f64)| if low.abs() < 1e-300 { 0.0 } else { low / 2.0 + high / 2.0 };
    let at = |share: f64| spread.quantile(share).map(middle);
    Some([at(0.05)?, at(0.5)?, at(0.95)?])
}

fn pooled(name: &str, (low, high): (f64, f64)) -> PooledSummary {
    PooledSummary { name: name.into(), low, high, words: likelihood(low, high) }
}
