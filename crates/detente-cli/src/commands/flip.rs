//! `detente flip`: what overturns a claim, one assumption at a time and several at once.

use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::{ModelArgs, unknown};
use crate::output::{colour, print, print_json, write_file};
use crate::solving::SolveOptions;
use clap::Args;
use detente_answer::fragile::fragility;
use detente_model::model::Claim;
use detente_report::SvgOptions;
use detente_report::chart::{chart_svg, tornado};
use detente_report::parametric::{flips_json, flips_text};
use std::process::ExitCode;

/// Find what overturns each claim: one parameter alone, and the nearest change of several together
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente flip cases/europe-2022/s4-escalation.det
  detente flip docs/first.det --claim speaks --format json
  detente flip cases/europe-2022/s4-escalation.det --claim hardens_first -o tornado.svg

Distances are in standard deviations of the priors, measured from the base values. The claim whose
verdict lies nearest to a change comes first. Both sides of each change were solved. That no nearer
joint change exists is searched for, not proven.")]
pub struct FlipArgs {
    #[command(flatten)]
    input: ModelArgs,
    /// Write a picture of the tipping values of the most fragile claim to this file (.svg)
    #[arg(short, long, value_name = "FILE")]
    output: Option<std::path::PathBuf>,
    /// Only the claims of these names; may be repeated
    #[arg(long = "claim", value_name = "NAME")]
    claims: Vec<String>,
    #[command(flatten)]
    options: SolveOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Looks for flips.
///
/// # Errors
/// A model with errors or without claims, a claim that does not exist, or an interrupt.
pub fn run(args: &FlipArgs) -> Outcome {
    let mut model = args.input.model()?;
    let params = crate::input::params(&model.game, &args.input.set)?;
    for (param, value) in model.game.params.iter_mut().zip(params) {
        param.base = value;
    }
    let known = || model.claims.iter().map(|c| c.name.as_str());
    if let Some(name) = args.claims.iter().find(|n| !known().any(|k| k == n.as_str())) {
        return Err(unknown("claim", name, known()));
    }
    if model.claims.is_empty() {
        return Err(Failure::misuse(
            "this model claims nothing",
            "add a `claim`, or use `detente thresholds`",
        ));
    }
    let chosen = |c: &&Claim| args.claims.is_empty() || args.claims.contains(&c.name);
    let claims: Vec<&Claim> = model.claims.iter().filter(chosen).collect();
    let watch = args.options.watch("looking for what overturns the claims");
    let found = fragility(&model, &claims, &args.options.settings()?, &watch);
    watch.finish()?;
    let found = found.map_err(|e| {
        Failure::input(
            e.words,
            "give the parameters values at which every formula and probability is defined",
        )
    })?;
    if let Some((path, claim)) = args.output.as_ref().zip(found.first()) {
        write_file(path, &chart_svg(&tornado(claim), &SvgOptions::default()))?;
    }
    match args.format {
        Format::Text => print(&flips_text(&found, colour()))?,
        Format::Json => print_json(&flips_json(&model.game, &found))?,
    }
    Ok(ExitCode::SUCCESS)
}
