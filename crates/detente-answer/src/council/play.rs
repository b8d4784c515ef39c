//! What one theory makes of a council, and the council that theories play at one point.
//!
//! The one idea: a theory is a function of the numbers at the table; nothing of a model's text reaches it.

use detente_bargain::forecast::{ForecastError, Model as Theory, fits, settlement};
use detente_bargain::spatial::{self, Ending};
use detente_bargain::{
    Actor, Council, CouncilData, Issue, SalienceRule, exchange, expected_utility, forecast, two_sides,
};
use detente_game::Game;
use detente_model::council::CouncilModel;

/// What one theory makes of a council.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// One place for each issue, on its own scale.
    pub outcome: Vec<f64>,
    /// `[actor][issue]`: where each stands in the end.
    pub positions: Vec<Vec<f64>>,
    /// Whether the table came to rest; `None` for theories that play no rounds.
    pub settled: Option<bool>,
}

/// Returns what one theory makes of a council.
///
/// # Errors
/// Options of the theory that are out of range.
pub fn play(council: &Council, theory: &Theory) -> Result<Played, ForecastError> {
    fits(council, theory)?;
    let (actors, issues) = (council.actors().len(), council.issues().len());
    let stated = || (0..actors).map(|a| (0..issues).map(|i| council.position(a, i)).collect()).collect();
    Ok(match theory {
        Theory::Mean | Theory::Median => {
            let answer = forecast(council, theory)?;
            Played { outcome: answer.outcome, positions: stated(), settled: answer.settled }
        }
        Theory::ExpectedUtility(options) => {
            let (mut outcome, mut positions, mut settled) = (Vec::new(), stated(), true);
            for issue in 0..issues {
                let run = expected_utility::run(council, issue, options)?;
                if let Some(last) = run.rounds.last() {
                    positions
                        .iter_mut()
                        .zip(&last.positions)
                        .for_each(|(row, x): (&mut Vec<f64>, _)| row[issue] = *x);
                }
                outcome.push(run.outcome);
                settled &= run.settled;
            }
            Played { outcome, positions, settled: Some(settled) }
        }
        Theory::Spatial(options, reading) => {
            let run = spatial::settle(council, options)?;
            Played {
                outcome: settlement(council, &run, *reading),
                positions: run.last().to_vec(),
                settled: Some(run.ending == Ending::Settled),
            }
        }
        Theory::Exchange(options) => {
            let run = exchange::run(council, options);
            Played { outcome: run.outcome, positions: run.positions, settled: None }
        }
        Theory::TwoSides(options) => {
            let outcome = two_sides::settle(council, options)?.outcome;
            let mut positions: Vec<Vec<f64>> = stated();
            for member in options.first.iter().chain(&options.second) {
                positions[*member].clone_from(&outcome);
            }
            Played { outcome, positions, settled: None }
        }
    })
}

/// Returns the council that the theories play, at one point of the parameters.
///
/// # Errors
/// Numbers that make no council at this point, in words.
pub fn seated(council: &CouncilModel, game: &Game, point: &[f64]) -> Result<Council, String> {
    let numbers = council.numbers(game, point).map_err(|bad| match bad.value {
        Some(value) => format!("{} is {value}, outside of its bounds", bad.cell),
        None => format!("{} has no value", bad.cell),
    })?;
    let issue = |i: &detente_model::council::IssueInfo| {
        let (low, high) = i.ends();
        let words = |mark: Option<&(_, String)>| mark.map(|m| m.1.clone()).unwrap_or_default();
        let (low_label, high_label) = (words(i.marks.first()), words(i.marks.last()));
        Issue { name: i.name.clone(), low, high, low_label, high_label }
    };
    let actor = |a: &detente_model::council::ActorInfo| Actor {
        name: a.name.clone(),
        description: a.support.label.clone(),
    };
    let data = CouncilData {
        issues: council.issues.iter().map(issue).collect(),
        actors: council.actors.iter().map(actor).collect(),
        capability: numbers.capability,
        position: numbers.position,
        salience: numbers.salience,
        full_salience: council.whole.to_f64(),
        salience_rule: if council.each { SalienceRule::Each } else { SalienceRule::Shares },
    };
    Council::new(data).map_err(|errors| errors.first().map(ToString::to_string).unwrap_or_default())
}
