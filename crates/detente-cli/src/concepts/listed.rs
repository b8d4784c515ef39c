//! A list of equilibria: found, checked by the referee, written as a proof, printed.
//!
//! The one idea: whoever finds equilibria hands a `Solution` to [`show`]; from there on every list is
//! treated alike, and no word of it is stronger than what the referee confirms.

use crate::concepts::{Asked, reduced, refused};
use crate::failure::{Failure, Outcome};
use crate::keeping::{Keeper, not_taken};
use crate::output::{colour, write_file};
use crate::solving::{Solved, checked, gaps};
use crate::watch::Ended;
use detente_exact::Q;
use detente_game::solution::{Concept, Num, Solution, Status};
use detente_solve::{Regrets, Settings};
use serde_json::Value;
use std::process::ExitCode;

/// What the solver finds by itself, all of it or one.
///
/// # Errors
/// A file that cannot be written, or an interrupt.
pub fn searched(asked: &Asked<'_>, concept: Concept) -> Outcome {
    if asked.args.by_regret() {
        return by_regret(asked);
    }
    say_seed(asked);
    let settings =
        Settings { concept, large_too: asked.args.all, ..asked.args.options.search_settings(concept) };
    if let Some(how) = asked.args.reduce {
        return reduced::searched(asked, &settings, how.weakly());
    }
    let (solution, ended) = found(asked, &settings);
    show(asked, solution, ended)
}

/// What the solver finds with these settings, and how it ended.
pub fn found(asked: &Asked<'_>, settings: &Settings) -> (Solution, Ended) {
    let watch = asked.watch();
    let solution = detente_solve::solve(asked.game, asked.numbers, settings, &watch);
    (solution, watch.end())
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
    let ended = watch.end();
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
    no_effect(asked, &solution);
    show(asked, solution, ended)
}

/// Says which options of regret minimisation did nothing.
fn no_effect(asked: &Asked<'_>, solution: &Solution) {
    let args = asked.args;
    if solution.status == Status::ExactSome {
        let given = [(args.checkpoint.is_some(), "--checkpoint"), (args.seed.is_some(), "--seed")];
        for (_, name) in given.iter().filter(|(given, _)| *given) {
            let why =
                "a linear program gives this game's answer at once; `--arms` or `--rounds` ask for play";
            anstream::eprintln!("note: {name} has no effect here: {why}");
        }
    } else if args.seed.is_some() && args.checkpoint.is_none() && !args.draws() {
        anstream::eprintln!("note: {SEED_ALONE}");
    }
}

/// Says that a seed does nothing to a search by proof.
pub fn say_seed(asked: &Asked<'_>) {
    if asked.args.seed.is_some() {
        anstream::eprintln!("note: {SEED_ALONE}");
    }
}

/// Why a seed changes nothing.
const SEED_ALONE: &str = "--seed has no effect here: nothing is drawn; `--arms sampled` draws plays";

/// Has a list checked and prints it.
///
/// # Errors
/// A file that cannot be written, or an interrupt before anything was proven.
pub fn show(asked: &Asked<'_>, solution: Solution, ended: impl Into<Ended>) -> Outcome {
    show_beside(asked, solution, ended, "", &[])
}

/// As [`show`], with more words below and more entries of the JSON.
///
/// # Errors
/// A file that cannot be written, or an interrupt before anything was proven.
pub fn show_beside(
    asked: &Asked<'_>,
    solution: Solution,
    ended: impl Into<Ended>,
    words: &str,
    entries: &[(&str, Value)],
) -> Outcome {
    let (game, numbers) = (asked.game, asked.numbers);
    let Ended { seconds, interrupt } = ended.into();
    let mut solved = checked(game, numbers, solution, seconds);
    let interrupted = interrupt.is_some();
    if let Some(nothing) = interrupt.filter(|_| !has_proven(&solved)) {
        return Err(nothing);
    }
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
        let times = times(&solved);
        format!("{text}\n{}; {times}\n{device}{beside}{words}", said(&solved))
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
    let printed = asked.print(text, json)?;
    if interrupted {
        let kept = if asked.args.checkpoint.is_some() { "; the checkpoint is kept" } else { "" };
        anstream::eprintln!("interrupted: this is the best proven answer so far{kept}");
        return Ok(ExitCode::from(130));
    }
    Ok(printed)
}

/// Whether anything of the answer is proven.
fn has_proven(solved: &Solved) -> bool {
    !solved.solution.components.is_empty() && solved.solution.status != Status::Numeric
}

/// The solver's time, and the referee's where it is worth a word.
fn times(solved: &Solved) -> String {
    let seconds = format!("solved in {:.3} s", solved.seconds);
    if solved.check_seconds < LONG {
        seconds
    } else {
        format!("{seconds}, checked in {:.3} s", solved.check_seconds)
    }
}

/// From so many seconds on, the referee's time is told.
const LONG: f64 = 0.1;

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
