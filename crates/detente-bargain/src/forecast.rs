//! Every model by name, one answer per issue: what an ensemble over priors calls.
//!
//! The one idea: models are data. A list of them can be shown, extended, run side by side, and their
//! disagreement stated as what it is: uncertainty about the model.

use crate::baseline::{baseline, baselines, issue_weights, weighted_mean, weighted_median};
use crate::council::Council;
use crate::exchange::{self, ExchangeOptions};
use crate::expected_utility::{self, UtilityError, UtilityOptions};
use crate::spatial::options::{Election, SpatialOptions, Transition};
use crate::spatial::{self, Ending, SpatialError, SpatialRun};
use crate::two_sides::{self, TwoSidesError, TwoSidesOptions};
use thiserror::Error;

/// How positions at the end of a run become one outcome per issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The mean, weighted by capability times salience.
    Mean,
    /// The weighted median.
    Median,
    /// The position with the best odds among all that are held; the first of several equal ones.
    Winner,
}

/// A model with all its choices.
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    /// The weighted mean of the input.
    Mean,
    /// The weighted median of the input.
    Median,
    /// Challenges, issue by issue.
    ExpectedUtility(UtilityOptions),
    /// The spatial model over all issues.
    Spatial(SpatialOptions, Reading),
    /// Trades between issues, then the weighted mean.
    Exchange(ExchangeOptions),
    /// Two sides bargain over all issues at once.
    TwoSides(TwoSidesOptions),
}

/// A model under the name by which a report shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedModel {
    /// Short, without spaces: for options and columns.
    pub slug: &'static str,
    pub name: &'static str,
    /// Where the model, or the choice of its options, comes from.
    pub source: &'static str,
    pub model: Model,
}

/// What a model answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// One place per issue, in the issue's unit.
    pub outcome: Vec<f64>,
    /// Whether the table came to rest on every issue; `None` for models that play no rounds.
    pub settled: Option<bool>,
}

/// Why a model gives no answer.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ForecastError {
    #[error(
        "{actors} actors are too many to be compared in pairs (at most {MOST_ACTORS}); let actors that stand \
         together be one"
    )]
    TooMany { actors: usize },
    #[error(transparent)]
    ExpectedUtility(#[from] UtilityError),
    #[error(transparent)]
    Spatial(#[from] SpatialError),
    #[error(transparent)]
    TwoSides(#[from] TwoSidesError),
}

/// The most actors in theories that compare every pair of actors in the eyes of all others: their time
/// grows with the cube.
pub const MOST_ACTORS: usize = 200;

/// Refuses a council that a theory could not answer in reasonable time.
///
/// # Errors
/// [`ForecastError::TooMany`].
pub fn fits(council: &Council, model: &Model) -> Result<(), ForecastError> {
    let actors = council.actors().len();
    let cubic = matches!(model, Model::ExpectedUtility(_) | Model::Spatial(..) | Model::Exchange(_));
    if cubic && actors > MOST_ACTORS { Err(ForecastError::TooMany { actors }) } else { Ok(()) }
}

/// Returns the models that a forecast shows side by side, baselines first.
pub fn standard_models() -> Vec<NamedModel> {
    let named = |slug, name, source, model| NamedModel { slug, name, source, model };
    let eu = |options| Model::ExpectedUtility(options);
    let kapsarc = "KTAB, King Abdullah Petroleum Studies and Research Center";
    let reference = SpatialOptions::default();
    let markov = SpatialOptions { election: Election::MarkovIncentive, ..SpatialOptions::default() };
    vec![
        named("mean", "weighted mean", "Achen 2006", Model::Mean),
        named("median", "weighted median", "Black 1948", Model::Median),
        named("eu-sure", "expected utility, Q = 1", "Scholz et al. 2011", eu(UtilityOptions::textbook(1.0))),
        named(
            "eu-even",
            "expected utility, Q = 1/2",
            "Bueno de Mesquita 1997",
            eu(UtilityOptions::textbook(0.5)),
        ),
        named(
            "eu-code",
            "expected utility, replicated code",
            "Scholz et al. 2011",
            eu(UtilityOptions::scholz_code()),
        ),
        named("spatial", "spatial model", kapsarc, Model::Spatial(reference, Reading::Mean)),
        named(
            "spatial-markov",
            "spatial model, Markov elections",
            kapsarc,
            Model::Spatial(markov, Reading::Mean),
        ),
        named(
            "exchange",
            "position exchange",
            "Stokman and van Oosten 1994",
            Model::Exchange(ExchangeOptions::default()),
        ),
    ]
}

/// Returns a model's answer.
///
/// # Errors
/// [`ForecastError`] if the model's options are out of range or do not fit the council.
pub fn forecast(council: &Council, model: &Model) -> Result<Forecast, ForecastError> {
    fits(council, model)?;
    let issues = council.issues().len();
    match model {
        Model::Mean => Ok(still(baselines(council).iter().map(|b| b.mean).collect())),
        Model::Median => Ok(still(baselines(council).iter().map(|b| b.median).collect())),
        Model::ExpectedUtility(options) => {
            let (mut outcome, mut settled) = (Vec::with_capacity(issues), true);
            for issue in 0..issues {
                let run = expected_utility::run(council, issue, options)?;
                outcome.push(run.outcome);
                settled &= run.settled;
            }
            Ok(Forecast { outcome, settled: Some(settled) })
        }
        Model::Spatial(options, reading) => {
            let run = spatial::settle(council, options)?;
            let settled = Some(run.ending == Ending::Settled);
            Ok(Forecast { outcome: settlement(council, &run, *reading), settled })
        }
        Model::Exchange(options) => Ok(still(exchange::run(council, options).outcome)),
        Model::TwoSides(options) => Ok(still(two_sides::settle(council, options)?.outcome)),
    }
}

/// Returns a model's answer on one issue, in its unit; for models that settle each issue by itself this is
/// quicker than all of them.
///
/// # Errors
/// As [`forecast`]. There must be such an issue.
pub fn forecast_on(council: &Council, model: &Model, issue: usize) -> Result<f64, ForecastError> {
    match model {
        Model::Mean => Ok(baseline(council, issue).mean),
        Model::Median => Ok(baseline(council, issue).median),
        Model::ExpectedUtility(options) => {
            fits(council, model)?;
            Ok(expected_utility::run(council, issue, options)?.outcome)
        }
        Model::Spatial(..) | Model::Exchange(_) | Model::TwoSides(_) => {
            Ok(forecast(council, model)?.outcome[issue])
        }
    }
}

/// Returns the same model with its random choices, if it has any, at that draw.
pub fn at_draw(model: &Model, draw: u64) -> Model {
    let mut model = model.clone();
    if let Model::Spatial(SpatialOptions { transition: Transition::Stochastic { draw: old, .. }, .. }, _) =
        &mut model
    {
        *old = draw;
    }
    model
}

fn still(outcome: Vec<f64>) -> Forecast {
    Forecast { outcome, settled: None }
}

/// Returns the outcome of a spatial run on each issue.
pub fn settlement(council: &Council, run: &SpatialRun, reading: Reading) -> Vec<f64> {
    let last = run.last();
    if reading == Reading::Winner {
        let mut best = 0;
        for (actor, chance) in run.last_winning.iter().enumerate() {
            if *chance > run.last_winning[best] {
                best = actor;
            }
        }
        return last.get(best).cloned().unwrap_or_default();
    }
    (0..council.issues().len())
        .map(|issue| {
            let places: Vec<f64> = last.iter().map(|row| row[issue]).collect();
            let weights = issue_weights(council, issue);
            match reading {
                Reading::Mean | Reading::Winner => weighted_mean(&places, &weights),
                Reading::Median => weighted_median(&places, &weights).0,
            }
        })
        .collect()
}
