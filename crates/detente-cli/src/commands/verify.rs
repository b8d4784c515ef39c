//! `detente verify`: the referee replays a proof that someone else wrote.

use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::{InputArgs, numbers, read_text};
use crate::output::{print, print_json};
use crate::solving::gaps;
use clap::Args;
use detente_game::solution::Solution;
use detente_report::solution::status_name;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Check a proof written by `detente solve --certificate`
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente solve docs/first.det --certificate proof.json
  detente verify docs/first.det proof.json

The game is taken at the parameter values that the proof names. Exit code 1 if the proof is rejected.")]
pub struct VerifyArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The proof
    certificate: PathBuf,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Replays the proof.
///
/// # Errors
/// A file that cannot be read, or a proof that is rejected.
pub fn run(args: &VerifyArgs) -> Outcome {
    let game = args.input.game()?;
    let text = read_text(&args.certificate)?;
    let solution = Solution::from_json(&text).map_err(|e| {
        Failure::input(
            format!("{}: this is no proof: {e}", args.certificate.display()),
            "write one with `detente solve FILE --certificate PROOF`",
        )
    })?;
    let named = &solution.certificate.params;
    let numbers = if args.input.set.is_empty() && named.len() == game.params.len() && !named.is_empty() {
        game.numbers(named)
            .map_err(|e| Failure::input(e, "the proof names values at which the game has no numbers"))?
    } else {
        numbers(&game, &args.input.set)?
    };
    let verdict = detente_verify::verify(&game, &numbers, &solution);
    let gap = gaps(&verdict, solution.concept);
    match args.format {
        Format::Json => print_json(&json!({
            "detente": env!("CARGO_PKG_VERSION"),
            "accepted": verdict.accepted,
            "claimed": solution.status,
            "proven": verdict.proven,
            "reason": verdict.rejected.as_ref().map(|r| r.to_string()),
            "open": verdict.open,
            "unconfirmed": verdict.unconfirmed,
            "equilibria": solution.components.len(),
            "steps": verdict.steps,
            "gap": gap.as_ref().map(|(absolute, relative)| json!({"absolute": absolute, "of_local_stake": relative})),
        }))?,
        Format::Text if verdict.accepted => {
            let mut text = format!(
                "accepted: {} is proven for {} equilibria or connected sets of equilibria; {} steps replayed.\n",
                status_name(verdict.proven),
                solution.components.len(),
                verdict.steps
            );
            if let Some((absolute, relative)) = gap {
                text.push_str(&format!(
                    "largest gap: {absolute}; at most {relative:e} of what is at stake at any set.\n"
                ));
            }
            for what in &verdict.unconfirmed {
                text.push_str(&format!("not part of the proof: {what}\n"));
            }
            print(&text)?;
        }
        Format::Text => {
            let why = verdict.rejected.as_ref().map(|r| r.to_string()).unwrap_or_default();
            print(&format!("rejected: {why}\n"))?;
        }
    }
    Ok(if verdict.accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
