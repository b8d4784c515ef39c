//! Proofs about two-player games in strategic form, as plain data.
//!
//! A proof of this kind is about a game in which each of two players chooses once, without seeing
//! the other's choice. Chance may move after both; what a pair of choices pays is then expected. Strategies are numbered: those of the first player in
//! the game's list from 0, those of the second after them. In every Nash equilibrium each strategy is
//! **unused** (its probability is 0) or a **best** reply to what the other plays. The steps go
//! through these cases. They stand in one list, each case's steps after the step that makes it:
//!
//! * `Branch(k)`, where strategy `k` is neither marked unused nor best: then come the steps of the
//!   case that it is unused, then those of the case that it is a best reply.
//! * `Refuted(p, weights)`: player `p` (0 or 1) has no mixed strategy that leaves out what is marked unused
//!   and makes all strategies of the other player that are marked best best replies. There is one
//!   weight per strategy of the other player; they sum to 0, and are not negative but on strategies
//!   marked best. For each strategy of `p` not marked unused, the sum of weight times the other
//!   player's payoff is positive. (Averaged over a mixed strategy of `p` this sum is at most 0: a
//!   positive weight on a strategy that is no best reply only lowers it.) This ends the case.
//! * `Implied(p, weights)`: the same, but the sums may be 0. Then all are: strategies of `p` with
//!   a positive sum are marked unused, strategies of the other player with a positive weight best.
//! * `Saddle(x, y)`: the payoffs sum to one constant in every cell, and strategies `x` of the first and
//!   `y` of the second player are an equilibrium. Since equilibria of such games can be exchanged,
//!   every strategy that is no best reply to the other's listed one is marked unused, and every
//!   strategy that a listed one uses is marked best.
//! * `Piece(n)`: for each player, all mixed strategies that agree with the marks are mixtures of those
//!   that piece `n` lists. This ends the case.
//! * `Open`: not decided; the answer is at most `exact-some`. This ends the case.
//!
//! The corners of what a case leaves are listed strategies. A **piece** is a list of strategies per
//! player; every pair of them is an equilibrium, and so is every pair of their mixtures. A piece is as
//! large as it can be: it lists all listed strategies that use no more than its strategies do together,
//! and to which all that is a best reply to each of its strategies is a best reply too. So two pieces
//! touch only where they share a strategy of each player.
//!
//! **Components** are pieces that hang together; different ones share no pair of strategies. The
//! **index** of a component is that of Shapley ("A note on the Lemke-Howson algorithm", 1974), for a
//! component with ties the sum over the equilibria that a small perturbation leaves near it. The
//! indices of all components of a game sum to 1.

use detente_exact::Q;
use serde::{Deserialize, Serialize};

/// The proof that a list of equilibria of a bimatrix game is complete.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MatrixProof {
    /// The cases, see the module's documentation.
    pub steps: Vec<MatrixStep>,
    /// Mixed strategies of the first and of the second player: one probability per strategy.
    pub strategies: [Vec<Vec<Q>>; 2],
    /// For each piece, numbers in `strategies` of the first and of the second player.
    pub pieces: Vec<[Vec<u32>; 2]>,
    /// The pieces of each component, in the order of the solution's components.
    pub components: Vec<Vec<u32>>,
    /// The index of each component, where it was computed.
    pub index: Vec<Option<i64>>,
}

/// One step of a proof by cases, see the module's documentation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatrixStep {
    /// This strategy is unused, or it is a best reply.
    Branch(u32),
    /// This player has no strategy in this case.
    Refuted(u8, Vec<i64>),
    /// What these weights imply is marked.
    Implied(u8, Vec<i64>),
    /// Numbers of the two strategies of an equilibrium, in a game of constant sum.
    Saddle(u32, u32),
    /// All that is left lies in this piece.
    Piece(u32),
    /// Not decided.
    Open,
}
