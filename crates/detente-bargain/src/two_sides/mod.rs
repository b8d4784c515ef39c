//! Two sides at the table: the bargains of Nash and of Kalai and Smorodinsky.
//!
//! The one idea: two groups of actors become two sides, each with one place and one salience on every issue;
//! giving up issues in the order of what they cost for what they bring makes the frontier of what they can
//! agree on, and `frontier` holds the bargains on it.

mod frontier;

pub use frontier::{Frontier, kalai_smorodinsky, nash};

use crate::council::Council;
use thiserror::Error;

/// A pair of utilities, the first side's and the second's.
pub type Pair = (f64, f64);

/// Why there is no bargain.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum TwoSidesError {
    #[error("there is nothing to bargain over; give at least one pair of utilities")]
    NoPoints,
    #[error("a utility is not a finite number")]
    NotFinite,
    #[error("no agreement leaves both sides at least as well off as no agreement")]
    NothingToGain,
    #[error("the bargaining power of the first side is {value}; it must lie between 0 and 1")]
    Power { value: f64 },
    #[error("the council has no actor number {actor}, counted from 0")]
    NoActor { actor: usize },
    #[error("actor `{actor}` stands on both sides")]
    BothSides { actor: String },
    #[error("a side has no actor; give each side at least one")]
    EmptySide,
    #[error("there are {found} places without agreement for {issues} issues; give one per issue")]
    Places { issues: usize, found: usize },
}

/// Which bargain is struck.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Solution {
    /// With the bargaining power of the first side, 0 to 1.
    Nash {
        power: f64,
    },
    KalaiSmorodinsky,
}

/// Two sides of a council and what becomes of them without agreement.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoSidesOptions {
    /// Actors by position; who is on neither side has no say.
    pub first: Vec<usize>,
    pub second: Vec<usize>,
    /// Where each issue stands without agreement, in the issue's unit.
    pub no_agreement: Vec<f64>,
    /// What failing to agree costs each side besides, in salience (0 to 1) times parts of a scale.
    pub breakdown_cost: Pair,
    pub solution: Solution,
}

/// Returns the bargain that these options ask for.
///
/// # Errors
/// [`TwoSidesError`] if sides or numbers do not fit the council, or nothing is to be gained.
pub fn settle(council: &Council, options: &TwoSidesOptions) -> Result<Bargain, TwoSidesError> {
    let (issues, found) = (council.issues().len(), options.no_agreement.len());
    if issues != found {
        return Err(TwoSidesError::Places { issues, found });
    }
    let sides = TwoSides::new(council, &options.first, &options.second)?;
    let worth = sides.utility(council, &options.no_agreement);
    let none = (worth.0 - options.breakdown_cost.0, worth.1 - options.breakdown_cost.1);
    match options.solution {
        Solution::Nash { power } => sides.nash(council, none, power),
        Solution::KalaiSmorodinsky => sides.kalai_smorodinsky(council, none),
    }
}

/// One issue between two sides, on the unit scale.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Dispute {
    issue: usize,
    first: f64,
    second: f64,
    first_salience: f64,
    second_salience: f64,
}

/// Two coalitions facing each other: each side's position and salience are means weighted by capability
/// (positions by capability times salience). Losses are salience times distance, so an agreement is worth
/// at most 0 to a side.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoSides {
    disputes: Vec<Dispute>,
    frontier: Frontier,
}

/// A bargain: where each issue settles, and what it is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Bargain {
    /// In the issues' units.
    pub outcome: Vec<f64>,
    pub utility: Pair,
}

impl TwoSides {
    /// Sets two groups of actors against each other.
    ///
    /// # Errors
    /// [`TwoSidesError`] if a side is empty, unknown, or shares an actor with the other.
    pub fn new(council: &Council, first: &[usize], second: &[usize]) -> Result<TwoSides, TwoSidesError> {
        for side in [first, second] {
            if side.is_empty() {
                return Err(TwoSidesError::EmptySide);
            }
            if let Some(&actor) = side.iter().find(|&&actor| actor >= council.actors().len()) {
                return Err(TwoSidesError::NoActor { actor });
            }
        }
        if let Some(&actor) = first.iter().find(|actor| second.contains(actor)) {
            return Err(TwoSidesError::BothSides { actor: council.actors()[actor].name.clone() });
        }
        let mut disputes = Vec::new();
        for issue in 0..council.issues().len() {
            let (first, first_salience) = side_on(council, first, issue);
            let (second, second_salience) = side_on(council, second, issue);
            disputes.push(Dispute { issue, first, second, first_salience, second_salience });
        }
        let frontier = Frontier { points: corners(&disputes) };
        Ok(TwoSides { disputes, frontier })
    }

    /// Returns the frontier of what the two can agree on.
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// Returns what outcomes (in the issues' units) are worth to the two sides.
    pub fn utility(&self, council: &Council, outcome: &[f64]) -> Pair {
        let mut sum = (0.0, 0.0);
        for (d, place) in self.disputes.iter().zip(outcome) {
            let x = council.to_unit(d.issue, *place);
            sum.0 -= d.first_salience * (x - d.first).abs();
            sum.1 -= d.second_salience * (x - d.second).abs();
        }
        sum
    }

    /// Returns the Nash bargain.
    ///
    /// # Errors
    /// As [`nash`].
    pub fn nash(&self, council: &Council, none: Pair, power: f64) -> Result<Bargain, TwoSidesError> {
        let utility = nash(&self.frontier, none, power)?;
        Ok(Bargain { outcome: self.outcome(council, utility), utility })
    }

    /// Returns the Kalai–Smorodinsky bargain.
    ///
    /// # Errors
    /// As [`kalai_smorodinsky`].
    pub fn kalai_smorodinsky(&self, council: &Council, none: Pair) -> Result<Bargain, TwoSidesError> {
        let utility = kalai_smorodinsky(&self.frontier, none)?;
        Ok(Bargain { outcome: self.outcome(council, utility), utility })
    }

    /// Returns the outcomes that give the first side that utility, on the frontier.
    fn outcome(&self, council: &Council, utility: Pair) -> Vec<f64> {
        let mut owed = -utility.0;
        let mut outcome = vec![0.0; self.disputes.len()];
        for d in conceding(&self.disputes) {
            let most = d.first_salience * (d.first - d.second).abs();
            // What costs the first side nothing goes to the second in full.
            let t = if most > 0.0 { (owed / most).clamp(0.0, 1.0) } else { 1.0 };
            owed -= t * most;
            let place = if most > 0.0 || d.second_salience > 0.0 {
                d.first + t * (d.second - d.first)
            } else {
                (d.first + d.second) / 2.0
            };
            outcome[d.issue] = council.from_unit(d.issue, place);
        }
        outcome
    }
}

fn side_on(council: &Council, side: &[usize], issue: usize) -> (f64, f64) {
    let capability: f64 = side.iter().map(|&i| council.capability(i)).sum();
    let weight: f64 = side.iter().map(|&i| council.weight(i, issue)).sum();
    let place = |i: usize| council.to_unit(issue, council.position(i, issue));
    let mean = |value: &dyn Fn(usize) -> f64, weight: &dyn Fn(usize) -> f64, total: f64| -> f64 {
        if total > 0.0 {
            side.iter().map(|&i| weight(i) * value(i)).sum::<f64>() / total
        } else {
            side.iter().map(|&i| value(i)).sum::<f64>() / side.len() as f64
        }
    };
    let by_capability = |i: usize| council.capability(i);
    let position = if weight > 0.0 {
        mean(&place, &|i| council.weight(i, issue), weight)
    } else {
        mean(&place, &by_capability, capability)
    };
    (position, mean(&|i| council.salience(i, issue), &by_capability, capability))
}

/// Returns the issues in the order in which the first side gives them up: first what costs it least for
/// what it brings the other.
fn conceding(disputes: &[Dispute]) -> Vec<Dispute> {
    let mut order = disputes.to_vec();
    // By first_salience / second_salience, without dividing by 0.
    order.sort_by(|a, b| {
        (a.first_salience * b.second_salience)
            .total_cmp(&(b.first_salience * a.second_salience))
            .then(a.issue.cmp(&b.issue))
    });
    order
}

fn corners(disputes: &[Dispute]) -> Vec<Pair> {
    let length = |d: &Dispute| (d.first - d.second).abs();
    let mut at = (0.0, -disputes.iter().map(|d| d.second_salience * length(d)).sum::<f64>());
    let mut points = vec![at];
    for d in conceding(disputes) {
        at = (at.0 - d.first_salience * length(&d), at.1 + d.second_salience * length(&d));
        points.push(at);
    }
    Frontier::of_outcomes(&points).map_or(points, |frontier| frontier.points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::council::{Actor, CouncilData, Issue, SalienceRule};

    fn near(a: Pair, b: Pair) -> bool {
        (a.0 - b.0).abs() < 1e-12 && (a.1 - b.1).abs() < 1e-12
    }

    /// Where sides differ on one issue only, any place between them is efficient: without a cost of
    /// failing nothing is to be gained, with equal costs they stay there.
    #[test]
    fn costs_of_failing_decide_what_one_issue_settles_on() {
        let council = Council::new(CouncilData {
            issues: vec![Issue::new("border", 0.0, 10.0)],
            actors: vec![Actor::new("A"), Actor::new("B")],
            capability: vec![1.0, 1.0],
            position: vec![vec![0.0], vec![10.0]],
            salience: vec![vec![1.0], vec![1.0]],
            full_salience: 1.0,
            salience_rule: SalienceRule::Shares,
        })
        .expect("sound");
        let at = |place: f64, cost: Pair, solution: Solution| {
            let (first, second) = (vec![0], vec![1]);
            let options =
                TwoSidesOptions { first, second, no_agreement: vec![place], breakdown_cost: cost, solution };
            settle(&council, &options).map(|b| b.outcome[0])
        };
        for solution in [Solution::Nash { power: 0.5 }, Solution::KalaiSmorodinsky] {
            for place in [0.0, 0.3, 3.0, 7.1, 10.0] {
                let found = at(place, (0.0, 0.0), solution).expect("a point of the frontier");
                assert!((found - place).abs() < 1e-9, "{solution:?}: {place} became {found}");
            }
            let found = at(5.0, (0.1, 0.1), solution).expect("gain");
            assert!((found - 5.0).abs() < 1e-9);
            // Whom failing costs more gives way: the frontier is 1 long, and Nash splits the gain of 0.4.
            let found = at(5.0, (0.3, 0.1), solution).expect("gain");
            assert!((found - 6.0).abs() < 1e-9, "{solution:?}: {found}");
        }
        let wrong = TwoSidesOptions {
            first: vec![0],
            second: vec![1],
            no_agreement: vec![],
            breakdown_cost: (0.0, 0.0),
            solution: Solution::KalaiSmorodinsky,
        };
        assert_eq!(settle(&council, &wrong), Err(TwoSidesError::Places { issues: 1, found: 0 }));
    }

    #[test]
    fn each_side_gets_what_it_cares_about() {
        let council = Council::new(CouncilData {
            issues: vec![Issue::new("border", 0.0, 10.0), Issue::new("trade", 0.0, 100.0)],
            actors: vec![Actor::new("A"), Actor::new("B")],
            capability: vec![1.0, 1.0],
            position: vec![vec![0.0, 0.0], vec![10.0, 100.0]],
            salience: vec![vec![0.9, 0.1], vec![0.1, 0.9]],
            full_salience: 1.0,
            salience_rule: SalienceRule::Shares,
        })
        .expect("sound");
        let sides = TwoSides::new(&council, &[0], &[1]).expect("two sides");
        let none = (-1.0, -1.0);
        for bargain in [sides.nash(&council, none, 0.5), sides.kalai_smorodinsky(&council, none)] {
            let bargain = bargain.expect("gain");
            assert!((bargain.outcome[0] - 0.0).abs() < 1e-9 && (bargain.outcome[1] - 100.0).abs() < 1e-9);
            assert!(near(bargain.utility, (-0.1, -0.1)));
            assert!(near(sides.utility(&council, &bargain.outcome), bargain.utility));
        }
        assert_eq!(TwoSides::new(&council, &[0], &[0]), Err(TwoSidesError::BothSides { actor: "A".into() }));
        assert_eq!(TwoSides::new(&council, &[], &[0]), Err(TwoSidesError::EmptySide));
    }
}
