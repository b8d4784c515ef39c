//! Perfect Bayesian equilibria as plain data, with what proves them.
//!
//! The one idea: a plan of everybody together with beliefs at every information set is checked set by set. Two
//! definitions are offered, and named wherever an answer is printed:
//!
//! * **weak**: at every information set the owner's whole continuation is best, given its beliefs there and
//!   what the others do; where play comes, beliefs follow by Bayes' rule; elsewhere they are free (Mas-Colell,
//!   Whinston and Green, "Microeconomic Theory", 1995, definition 9.C.3; Myerson, "Game Theory", 1991: weak
//!   sequential equilibrium).
//! * **plausibility**: beside that, beliefs come from one order of plausibility over the nodes (Bonanno,
//!   "AGM-consistency and perfect Bayesian equilibrium", International Journal of Game Theory, 2013): a move
//!   that is played keeps a node's rank, one that is not played raises it, believed members of a set are
//!   those of least rank; and among nodes of one rank, what follows from one node by moves that are played has
//!   the probability of those moves (the relative weights of the nodes that follow a move that is not
//!   played are free).

use crate::solution::Solution;
use detente_exact::Q;
use serde::{Deserialize, Serialize};

/// Which definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Definition {
    Weak,
    Plausibility,
}

/// A plan of one player from an information set on: its sets and what it does there. The first is that set.
pub type Continuation = Vec<(u32, u32)>;

/// An action that is never best, whatever its owner believes at the set and whatever the others do with
/// what is left to them: each continuation that begins with it is worse than a mixture of others, at
/// every member and against all plans of the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Removal {
    pub set: u32,
    pub action: u32,
    /// For each continuation that begins with the action, the better mixture.
    pub proofs: Vec<(Continuation, Vec<(Continuation, Q)>)>,
}

/// What a plausibility order says of a node that follows a move of probability 0: its rank, and its weight
/// among nodes of its rank. The root has rank 0 and weight 1; all other nodes inherit both, the weight
/// times the probabilities on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rank {
    pub node: u32,
    pub rank: u32,
    pub weight: Q,
}

/// One equilibrium.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Position of the component of [`Perfect::within`] that it was found in.
    pub component: u32,
    /// `profile[h][a]`: probability of action `a` at information set `h`.
    pub profile: Vec<Vec<Q>>,
    /// `beliefs[h][k]`: belief in member `k` of information set `h`.
    pub beliefs: Vec<Vec<Q>>,
    /// Only for the plausibility definition: every node after a move of probability 0.
    pub order: Vec<Rank>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Perfect {
    pub definition: Definition,
    /// Actions that no such equilibrium plays, in rounds: a later round's proofs use the earlier ones. Only
    /// by the weak definition: without them the game may have subgames that are none in truth.
    pub removed: Vec<Vec<Removal>>,
    /// The equilibria (weak: Nash; plausibility: subgame-perfect) of the game without these actions, with
    /// their proof. Every equilibrium asked for lies in one of their components.
    pub within: Solution,
    /// Equilibria of the whole game, at most one per component.
    pub found: Vec<Assessment>,
}
