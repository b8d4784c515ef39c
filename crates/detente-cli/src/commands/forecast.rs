//! `detente forecast` and `detente score`: dated questions, and how good the answers were.

use crate::commands::Format;
use crate::commands::ask::DrawOptions;
use crate::failure::{Failure, Outcome};
use crate::input::case_models;
use crate::output::{colour, print, print_json};
use crate::solving::SolveOptions;
use clap::Args;
use detente_answer::draws::Plan;
use detente_answer::foresight::{Question, Scores, foresee, score as rate};
use detente_diag::Sources;
use detente_model::Model;
use detente_report::foresight::{Foreseen, forecasts_json, forecasts_text, scores_json, scores_text};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Draws of the parameters, unless asked otherwise.
const DRAWS: u64 = 1000;

/// Say how likely the events of a model's forecasts are
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente forecast docs/forecast.det
  detente forecast cases/europe-2022 --draws 2000 --format json

A forecast is a dated question: `forecast joins \"Finland joins\" by 2023-12-31 made 2022-02-25 base 0.1 = prob(...)`.
Its probability is pooled over the draws of the parameters, each weighted by the evidence dated before the
forecast was made; beside it stands the interval over the equilibria.")]
pub struct ForecastArgs {
    /// A model, or a case's folder
    case: PathBuf,
    #[command(flatten)]
    options: SolveOptions,
    #[command(flatten)]
    draws: DrawOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Score the forecasts that have been resolved, beside their base rates
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente score docs/forecast.det
  detente score cases/europe-2022 --format json

Brier and logarithmic score for events, ranked probability score where alternatives have an order, CRPS for
numbers: every score is a loss, 0 is best. A question that is resolved `void` is counted apart.")]
pub struct ScoreArgs {
    /// A model, or a case's folder
    case: PathBuf,
    #[command(flatten)]
    options: SolveOptions,
    #[command(flatten)]
    draws: DrawOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Computes the forecasts.
///
/// # Errors
/// A model with errors, a case without forecasts, or an interrupt.
pub fn run(args: &ForecastArgs) -> Outcome {
    let models = forecasting(&args.case)?;
    let found = foreseen(&models, &args.options, &args.draws, DRAWS)?;
    match args.format {
        Format::Text => print(&forecasts_text(&found, colour()))?,
        Format::Json => print_json(&forecasts_json(&found))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Scores them.
///
/// # Errors
/// As [`run`].
pub fn score(args: &ScoreArgs) -> Outcome {
    let models = forecasting(&args.case)?;
    let scores = scored(&foreseen(&models, &args.options, &args.draws, DRAWS)?)?;
    match args.format {
        Format::Text => print(&scores_text(&scores, colour()))?,
        Format::Json => {
            print_json(&scores_json(&scores, args.draws.draws.unwrap_or(DRAWS), args.draws.seed))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The models of a case, one of which forecasts something.
fn forecasting(case: &Path) -> Result<Vec<(String, Model, Sources)>, Failure> {
    let models = case_models(case)?;
    match models.iter().any(|(_, model, _)| !model.forecasts.is_empty()) {
        true => Ok(models),
        false => Err(Failure::misuse(
            format!("`{}` forecasts nothing", case.display()),
            "add one: `forecast joins \"Finland joins\" by 2023-12-31 made 2022-02-25 base 0.1 = prob(X)`",
        )),
    }
}

/// The scores of all forecasts.
///
/// # Errors
/// None that a model can bring about.
pub fn scored(found: &[Foreseen]) -> Result<Scores, Failure> {
    let questions: Vec<Question> = found
        .iter()
        .flat_map(|m| m.foresight.forecasts.iter().map(|outlook| Question { model: &m.model, outlook }))
        .collect();
    rate(&questions).map_err(|e| Failure::input(e, "report it, with the model"))
}

/// The forecasts of models, over `usual` draws unless asked otherwise.
///
/// # Errors
/// Correlations that no distribution has, councils that cannot sit, or an interrupt.
pub fn foreseen(
    models: &[(String, Model, Sources)],
    options: &SolveOptions,
    draws: &DrawOptions,
    usual: u64,
) -> Result<Vec<Foreseen>, Failure> {
    let plan = Plan {
        draws: draws.draws.unwrap_or(usual).max(1),
        seed: draws.seed,
        threads: draws.cores(),
        settings: options.settings()?,
    };
    let mut found = Vec::new();
    for (name, model, _) in models.iter().filter(|(_, model, _)| !model.forecasts.is_empty()) {
        let watch = options.watch(&format!("{name}: forecasting"));
        let foresight = foresee(model, &plan, &watch);
        watch.finish()?;
        let foresight = foresight.map_err(|e| Failure::input(e.words, "give the parameters other values"))?;
        found.push(Foreseen {
            model: name.clone(),
            title: model.game.title.clone(),
            sha256: model.game.sha256(),
            foresight,
        });
    }
    Ok(found)
}
