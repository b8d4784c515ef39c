//! The `.nfg` format: a table of payoffs, one cell per combination of strategies.
//!
//! ```text
//! NFG 1 R "title" { "row" "column" } { { "up" "down" } { "left" "right" } }
//! 3 3  0 4  4 0  1 1
//! ```
//! Cells come with the first player's strategy changing fastest. A table is read as a
//! tree of simultaneous moves: one information set per player, in the players' order.

mod build;
mod parse;
mod reduce;
mod write;

pub use write::write;

use super::FormatError;
use crate::game::Game;

/// Reads a game from `.nfg` text, in the payoff or the outcome variant. Repairs are listed
/// in [`Game::repairs`]. Without outcomes a cell is named by its strategies: `up,left`.
///
/// # Errors
/// Text that is not a table of this format, or bounds exceeded.
pub fn read(text: &str) -> Result<Game, FormatError> {
    build::build(parse::parse(text)?)
}
