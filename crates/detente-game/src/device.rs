//! What a device that advises the players can bring about, as plain data with its proof.
//!
//! The one idea: both ends of a range stand with what proves them, a device that everybody obeys
//! and multipliers of deviations, so a referee can check them without any solver.

use crate::PlayerId;
use detente_exact::Q;
use serde::{Deserialize, Serialize};

/// An action per information set, where the plan itself comes to it; `None` elsewhere.
pub type Plan = Vec<Option<u32>>;

/// When a player hears its advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advice {
    /// Before it knows any: it takes all of it or goes its own way (Moulin and Vial,
    /// "Strategically zero-sum games", 1978: coarse correlated equilibrium).
    Never,
    /// All of it at the start (Aumann, "Subjectivity and correlation in randomized strategies",
    /// 1974: correlated equilibrium).
    AtStart,
    /// Each move at the information set where it is due (von Stengel and Forges, "Extensive-form
    /// correlated equilibrium", 2008).
    WhereDue,
}

/// How a player leaves its plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// It plays this, whatever it was told.
    Always(Plan),
    /// Told the first, it plays the second.
    Instead(Plan, Plan),
    /// Told this action at this set, it plays on like the plan, from that set on.
    Onwards(u32, u32, Plan),
}

/// A number that a device moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Probability of an outcome, by its place among [`Game::outcome_keys`](crate::Game::outcome_keys).
    Outcome(u32),
    /// A player's expected payoff.
    Payoff(PlayerId),
    /// The sum of all payoffs.
    Total,
    /// The sum that was asked for; its terms stand in the answer.
    Objective,
}

/// Numbers with their weights: the terms of an objective.
pub type Terms = Vec<(What, Q)>;

/// Which ranges are asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// Of each outcome's probability (unless there are many), each payoff, and their sum.
    All,
    /// Of one number.
    One(What),
    /// Of a weighted sum of other numbers.
    Objective(Terms),
}

impl Wanted {
    /// The terms of the objective; none if another thing is asked for.
    pub fn terms(&self) -> Terms {
        match self {
            Wanted::Objective(terms) => terms.clone(),
            Wanted::All | Wanted::One(_) => vec![],
        }
    }
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct End {
    /// What the device brings.
    pub value: Q,
    /// What the multipliers prove that no obeyed device goes beyond: the value, where the end is known exactly.
    pub bound: Q,
    /// Plans of all players together, with their probabilities.
    pub device: Vec<(Plan, Q)>,
    /// Deviations with the multipliers that prove that no obeyed device goes further.
    pub multipliers: Vec<(PlayerId, Rule, Q)>,
}

/// The least and the most of a number over all devices that everybody obeys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    pub what: What,
    pub low: End,
    pub high: End,
}

/// The answer: a range per number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Devices {
    pub advice: Advice,
    /// The terms of [`What::Objective`]; empty if none was asked for.
    pub objective: Terms,
    pub ranges: Vec<Range>,
}

impl Devices {
    /// The widest gap between what a device brings and what is proven not to be exceeded; 0 if all is exact.
    pub fn gap(&self) -> Q {
        let ends = self.ranges.iter().flat_map(|r| [&r.low, &r.high]);
        ends.map(|end| (&end.bound - &end.value).abs()).max().unwrap_or(Q::ZERO)
    }
}

/// What it is worth to a player of a two-player game to announce its plan first and be believed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    pub leader: PlayerId,
    /// The leader's payoff if the follower breaks ties its way.
    pub strong: Q,
    /// The leader's plans with their probabilities, as announced.
    pub plan: Vec<(Plan, Q)>,
    /// What the follower then does, and gets.
    pub answer: Plan,
    pub follower: Q,
    /// Why no announcement brings more: for each answer of the follower, multipliers of "the
    /// answer is at least as good as this other one".
    pub bounds: Vec<(Plan, Vec<(Plan, Q)>)>,
    /// The leader's payoff if ties fall against it: secured up to any small amount.
    pub weak: Q,
    /// What proves that.
    pub weakly: Weakly,
}

/// Why ties against the leader cost what they cost.
///
/// Answers that are always worth the same to the follower form a group. Near `plan`, on the way to `inside`,
/// the group of `answer` is strictly best, and its worst answer brings the leader almost `weak`.
/// Groups that are strictly best somewhere cover all announcements with the closure of where they are,
/// so it is enough to bound each of them or to show that it is strictly best nowhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weakly {
    /// An answer out of the group.
    pub answer: Plan,
    /// The announcement that is approached.
    pub plan: Vec<(Plan, Q)>,
    /// An announcement at which the group is strictly best.
    pub inside: Vec<(Plan, Q)>,
    /// For one answer of each group, why it brings no more.
    pub groups: Vec<(Plan, WeakBound)>,
}

/// Why a group of answers brings the leader no more than the weak value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeakBound {
    /// These other answers, mixed so, are as good to the follower whatever is announced.
    NeverAlone(Vec<(Plan, Q)>),
    /// Weights of the group's answers, and multipliers of "the group is at least as good as this
    /// other answer".
    AtMost(Vec<(Plan, Q)>, Vec<(Plan, Q)>),
}
