//! `detente solve`: all equilibria, with a proof.

use crate::commands::{Format, beyond};
use crate::failure::Outcome;
use crate::input::InputArgs;
use crate::output::{colour, print, print_json, write_file};
use crate::solving::{SolveOptions, gaps, solve};
use clap::Args;
use detente_game::solution::Status;
use std::path::PathBuf;
use std::process::ExitCode;

/// Find all equilibria of a game, prove them and check the proof
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente solve docs/first.det
  detente solve docs/first.det --concept nash --format json
  detente solve docs/first.det --set q=0.5 --certificate proof.json
  detente solve docs/first.det --concept maxmin=Home
  detente solve docs/first.det --concept ce

The strength stands first: exact-complete (all equilibria, proven), exact-some (each proven, perhaps
not all), certified (within a proven bound), numeric (computed, not proven).")]
pub struct SolveArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    pub options: SolveOptions,
    /// Write the proof to this file, for `detente verify`
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Solves, checks, prints.
///
/// # Errors
/// A file that cannot be read or written, or an interrupt.
pub fn run(args: &SolveArgs) -> Outcome {
    let loaded = args.input.load()?;
    let (game, numbers) = (&loaded.game, &loaded.numbers);
    if let Some(wish) = args.options.other() {
        return beyond::run(args, game, numbers, wish);
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
