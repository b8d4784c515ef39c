//! A mediator who hears or sees, and tells each player what to do: plain data, with its proof.
//!
//! The one idea: the mediator's rule is a plan over what it was told (or saw) and what it has said so far.
//! Honest and obedient play is the best that every player can do against it; a rule shows that a number is
//! reached, and multipliers of disobedient plans show that no such rule goes further.
//!
//! A mediator who *hears* asks each player, where it moves, at which of its information sets it is, and names
//! an action there. A player may lie: it may name any of its sets that follows what it named and was
//! told before, and where there is none it says nothing and is told nothing, which the mediator does
//! not notice. It may disobey, too. What such mediators can bring about are the communication equilibria
//! (Forges, "An approach to communication equilibria", 1986; Myerson, "Multistage games with
//! communication", 1986).
//!
//! A mediator who *sees* knows chance's moves and at which information set each player is; players can only
//! disobey, and what they do unseen by each other it does not see either. That is a Bayes correlated
//! equilibrium: it covers whatever more the players could learn about chance's moves and about
//! each other's knowledge (Bergemann and Morris, "Bayes correlated equilibrium and the comparison of
//! information structures in games", 2016).

use crate::PlayerId;
use crate::device::{Terms, What};
use detente_exact::Q;
use serde::{Deserialize, Serialize};

/// What the mediator knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Knows {
    /// What the players report.
    Reports,
    /// Chance's moves, and at which information set each player is.
    Truth,
}

/// Marks, in a [`Place`], an event of chance that a mediator sees.
pub const CHANCE: u32 = 1 << 31;

/// Stands where nothing was reported or told.
pub const NOTHING: u32 = u32::MAX;

/// A place where the mediator speaks: information sets with what it said there, and events of chance (with
/// [`CHANCE`] added to their number) with the arm it saw, first ones first; and the set it hears of or sees now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub past: Vec<(u32, u32)>,
    pub now: u32,
}

/// One time at which a player was asked: its information set, what it reported, what it was told, what it did.
pub type Turn = [u32; 4];

/// A place where a disobedient player chooses: its earlier turns, the set it is at, and, once it has reported,
/// what it reported and was told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Choice {
    pub turns: Vec<Turn>,
    pub set: u32,
    pub told: Option<(u32, u32)>,
}

/// A plan of a player who may lie and disobey: what it reports (a set, or [`NOTHING`]) and what it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Disobedience {
    pub player: PlayerId,
    pub plan: Vec<(Choice, u32)>,
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MediatedEnd {
    /// What the rule brings.
    pub value: Q,
    /// What the multipliers prove that no obeyed rule goes beyond: the value, where the end is known exactly.
    pub bound: Q,
    /// The mediator's rule: one probability per action, wherever it may come to speak.
    pub rule: Vec<(Place, Vec<Q>)>,
    /// Disobedient plans with the multipliers that prove that no rule goes further.
    pub multipliers: Vec<(Disobedience, Q)>,
}

/// The least and the most of a number over all rules that are obeyed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MediatedRange {
    pub what: What,
    pub low: MediatedEnd,
    pub high: MediatedEnd,
}

/// The answer: a range per number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mediation {
    pub knows: Knows,
    /// The terms of [`What::Objective`]; empty if none was asked for.
    pub objective: Terms,
    pub ranges: Vec<MediatedRange>,
}

impl Mediation {
    /// The widest gap between what a rule brings and what is proven not to be exceeded; 0 if all is exact.
    pub fn gap(&self) -> Q {
        let ends = self.ranges.iter().flat_map(|r| [&r.low, &r.high]);
        ends.map(|end| (&end.bound - &end.value).abs()).max().unwrap_or(Q::ZERO)
    }
}
