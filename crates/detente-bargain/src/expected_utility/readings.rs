//! One issue under every reading of the published accounts, side by side.
//!
//! The one idea: the accounts leave choices open, and each choice is somebody's program; so the spread over
//! readings is shown, and a sentence says whether there is one answer at all.

use super::model::{UtilityRun, run};
use super::options::{Compromise, Denominator, UtilityOptions};
use crate::baseline::{baseline, weighted_mean, weighted_median};
use crate::council::{Council, CouncilData, SalienceRule};
use crate::forecast::{Model, Reading, fits};
use crate::spatial::{self, Ending, SpatialOptions};

/// Outcomes closer than this part of the scale are one answer.
const ALIKE: f64 = 0.05;

/// One reading of an issue.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    pub name: String,
    /// What was chosen, in words.
    pub choices: &'static str,
    /// Median and mean in the issue's unit, before the first round and after each.
    pub rounds: Vec<(f64, f64)>,
    /// Whether the table came to rest; `None` where nothing is played.
    pub settled: Option<bool>,
    /// The outcome by this reading's own rule.
    pub outcome: f64,
}

/// Returns an issue under all readings, as if it were the only one; empty if there is no such issue.
///
/// Of more actors than can be compared in pairs only the baselines are left.
/// The spatial model is read twice: on the part of the scale that positions occupy, and on the whole.
pub fn readings(council: &Council, issue: usize) -> Vec<Variant> {
    let Some(info) = council.issues().get(issue) else { return Vec::new() };
    let places = (0..council.actors().len()).map(|a| council.position(a, issue));
    let low = places.clone().fold(f64::INFINITY, f64::min);
    let high = places.fold(f64::NEG_INFINITY, f64::max);
    let Some(whole) = alone(council, issue, (info.low, info.high)) else { return Vec::new() };
    let base = baseline(&whole, 0);
    let start = vec![(base.median, base.mean)];
    let still = |name: &str, choices, outcome| {
        let rounds = start.clone();
        Variant { name: name.into(), choices, rounds, settled: None, outcome }
    };
    let text = UtilityOptions::textbook(1.0);
    let least = UtilityOptions { compromise: Compromise::LeastMove, ..UtilityOptions::scholz_code() };
    let tiny = UtilityOptions { denominator: Denominator::AllPairs, ..text };
    let mut list = vec![
        still("weighted mean", "capability times salience, nothing played", base.mean),
        still("weighted median", "capability times salience, nothing played", base.median),
    ];
    for (name, choices, options) in [
        ("textbook, Q = 1", "odds per pair, linear votes, least move", text),
        (
            "textbook, Q = 1/2",
            "as above, but the status quo holds with one half",
            UtilityOptions::textbook(0.5),
        ),
        ("textbook, odds over all pairs", "as Q = 1, odds divided by all votes", tiny),
        (
            "replicated code",
            "odds over all pairs, votes bent by risk, lowest compromise, nobody compelled",
            UtilityOptions::scholz_code(),
        ),
        ("replicated code, least move", "as above, but the nearest compromise", least),
    ] {
        list.extend(played(name, choices, &whole, &options));
    }
    if low < high && (low, high) != (info.low, info.high) {
        list.extend(alone(council, issue, (low, high)).and_then(|c| on_scale(&c)));
    }
    list.extend(on_scale(&whole));
    list
}

/// Says whether readings agree: one sentence that must stand beside any single number.
pub fn agreement(council: &Council, issue: usize, readings: &[Variant]) -> String {
    let ends = readings.iter().map(|v| v.outcome);
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    let width = council.issues().get(issue).map_or(0.0, |i| i.high - i.low);
    let never = if readings.iter().any(|v| v.settled == Some(false)) { ", or never," } else { "" };
    let rows = council.actors().len();
    let short = |x: f64| (x * 100.0).round() / 100.0;
    if high - low <= ALIKE * width && never.is_empty() {
        return format!("All readings agree within 5 % of the scale: {} to {}.", short(low), short(high));
    }
    format!(
        "This issue has no single answer: the same {rows} rows settle anywhere between {} and {}{never} depending on \
         choices that the published accounts leave open.",
        short(low),
        short(high)
    )
}

/// Returns the council with that issue alone, on that part of its scale.
fn alone(council: &Council, issue: usize, (low, high): (f64, f64)) -> Option<Council> {
    let mut info = council.issues().get(issue)?.clone();
    (info.low, info.high) = (low, high);
    let actors = 0..council.actors().len();
    Council::new(CouncilData {
        issues: vec![info],
        actors: council.actors().to_vec(),
        capability: actors.clone().map(|a| council.capability(a)).collect(),
        position: actors.clone().map(|a| vec![council.position(a, issue)]).collect(),
        salience: actors.map(|a| vec![council.salience(a, issue)]).collect(),
        full_salience: 1.0,
        salience_rule: SalienceRule::Shares,
    })
    .ok()
}

fn played(name: &str, choices: &'static str, council: &Council, options: &UtilityOptions) -> Option<Variant> {
    fits(council, &Model::ExpectedUtility(*options)).ok()?;
    let UtilityRun { start, rounds, settled, outcome } = run(council, 0, options).ok()?;
    let rounds = std::iter::once(start).chain(rounds.iter().map(|r| (r.median, r.mean))).collect();
    Some(Variant { name: name.into(), choices, rounds, settled: Some(settled), outcome })
}

fn on_scale(council: &Council) -> Option<Variant> {
    let options = SpatialOptions::default();
    fits(council, &Model::Spatial(options.clone(), Reading::Mean)).ok()?;
    let run = spatial::settle(council, &options).ok()?;
    let weights: Vec<f64> = (0..council.actors().len()).map(|a| council.weight(a, 0)).collect();
    let rounds: Vec<(f64, f64)> = run
        .positions
        .iter()
        .map(|state| {
            let places: Vec<f64> = state.iter().map(|row| row[0]).collect();
            (weighted_median(&places, &weights).0, weighted_mean(&places, &weights))
        })
        .collect();
    let outcome = rounds.last()?.1;
    let scale = &council.issues()[0];
    Some(Variant {
        name: format!("spatial model, scale {} to {}", scale.low, scale.high),
        choices: "reference options, mean",
        rounds,
        settled: Some(run.ending == Ending::Settled),
        outcome,
    })
}
