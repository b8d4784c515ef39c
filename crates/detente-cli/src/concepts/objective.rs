//! What `--objective` says: a weighted sum of players' payoffs and outcomes' probabilities.
//!
//! The one idea: terms stand between plus and minus signs, each with a weight and a star before it if it is not 1.

use crate::failure::Failure;
use crate::input::unknown;
use detente_exact::Q;
use detente_game::device::{Terms, Wanted, What};
use detente_game::{Game, PlayerId};

/// What is asked for: all ranges, or that of the objective.
///
/// # Errors
/// A weight that is no number, or a name that the game does not have.
pub fn wanted(game: &Game, text: Option<&str>) -> Result<Wanted, Failure> {
    match text {
        None => Ok(Wanted::All),
        Some(text) => Ok(Wanted::Objective(terms(game, text)?)),
    }
}

fn terms(game: &Game, text: &str) -> Result<Terms, Failure> {
    let mut list = vec![];
    let (mut minus, mut open) = (false, String::new());
    let mut depth = 0;
    for letter in text.chars().chain(['+']) {
        match letter {
            '+' | '-' if depth == 0 && !open.trim().is_empty() => {
                list.push(term(game, open.trim(), minus)?);
                (minus, open) = (letter == '-', String::new());
            }
            '-' if depth == 0 => minus = !minus,
            '+' if depth == 0 => {}
            _ => {
                depth += i32::from(letter == '(') - i32::from(letter == ')');
                open.push(letter);
            }
        }
    }
    match list.is_empty() || !open.trim().is_empty() {
        true => Err(wrong(text)),
        false => Ok(list),
    }
}

fn term(game: &Game, text: &str, minus: bool) -> Result<(What, Q), Failure> {
    let (weight, name) = match text.split_once('*') {
        Some((weight, name)) => (Q::parse(weight.trim()).ok_or_else(|| wrong(text))?, name.trim()),
        None => (Q::ONE, text),
    };
    let outcome = name.strip_prefix("prob(").and_then(|rest| rest.strip_suffix(')')).map(str::trim);
    let what = match outcome {
        Some(outcome) => {
            let keys = game.outcome_keys();
            let place = keys.iter().position(|key| key == outcome);
            What::Outcome(
                place.ok_or_else(|| unknown("outcome", outcome, keys.iter().map(String::as_str)))? as u32
            )
        }
        None => {
            let names = || game.players.iter().map(|player| player.name.as_str());
            let place = names().position(|player| player == name);
            What::Payoff(PlayerId(place.ok_or_else(|| unknown("player", name, names()))? as u32))
        }
    };
    Ok((what, if minus { -weight } else { weight }))
}

fn wrong(text: &str) -> Failure {
    Failure::misuse(
        format!("`{text}` is no sum of payoffs and probabilities"),
        "write such as --objective \"2*Home + Rival - 10*prob(war)\"",
    )
}
