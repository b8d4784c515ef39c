//! Equilibria of a smaller game that has the same ones: `--reduce`.
//!
//! The one idea: the referee takes every step again, checks the equilibria of the smaller game, and whether each
//! that is shown is a Nash equilibrium of the whole game when what went has probability 0.

use crate::concepts::listed::{found, show_beside};
use crate::concepts::{Asked, broken, refused};
use crate::failure::Outcome;
use detente_exact::Q;
use detente_game::solution::Num;
use detente_game::subgame_roots;
use detente_refine::Reduced;
use detente_solve::Settings;

/// Makes the game smaller, solves it, has both checked, prints both.
///
/// # Errors
/// A file that cannot be written, or an interrupt.
pub fn searched(asked: &Asked<'_>, settings: &Settings, weakly: bool) -> Outcome {
    let (game, numbers, concept) = (asked.game, asked.numbers, settings.concept);
    let reduced = detente_refine::reduce(game, numbers, concept, weakly);
    let reduced = reduced.ok_or_else(|| broken("the smaller game cannot be evaluated"))?;
    let steps = &reduced.reduction;
    let (again, _) = detente_verify::verify_reduction(game, numbers, concept, weakly, steps)
        .map_err(|why| refused(&why.reason))?;
    if again != reduced.game {
        return Err(refused("the steps lead to another game"));
    }
    let smaller =
        Asked { game: &reduced.game, numbers: &reduced.numbers, args: asked.args, wish: asked.wish.clone() };
    let (solution, ended) = found(&smaller, settings);
    for component in &solution.components {
        if let Some(profile) = lifted(&reduced, &component.profile) {
            detente_verify::verify_lifted(game, numbers, &profile).map_err(|why| refused(&why.reason))?;
        }
    }
    let words = detente_report::reduction_text(game, steps, subgame_roots(&reduced.game).len());
    let entries = [("reductions", detente_report::reduction_json(game, steps))];
    show_beside(&smaller, solution, ended, &format!("\n{words}"), &entries)
}

/// An equilibrium of the smaller game as play of the whole one: what went has probability 0. `None` where it is
/// not exact.
fn lifted(reduced: &Reduced, profile: &[Vec<Num>]) -> Option<Vec<Vec<Q>>> {
    let sets = reduced.stays.iter().zip(&reduced.sets);
    sets.map(|(stays, new)| {
        let Some(new) = new else {
            // No play comes here: any action that is left will do.
            let first = stays.iter().position(|s| *s)?;
            return Some((0..stays.len()).map(|a| if a == first { Q::ONE } else { Q::ZERO }).collect());
        };
        let mut probs = profile[new.index()].iter();
        stays.iter().map(|s| if *s { probs.next()?.exact.clone() } else { Some(Q::ZERO) }).collect()
    })
    .collect()
}
