//! One quasi-perfect equilibrium of two players.
//!
//! The one idea: what its trembles prove is a sequential equilibrium, so it is shown and checked as one.

use crate::concepts::{Asked, listed};
use crate::failure::{Failure, Outcome};
use detente_solve::MOST_ACTIONS_TO_PIVOT as MOST;

/// Answers, checks, prints.
///
/// # Errors
/// The game has not two players or is too large; a file that cannot be written, or an interrupt.
pub fn answer(asked: &Asked<'_>) -> Outcome {
    let watch = asked.watch();
    let found = detente_solve::quasi_perfect(asked.game, asked.numbers, &watch);
    let seconds = watch.finish()?;
    match found {
        Some(solution) => listed::show(asked, solution, seconds),
        None => Err(Failure::input(why_none(asked), "write --concept sequential, which takes any game")),
    }
}

/// Says which of the bounds of the method holds the game back.
fn why_none(asked: &Asked<'_>) -> String {
    let players = asked.game.players.len();
    let actions: usize = asked.game.infosets.iter().map(|set| set.actions.len()).sum();
    match (players, actions) {
        (2, 0) => "nobody decides anything in this game".into(),
        (2, 1..=MOST) => {
            "no quasi-perfect equilibrium was found; with a limit of time or memory, a higher one may help"
                .into()
        }
        (2, _) => {
            format!("quasi-perfect equilibrium is computed up to {MOST} actions; this game has {actions}")
        }
        _ => format!("quasi-perfect equilibrium is computed for two players; this game has {players}"),
    }
}
