//! `detente voi`: what a player gains by learning something, quietly or openly, and what to wait for.

use crate::commands::Format;
use crate::commands::ask::DrawOptions;
use crate::commands::levers::player;
use crate::failure::{Failure, Outcome};
use crate::input::{ModelArgs, params};
use crate::output::{colour, print, print_json};
use crate::solving::SolveOptions;
use clap::Args;
use detente_answer::draws::Plan;
use detente_answer::voi::voi;
use detente_report::voi::{voi_json, voi_text};
use std::process::ExitCode;

/// Draws of the parameters, unless asked otherwise.
const DRAWS: u64 = 500;

/// Work out what each parameter and private fact is worth knowing to a player
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente voi cases/europe-2022/s1-crisis-diplomacy.det --player West
  detente voi cases/europe-2022/s3-four-reasons.det --player West --draws 2000 --format json

Quietly: nobody notices, the others play as before. Knowing more cannot hurt then; what noise could
have made is called not distinguishable from 0. Openly: the game is solved anew with it known, and
that may well hurt. Last, what to wait for: the moves and draws that would tell most about each
hypothesis, in expected bits.")]
pub struct VoiArgs {
    #[command(flatten)]
    input: ModelArgs,
    /// To whom it is worth something
    #[arg(long, value_name = "NAME")]
    player: String,
    #[command(flatten)]
    options: SolveOptions,
    #[command(flatten)]
    draws: DrawOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Works it out.
///
/// # Errors
/// A model with errors, a player that does not exist, or an interrupt.
pub fn run(args: &VoiArgs) -> Outcome {
    let mut model = args.input.model()?;
    let base = params(&model.game, &args.input.set)?;
    for (param, value) in model.game.params.iter_mut().zip(base) {
        param.base = value;
    }
    let player = player(&model, &args.player)?;
    let plan = Plan {
        draws: args.draws.draws.unwrap_or(DRAWS),
        seed: args.draws.seed,
        threads: args.draws.cores(),
        settings: args.options.settings()?,
    };
    let watch = args.options.watch("weighing what could be learnt");
    let found = voi(&model, player, &plan, &watch);
    watch.finish()?;
    let found =
        found.map_err(|e| Failure::input(e, "give the parameters values at which the game is defined"))?;
    match args.format {
        Format::Text => print(&voi_text(&found, colour()))?,
        Format::Json => print_json(&voi_json(&model.game, &found))?,
    }
    Ok(ExitCode::SUCCESS)
}
