//! One issue, round by round: who could gain from challenging whom, and who therefore moves.
//!
//! The one idea: an actor looks at every rival with its own eyes, compares what it would gain by
//! challenging with what the rival would gain by challenging it, and moves where it expects to lose.
//! Symbols of the literature: position x, capability c, salience s, risk exponent r, probability P,
//! probability of the status quo Q, trend T, median mu. Sources: see `options.rs`.

use super::options::*;
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
        let table = Dispute { x: &x, salience: &salience, weights: &weights, width, options };
        let (exponent, shifts) = table.play();
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

/// `base` to the power of a risk exponent; most are 1.
fn bent(base: f64, exponent: f64) -> f64 {
    if exponent == 1.0 || base <= 0.0 { base.max(0.0) } else { libm::pow(base, exponent) }
}

/// What a contest between two actors is worth to one risk exponent.
struct Worth {
    /// Between the two, in parts of the range.
    distance: f64,
    success: f64,
    failure: f64,
    status_quo: f64,
    r: f64,
}

/// What one round reads.
struct Dispute<'a> {
    x: &'a [f64],
    salience: &'a [f64],
    weights: &'a [f64],
    width: f64,
    options: &'a UtilityOptions,
}

impl Dispute<'_> {
    fn play(&self) -> (Vec<f64>, Vec<Shift>) {
        let n = self.x.len();
        let neutral = vec![1.0; n];
        let mut odds = self.odds(&neutral);
        let exponent = match self.options.security {
            Security::Neutral => neutral,
            Security::AcrossActors => self.exponents(&odds),
        };
        if self.options.vote_risk == VoteRisk::Voter {
            odds = self.odds(&exponent);
        }
        let median = weighted_median(self.x, self.weights).0;
        let shifts = (0..n).filter_map(|i| self.best_offer(i, &odds, &exponent, median)).collect();
        (exponent, shifts)
    }

    /// Returns P at `[i * n + j]`: the probability that the position of `i` beats that of `j`; 0 where
    /// both are the same.
    fn odds(&self, exponent: &[f64]) -> Vec<f64> {
        let n = self.x.len();
        // How far each position is from each voter, bent by its exponent: `[position * n + voter]`.
        let mut far = Vec::with_capacity(n * n);
        for place in self.x {
            let bend = |(x, r): (&f64, &f64)| bent((x - place).abs() / self.width, *r);
            far.extend(self.x.iter().zip(exponent).map(bend));
        }
        let (mut pro, mut all) = (vec![0.0; n * n], vec![0.0; n * n]);
        for i in 0..n {
            for j in 0..i {
                let (near, distant) = (&far[i * n..(i + 1) * n], &far[j * n..(j + 1) * n]);
                let (mut above, mut below) = (0.0, 0.0);
                for ((a, b), w) in near.iter().zip(distant).zip(self.weights) {
                    let v = w * (b - a);
                    above += v.max(0.0);
                    below += (-v).max(0.0);
                }
                (pro[i * n + j], pro[j * n + i]) = (above, below);
                (all[i * n + j], all[j * n + i]) = (above + below, above + below);
            }
        }
        let every: f64 = all.iter().sum();
        let mut odds = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                let below = match self.options.denominator {
                    Denominator::Pair => all[i * n + j],
                    Denominator::AllPairs => every,
                };
                let above = match self.options.numerator {
                    Numerator::VotesFor => pro[i * n + j],
                    Numerator::NetVotes => (pro[i * n + j] - pro[j * n + i]).max(0.0),
                };
                if self.x[i] != self.x[j] && below > 0.0 {
                    odds[i * n + j] = above / below;
                }
            }
        }
        odds
    }

    /// Returns the risk exponents: who has little to fear from challenges is daring.
    fn exponents(&self, odds: &[f64]) -> Vec<f64> {
        let n = self.x.len();
        let median = weighted_median(self.x, self.weights).0;
        let fear = |i: usize, j: usize| self.gain(j, i, odds, &self.worth(i, j, 1.0), median);
        let danger: Vec<f64> = (0..n).map(|i| (0..n).filter(|&j| j != i).map(|j| fear(i, j)).sum()).collect();
        let most = danger.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = danger.iter().copied().fold(f64::INFINITY, f64::min);
        let width = most - least;
        if width.is_nan() || width <= 1e-12 {
            return vec![1.0; n];
        }
        danger
            .iter()
            .map(|sum| {
                let attitude = (2.0 * sum - most - least) / width;
                (1.0 - attitude / 3.0) / (1.0 + attitude / 3.0)
            })
            .collect()
    }

    /// Returns what success, failure and the status quo are worth between two actors, to an exponent `r`.
    fn worth(&self, i: usize, j: usize, r: f64) -> Worth {
        let distance = (self.x[i] - self.x[j]).abs() / self.width;
        let value = |share: f64| 2.0 - 4.0 * bent(share, r);
        let (success, failure) = (value(0.5 - 0.5 * distance), value(0.5 + 0.5 * distance));
        Worth { distance, success, failure, status_quo: value(0.5), r }
    }

    /// Returns E: what `i` would gain from challenging `j`.
    fn gain(&self, i: usize, j: usize, odds: &[f64], worth: &Worth, median: f64) -> f64 {
        let q = self.options.status_quo_holds;
        let p = odds[i * self.x.len() + j];
        let s = self.salience[j];
        let contest = p * worth.success + (1.0 - p) * worth.failure;
        let challenge = s * contest + (1.0 - s) * worth.success;
        let mut otherwise = 0.0;
        if q < 1.0 {
            let to_median = (self.x[i] - median).abs() / self.width;
            let better_share = match self.options.trend {
                Trend::NearerMedian => f64::from(u8::from(to_median < worth.distance)),
                Trend::Even => 0.5,
                Trend::Worse => 0.0,
            };
            let step = 0.25 * (to_median + worth.distance);
            let value = |share: f64| 2.0 - 4.0 * bent(share, worth.r);
            if better_share > 0.0 {
                otherwise += better_share * value(0.5 - step);
            }
            if better_share < 1.0 {
                otherwise += (1.0 - better_share) * value(0.5 + step);
            }
        }
        challenge - q * worth.status_quo - (1.0 - q) * otherwise
    }

    /// Returns the offer that actor `i` takes, if it takes any.
    fn best_offer(&self, i: usize, odds: &[f64], exponent: &[f64], median: f64) -> Option<Shift> {
        let mut best: Option<(Shift, f64)> = None;
        for j in (0..self.x.len()).filter(|&j| self.x[j] != self.x[i]) {
            let mine = self.worth(i, j, exponent[i]);
            let own_gain = self.gain(i, j, odds, &mine, median);
            let rival_gain = match self.options.gain_risk {
                GainRisk::Viewer => self.gain(j, i, odds, &mine, median),
                GainRisk::Gainer => self.gain(j, i, odds, &self.worth(i, j, exponent[j]), median),
            };
            let Some((kind, to)) = self.offer(i, j, own_gain, rival_gain) else { continue };
            let shift = Shift { actor: i, rival: j, kind, own_gain, rival_gain, from: self.x[i], to };
            let rank = self.rank(&shift);
            let wins = best.as_ref().is_none_or(|(old, old_rank)| self.before(&shift, rank, old, *old_rank));
            if wins {
                best = Some((shift, rank));
            }
        }
        best.map(|(shift, _)| shift)
    }

    fn offer(&self, i: usize, j: usize, own: f64, rival: f64) -> Option<(Kind, f64)> {
        if rival > own && own > 0.0 {
            Some((Kind::Confrontation, self.x[j]))
        } else if rival > 0.0 && own < 0.0 && rival > own.abs() {
            Some((Kind::Compromise, self.x[i] + (self.x[j] - self.x[i]) * (own / rival).abs()))
        } else if rival > 0.0 && own < 0.0 && self.options.compelled == Compelled::Yields {
            Some((Kind::Compelled, self.x[j]))
        } else {
            None
        }
    }

    /// Smaller is taken first, among offers of one kind.
    fn rank(&self, shift: &Shift) -> f64 {
        if shift.kind == Kind::Compromise && self.options.compromise == Compromise::LowestMean {
            let (own, rival) = (shift.own_gain.abs(), shift.rival_gain.abs());
            return (own * self.x[shift.actor] + rival * self.x[shift.rival]) / (own + rival);
        }
        (shift.to - shift.from).abs()
    }

    fn before(&self, new: &Shift, rank: f64, old: &Shift, old_rank: f64) -> bool {
        if self.options.priority == Priority::ByKind && new.kind != old.kind {
            return new.kind < old.kind;
        }
        let heavier = self.weights[new.rival] > self.weights[old.rival];
        rank < old_rank || (rank == old_rank && self.options.tie == Tie::Weightier && heavier)
    }
}
