//! Correlated equilibria: what a device that advises the players can bring about.
//!
//! The one idea: three concepts, one program; they differ in when a player hears its advice.

use crate::concepts::objective::wanted;
use crate::concepts::{Asked, refused};
use crate::failure::{Failure, Outcome};
use crate::output::colour;
use detente_correlate::{Plans, devices};
use detente_game::device::Advice;
use detente_game::{Game, Numbers};
use std::sync::Arc;

/// Correlated: all of the plan is told at the start.
///
/// # Errors
/// A game with too many plans, too little time, or an interrupt.
pub fn at_start(asked: &Asked<'_>) -> Outcome {
    advised(asked, Advice::AtStart)
}

/// Coarse correlated: nothing is told before everybody has accepted.
///
/// # Errors
/// As [`at_start`].
pub fn never(asked: &Asked<'_>) -> Outcome {
    advised(asked, Advice::Never)
}

/// Extensive-form correlated: each move is told where it is due.
///
/// # Errors
/// As [`at_start`].
pub fn where_due(asked: &Asked<'_>) -> Outcome {
    advised(asked, Advice::WhereDue)
}

fn advised(asked: &Asked<'_>, advice: Advice) -> Outcome {
    let (game, numbers) = (asked.game, asked.numbers);
    let wanted = wanted(game, asked.args.objective.as_deref())?;
    let plans = plans(game, numbers)?;
    let watch = Arc::new(asked.watch());
    let found = devices(&plans, advice, &wanted, &watch.question());
    let seconds = watch.finish()?;
    let found = found.ok_or_else(out_of_time)?;
    detente_verify::verify_devices(game, numbers, &found).map_err(|why| refused(&why.reason))?;
    let text = || {
        let text = detente_report::devices_text(game, numbers, &found, colour());
        let check = match found.gap().is_zero() {
            true => "checked by the referee: every device is obeyed, and no obeyed device goes further",
            false => {
                "checked by the referee: every device is obeyed, and no obeyed device goes beyond the bounds"
            }
        };
        format!("{text}\n{check}; solved in {seconds:.3} s\n")
    };
    asked.print(text, || detente_report::devices_json(game, numbers, &found, seconds))
}

/// The players' plans and what they bring.
///
/// # Errors
/// More combinations than can be listed.
pub fn plans(game: &Game, numbers: &Numbers) -> Result<Plans, Failure> {
    Plans::new(game, numbers)
        .map_err(|e| Failure::input(e, "solve for equilibria instead, or make the game smaller"))
}

/// No range can be printed before anything is known that everybody obeys.
pub fn out_of_time() -> Failure {
    Failure::input("the search ended before anything was found that everybody obeys", "give it more time")
}
