//! One quasi-perfect equilibrium of two players.
//!
//! The one idea: what its trembles prove is a sequential equilibrium, so it is shown and checked as one.

use crate::concepts::{Asked, listed};
use crate::failure::{Failure, Outcome};

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
        None => Err(Failure::input(
            "no quasi-perfect equilibrium was found: the game has not two players, or more than 1,500 actions, \
             or time was up",
            "write --concept sequential, which takes any game",
        )),
    }
}
