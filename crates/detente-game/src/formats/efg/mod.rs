//! The `.efg` format: a tree written node by node, parents first.
//!
//! ```text
//! EFG 2 R "title" { "player 1" "player 2" } "comment"
//! c "node" 1 "chance set" { "left" 1/2 "right" 1/2 } 0
//! p "node" 1 1 "information set" { "up" "down" } 0
//! t "node" 1 "outcome" { 3, 1/2 }
//! ```
//! A set or outcome number used again needs no second description. An outcome at a node
//! that is not an end of play is a payment that adds up along the path. Semantics after
//! the format's published description (Savani and Turocy, "Gambit: the package for
//! computation in game theory", 2025), the text of this reader is independent of it.

mod build;
mod names;
mod parse;
mod write;

pub use write::write;

pub(crate) use build::compact_pay_lists;
pub(crate) use names::players as player_names;

use super::FormatError;
use crate::game::Game;

/// Reads a game from `.efg` text. Repairs are listed in [`Game::repairs`].
///
/// # Errors
/// Text that is not a tree of this format, bounds exceeded, chance probabilities that do
/// not sum to 1 within 1e-9, or a player without perfect recall.
pub fn read(text: &str) -> Result<Game, FormatError> {
    build::build(text, parse::parse(text)?)
}
