//! Perfect Bayesian equilibria, by either of two definitions.
//!
//! The one idea: the definition is part of the question, as the literature has several.

use crate::concepts::{Asked, broken, refused};
use crate::failure::Outcome;
use crate::output::colour;
use detente_game::beliefs::Definition;
use detente_game::solution::Concept;

/// Beliefs are free off the path.
///
/// # Errors
/// An interrupt.
pub fn weak(asked: &Asked<'_>) -> Outcome {
    by(asked, Definition::Weak)
}

/// Beliefs come from one order of plausibility.
///
/// # Errors
/// An interrupt.
pub fn plausibility(asked: &Asked<'_>) -> Outcome {
    by(asked, Definition::Plausibility)
}

fn by(asked: &Asked<'_>, definition: Definition) -> Outcome {
    let (game, numbers) = (asked.game, asked.numbers);
    let settings = asked.args.options.search_settings(Concept::Nash);
    let watch = asked.watch();
    let found = detente_refine::perfect(game, numbers, definition, &settings, &watch);
    let seconds = watch.finish()?;
    let found = found.ok_or_else(|| broken("the reduced game cannot be evaluated"))?;
    let complete =
        detente_verify::verify_perfect(game, numbers, &found).map_err(|why| refused(&why.reason))?;
    let text = || {
        let text = detente_report::perfect_text(game, numbers, &found, complete, colour());
        let check =
            "checked by the referee: best continuations and beliefs at every set, and what is never best";
        format!("{text}\n{check}; solved in {seconds:.3} s\n")
    };
    asked.print(text, || detente_report::perfect_json(game, numbers, &found, complete, seconds))
}
