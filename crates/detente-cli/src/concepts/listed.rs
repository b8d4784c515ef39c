//! A list of equilibria: found, checked by the referee, written as a proof, printed.
//!
//! The one idea: whoever finds equilibria hands a `Solution` to [`show`]; from there on every list is
//! treated alike, and no word of it is stronger than what the referee confirms.

use crate::concepts::{Asked, reduced, refused};
use crate::failure::{Failure, Outcome};
use crate::keeping::{Keeper, not_taken};
use crate::output::{colour, write_file};
use crate::solving::{Solved, checked, gaps};
use detente_exact::Q;
use detente_game::solution::{Concept, Num, Solution, Status};
use detente_solve::{Regrets, Settings};
use serde_json::Value;

/// What the solver finds by itself, all of it or one.
///
/// # Errors
/// A file that cannot be written, or an interrupt.
pub fn searched(asked: &Asked<'_>, concept: Concept) -> Outcome {
    if asked.args.by_regret() {
        return by_regret(asked);
    }
    let settings =
        Settings { concept, large_too: asked.args.all, ..asked.args.options.search_settings(concept) };
    if let Some(how) = asked.args.reduce {
        return reduced::searched(asked, &settings, how.weakly());
    }
    let (solution, seconds) = found(asked, &settings)?;
    show(asked, solution, seconds)
}

/// What the solver finds with these settings, and the seconds it took.
///
/// # Errors
/// An interrupt.
pub fn found(asked: &Asked<'_>, settings: &Settings) -> Result<(Solution, f64), Failure> {
    let watch = asked.watch();
    let solution = detente_solve::solve(asked.game, asked.numbers, settings, &watch);
    Ok((solution, watch.finish()?))
}

/// One profile with a small gap by regret minimisation, as the call's options say.
fn by_regret(asked: &Asked<'_>) -> Outcome {
    let args = asked.args;
    let mut how = Regrets { arms: args.arms.clone(), seed: args.seed, rounds: args.rounds, resume: None };
    let mut watch = asked.watch();
    if let Some(path) = &args.checkpoint {
        let (keeper, held) = Keeper::open(path, args.checkpoint_every)?;
        if let Some(held) = &held {
            anstream::eprintln!("note: goes on from `{}`, after {} rounds", path.display(), held.rounds());
        }
        how.resume = held;
        watch = watch.keeping(keeper);
    }
    let found = detente_solve::regrets(asked.game, asked.numbers, how, &watch);
    let seconds = watch.finish()?;
    let found = found.map_err(|why| {
        let path = args.checkpoint.as_deref().unwrap_or(std::path::Path::new("(none)"));
        not_taken(path, &why)
    })?;
    let solution = found.ok_or_else(|| {
        Failure::input(
            "its payoffs are too large for regret minimisation, which works in floats",
            "divide all payoffs of a player by one number; equilibria stay the same",
        )
    })?;
    show(asked, solution, seconds)
}

/// Has a list checked and prints it.
///
/// # Errors
/// A file that cannot be written.
pub fn show(asked: &Asked<'_>, solution: Solution, seconds: f64) -> Outcome {
    show_beside(asked, solution, seconds, "", &[])
}

/// As [`show`], with more words below and more entries of the JSON.
///
/// # Errors
/// A file that cannot be written.
pub fn show_beside(
    asked: &Asked<'_>,
    solution: Solution,
    seconds: f64,
    words: &str,
    entries: &[(&str, Value)],
) -> Outcome {
    let (game, numbers) = (asked.game, asked.numbers);
    let mut solved = checked(game, numbers, solution, seconds);
    if let Some(path) = &asked.args.certificate {
        let text = serde_json::to_string(&solved.solution).expect("plain data always serializes");
        write_file(path, &format!("{text}\n"))?;
    }
    // The proof above keeps all that was found; the answer keeps to what was asked.
    asked.args.options.keep_to_one(&mut solved.solution);
    let tables: Vec<_> = match solved.solution.concept {
        Concept::Sequential => {
            let list = solved.solution.components.iter();
            list.map(|c| detente_solve::refinements(game, numbers, c)).collect()
        }
        _ => vec![],
    };
    for (component, table) in solved.solution.components.iter().zip(&tables) {
        if let (Some(table), Some(profile)) = (table, exact(&component.profile)) {
            detente_verify::check_refinements(game, numbers, &profile, table).map_err(|why| refused(&why))?;
        }
    }
    let text = || {
        let mut text = detente_report::solution_text(game, numbers, &solved.solution, colour());
        let table = detente_report::refinements_text(game, &tables);
        if !table.is_empty() {
            text = format!("{text}\n{table}");
        }
        let beside = solved.verdict.unconfirmed.iter().map(|what| format!("not part of the proof: {what}\n"));
        let beside: String = beside.collect();
        let device = confirmed_device(&solved).map(|(gain, profiles)| {
            let gains = if gain == "0" { "nobody gains".to_string() } else { format!("nobody gains more than {gain}") };
            format!(
                "coarse correlated, checked by the referee: {gains} by refusing a device that draws one of {profiles} \
                 profiles (`--certificate FILE` writes them)\n"
            )
        });
        let device = device.unwrap_or_default();
        format!("{text}\n{}; solved in {:.3} s\n{device}{beside}{words}", said(&solved), solved.seconds)
    };
    let json = || {
        let mut json = detente_report::solution_json(game, numbers, &solved.solution, solved.seconds);
        json["unconfirmed"] = solved.verdict.unconfirmed.clone().into();
        if let Some((gain, profiles)) = confirmed_device(&solved) {
            json["coarse"] = serde_json::json!({ "gain": gain, "profiles": profiles });
        }
        for (name, value) in entries {
            json[*name] = value.clone();
        }
        for (k, table) in tables.iter().enumerate() {
            if let Some(table) = table {
                json["equilibria"][k]["refinements"]["messages"] =
                    detente_report::refinements_json(game, table);
            }
        }
        json
    };
    asked.print(text, json)
}

fn exact(profile: &[Vec<Num>]) -> Option<Vec<Vec<Q>>> {
    profile.iter().map(|list| list.iter().map(|n| n.exact.clone()).collect()).collect()
}

/// The gain that the referee found for the device of an accepted answer, at most, and the device's profiles.
fn confirmed_device(solved: &Solved) -> Option<(String, usize)> {
    let gain = solved.verdict.coarse.as_ref().filter(|_| solved.verdict.accepted)?;
    let device = solved.solution.certificate.coarse.as_ref()?;
    let most = if gain.high <= 0.0 { "0".to_string() } else { format!("{:e}", gain.high) };
    Some((most, device.weights.len()))
}

/// What the referee says, in a line.
fn said(solved: &Solved) -> String {
    let verdict = &solved.verdict;
    match gaps(verdict, solved.solution.concept) {
        Some((gap, _)) if verdict.accepted => {
            format!("checked by the referee: {} proof steps, largest gap {gap}", verdict.steps)
        }
        None if verdict.accepted && verdict.proven == Status::Certified => {
            "checked by the referee: an equilibrium lies within the radii".into()
        }
        // Where a rejection is the reason, it stands among what is not resolved.
        _ => match verdict.open.first().filter(|_| verdict.accepted) {
            Some(why) => format!("not confirmed by the referee: {why}"),
            None => "not confirmed by the referee".into(),
        },
    }
}
