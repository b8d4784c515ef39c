//! `detente thresholds`: where the set of equilibria changes along one parameter.

use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::{InputArgs, params, unknown};
use crate::output::{colour, print, print_json};
use crate::solving::SolveOptions;
use clap::Args;
use detente_answer::sampler::stated_range;
use detente_exact::Q;
use detente_game::{Game, ParamId};
use detente_parametric::{Line, Thresholds, thresholds};
use detente_report::parametric::{thresholds_json, thresholds_text};
use std::process::ExitCode;

/// Find every value of a parameter where the set of equilibria changes, exactly and with proof
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente thresholds docs/first.det --param q
  detente thresholds models/classics/beer-quiche.det --param weak --from 0.1 --to 0.9
  detente thresholds docs/first.det --format json          (every uncertain parameter)

One parameter is free, all others keep their base values. The answer is exact: fractions, or roots
of polynomials in isolating intervals. It is complete over the range unless it lists a gap. With
--time-limit SECONDS, or Ctrl-C, it ends with what is proven by then, and the rest is gaps.")]
pub struct ThresholdsArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The parameter; by default every parameter with a prior, one after the other
    #[arg(long, value_name = "NAME")]
    param: Option<String>,
    /// Start of the range; by default that of the prior
    #[arg(long, value_name = "X", value_parser = number, allow_hyphen_values = true)]
    from: Option<Q>,
    /// End of the range; by default that of the prior
    #[arg(long, value_name = "X", value_parser = number, allow_hyphen_values = true)]
    to: Option<Q>,
    #[command(flatten)]
    options: SolveOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// An exact number of the command line.
pub fn number(text: &str) -> Result<Q, String> {
    Q::parse(text.trim()).ok_or_else(|| "write an exact number, such as 0.25 or 1/3".to_string())
}

/// Finds thresholds.
///
/// # Errors
/// A file with errors, a parameter that does not exist or has no range, or an interrupt.
pub fn run(args: &ThresholdsArgs) -> Outcome {
    let game = args.input.game()?;
    let base = params(&game, &args.input.set)?;
    let list = chosen(&game, args.param.as_deref())?;
    let settings = args.options.settings()?;
    let digest = game.sha256();
    let mut found: Vec<Thresholds> = vec![];
    let (mut seconds, mut ended) = (0.0, Ok(()));
    for (k, param) in list.iter().copied().enumerate() {
        let (from, to) = range(&game, param, args)?;
        // What time is left, in equal parts.
        let left = (list.len() - k) as f64;
        let watch = args.options.watch_part("looking for thresholds", seconds, left);
        let line = Line {
            game: &game,
            digest: digest.clone(),
            base: base.clone(),
            param,
            from,
            to,
            settings: &settings,
            tries: usize::MAX,
            progress: &watch,
        };
        found.push(thresholds(&line));
        match watch.finish() {
            Ok(took) => seconds += took,
            Err(_) => ended = Err(Failure::InterruptedKept),
        }
    }
    // Stopped or not, what is proven stands, and the rest is listed as gaps.
    match args.format {
        Format::Text => print(&thresholds_text(&found, args.options.concept_name(), colour()))?,
        Format::Json => print_json(&thresholds_json(&game, &found, args.options.concept_name()))?,
    }
    ended.map(|()| ExitCode::SUCCESS)
}

/// The parameters to vary.
fn chosen(game: &Game, name: Option<&str>) -> Result<Vec<ParamId>, Failure> {
    match name {
        Some(name) => find(game, name).map(|p| vec![p]),
        None => {
            let all = (0..game.params.len()).filter(|k| game.params[*k].prior.is_some());
            let list: Vec<ParamId> = all.map(|k| ParamId(k as u32)).collect();
            match list.is_empty() {
                true => Err(Failure::misuse(
                    "no parameter of this game has a range",
                    "name one: --param NAME --from X --to Y",
                )),
                false => Ok(list),
            }
        }
    }
}

/// The parameter of that name.
///
/// # Errors
/// There is none.
pub fn find(game: &Game, name: &str) -> Result<ParamId, Failure> {
    game.find_param(name)
        .ok_or_else(|| unknown("parameter", name, game.params.iter().map(|p| p.name.as_str())))
}

fn range(game: &Game, param: ParamId, args: &ThresholdsArgs) -> Result<(Q, Q), Failure> {
    let info = &game.params[param.index()];
    let prior = info.prior.as_ref().and_then(stated_range);
    let end = |given: &Option<Q>, of_prior: Option<Q>| {
        given.clone().or(of_prior).ok_or_else(|| {
            Failure::misuse(format!("`{}` has no prior, so no range", info.name), "add --from X --to Y")
        })
    };
    let from = end(&args.from, prior.as_ref().map(|r| r.0.clone()))?;
    let to = end(&args.to, prior.map(|r| r.1))?;
    if from >= to {
        return Err(Failure::misuse(
            format!("the range of `{}` is empty: from {from} to {to}", info.name),
            "give a start below the end",
        ));
    }
    Ok((from, to))
}
