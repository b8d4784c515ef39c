//! Games of perfect information.

use detente_game::solution::{Concept, Solution};
use detente_game::{Game, Numbers};

/// Whether every information set has one member.
pub fn applies(_game: &Game) -> bool {
    false
}

/// Solves.
pub fn solve(_game: &Game, _numbers: &Numbers, _concept: Concept) -> Solution {
    unreachable!()
}
