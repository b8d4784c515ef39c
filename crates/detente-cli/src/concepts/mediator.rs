//! Mediators: who hears what players report, or sees the truth, and tells each what to do.
//!
//! The one idea: communication equilibrium, Bayes correlated equilibrium and persuasion are one linear
//! program; they differ in what the mediator knows and in whose interest it acts.

use crate::concepts::devices::out_of_time;
use crate::concepts::objective::wanted;
use crate::concepts::{Asked, refused};
use crate::failure::{Failure, Outcome};
use crate::output::colour;
use detente_correlate::mediate;
use detente_game::device::{Wanted, What};
use detente_game::mediation::{Knows, Mediation};
use std::sync::Arc;

/// Communication equilibrium: the mediator hears reports.
///
/// # Errors
/// A game that unfolds too widely, too little time, or an interrupt.
pub fn hears(asked: &Asked<'_>) -> Outcome {
    ranges(asked, Knows::Reports, "mediator")
}

/// Bayes correlated equilibrium: the mediator sees chance's moves and each player's set.
///
/// # Errors
/// As [`hears`].
pub fn sees(asked: &Asked<'_>) -> Outcome {
    ranges(asked, Knows::Truth, "bce")
}

/// Persuasion: one player decides beforehand who is to learn what.
///
/// # Errors
/// A player that the game does not have, and as [`hears`].
pub fn persuades(asked: &Asked<'_>) -> Outcome {
    let player = asked.player()?;
    let (found, seconds) = found(asked, Knows::Truth, &Wanted::One(What::Payoff(player)))?;
    let text = || {
        let text = detente_report::persuasion_text(asked.game, asked.numbers, &found, player, colour());
        checked(&text, &found, seconds)
    };
    asked.print(text, || {
        detente_report::mediation_json(asked.game, asked.numbers, &found, "persuade", seconds)
    })
}

fn ranges(asked: &Asked<'_>, knows: Knows, concept: &str) -> Outcome {
    let (found, seconds) = found(asked, knows, &wanted(asked.game, asked.args.objective.as_deref())?)?;
    let text = || {
        let text = detente_report::mediation_text(asked.game, asked.numbers, &found, colour());
        checked(&text, &found, seconds)
    };
    asked.print(text, || detente_report::mediation_json(asked.game, asked.numbers, &found, concept, seconds))
}

fn checked(text: &str, found: &Mediation, seconds: f64) -> String {
    let check = match found.gap().is_zero() {
        true => {
            "checked by the referee: nobody gains by lying or disobeying, and no obeyed rule goes further"
        }
        false => {
            "checked by the referee: nobody gains by lying or disobeying, and no obeyed rule goes beyond the bounds"
        }
    };
    format!("{text}\n{check}; solved in {seconds:.3} s\n")
}

/// Solves and has the referee look.
fn found(asked: &Asked<'_>, knows: Knows, wanted: &Wanted) -> Result<(Mediation, f64), Failure> {
    let (game, numbers) = (asked.game, asked.numbers);
    let watch = Arc::new(asked.watch());
    let found = mediate(game, numbers, knows, wanted, &watch.question());
    let seconds = watch.finish()?;
    let found =
        found.map_err(|e| Failure::input(e, "ask for `ce` or for equilibria, or make the game smaller"))?;
    let found = found.ok_or_else(out_of_time)?;
    detente_verify::verify_mediation(game, numbers, &found).map_err(|why| refused(&why.reason))?;
    Ok((found, seconds))
}
