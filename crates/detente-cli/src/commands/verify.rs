//! `detente verify`: the referee replays a proof that someone else wrote, or measures a profile.

use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::{InputArgs, numbers, read_text};
use crate::output::{print, print_json};
use crate::profiles;
use crate::solving::{gap_num, gaps};
use clap::Args;
use detente_exact::Q;
use detente_game::Game;
use detente_game::solution::Solution;
use detente_report::gaps::{gaps_json, gaps_text};
use detente_report::number::gap_text;
use detente_report::solution::status_name;
use detente_verify::{AssessmentReport, Verdict};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check a proof written by `detente solve --certificate`, or what a profile leaves to gain
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente solve docs/first.det --certificate proof.json
  detente verify docs/first.det proof.json
  detente solve docs/first.det --format json > answer.json
  detente verify docs/first.det --profile answer.json

With --profile: what each player earns and could still gain by another plan, for profiles of any origin:
lines NE,1/2,1/2,... with the probabilities of all actions player by player, as Gambit prints them, or the
JSON that `detente solve` prints.
The game is taken at the parameter values that the proof names. Exit code 1 if the proof is rejected.")]
pub struct VerifyArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The proof
    #[arg(required_unless_present = "profile", conflicts_with = "profile")]
    certificate: Option<PathBuf>,
    /// Measure the profiles in this file instead
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Replays the proof.
///
/// # Errors
/// A file that cannot be read, or a proof that is rejected.
pub fn run(args: &VerifyArgs) -> Outcome {
    match (&args.profile, &args.certificate) {
        (Some(path), _) => measured(args, path),
        (None, Some(path)) => replayed(args, path),
        (None, None) => Err(Failure::misuse("there is nothing to check", "name a proof, or --profile FILE")),
    }
}

/// What each player of each profile could gain.
fn measured(args: &VerifyArgs, path: &Path) -> Outcome {
    let game = args.input.game()?;
    let numbers = numbers(&game, &args.input.set)?;
    let wrong = |why: String| {
        Failure::input(
            format!("{}: {why}", path.display()),
            "write a line `NE,...` with a probability for each action, player by player, for each profile",
        )
    };
    let profiles = profiles::read(&game, &read_text(path)?).map_err(wrong)?;
    let measure = |p: &Vec<Vec<Q>>| detente_verify::profile_gaps(&game, &numbers, p).map_err(wrong);
    let found = profiles.iter().map(measure).collect::<Result<Vec<_>, Failure>>()?;
    match args.format {
        Format::Json => print_json(&gaps_json(&game, &found))?,
        Format::Text => print(&gaps_text(&game, &found))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Replays a proof.
fn replayed(args: &VerifyArgs, path: &Path) -> Outcome {
    let game = args.input.game()?;
    let text = read_text(path)?;
    let solution = Solution::from_json(&text).map_err(|e| {
        Failure::input(
            format!("{}: this is no proof: {e}", path.display()),
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
            "gaps": gaps_by_player(&game, &verdict),
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

/// What each player could gain in each equilibrium by another plan, as the referee found it.
fn gaps_by_player(game: &Game, verdict: &Verdict) -> Vec<Value> {
    let of = |report: &AssessmentReport| -> Value {
        let each = game.players.iter().zip(&report.gap_players);
        each.map(|(p, gap)| (p.name.clone(), gap_text(&gap_num(gap)).into())).collect::<Map<_, _>>().into()
    };
    verdict.components.iter().map(of).collect()
}
