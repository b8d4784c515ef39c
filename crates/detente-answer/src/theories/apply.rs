//! From the words of an option to the choice that a theory makes.
//!
//! The one idea: a theory that is named after its choices keeps them; every other option goes to whichever
//! theory takes it, and to no other.

use super::{Seats, Voice, number_of, plain, seat, word_of};
use detente_bargain::exchange::ExchangeOptions;
use detente_bargain::expected_utility::UtilityOptions;
use detente_bargain::forecast::{Model as Theory, Reading};
use detente_bargain::spatial::SpatialOptions;
use detente_bargain::spatial::options::{Named, Transition};
use detente_model::council::OptionWord;

/// What a theory is named after; options do not change it.
fn fixed(theory: &str, option: &str) -> bool {
    match theory {
        "eu_sure" | "eu_even" => option == "eu_status_quo",
        "eu_code" => ["eu_status_quo", "eu_denominator", "eu_vote_risk", "eu_compromise", "eu_compelled"]
            .contains(&option),
        "spatial_markov" => option == "election",
        _ => false,
    }
}

/// Makes an option's choice in a theory, if it takes it.
///
/// # Errors
/// A word that the theory does not know.
pub(super) fn apply(
    voice: &mut Voice,
    name: &str,
    values: &[OptionWord],
    seats: &Seats,
) -> Result<(), String> {
    if fixed(&voice.word, name) {
        return Ok(());
    }
    let Some(first) = values.first() else { return Ok(()) };
    match &mut voice.named.model {
        Theory::ExpectedUtility(options) => utility(options, name, first),
        Theory::Spatial(options, _) if name == "affinity" => {
            options.affinity = Some(affinity(values, seats));
            Ok(())
        }
        Theory::Spatial(_, reading) if name == "reading" => {
            *reading = match word_of(first) {
                Some("median") => Reading::Median,
                Some("winner") => Reading::Winner,
                _ => Reading::Mean,
            };
            Ok(())
        }
        Theory::Spatial(options, _) => spatial(options, name, first),
        Theory::Exchange(options) => {
            exchange(options, name, first);
            Ok(())
        }
        Theory::Mean | Theory::Median | Theory::TwoSides(_) => Ok(()),
    }
}

/// A whole number that the table of options has checked.
fn whole(value: &OptionWord) -> u64 {
    match value {
        OptionWord::Number(number) => number.to_i64().and_then(|n| u64::try_from(n).ok()).unwrap_or(0),
        OptionWord::Word(_) => 0,
    }
}

fn spatial(options: &mut SpatialOptions, name: &str, value: &OptionWord) -> Result<(), String> {
    let turns = whole(value) as usize;
    let number = number_of(value).unwrap_or(0.0);
    match name {
        "voting" => options.voting = choice(name, value)?,
        "victory" => options.victory = choice(name, value)?,
        "election" => options.election = choice(name, value)?,
        "risk_range" => options.risk_range = choice(name, value)?,
        "risk_adjust" => options.risk_adjust = choice(name, value)?,
        "third_party" => options.third_party = choice(name, value)?,
        "interpolation" => options.interpolation = choice(name, value)?,
        "offers" => options.offers = choice(name, value)?,
        "target_view" => options.target_view = choice(name, value)?,
        "transition" => {
            let seed = seed_of(options.transition);
            options.transition = match word_of(value) {
                Some("stochastic") => Transition::Stochastic { seed, draw: 0 },
                _ => Transition::Deterministic,
            };
        }
        "seed" => {
            if let Transition::Stochastic { seed, .. } = &mut options.transition {
                *seed = whole(value);
            }
        }
        "round_offers" => options.round_offers = word_of(value) == Some("yes"),
        "least_gain" => options.least_gain = number,
        "turns" => options.stop.most_turns = turns,
        "least_turns" => options.stop.least_turns = turns,
        "rest_share" => options.stop.share = number,
        "rest_floor" => options.stop.floor = number,
        _ => {}
    }
    Ok(())
}

fn seed_of(transition: Transition) -> u64 {
    match transition {
        Transition::Deterministic => 0,
        Transition::Stochastic { seed, .. } => seed,
    }
}

fn utility(options: &mut UtilityOptions, name: &str, value: &OptionWord) -> Result<(), String> {
    let number = number_of(value).unwrap_or(0.0);
    match name {
        "eu_numerator" => options.numerator = choice(name, value)?,
        "eu_denominator" => options.denominator = choice(name, value)?,
        "eu_vote_risk" => options.vote_risk = choice(name, value)?,
        "eu_gain_risk" => options.gain_risk = choice(name, value)?,
        "eu_status_quo" => options.status_quo_holds = number,
        "eu_trend" => options.trend = choice(name, value)?,
        "eu_range" => options.range = choice(name, value)?,
        "eu_risk" => options.security = choice(name, value)?,
        "eu_compromise" => options.compromise = choice(name, value)?,
        "eu_compelled" => options.compelled = choice(name, value)?,
        "eu_priority" => options.priority = choice(name, value)?,
        "eu_tie" => options.tie = choice(name, value)?,
        "eu_outcome" => options.outcome = choice(name, value)?,
        "eu_settled" => options.settled = number,
        "turns" => options.rounds = whole(value) as usize,
        _ => {}
    }
    Ok(())
}

fn exchange(options: &mut ExchangeOptions, name: &str, value: &OptionWord) {
    match name {
        "exchange_rounds" => options.rounds = whole(value) as usize,
        "exchange_least_gain" => options.least_gain = number_of(value).unwrap_or(0.0),
        _ => {}
    }
}

/// Whose positions ideals follow. What is not said of an actor stays with its own position.
fn affinity(values: &[OptionWord], seats: &Seats) -> Vec<Vec<f64>> {
    let n = seats.actors.len();
    let mut table = vec![vec![0.0; n]; n];
    let mut own_said = vec![false; n];
    for triple in values.chunks(3) {
        let [actor, followed, share] = triple else { continue };
        let (Some(i), Some(j), Some(share)) = (seat(actor, seats), seat(followed, seats), number_of(share))
        else {
            continue;
        };
        table[i][j] = share;
        own_said[i] |= i == j;
    }
    for (i, row) in table.iter_mut().enumerate() {
        if !own_said[i] {
            row[i] = (1.0 - row.iter().sum::<f64>()).max(0.0);
        }
    }
    table
}

/// Finds a choice by its word.
fn choice<T: Named>(option: &str, value: &OptionWord) -> Result<T, String> {
    let word = word_of(value).unwrap_or("");
    let found = T::NAMES.iter().find(|(_, name)| plain(name) == plain(word)).map(|(choice, _)| *choice);
    found.ok_or_else(|| format!("`{option}` cannot be `{word}`"))
}
