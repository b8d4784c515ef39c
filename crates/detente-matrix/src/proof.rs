//! The proof that no equilibrium is missing, as plain data.
//!
//! Every strategy of an equilibrium is unused or a best reply. So all equilibria are found by cases:
//! this strategy is unused, or it is a best reply. A list of steps, first things first:
//!
//! - `Branch(k)`: then come the steps for "strategy `k` is unused" and those for "strategy `k` is a
//!   best reply". Strategies of the second player are counted after those of the first.
//! - `Refuted(p, weights)`: no mixed strategy of player `p` that leaves out the unused strategies
//!   makes all the *best* strategies of the other player best replies. There is one weight per
//!   strategy of the other player; they sum to 0, and are not negative but on best strategies. For
//!   each strategy of `p` that is not unused, the sum of weight times the other's payoff is
//!   positive: so some other strategy must pay more than a best one, which is absurd.
//! - `Implied(p, weights)`: as before, but the sums are not negative. Then they are 0: strategies of `p`
//!   with a positive sum are unused, and strategies of the other player with a positive weight are
//!   best replies. More steps follow.
//! - `Piece(n)`: all mixed strategies that agree with the case lie in piece `n`.
//! - `Saddle(x, y)`: the payoffs sum to a constant, and these strategies are an equilibrium. Then in
//!   every equilibrium what is no reply to the other's listed one is unused, and what a listed one
//!   uses is a best reply. More steps follow.
//! - `Open`: not decided.

/// One step of a proof by cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The strategy is unused, or else a best reply.
    Branch(u32),
    /// No strategy of this player fits the case.
    Refuted(u8, Vec<i64>),
    /// What these weights imply holds.
    Implied(u8, Vec<i64>),
    /// What is left lies in this piece.
    Piece(u32),
    /// Numbers of an equilibrium's strategies in a game of constant sum.
    Saddle(u32, u32),
    /// The search ended here.
    Open,
}
