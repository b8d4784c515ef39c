//! Forecasts: what the model says of a dated question, pooled over the priors, and how good it was.
//!
//! The one idea: a forecast is one probability for one day, so it is pooled over the draws of the
//! parameters, each weighted by the evidence the forecast may use; what the equilibria leave open
//! stays an interval beside it.

mod councils;
mod drawn;
mod pool;
pub mod score;

pub use score::{Question, Scores, score};

use crate::draws::Plan;
use crate::drivers::Driver;
use crate::study::most_frequent;
use crate::undefined::Undefined;
use detente_model::Model;
use detente_model::forecast::{BaseValue, Forecast, Forecasted, Resolved};
use detente_model::model::{Observe, Support};
use detente_solve::Progress;
use serde::Serialize;

/// The forecasts of a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Foresight {
    pub draws: u64,
    pub seed: u64,
    /// Draws whose equilibria are not all known with proof; they are left out.
    pub incomplete: u64,
    /// The most frequent reason for that, in words.
    pub open: Option<String>,
    pub forecasts: Vec<Outlook>,
}

/// One forecast.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outlook {
    pub name: String,
    /// The question in words.
    pub label: String,
    /// The doc comment: how it will be decided.
    pub rule: String,
    /// The day it was made, `2022-02-25`; nothing if the model does not say.
    pub made: Option<String>,
    /// The last day of the question.
    pub deadline: String,
    #[serde(flatten)]
    pub value: Value,
    /// Kish's effective sample size of the draws weighted by the evidence.
    pub effective: f64,
    /// Observations that it uses, in the order of the text.
    pub evidence: Vec<Seen>,
    /// Observations that came too late for it, or have no date.
    pub left_out: Vec<Seen>,
    /// The parameters that move it most over the draws, strongest first; at most three.
    pub drivers: Vec<Driver>,
    pub base: Option<Base>,
    /// Keys of its sources.
    pub sources: Vec<String>,
    pub resolution: Option<Resolution>,
}

/// What is forecast.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Value {
    Probability(Chance),
    Alternatives {
        ordered: bool,
        arms: Vec<Arm>,
    },
    Number {
        /// In the equilibrium or theory with the lowest mean of each draw, and in that with the highest.
        low: Spread,
        high: Spread,
    },
    /// No draw gives it a value.
    Undefined {
        why: String,
    },
}

/// A probability pooled over the draws: low and high over the equilibria.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chance {
    pub low: f64,
    pub high: f64,
    /// The word or words of Intelligence Community Directive 203.
    pub words: String,
}

/// One of several alternatives.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Arm {
    pub name: String,
    #[serde(flatten)]
    pub chance: Chance,
}

/// A number over plays and draws.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spread {
    pub mean: f64,
    /// The 5 %, 50 % and 95 % quantiles.
    pub quantiles: [f64; 3],
    /// Values and their weights.
    #[serde(skip)]
    pub sample: Vec<(f64, f64)>,
}

/// An observation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    pub date: Option<String>,
    pub label: String,
    /// As written.
    pub text: String,
}

/// The base rate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Base {
    #[serde(flatten)]
    pub value: BaseSaid,
    pub sources: Vec<String>,
    pub assumed: Option<String>,
}

/// The value of a base rate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BaseSaid {
    Point(f64),
    /// Quantiles of the distribution, at equal steps of probability.
    Distribution(Vec<f64>),
    Alternatives(Vec<f64>),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resolution {
    #[serde(flatten)]
    pub value: Happened,
    /// The day on which it was settled.
    pub date: String,
    pub label: String,
    pub sources: Vec<String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "answer", content = "value", rename_all = "kebab-case")]
pub enum Happened {
    Yes,
    No,
    Void,
    /// The position of the alternative, and its name.
    Alternative(usize, String),
    Number(f64),
}

/// Points that stand for a base distribution.
const BASE_POINTS: usize = 200;

/// Computes all forecasts of a model over draws of its parameters.
///
/// # Errors
/// Correlations that no distribution has, councils that cannot sit, or no thread to work on.
pub fn foresee(model: &Model, plan: &Plan, progress: &dyn Progress) -> Result<Foresight, Undefined> {
    let game = drawn::draws(model, plan, progress)?;
    let tables = councils::values(model, plan, progress)?;
    let mut forecasts = Vec::new();
    for (at, forecast) in model.forecasts.iter().enumerate() {
        let (value, effective, drivers) = match &tables[at] {
            Some(value) => (value.clone(), plan.draws as f64, vec![]),
            None => pool::pooled(model, forecast, at, &game),
        };
        forecasts.push(outlook(model, forecast, value, effective, drivers));
    }
    let open = game.list.iter().filter_map(|d| d.open.as_deref());
    Ok(Foresight {
        draws: game.list.len() as u64,
        seed: plan.seed,
        incomplete: game.list.iter().filter(|d| d.open.is_some()).count() as u64,
        open: most_frequent(open),
        forecasts,
    })
}

fn outlook(model: &Model, f: &Forecast, value: Value, effective: f64, drivers: Vec<Driver>) -> Outlook {
    let seen =
        |list: &[usize]| list.iter().filter_map(|at| model.observes.get(*at)).map(observation).collect();
    Outlook {
        name: f.name.clone(),
        label: f.support.label.clone(),
        rule: f.support.doc.clone(),
        made: f.made.map(|day| day.to_string()),
        deadline: f.deadline.to_string(),
        value,
        effective,
        evidence: seen(&f.evidence),
        left_out: seen(&f.later),
        drivers,
        base: f.base.as_ref().map(|base| Base {
            value: match &base.value {
                BaseValue::Point(q) => BaseSaid::Point(q.to_f64()),
                BaseValue::Alternatives(list) => {
                    BaseSaid::Alternatives(list.iter().map(|q| q.to_f64()).collect())
                }
                BaseValue::Distribution(prior) => {
                    let at = |k: usize| (k as f64 + 0.5) / BASE_POINTS as f64;
                    BaseSaid::Distribution((0..BASE_POINTS).map(|k| prior.quantile(at(k))).collect())
                }
            },
            sources: keys(&base.support),
            assumed: base.support.assumed.clone(),
        }),
        sources: keys(&f.support),
        resolution: f.resolution.as_ref().map(|r| Resolution {
            value: match &r.value {
                Resolved::Yes => Happened::Yes,
                Resolved::No => Happened::No,
                Resolved::Void => Happened::Void,
                Resolved::Alternative(at) => Happened::Alternative(*at, arm_name(f, *at)),
                Resolved::Number(q) => Happened::Number(q.to_f64()),
            },
            date: r.date.to_string(),
            label: r.support.label.clone(),
            sources: keys(&r.support),
        }),
    }
}

fn observation(observe: &Observe) -> Seen {
    Seen {
        date: observe.date.map(|day| day.to_string()),
        label: observe.support.label.clone(),
        text: observe.text.clone(),
    }
}

fn keys(support: &Support) -> Vec<String> {
    support.citations.iter().map(|c| c.key.clone()).collect()
}

fn arm_name(forecast: &Forecast, at: usize) -> String {
    match &forecast.body {
        Forecasted::Alternatives { arms, .. } => {
            arms.get(at).map_or_else(String::new, |(name, _)| name.clone())
        }
        _ => String::new(),
    }
}
