//! The 1994 emission example under every reading, side by side.
//!
//! The one idea: ten rows of input, published many times, have no single answer; a table that shows it
//! is the best argument for printing model uncertainty.
//! Source of the input: Bueno de Mesquita, B. and Stokman, F. (eds.), European Community Decision Making
//! (1994): years of delay of an emission standard for medium-sized cars.

use super::readings::{Variant, readings};
use crate::council::{Actor, Council, CouncilData, Issue, SalienceRule};

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

/// Returns the example under all readings, on the scale that it occupies and on one from 0 to 10.
pub fn variants() -> Vec<Variant> {
    readings(&council(0.0, 10.0).expect("0 to 10 holds all positions"), 0)
}
