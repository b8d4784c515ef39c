//! Secure play: what a player can be sure of, whatever the others do.
//!
//! The one idea: two plans prove the two numbers, and the referee plays against both.

use crate::concepts::{Asked, broken, refused};
use crate::failure::Outcome;
use crate::output::colour;

/// Answers, checks, prints.
///
/// # Errors
/// A player that the game does not have, or an interrupt.
pub fn answer(asked: &Asked<'_>) -> Outcome {
    let (game, numbers, player) = (asked.game, asked.numbers, asked.player()?);
    let watch = asked.watch();
    let found = detente_solve::secure(game, numbers, player);
    let seconds = watch.finish()?;
    let found = found.ok_or_else(|| broken("the linear program has no answer"))?;
    detente_verify::check_secure(game, numbers, &found).map_err(|why| refused(&why))?;
    let text = || {
        let text = detente_report::secure_text(game, numbers, &found, colour());
        format!("{text}\nchecked by the referee: both plans played against; solved in {seconds:.3} s\n")
    };
    asked.print(text, || detente_report::secure_json(game, numbers, &found, seconds))
}
