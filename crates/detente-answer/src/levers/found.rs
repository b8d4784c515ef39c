//! What was found about a player's levers, as plain data.

use super::policies::Kind;
use super::robust::{Chosen, Robust};
use crate::ends::Ends;
use detente_game::solution::Status;
use serde::{Deserialize, Serialize};

/// Everything found about the levers of a player in one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Levers {
    pub player: String,
    pub measure: String,
    pub label: String,
    /// True if the measure is the probability of an event, or a statement counted 0 or 1.
    pub share: bool,
    pub statement: bool,
    /// Whether more of it is taken as better, and who says so.
    pub more: bool,
    pub because: String,
    pub threshold: f64,
    pub strength: Status,
    pub draws: u64,
    pub seed: u64,
    /// Draws in which the game as it is has no proven complete answer.
    pub incomplete: u64,
    /// The measure and the player's own value as things are, at the base values.
    pub now: Option<Ends>,
    pub own_now: Option<Ends>,
    /// The measure as things are, over the draws: mean of the lowest and of the highest values.
    pub drawn_now: Option<Ends>,
    /// The player's largest payoff less its smallest: the unit of what levers cost it.
    pub stake: f64,
    /// The strongest first.
    pub levers: Vec<Lever>,
    /// The base values, then each hypothesis taken as true and as false.
    pub scenarios: Vec<String>,
    /// Per policy, the first being to leave things as they are: the measure in each scenario.
    pub table: Vec<PolicyRow>,
    /// What each rule would choose over the scenarios, and over the draws: positions in `table`.
    pub chosen: Chosen,
    pub chosen_by_draws: Option<Chosen>,
    /// Levers that say nothing here, with the reason.
    pub left_out: Vec<String>,
}

/// A lever and its effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lever {
    pub name: String,
    pub label: String,
    pub kind: Kind,
    /// The measure with the lever, at the base values, and its change; over every pair of
    /// equilibria where the lever makes another game.
    pub after: Option<Ends>,
    pub effect: Option<Ends>,
    /// The change of the player's own value, and the same in units of its stake.
    pub own: Option<Ends>,
    pub own_stakes: Option<Ends>,
    pub drawn: Option<Drawn>,
    /// Place by how many draws it surely helps in, then by its worst draw; from 1.
    pub robust_place: usize,
}

/// A lever over the draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// Draws in which both games have a proven complete answer, and the measure a value.
    pub used: u64,
    pub undefined: u64,
    /// Mean of the lowest effects and mean of the highest; two standard errors of the two, the larger.
    pub effect: Ends,
    pub error: f64,
    /// Share of all draws in which it helps in every pair of equilibria, and in one at least.
    pub helps: Ends,
    /// And in which it does harm.
    pub harms: Ends,
    /// The least helpful effect of all draws, at the worst pair of equilibria.
    pub worst: f64,
    /// Mean change of the player's own value, in units of its stake at the base values.
    pub own_stakes: Option<Ends>,
    /// Mean and largest regret, against every other policy in the same draw.
    pub regret: Ends,
    pub most_regret: Ends,
    /// Share of draws in which the measure is good enough.
    pub enough: Ends,
}

/// A policy over the scenarios.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyRow {
    pub policy: String,
    pub cells: Vec<Option<Ends>>,
    pub robust: Robust,
}
