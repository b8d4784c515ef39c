//! Sweeps: very many draws, kept as rows and as sums that add up to the same bits in any order.
//!
//! The one idea: a draw is a function of its address, and what is kept of all draws is a commutative
//! sum. So threads, shards and interrupted runs cannot change a number.
//!
//! - [`row`]: one draw as a flat row, with the whole set of equilibria summed up as low and high;
//! - [`columns`]: rows as columns of a table, and what the columns are called;
//! - [`sample`]: a run in memory, for whoever asks more of its draws than their sums;
//! - [`state`]: what is kept of the rows, and how two such parts become one;
//! - [`pooled`]: probabilities given an event, pooled over draws without keeping the draws;
//! - [`summary`]: what the sums say;
//! - [`identity`]: which run a part belongs to, and which draws it holds.

pub mod columns;
pub mod evaluate;
pub mod identity;
pub mod pooled;
pub mod row;
pub mod sample;
pub mod state;
pub mod summary;

pub use evaluate::evaluate;
pub use identity::{Block, Identity};
pub use row::{Job, Row, rows};
pub use sample::{draws_of, sample, summary_of};
pub use state::State;
pub use summary::{Summary, summary};

#[cfg(test)]
mod tests;
