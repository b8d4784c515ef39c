//! What the observations say of the hypotheses, one dated observation after another.
//!
//! The Bayes factor stands first: it is what the evidence says whatever the
//! prior was. The analyst's own prior changes the posterior and never the game.

use crate::observed::{chance, in_order, probability};
use crate::query::{Equilibrium, View, ask};
use crate::range::Range;
use crate::solved::Hands;
use detente_exact::Q;
use detente_game::solution::{Num, Status};
use detente_model::Model;
use detente_model::model::{Hypothesis, HypothesisPrior, Observe};
use detente_model::question::Happening;
use serde::{Deserialize, Serialize};

/// The evidence of a model at one point of its parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub strength: Status,
    pub steps: Vec<Step>,
    pub hypotheses: Vec<Hypotheses>,
}

/// One observation, in the order of dates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// `2022-02-24`, if it is dated.
    pub date: Option<String>,
    pub label: String,
    pub text: String,
    /// Per equilibrium: probability of everything observed so far, low and high.
    pub likelihood: Vec<(Num, Num)>,
    /// Equilibria in which everything observed so far is impossible.
    pub refuted: Vec<String>,
}

/// One hypothesis before and after each observation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hypotheses {
    pub name: String,
    pub label: String,
    /// Its probability in the game before anything is seen: low and high over equilibria.
    pub prior: Option<(Num, Num)>,
    /// The analyst's own prior: its 5 % and 95 % quantiles, or one number twice.
    pub own_prior: Option<(f64, f64)>,
    pub updates: Vec<Update>,
}

/// A hypothesis after one observation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Update {
    /// Per equilibrium that is not refuted.
    pub rows: Vec<UpdateRow>,
    /// Posterior by the game's prior, low and high over those equilibria.
    pub posterior: Option<(Num, Num)>,
    /// Posterior by the analyst's own prior, low and high over equilibria and prior.
    pub own_posterior: Option<(f64, f64)>,
}

/// A hypothesis in one equilibrium after one observation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UpdateRow {
    pub equilibrium: String,
    /// What this observation adds.
    pub step: Factor,
    /// What all observations so far say together.
    pub total: Factor,
    pub posterior: (Num, Num),
}

/// A Bayes factor: P(E | h) / P(E | not h).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Factor {
    Ratio {
        low: Num,
        high: Num,
        /// Base-2 logarithms: bits for (positive) or against (negative).
        bits: (f64, f64),
    },
    /// What was seen is impossible if the hypothesis is true.
    ImpossibleUnder,
    /// What was seen is impossible unless the hypothesis is true.
    ImpossibleOtherwise,
    /// The hypothesis is certain or impossible before anything is seen, or the factor
    /// cannot be told over a continuum.
    Undefined,
}

/// Follows every hypothesis of a model through its observations.
pub fn evidence(model: &Model, hands: &Hands) -> Evidence {
    evidence_among(hands.own(), hands.point.status(), &in_order(model), &model.hypotheses)
}

/// Follows hypotheses through observations, in the order given, over a list of equilibria.
pub fn evidence_among(
    list: &[Equilibrium],
    strength: Status,
    observes: &[&Observe],
    hypotheses: &[Hypothesis],
) -> Evidence {
    let so_far: Vec<Happening> = (1..=observes.len())
        .map(|n| Happening::And(observes[..n].iter().map(|o| o.event.clone()).collect()))
        .collect();
    let name = |k: usize| format!("E{}", k + 1);
    let steps = observes.iter().zip(&so_far).map(|(o, event)| {
        let chances: Vec<Range> = list.iter().map(|e| chance(e, event).1).collect();
        let refuted = chances.iter().enumerate().filter(|(_, c)| c.is_zero()).map(|(k, _)| name(k));
        Step {
            date: o.date.map(|d| format!("{:04}-{:02}-{:02}", d.year, d.month, d.day)),
            label: o.support.label.clone(),
            text: o.text.clone(),
            refuted: refuted.collect(),
            likelihood: chances.iter().map(Range::ends).collect(),
        }
    });
    let hypotheses = hypotheses.iter().map(|h| follow(list, h, &so_far));
    Evidence { strength, steps: steps.collect(), hypotheses: hypotheses.collect() }
}

/// The ends of the analyst's own prior: its 5 % and 95 % quantiles, or one number twice.
pub fn own_prior(h: &Hypothesis) -> Option<(f64, f64)> {
    h.prior.as_ref().map(|p| match p {
        HypothesisPrior::Point(q) => (q.to_f64(), q.to_f64()),
        HypothesisPrior::Range(prior) => {
            (prior.quantile(0.05).clamp(0.0, 1.0), prior.quantile(0.95).clamp(0.0, 1.0))
        }
    })
}

fn follow(list: &[Equilibrium], h: &Hypothesis, so_far: &[Happening]) -> Hypotheses {
    let own_prior = own_prior(h);
    let hull = |list: Vec<Range>| list.into_iter().reduce(|a, b| a.hull(&b)).map(|r| r.ends());
    let prior = hull(list.iter().map(|e| chance(e, &h.event).1).collect());
    let mut updates = vec![];
    for n in 0..so_far.len() {
        let before = n.checked_sub(1).map(|k| &so_far[k]);
        let mut update = Update { rows: vec![], posterior: None, own_posterior: None };
        let mut posteriors = vec![];
        for (k, eq) in list.iter().enumerate() {
            // A refuted equilibrium is listed with the observation and updates nothing.
            let Some(posterior) = conditional(eq, &h.event, Some(&so_far[n])) else { continue };
            let total = factor(eq, &h.event, &so_far[n], None);
            if let Some((lo, hi)) = own_prior {
                for p in [lo, hi] {
                    for q in own_posteriors(p, &total).into_iter().flatten() {
                        let (a, b) = update.own_posterior.unwrap_or((q, q));
                        update.own_posterior = Some((a.min(q), b.max(q)));
                    }
                }
            }
            update.rows.push(UpdateRow {
                equilibrium: format!("E{}", k + 1),
                step: factor(eq, &h.event, &so_far[n], before),
                total,
                posterior: posterior.ends(),
            });
            posteriors.push(posterior);
        }
        update.posterior = hull(posteriors);
        updates.push(update);
    }
    Hypotheses { name: h.name.clone(), label: h.support.label.clone(), prior, own_prior, updates }
}

/// P(what | given) over a component; `None` where `given` is impossible.
fn conditional(eq: &Equilibrium, what: &Happening, given: Option<&Happening>) -> Option<Range> {
    let query = probability(what.clone(), given.cloned());
    let shown = ask(eq, View::At(&eq.shown, false), &query).ok();
    if !eq.varies() {
        return shown.map(|r| r.range);
    }
    ask(eq, View::At(&eq.whole, true), &query).ok().or(shown).map(|r| r.range)
}

/// The Bayes factor of `event` for `h`, given what was seen before.
fn factor(eq: &Equilibrium, h: &Happening, event: &Happening, before: Option<&Happening>) -> Factor {
    let not = Happening::Not(Box::new(h.clone()));
    let under = |side: &Happening| {
        let given = Happening::And([Some(side.clone()), before.cloned()].into_iter().flatten().collect());
        conditional(eq, event, Some(&given))
    };
    match (under(h), under(&not)) {
        (Some(a), Some(b)) if a.is_zero() && !b.is_zero() => Factor::ImpossibleUnder,
        (Some(a), Some(b)) if b.is_zero() && !a.is_zero() => Factor::ImpossibleOtherwise,
        (Some(a), Some(b)) => ratio(&a, &b),
        // Already settled by what was seen before: this observation adds nothing to it.
        _ => Factor::Undefined,
    }
}

fn ratio(a: &Range, b: &Range) -> Factor {
    let Some(ratio) = a.over(b) else { return Factor::Undefined };
    if !ratio.low().is_positive() {
        return Factor::Undefined;
    }
    let bits = |q: &Q| q.to_f64().log2();
    let (low, high) = ratio.ends();
    Factor::Ratio { low, high, bits: (bits(ratio.low()), bits(ratio.high())) }
}

/// Posteriors from a prior of one's own: one per end of the factor.
fn own_posteriors(prior: f64, factor: &Factor) -> [Option<f64>; 2] {
    match factor {
        Factor::Ratio { low, high, .. } => [low, high]
            .map(|k| Some(prior * k.value / (prior * k.value + (1.0 - prior))).filter(|p| p.is_finite())),
        Factor::ImpossibleUnder => [Some(0.0), None],
        Factor::ImpossibleOtherwise => [Some(1.0), None],
        Factor::Undefined => [None, None],
    }
}
