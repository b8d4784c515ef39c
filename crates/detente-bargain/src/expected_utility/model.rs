//! One issue, round by round: who could gain from challenging whom, and who therefore moves.
//!
//! The one idea: an actor looks at every rival with its own eyes, compares what it would gain by
//! challenging with what the rival would gain by challenging it, and moves where it expects to lose.
//! Symbols of the literature: position x, capability c, salience s, risk exponent r, probability P,
//! probability of the status quo Q, trend T, median mu. Sources: see `options.rs`.

use super::dispute::Dispute;
use super::options::{Outcome, Range, UtilityOptions};
use crate::baseline::{issue_weights, weighted_mean, weighted_median};
use crate::council::Council;
use thiserror::Error;

/// Why options make no model.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum UtilityError {
    #[error("the council has no issue number {issue}; it has {issues}, counted from 0")]
    NoIssue { issue: usize, issues: usize },
    #[error("the {what} is {value}; it must lie between 0 and 1")]
    Share { what: &'static str, value: f64 },
}

/// The kinds of offers that move an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Both expect to gain, the rival more: the actor loses a confrontation and moves to the rival.
    Confrontation,
    /// The rival gains more than the actor loses: they meet in between.
    Compromise,
    /// The rival gains, the actor loses at least as much: it is compelled and moves to the rival.
    Compelled,
}

/// A move of one actor in a round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    pub actor: usize,
    pub rival: usize,
    pub kind: Kind,
    /// What the actor expects from challenging the rival.
    pub own_gain: f64,
    /// What the actor thinks the rival expects from challenging it.
    pub rival_gain: f64,
    pub from: f64,
    pub to: f64,
}

/// One round: the attitudes it was played with, the moves, and where they led.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// The risk exponent of each actor, from 1/2 to 2; below 1 is daring, above 1 cautious.
    pub exponent: Vec<f64>,
    pub shifts: Vec<Shift>,
    /// The position of each actor after the round, in the issue's unit.
    pub positions: Vec<f64>,
    pub median: f64,
    pub mean: f64,
}

/// A run on one issue.
#[derive(Clone, Debug, PartialEq)]
pub struct UtilityRun {
    /// Median and mean before the first round.
    pub start: (f64, f64),
    pub rounds: Vec<Round>,
    /// Whether the last round moved nobody; otherwise the rounds ran out, and the outcome is that of a
    /// table still in motion.
    pub settled: bool,
    /// The outcome that the options ask for, in the issue's unit.
    pub outcome: f64,
}

/// Plays the model on one issue.
///
/// # Errors
/// [`UtilityError`] if there is no such issue or an option is out of range.
pub fn run(council: &Council, issue: usize, options: &UtilityOptions) -> Result<UtilityRun, UtilityError> {
    let issues = council.issues().len();
    if issue >= issues {
        return Err(UtilityError::NoIssue { issue, issues });
    }
    let shares = [
        ("probability that the status quo holds", options.status_quo_holds),
        ("share of the range that counts as settled", options.settled),
    ];
    for (what, value) in shares {
        if !(0.0..=1.0).contains(&value) {
            return Err(UtilityError::Share { what, value });
        }
    }
    Ok(play(council, issue, options))
}

fn play(council: &Council, issue: usize, options: &UtilityOptions) -> UtilityRun {
    let actors = council.actors().len();
    let weights = issue_weights(council, issue);
    let mut x: Vec<f64> = (0..actors).map(|i| council.position(i, issue)).collect();
    let salience: Vec<f64> = (0..actors).map(|i| council.salience(i, issue)).collect();
    let scale = &council.issues()[issue];
    let mut width = match options.range {
        Range::Scale => scale.high - scale.low,
        Range::Initial | Range::EachRound => spread(&x),
    };
    let start = (weighted_median(&x, &weights).0, weighted_mean(&x, &weights));
    let (mut rounds, mut settled) = (Vec::new(), false);
    for _ in 0..options.rounds {
        if options.range == Range::EachRound {
            width = spread(&x);
        }
        // Where all stand together there is nothing to dispute.
        if spread(&x) <= 0.0 || width <= 0.0 {
            settled = true;
            break;
        }
        let (exponent, shifts) = Dispute::new(&x, &salience, &weights, width, options).play();
        let mut most = 0.0f64;
        for shift in &shifts {
            most = most.max((shift.to - x[shift.actor]).abs());
        }
        for shift in &shifts {
            x[shift.actor] = shift.to;
        }
        let (median, mean) = (weighted_median(&x, &weights).0, weighted_mean(&x, &weights));
        rounds.push(Round { exponent, shifts, positions: x.clone(), median, mean });
        if most <= options.settled * width {
            settled = true;
            break;
        }
    }
    let (median, mean) = rounds.last().map_or(start, |round| (round.median, round.mean));
    let outcome = if options.outcome == Outcome::Median { median } else { mean };
    UtilityRun { start, rounds, settled, outcome }
}

fn spread(x: &[f64]) -> f64 {
    let most = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = x.iter().copied().fold(f64::INFINITY, f64::min);
    (most - least).max(0.0)
}
