//! The numbers of a council on the unit scale, and what positions are worth to whom.
//!
//! The one idea: all models of one turn read three small arrays, distance, risk and utility, each laid
//! out position by position (`[position * actors + actor]`), because votes run over actors.
//! Source: KTAB (see `options.rs`).

use super::election::election;
use super::options::{RiskAdjust, RiskRange, SpatialOptions};
use super::vote::coalitions;
use crate::council::{Council, SalienceRule};

/// What does not change from turn to turn.
pub(crate) struct Table {
    pub actors: usize,
    pub issues: usize,
    pub capability: Vec<f64>,
    /// `[actor * issues + issue]`, shares of one attention.
    pub salience: Vec<f64>,
    /// The total salience of each actor, at most 1.
    pub attention: Vec<f64>,
    /// Capability times total salience.
    pub power: Vec<f64>,
    /// The sum of squared saliences of each actor.
    square: Vec<f64>,
}

impl Table {
    pub fn of(council: &Council) -> Table {
        let (actors, issues) = (council.actors().len(), council.issues().len());
        let share = match council.data().salience_rule {
            SalienceRule::Shares => 1.0,
            SalienceRule::Each => 1.0 / issues as f64,
        };
        let capability: Vec<f64> = (0..actors).map(|i| council.capability(i)).collect();
        let mut salience = Vec::with_capacity(actors * issues);
        for i in 0..actors {
            salience.extend((0..issues).map(|k| council.salience(i, k) * share));
        }
        let rows = || salience.chunks(issues);
        let attention: Vec<f64> = rows().map(|row| row.iter().sum::<f64>().min(1.0)).collect();
        let square = rows().map(|row| row.iter().map(|s| s * s).sum()).collect();
        let power = capability.iter().zip(&attention).map(|(c, s)| c * s).collect();
        Table { actors, issues, capability, salience, attention, power, square }
    }

    /// Returns the positions of the council, `[actor * issues + issue]` on the unit scale.
    pub fn positions(&self, council: &Council) -> Vec<f64> {
        let mut all = Vec::with_capacity(self.actors * self.issues);
        for i in 0..self.actors {
            all.extend((0..self.issues).map(|k| council.to_unit(k, council.position(i, k)).clamp(0.0, 1.0)));
        }
        all
    }

    /// Returns how far a place lies from an ideal of an actor, weighted by its saliences, from 0 to 1.
    ///
    /// To an actor who cares about nothing all places are equally near.
    pub fn distance(&self, actor: usize, ideal: &[f64], place: &[f64]) -> f64 {
        if self.square[actor] <= 0.0 {
            return 0.0;
        }
        let salience = &self.salience[actor * self.issues..(actor + 1) * self.issues];
        let mut sum = 0.0;
        for ((s, y), x) in salience.iter().zip(ideal).zip(place) {
            let part = s * (y - x);
            sum += part * part;
        }
        (sum / self.square[actor]).sqrt()
    }

    /// Returns the distance from each actor's ideal to each position.
    pub fn distances(&self, ideals: &[f64], positions: &[f64]) -> Vec<f64> {
        let mut all = Vec::with_capacity(self.actors * self.actors);
        for place in positions.chunks(self.issues) {
            for (actor, ideal) in ideals.chunks(self.issues).enumerate() {
                all.push(self.distance(actor, ideal, place));
            }
        }
        all
    }
}

/// Returns the utility of a place at distance `d` to an actor of risk attitude `risk`.
pub(crate) fn utility(d: f64, risk: f64) -> f64 {
    (1.0 - d) * (1.0 + d.min(1.0) * risk)
}

/// Returns what each position is worth to each actor, if their risk attitudes are those given.
pub(crate) fn utilities(distances: &[f64], risk: &[f64], into: &mut Vec<f64>) {
    into.clear();
    for row in distances.chunks(risk.len()) {
        into.extend(row.iter().zip(risk).map(|(d, r)| utility(*d, *r)));
    }
}

/// Returns the risk attitude of each actor: the more secure its position, the more it dares.
///
/// Security is the chance of its position in an election among risk-neutral actors, who vote with
/// capability alone. Where all positions are equally secure nobody's attitude can be told, and all are
/// taken as neutral.
pub(crate) fn risk_attitudes(table: &Table, options: &SpatialOptions, neutral: &[f64]) -> Vec<f64> {
    let strength = coalitions(options.voting, &table.capability, neutral);
    let chance = election(options.election, options.victory, &strength, table.actors);
    let least = chance.iter().copied().fold(f64::INFINITY, f64::min);
    let most = chance.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = most - least;
    // A difference of rounding alone is no difference in security.
    if width.is_nan() || width <= 1e-12 {
        return vec![0.0; table.actors];
    }
    let attitude = |p: f64| {
        let share = (p - least) / width;
        match options.risk_range {
            RiskRange::Min => share,
            RiskRange::Mid => 1.5 * share - 0.5,
            RiskRange::Max => 2.0 * share - 1.0,
        }
    };
    chance.into_iter().map(attitude).collect()
}

/// Returns the attitudes that `viewer` ascribes to all.
pub(crate) fn perceived(risk: &[f64], viewer: usize, adjust: RiskAdjust, into: &mut Vec<f64>) {
    let own = risk[viewer];
    into.clear();
    into.extend(risk.iter().map(|&other| match adjust {
        RiskAdjust::No => own,
        RiskAdjust::OneThird => (2.0 * own + other) / 3.0,
        RiskAdjust::Half => (own + other) / 2.0,
        RiskAdjust::TwoThirds => (own + 2.0 * other) / 3.0,
        RiskAdjust::Full => other,
    }));
}

/// Returns all utilities as `viewer` sees them; `scratch` is overwritten.
pub(crate) fn view(
    distances: &[f64],
    risk: &[f64],
    viewer: usize,
    adjust: RiskAdjust,
    scratch: &mut Vec<f64>,
    into: &mut Vec<f64>,
) {
    perceived(risk, viewer, adjust, scratch);
    utilities(distances, scratch, into);
}
