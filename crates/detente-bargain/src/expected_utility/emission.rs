//! The 1994 emission example under every reading, side by side.
//!
//! The one idea: ten rows of input, published many times, have no single answer; a table that shows it
//! is the best argument for printing model uncertainty.
//! Source of the input: Bueno de Mesquita, B. and Stokman, F. (eds.), European Community Decision Making
//! (1994): years of delay of an emission standard for medium-sized cars.

use super::model::{UtilityRun, run};
use super::options::{Compromise, Denominator, UtilityOptions};
use crate::baseline::{baseline, weighted_mean, weighted_median};
use crate::council::{Actor, Council, CouncilData, Issue, SalienceRule};
use crate::spatial::{self, Ending, SpatialOptions};

/// What must stand beside any number from this example.
pub const NO_SINGLE_ANSWER: &str = "This example has no single answer: the same ten rows settle anywhere \
between 4 and 10 years, or never, depending on choices that the published accounts leave open.";

/// Country, position in years, capability, salience.
const INPUT: [(&str, f64, f64, f64); 10] = [
    ("Netherlands", 4.0, 0.08, 0.8),
    ("Belgium", 7.0, 0.08, 0.4),
    ("Luxembourg", 4.0, 0.03, 0.2),
    ("Germany", 4.0, 0.16, 0.8),
    ("France", 10.0, 0.16, 0.6),
    ("Italy", 10.0, 0.16, 0.6),
    ("UK", 10.0, 0.16, 0.9),
    ("Ireland", 7.0, 0.05, 0.1),
    ("Denmark", 4.0, 0.05, 1.0),
    ("Greece", 7.0, 0.08, 0.7),
];

/// Returns the example on a scale from `low` to `high` years.
///
/// `None` if the scale does not hold all positions, which run from 4 to 10.
pub fn council(low: f64, high: f64) -> Option<Council> {
    let labels = ("applies at once", "applies last");
    let issue = Issue {
        low_label: labels.0.into(),
        high_label: labels.1.into(),
        ..Issue::new("years of delay", low, high)
    };
    Council::new(CouncilData {
        issues: vec![issue],
        actors: INPUT.iter().map(|row| Actor::new(row.0)).collect(),
        capability: INPUT.iter().map(|row| row.2).collect(),
        position: INPUT.iter().map(|row| vec![row.1]).collect(),
        salience: INPUT.iter().map(|row| vec![row.3]).collect(),
        full_salience: 1.0,
        salience_rule: SalienceRule::Shares,
    })
    .ok()
}

/// One reading of the example.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    pub name: &'static str,
    /// What was chosen, in words.
    pub choices: &'static str,
    /// Median and mean in years, before the first round and after each.
    pub rounds: Vec<(f64, f64)>,
    /// Whether the table came to rest; `None` where nothing is played.
    pub settled: Option<bool>,
    /// The outcome in years by this reading's own rule.
    pub outcome: f64,
}

/// Returns the example under all readings.
pub fn variants() -> Vec<Variant> {
    let occupied = council(4.0, 10.0).expect("4 to 10 holds all positions");
    let wide = council(0.0, 10.0).expect("0 to 10 holds all positions");
    let base = baseline(&occupied, 0);
    let start = vec![(base.median, base.mean)];
    let still = |name, choices, outcome| {
        let rounds = start.clone();
        Variant { name, choices, rounds, settled: None, outcome }
    };
    let text = UtilityOptions::textbook(1.0);
    let least = UtilityOptions { compromise: Compromise::LeastMove, ..UtilityOptions::scholz_code() };
    let tiny = UtilityOptions { denominator: Denominator::AllPairs, ..text };
    vec![
        still("weighted mean", "capability times salience, nothing played", base.mean),
        still("weighted median", "capability times salience, nothing played", base.median),
        played("textbook, Q = 1", "odds per pair, linear votes, least move", &occupied, &text),
        played(
            "textbook, Q = 1/2",
            "as above, but the status quo holds with one half",
            &occupied,
            &UtilityOptions::textbook(0.5),
        ),
        played("textbook, odds over all pairs", "as Q = 1, odds divided by all votes", &occupied, &tiny),
        played(
            "replicated code",
            "odds over all pairs, votes bent by risk, lowest compromise, nobody compelled",
            &occupied,
            &UtilityOptions::scholz_code(),
        ),
        played("replicated code, least move", "as above, but the nearest compromise", &occupied, &least),
        spatial_variant("spatial model, scale 4 to 10", "reference options, mean", &occupied),
        spatial_variant("spatial model, scale 0 to 10", "reference options, mean", &wide),
    ]
}

fn played(name: &'static str, choices: &'static str, council: &Council, options: &UtilityOptions) -> Variant {
    let UtilityRun { start, rounds, settled, outcome } =
        run(council, 0, options).expect("issue 0 exists and the options are in range");
    let rounds = std::iter::once(start).chain(rounds.iter().map(|r| (r.median, r.mean))).collect();
    Variant { name, choices, rounds, settled: Some(settled), outcome }
}

fn spatial_variant(name: &'static str, choices: &'static str, council: &Council) -> Variant {
    let run = spatial::settle(council, &SpatialOptions::default()).expect("the default options fit");
    let weights: Vec<f64> = (0..INPUT.len()).map(|i| council.weight(i, 0)).collect();
    let rounds: Vec<(f64, f64)> = run
        .positions
        .iter()
        .map(|state| {
            let places: Vec<f64> = state.iter().map(|row| row[0]).collect();
            (weighted_median(&places, &weights).0, weighted_mean(&places, &weights))
        })
        .collect();
    let outcome = rounds.last().map_or(f64::NAN, |round| round.1);
    Variant { name, choices, rounds, settled: Some(run.ending == Ending::Settled), outcome }
}
