//! What reason alone leaves, and which of several equilibria it may prefer: plain data with its proof.
//!
//! The one idea: a plan goes because a mixture beats it whatever the others do with what is left to them, and
//! stays because some belief about that makes it best.

use crate::PlayerId;
use crate::device::Plan;
use detente_exact::Q;
use serde::{Deserialize, Serialize};

/// A plan that goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beaten {
    pub player: PlayerId,
    pub plan: Plan,
    /// What beats it, whatever the others do: strictly.
    pub mixture: Vec<(Plan, Q)>,
}

/// A plan that stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    pub player: PlayerId,
    pub plan: Plan,
    /// What the others may do, all together, to make it best: their plans with probabilities.
    pub belief: Vec<(Plan, Q)>,
}

/// The plans that survive iterated strict dominance by mixtures: what is played by players who are known to
/// be reasonable (Bernheim, "Rationalizable strategic behavior", and Pearce, "Rationalizable strategic behavior and
/// the problem of perfection", both Econometrica, 1984; with more than two players beliefs may be
/// correlated: Brandenburger and Dekel, "Rationalizability and correlated equilibria", Econometrica, 1987).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rationalizable {
    pub rounds: Vec<Vec<Beaten>>,
    pub left: Vec<Best>,
    /// With three or more players: plans out of `left`, each best against a belief in which the others choose
    /// independently of each other, among plans of this list. So all of it is rationalizable in the sense of 1984,
    /// and what only `left` holds is not decided in that sense. Empty otherwise: then both senses are one.
    pub independent: Vec<Best>,
}

/// An equilibrium in plans, without mixing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PurePoint {
    /// The plans of all players together.
    pub plan: Plan,
    pub payoffs: Vec<Q>,
    /// Whether every other plan of a player alone is worse for it.
    pub strict: bool,
}

/// Two strict equilibria of two players compared by what a deviation alone costs: the products of both
/// players' losses (Harsanyi and Selten, "A general theory of equilibrium selection in games", 1988).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskPair {
    /// Positions of the equilibria.
    pub pair: (u32, u32),
    pub products: (Q, Q),
}

/// Equilibria without mixing, and how they compare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    pub equilibria: Vec<PurePoint>,
    /// The first gives every player more than the second.
    pub payoff: Vec<(u32, u32)>,
    /// Every pair of strict equilibria in which both players do something else; two players only.
    pub risk: Vec<RiskPair>,
}
