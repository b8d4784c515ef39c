//! Commitment: what it is worth to announce one's plan first and be believed.
//!
//! The one idea: the announcement shows that the value is reached, multipliers show that no other
//! announcement brings more, and the referee checks both.

use crate::concepts::devices::plans;
use crate::concepts::{Asked, broken, refused};
use crate::failure::{Failure, Outcome};
use crate::output::colour;
use detente_correlate::commit;

/// Answers, checks, prints.
///
/// # Errors
/// A player that the game does not have, more than two players, too many plans, or an interrupt.
pub fn answer(asked: &Asked<'_>) -> Outcome {
    let (game, numbers, leader) = (asked.game, asked.numbers, asked.player()?);
    if game.players.len() != 2 {
        return Err(Failure::misuse(
            format!("commitment is for two players; this game has {}", game.players.len()),
            "ask what a player can be sure of: --concept maxmin=PLAYER",
        ));
    }
    let plans = plans(game, numbers)?;
    let watch = asked.watch();
    let found = commit(&plans, leader.index());
    let seconds = watch.finish()?;
    let found = found.ok_or_else(|| broken("a linear program has no answer"))?;
    detente_verify::verify_commitment(game, numbers, &found).map_err(|why| refused(&why.reason))?;
    let text = || {
        let text = detente_report::commitment_text(game, numbers, &found, colour());
        let check = "checked by the referee: the answer is a best one, and no announcement brings more, \
                     whichever way ties fall";
        format!("{text}\n{check}; solved in {seconds:.3} s\n")
    };
    asked.print(text, || detente_report::commitment_json(game, numbers, &found, seconds))
}
