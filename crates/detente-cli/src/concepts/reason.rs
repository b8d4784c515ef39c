//! Rationalizable plans, and payoff and risk dominance among equilibria without mixing.
//!
//! The one idea: both ask what reason alone can say before any equilibrium is expected.

use crate::concepts::devices::{out_of_time, plans};
use crate::concepts::{Asked, refused};
use crate::failure::Outcome;
use crate::output::colour;
use detente_solve::Progress;

/// The plans that survive iterated strict dominance.
///
/// # Errors
/// A game with too many plans, too little time, or an interrupt.
pub fn rationalizable(asked: &Asked<'_>) -> Outcome {
    let (game, numbers) = (asked.game, asked.numbers);
    let plans = plans(game, numbers)?;
    let watch = asked.watch();
    let found = detente_refine::rationalizable(&plans, &|done| watch.keep_going(done));
    let seconds = watch.finish()?;
    let found = found.ok_or_else(out_of_time)?;
    detente_verify::verify_rationalizable(game, numbers, &found).map_err(|why| refused(&why.reason))?;
    let text = || {
        let text = detente_report::rationalizable_text(game, numbers, &found, colour());
        let check = "checked by the referee: what went is beaten everywhere, what is left is best somewhere";
        format!("{text}\n{check}; solved in {seconds:.3} s\n")
    };
    asked.print(text, || detente_report::rationalizable_json(game, numbers, &found, seconds))
}

/// Equilibria without mixing, compared by payoffs and by risk.
///
/// # Errors
/// A game with too many plans, or an interrupt.
pub fn dominance(asked: &Asked<'_>) -> Outcome {
    let (game, numbers) = (asked.game, asked.numbers);
    let plans = plans(game, numbers)?;
    let watch = asked.watch();
    let found = detente_refine::selection(&plans);
    let seconds = watch.finish()?;
    detente_verify::verify_selection(game, numbers, &found).map_err(|why| refused(&why.reason))?;
    let text = || {
        let text = detente_report::selection_text(game, numbers, &found, colour());
        format!("{text}\nchecked by the referee: looked for and compared anew; solved in {seconds:.3} s\n")
    };
    asked.print(text, || detente_report::selection_json(game, numbers, &found, seconds))
}
