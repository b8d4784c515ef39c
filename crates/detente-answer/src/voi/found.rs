//! What information is worth, as plain data.

use crate::ends::Ends;
use crate::indicators::Indicator;
use detente_game::solution::Status;
use serde::{Deserialize, Serialize};

/// What information is worth to a player.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Voi {
    pub player: String,
    /// The player's largest payoff less its smallest.
    pub stake: f64,
    pub strength: Status,
    pub value_now: Option<Ends>,
    pub draws: u64,
    pub seed: u64,
    /// Draws without a proven complete answer; left out.
    pub incomplete: u64,
    /// Draws with several equilibria: private values are then low to high over the equilibrium best for
    /// the player, the one worst for it, and the first, picked in every draw.
    pub several: u64,
    /// What it would do without knowing the parameters, in the first way to pick equilibria.
    pub plan: Vec<(String, String)>,
    /// Knowing all parameters; `None` without enough draws.
    pub everything: Option<Worth>,
    /// The most valuable first.
    pub params: Vec<ParamWorth>,
    pub facts: Vec<FactWorth>,
    pub indicators: Vec<Indicator>,
}

/// A private value from draws: never negative, and perhaps not distinguishable from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worth {
    pub value: Ends,
    /// Two standard errors.
    pub error: f64,
    /// The gain on draws that did not choose the plans.
    pub held_out: Ends,
    /// Whether that gain is above two standard errors.
    pub distinguishable: bool,
    /// Share of draws in which knowing it changes what the player does.
    pub changes: Ends,
}

/// What a parameter is worth knowing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParamWorth {
    pub name: String,
    pub label: String,
    pub private: Option<Worth>,
    /// Known to all, against nobody knowing it, the other parameters at their base values.
    pub public: Option<Ends>,
    /// The same over draws of the other parameters.
    pub public_drawn: Option<MeanEnds>,
    /// Why there is no public value.
    pub open: Option<String>,
}

/// What a private fact is worth knowing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactWorth {
    pub name: String,
    pub label: String,
    /// Learnt unnoticed: per equilibrium at the base values, and over the draws.
    pub private: Option<Ends>,
    pub private_drawn: Option<MeanEnds>,
    /// Learnt by the player alone, and all know that it knows.
    pub to_player: Public,
    /// Learnt by all; `None` if nobody but the player lacks it.
    pub to_all: Option<Public>,
}

/// A change of the player's value from one game to another, over every pair of equilibria.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Public {
    pub base: Option<Ends>,
    pub drawn: Option<MeanEnds>,
}

/// The mean of low ends and of high ends over draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeanEnds {
    pub mean: Ends,
    /// Two standard errors, the larger of the two ends.
    pub error: f64,
    /// Share of draws in which it is surely negative, and in some pair of equilibria.
    pub negative: Ends,
}
