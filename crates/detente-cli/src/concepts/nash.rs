//! Nash equilibria.
//!
//! The one idea: the solver chooses the method by the game's size; the answer is a list like any other, of two
//! players with the shape of the whole set: extreme equilibria, maximal subsets, indices.

use crate::concepts::{Asked, listed};
use crate::failure::Outcome;
use detente_game::solution::Concept;
use detente_solve::Settings;

/// Answers, checks, prints.
///
/// # Errors
/// A file that cannot be written, or an interrupt.
pub fn answer(asked: &Asked<'_>) -> Outcome {
    let concept = Concept::Nash;
    // Play by regret minimisation and smaller games have no other shape of the set to show.
    if asked.args.by_regret() || asked.args.reduce.is_some() {
        return listed::searched(asked, concept);
    }
    listed::say_seed(asked);
    let options = &asked.args.options;
    let settings = Settings { concept, large_too: asked.args.all, ..options.search_settings(concept) };
    let watch = asked.watch();
    let solution = detente_solve::solve(asked.game, asked.numbers, &settings, &watch);
    let sets = match options.one() {
        true => None,
        false => detente_solve::nash_sets(asked.game, asked.numbers, &solution, &watch),
    };
    let ended = watch.end();
    let Some(sets) = sets else { return listed::show(asked, solution, ended) };
    let proven = solution.certificate.matrix.is_some() || solution.certificate.sequences.is_some();
    let words = detente_report::nash_sets_text(&sets, proven);
    let entries = [("nash_sets", detente_report::nash_sets_json(asked.game, &sets))];
    listed::show_beside(asked, solution, ended, &words, &entries)
}
