//! A smaller game that says the same, as plain data: what went, in which order, and why.
//!
//! The one idea: every step is about the game as the steps before it left it, and each carries its proof.

use crate::beliefs::Removal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One step. Sets, nodes and actions are numbered as in the whole game.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Two branches of a chance move lead to the same: same sets, same payoffs. They become one.
    Chance { node: u32, arm: u32, into: u32 },
    /// An action leads to the same as another, wherever play stands in the set.
    Duplicate { set: u32, action: u32, like: u32 },
    /// An action is worse than a mixture of others whatever is believed and done: no equilibrium of the
    /// concept plays it.
    Worse(Removal),
    /// An action is never better than a mixture of others, and sometimes worse: equilibria may be lost with it.
    NeverBetter(Removal),
}

/// All steps, in rounds: those of one round were found in the same game.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reduction {
    pub rounds: Vec<Vec<Step>>,
}

/// Branches of chance moves that went into others: node and arm, and the arm they went into.
pub type Merged = BTreeMap<(u32, u32), u32>;

impl Reduction {
    /// The steps of all rounds, first ones first.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.rounds.iter().flatten()
    }
}
