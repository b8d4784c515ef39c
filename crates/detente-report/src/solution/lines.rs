//! Lines that several documents say alike: exact numbers, rounding, ranges between two proven ends.

use super::device::what_name;
use crate::number::{full_num, num_json};
use crate::paint::pad;
use detente_exact::Q;
use detente_game::device::{Terms, What};
use detente_game::solution::Num;
use detente_game::{Game, Numbers};
use serde_json::{Value, json};

/// A rational number with its float.
pub(super) fn say(q: &Q) -> String {
    full_num(&Num::exact(q.clone()))
}

/// What a reader must know where numbers of the game were rounded; nothing where none was.
pub(super) fn rounding(numbers: &Numbers) -> Option<String> {
    let words = "Some numbers were rounded once to the nearest f64; the proof is about those numbers.";
    numbers.rounded.then(|| words.to_string())
}

/// A rational number for programs: as a fraction, unless that is so long that nobody reads it.
pub(super) fn number(q: &Q) -> Value {
    const LONGEST: usize = 2_000;
    match q.bits() <= LONGEST {
        true => num_json(&Num::exact(q.clone())),
        false => num_json(&Num::within(
            q.to_f64(),
            (q - &Q::from_f64(q.to_f64()).unwrap_or_default()).abs().to_f64_up(),
        )),
    }
}

/// How strong ranges are whose ends leave at most this gap, and in words how well the ends are proven.
pub(super) fn strength(gap: &Q) -> (&'static str, String) {
    match gap.is_zero() {
        true => ("exact-complete", "both ends proven".into()),
        false => ("certified", "each end within the gap beside it".into()),
    }
}

/// An end of a range: what is reached and, where it is not the same, what is not exceeded.
fn end_words(value: &Q, bound: &Q, limit: &str) -> String {
    match value == bound {
        true => say(value),
        false => {
            let gap = (bound - value).abs();
            format!("{} (proven {limit} within {:.0e})", say(value), gap.to_f64_up() * 1.5)
        }
    }
}

/// One line for each number: its name, and its least and greatest value, or the one that both are.
pub(super) fn range_lines<'a>(
    game: &Game,
    ranges: impl Iterator<Item = (What, [&'a Q; 2], [&'a Q; 2])>,
) -> Vec<String> {
    let said: Vec<(String, String)> = ranges
        .map(|(what, [low, low_bound], [high, high_bound])| {
            let (low, high) = (end_words(low, low_bound, "least"), end_words(high, high_bound, "most"));
            (what_name(game, what), if low == high { low } else { format!("{low} to {high}") })
        })
        .collect();
    let width = said.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    said.iter().map(|(name, said)| format!("  {}  {said}", pad(name, width))).collect()
}

/// Says that outcomes were not asked for one by one, where there are many.
pub(super) fn left_out(outcomes: usize, asked: usize) -> Option<String> {
    (outcomes > asked)
        .then(|| format!("  The probabilities of its {outcomes} outcomes were not asked for one by one."))
}

/// Which range's upper end is written out as text, and what it does in words.
pub(super) fn shown(what: What) -> Option<&'static str> {
    match what {
        What::Total => Some("brings the players most together"),
        What::Objective => Some("brings the objective to its most"),
        What::Outcome(_) | What::Payoff(_) => None,
    }
}

/// The terms of an objective, for programs.
pub(super) fn terms(game: &Game, terms: &Terms) -> Value {
    terms
        .iter()
        .map(|(what, weight)| json!({"what": what_name(game, *what), "weight": number(weight)}))
        .collect()
}
