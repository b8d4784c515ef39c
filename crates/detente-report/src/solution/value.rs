//! The value of a game of two players whose payoffs have a constant sum.
//!
//! The one idea: such a game has one number that answers it, whichever way it was solved: what the first player
//! gets in every Nash equilibrium (von Neumann 1928). It stands before the equilibria.

use crate::number::{num_json, six_digits};
use crate::paint::printable;
use detente_exact::Q;
use detente_game::solution::{Concept, Num, Solution, Status};
use detente_game::{Game, Numbers};
use serde_json::{Value, json};

/// Longest exact value that is written out in text, in characters.
const WRITTEN_OUT: usize = 100;

/// What the first player gets in every Nash equilibrium, and what both get together.
struct Worth {
    payoff: Num,
    sum: Q,
}

/// The value as far as the listed equilibria prove it; `None` where a game has none, or nothing is listed.
fn worth(game: &Game, numbers: &Numbers, solution: &Solution) -> Option<Worth> {
    if solution.concept == Concept::Qre {
        return None;
    }
    let found = solution.components.first()?;
    let sum = game.constant_sum(numbers)?;
    let paid = found.payoffs.first()?;
    let gap = &found.gap_nash;
    let is_exact = gap.exact.as_ref().is_some_and(Q::is_zero);
    let payoff = match (&paid.exact, is_exact, solution.status) {
        (_, _, Status::Numeric) => Num { value: paid.value, exact: None, radius: None },
        (Some(_), true, _) => paid.clone(),
        // What either player could gain is all that the value may lie away from what is paid.
        _ => Num::within(paid.value, width(paid).next_up() + (gap.value + width(gap)).next_up()),
    };
    Some(Worth { payoff, sum })
}

/// How far a number may lie from its float.
fn width(num: &Num) -> f64 {
    match (&num.exact, num.radius) {
        (Some(_), _) => (num.value.abs() * f64::EPSILON).next_up(),
        (None, radius) => radius.unwrap_or(0.0),
    }
}

/// Returns the value as a line of text: `value of the game to A: -0.0555556 (exactly -1/18)`.
pub(super) fn value_text(game: &Game, numbers: &Numbers, solution: &Solution) -> Option<String> {
    let Worth { payoff, sum } = worth(game, numbers, solution)?;
    let number = six_digits(payoff.value);
    let said = match (&payoff.exact, payoff.radius) {
        (Some(q), _) => match q.to_string() {
            exact if exact == number => exact,
            exact if exact.len() <= WRITTEN_OUT => format!("{number} (exactly {exact})"),
            exact => {
                format!("{number} (an exact fraction of {} digits; --format json has it)", digits(&exact))
            }
        },
        (None, Some(radius)) => format!("{number}, within {radius:.1e}"),
        (None, None) => format!("about {number}, computed and not proven"),
    };
    let both = if sum.is_zero() { String::new() } else { format!("; both together get {sum}") };
    Some(format!("value of the game to {}: {said}{both}.", printable(&game.players.first()?.name)))
}

fn digits(exact: &str) -> usize {
    exact.chars().filter(char::is_ascii_digit).count()
}

/// Returns the value as JSON: the player it is about, its payoff, and the sum of both payoffs.
pub(super) fn value_json(game: &Game, numbers: &Numbers, solution: &Solution) -> Option<Value> {
    let Worth { payoff, sum } = worth(game, numbers, solution)?;
    let player = &game.players.first()?.name;
    Some(json!({"player": player, "payoff": num_json(&payoff), "sum": num_json(&Num::exact(sum))}))
}
