//! Nash equilibria in pure plans.
//!
//! The one idea: every combination of plans is looked at, so the list of pure equilibria is complete, and is
//! shown like any other list.

use crate::concepts::{Asked, listed};
use crate::failure::{Failure, Outcome};

/// Answers, checks, prints.
///
/// # Errors
/// The game has too many combinations of plans; a file that cannot be written, or an interrupt.
pub fn answer(asked: &Asked<'_>) -> Outcome {
    let watch = asked.watch();
    let found = detente_solve::pure_equilibria(asked.game, asked.numbers, &watch);
    let seconds = watch.finish()?;
    match found {
        // There is nothing to check: that none is missing follows from no proof but from having looked.
        Some(solution) if solution.components.is_empty() => asked.print(
            || format!("{}.\nWrite --concept nash for those.\n", solution.unresolved.join(". ")),
            || detente_report::solution_json(asked.game, asked.numbers, &solution, seconds),
        ),
        Some(solution) => listed::show(asked, solution, seconds),
        None => Err(Failure::input(
            "the game has more than 4,000,000 combinations of pure plans, or time was up",
            "write --concept nash, which searches by cases, or --one",
        )),
    }
}
