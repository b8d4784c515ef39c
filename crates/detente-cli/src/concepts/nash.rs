//! Nash equilibria.
//!
//! The one idea: the solver chooses the method by the game's size; the answer is a list like any other.

use crate::concepts::{Asked, listed};
use crate::failure::Outcome;
use detente_game::solution::Concept;

/// Answers, checks, prints.
///
/// # Errors
/// A file that cannot be written, or an interrupt.
pub fn answer(asked: &Asked<'_>) -> Outcome {
    listed::searched(asked, Concept::Nash)
}
