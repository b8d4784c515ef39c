//! `detente solve --concept …` where the answer is no list of equilibria: secure play, devices that
//! advise the players, and one player who commits.
//!
//! The one idea: find it, have the referee check it, print it; nothing is printed that the referee refuses.

use crate::commands::Format;
use crate::commands::solve::SolveArgs;
use crate::failure::{Failure, Outcome};
use crate::input::unknown;
use crate::output::{colour, print, print_json};
use crate::solving::Other;
use detente_correlate::{Plans, commit, devices};
use detente_game::device::Advice;
use detente_game::{Game, Numbers, PlayerId};
use detente_solve::Progress;
use serde_json::Value;
use std::process::ExitCode;

/// Answers, checks, prints.
///
/// # Errors
/// A player or a size that does not fit, or an interrupt.
pub fn run(args: &SolveArgs, game: &Game, numbers: &Numbers, wish: &Other) -> Outcome {
    if args.certificate.is_some() {
        return Err(Failure::misuse(
            "this concept has no certificate file",
            "its proof is checked on the spot; leave out --certificate",
        ));
    }
    match wish {
        Other::Maxmin(player) => secured(args, game, numbers, player_of(game, player)?),
        Other::Devices(advice) => advised(args, game, numbers, *advice),
        Other::Commit(player) => committed(args, game, numbers, player_of(game, player)?),
    }
}

fn player_of(game: &Game, name: &str) -> Result<PlayerId, Failure> {
    let at = game.players.iter().position(|p| p.name == name);
    let at = at.ok_or_else(|| unknown("player", name, game.players.iter().map(|p| p.name.as_str())))?;
    Ok(PlayerId(at as u32))
}

fn secured(args: &SolveArgs, game: &Game, numbers: &Numbers, player: PlayerId) -> Outcome {
    let watch = args.options.watch("solving");
    let found = detente_solve::secure(game, numbers, player);
    let seconds = watch.finish()?;
    let found = found.ok_or_else(|| broken("the linear program has no answer"))?;
    detente_verify::check_secure(game, numbers, &found).map_err(|why| refused(&why))?;
    let text = || {
        let text = detente_report::secure_text(game, numbers, &found, colour());
        format!("{text}\nchecked by the referee: both plans played against; solved in {seconds:.3} s\n")
    };
    let json = || detente_report::secure_json(game, numbers, &found, seconds);
    printed(args, text, json)
}

fn advised(args: &SolveArgs, game: &Game, numbers: &Numbers, advice: Advice) -> Outcome {
    let plans = plans(game, numbers)?;
    let watch = args.options.watch("solving");
    let found = devices(&plans, advice, &|done| watch.keep_going(done));
    let seconds = watch.finish()?;
    let found = found.ok_or_else(|| {
        Failure::input("the time limit ended the search before a range was proven", "give it more time")
    })?;
    detente_verify::verify_devices(game, numbers, &found).map_err(|why| refused(&why.reason))?;
    let text = || {
        let text = detente_report::devices_text(game, numbers, &found, colour());
        let check = "checked by the referee: every device is obeyed, and no obeyed device goes further";
        format!("{text}\n{check}; solved in {seconds:.3} s\n")
    };
    let json = || detente_report::devices_json(game, numbers, &found, seconds);
    printed(args, text, json)
}

fn committed(args: &SolveArgs, game: &Game, numbers: &Numbers, leader: PlayerId) -> Outcome {
    if game.players.len() != 2 {
        return Err(Failure::misuse(
            format!("commitment is for two players; this game has {}", game.players.len()),
            "ask what a player can be sure of: --concept maxmin=PLAYER",
        ));
    }
    let plans = plans(game, numbers)?;
    let watch = args.options.watch("solving");
    let found = commit(&plans, leader.index());
    let seconds = watch.finish()?;
    let found = found.ok_or_else(|| broken("a linear program has no answer"))?;
    detente_verify::verify_commitment(game, numbers, &found).map_err(|why| refused(&why.reason))?;
    let text = || {
        let text = detente_report::commitment_text(game, numbers, &found, colour());
        let check = "checked by the referee: the answer is a best one, and no announcement brings more";
        let beside = "not part of the proof: the value if ties fall against the leader";
        format!("{text}\n{check}; solved in {seconds:.3} s\n{beside}\n")
    };
    let json = || detente_report::commitment_json(game, numbers, &found, seconds);
    printed(args, text, json)
}

fn plans(game: &Game, numbers: &Numbers) -> Result<Plans, Failure> {
    Plans::new(game, numbers)
        .map_err(|e| Failure::input(e, "solve for equilibria instead, or make the game smaller"))
}

fn printed(args: &SolveArgs, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) -> Outcome {
    match args.format {
        Format::Text => print(&text())?,
        Format::Json => print_json(&json())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn broken(why: &str) -> Failure {
    Failure::input(why, "please report this game: every finite game has an answer")
}

fn refused(why: &str) -> Failure {
    broken(&format!("the referee does not confirm this answer: {why}"))
}
