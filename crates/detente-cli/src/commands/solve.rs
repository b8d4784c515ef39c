//! `detente solve`: all equilibria, with a proof.

use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::{InputArgs, unknown};
use crate::output::{colour, print, print_json, write_file};
use crate::solving::{SolveOptions, gaps, solve};
use clap::Args;
use detente_game::solution::Status;
use detente_game::{Game, Numbers, PlayerId};
use std::path::PathBuf;
use std::process::ExitCode;

/// Find all equilibria of a game, prove them and check the proof
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente solve docs/first.det
  detente solve docs/first.det --concept nash --format json
  detente solve docs/first.det --set q=0.5 --certificate proof.json
  detente solve docs/first.det --concept maxmin=Home     what Home can be sure of, whatever Rival does

The strength stands first: exact-complete (all equilibria, proven), exact-some (each proven, perhaps
not all), certified (within a proven bound), numeric (computed, not proven).")]
pub struct SolveArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    options: SolveOptions,
    /// Write the proof to this file, for `detente verify`
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Solves, checks, prints.
///
/// # Errors
/// A file that cannot be read or written, or an interrupt.
pub fn run(args: &SolveArgs) -> Outcome {
    let loaded = args.input.load()?;
    let (game, numbers) = (&loaded.game, &loaded.numbers);
    if let Some(player) = args.options.secured() {
        return secured(args, game, numbers, player);
    }
    let mut solved = solve(game, numbers, &args.options)?;
    if let Some(path) = &args.certificate {
        let text = serde_json::to_string(&solved.solution).expect("plain data always serializes");
        write_file(path, &format!("{text}\n"))?;
    }
    // The proof above keeps all that was found; the answer keeps to what was asked.
    args.options.keep_to_one(&mut solved.solution);
    match args.format {
        Format::Text => {
            let text = detente_report::solution_text(game, numbers, &solved.solution, colour());
            let check = match gaps(&solved.verdict, solved.solution.concept) {
                Some((gap, _)) if solved.verdict.accepted => {
                    format!("checked by the referee: {} proof steps, largest gap {gap}", solved.verdict.steps)
                }
                None if solved.verdict.accepted && solved.verdict.proven == Status::Certified => {
                    "checked by the referee: an equilibrium lies within the radii".into()
                }
                _ => "not confirmed by the referee".into(),
            };
            let beside =
                solved.verdict.unconfirmed.iter().map(|what| format!("not part of the proof: {what}\n"));
            let beside: String = beside.collect();
            print(&format!("{text}\n{check}; solved in {:.3} s\n{beside}", solved.seconds))?;
        }
        Format::Json => {
            let mut json = detente_report::solution_json(game, numbers, &solved.solution, solved.seconds);
            json["unconfirmed"] = solved.verdict.unconfirmed.clone().into();
            print_json(&json)?
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Finds what a player can be sure of, checks it, prints.
fn secured(args: &SolveArgs, game: &Game, numbers: &Numbers, player: &str) -> Outcome {
    let at = game.players.iter().position(|p| p.name == player);
    let at = at.ok_or_else(|| unknown("player", player, game.players.iter().map(|p| p.name.as_str())))?;
    if args.certificate.is_some() {
        return Err(Failure::misuse(
            "secure play has no certificate file",
            "its proof is in the JSON: both plans; leave out --certificate",
        ));
    }
    let watch = args.options.watch("solving");
    let found = detente_solve::secure(game, numbers, PlayerId(at as u32));
    let seconds = watch.finish()?;
    let broken =
        |why: String| Failure::input(why, "please report this game: every finite game has an answer");
    let found = found.ok_or_else(|| broken("the linear program has no answer".into()))?;
    detente_verify::check_secure(game, numbers, &found)
        .map_err(|why| broken(format!("the referee does not confirm this answer: {why}")))?;
    match args.format {
        Format::Text => {
            let text = detente_report::secure_text(game, numbers, &found, colour());
            let check = "checked by the referee: both plans played against";
            print(&format!("{text}\n{check}; solved in {seconds:.3} s\n"))?;
        }
        Format::Json => print_json(&detente_report::secure_json(game, numbers, &found, seconds))?,
    }
    Ok(ExitCode::SUCCESS)
}
