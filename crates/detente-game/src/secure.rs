//! What one player can be sure of, whatever the others do: plain data, with its proof.
//!
//! The one idea: a plan of the player shows that it gets at least `low`; a plan of the others shows that it
//! cannot get more than `high` (von Neumann, "Zur Theorie der Gesellschaftsspiele", 1928). Whoever
//! doubts either number plays against the plan, which takes one pass over the tree.
//!
//! With two players both numbers are the same: the maxmin value. With more, the others may act as one
//! that pools what its members have seen and done on the way, or each by itself. `low` stands against
//! the pool, and no plan secures more against it; against others who act apart the player may be sure of more,
//! but of no more than `high`.

use detente_exact::Q;
use serde::{Deserialize, Serialize};

/// What a player can be sure of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Secure {
    /// The player's number.
    pub player: u32,
    /// The player gets at least this, in its own payoff units.
    pub low: Q,
    /// It cannot be sure of more than this.
    pub high: Q,
    /// The plan that secures `low`: information set, one probability per action.
    pub plan: Vec<(u32, Vec<Q>)>,
    /// The plan of all others, acting as one, that holds the player to `low`.
    pub pool: Vec<Pooled>,
    /// The plan of the others, each acting by itself, that holds the player to `high`: information set,
    /// one probability per action.
    pub apart: Vec<(u32, Vec<Q>)>,
}

/// What the pool does at an information set, knowing more than its owner does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pooled {
    /// Information sets met and actions taken by members of the pool on the way, first ones first.
    pub knows: Vec<(u32, u32)>,
    /// The information set.
    pub set: u32,
    /// One probability per action.
    pub probs: Vec<Q>,
}
