//! Proofs about two players over the sequence form, as plain data.
//!
//! The game has two players with perfect recall. A player's **sequence** is an information set of its own
//! with an action there; its **reach** in a strategy is the product of the player's own probabilities on the
//! way, this action included, and the reach before the first own set is 1. At each set the reaches of its
//! actions sum to that of the action before it.
//!
//! Against a strategy of the other player, the **value** of a set is the most that its owner can expect from
//! there, times the reaches of the other and chance on the way; the **shortfall** of a sequence is the value
//! of its set, less what its action pays where no own set follows, less the values of the sets that follow
//! it. Shortfalls are never negative, and linear in the other's reaches and the own values. In every Nash
//! equilibrium each sequence is **unused** (its reach is 0) or **best** (its shortfall is 0): a set with a
//! positive reach is left by actions without a shortfall, and one without has no used action.
//!
//! # Steps
//! They stand in one list, each case's steps after the step that makes it:
//!
//! * `Branch(h, a)`: then come the steps of the case that this sequence is unused, then those of the case
//!   that it is best.
//! * `Refuted(p, weights)`: there is no strategy of player `p` in this case. Weights are of sequences of the
//!   other player, 0 where none is given, and not negative but on those marked best. At each set of the other
//!   they sum to the weight of the action before it (0 before the first), so that in the sum of weight times
//!   shortfall the values cancel. What is left is linear in the reaches of `p`, and below 0 in every pure plan
//!   of `p` that takes no unused action; yet the sum is not negative. This ends the case.
//! * `Implied(p, weights)`: the same, but it may be 0 in some plans. Then it is 0: sequences of `p` that no such
//!   plan uses are marked unused, and sequences of the other with a positive weight best.
//! * `Piece(n)`: for each player, every strategy that agrees with the marks, for some values, is a mixture of
//!   those that piece `n` lists. This ends the case.
//!
//! # Pieces and components
//! A **piece** is a list of strategies per player; every pair of them is an equilibrium, and so is every pair of
//! their mixtures. Pieces in which a player's mixtures have a strategy in common hang together. Different
//! components have no equilibrium in common. Indices are those of Shapley ("A note on the Lemke-Howson
//! algorithm", 1974); those of all components sum to 1.

use detente_exact::Q;
use serde::{Deserialize, Serialize};

/// Weights on shortfalls: information set, action, weight.
pub type Weights = Vec<(u32, u32, Q)>;

/// The proof that a list of equilibria of a game of two players is complete.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SequenceProof {
    /// The cases, see the module's documentation.
    pub steps: Vec<SequenceStep>,
    /// Strategies of the first and of the second player: for each information set of the player, in the game's
    /// order, the reaches of its actions.
    pub strategies: [Vec<Vec<Vec<Q>>>; 2],
    /// For each piece, numbers in `strategies` of the first and of the second player.
    pub pieces: Vec<[Vec<u32>; 2]>,
    /// The pieces of each component, in the order of the solution's components.
    pub components: Vec<Vec<u32>>,
    /// The index of each component, where it was computed.
    pub index: Vec<Option<i64>>,
}

/// One step of a proof by cases, see the module's documentation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SequenceStep {
    /// This action of this information set is unused, or a best reply.
    Branch(u32, u32),
    /// This player has no strategy in this case.
    Refuted(u8, Weights),
    /// What these weights imply is marked.
    Implied(u8, Weights),
    /// All that is left lies in this piece.
    Piece(u32),
}
