//! Lines that several documents say alike: exact numbers, rounding, ranges between two proven ends.

use super::device::what_name;
use crate::number::full_num;
use crate::paint::pad;
use detente_exact::Q;
use detente_game::device::What;
use detente_game::solution::Num;
use detente_game::{Game, Numbers};

/// A rational number with its float.
pub(super) fn say(q: &Q) -> String {
    full_num(&Num::exact(q.clone()))
}

/// What a reader must know where numbers of the game were rounded; nothing where none was.
pub(super) fn rounding(numbers: &Numbers) -> Option<String> {
    let words = "Some numbers were rounded once to the nearest f64; the proof is about those numbers.";
    numbers.rounded.then(|| words.to_string())
}

/// One line for each number: its name, and its least and greatest value, or the one that both are.
pub(super) fn range_lines<'a>(
    game: &Game,
    ranges: impl Iterator<Item = (What, &'a Q, &'a Q)>,
) -> Vec<String> {
    let said: Vec<(String, String)> = ranges
        .map(|(what, low, high)| {
            let (low, high) = (say(low), say(high));
            (what_name(game, what), if low == high { low } else { format!("{low} to {high}") })
        })
        .collect();
    let width = said.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    said.iter().map(|(name, said)| format!("  {}  {said}", pad(name, width))).collect()
}
