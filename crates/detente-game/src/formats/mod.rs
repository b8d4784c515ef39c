//! Games as files: `.efg`, `.nfg` and JSON, in and out.
//!
//! Reading is tolerant and exact: numbers keep their value, labels that are missing or
//! used twice get a name, and every such repair is a sentence in [`Game::repairs`]
//! (crate::Game::repairs). Writing is strict: what the most demanding reader accepts
//! (pygambit 16.7: unique printable ASCII labels, chance that sums to exactly 1).
//!
//! A reader never panics, never recurses on its input and refuses what would not fit
//! the bounds below. A game that was read has perfect recall.

pub mod efg;
mod error;
pub mod json;
mod labels;
mod lex;
pub mod nfg;
pub(crate) mod reading;
mod size;
mod strict;

pub use error::{FormatError, Place};

/// The text of a game file. Bytes that are not UTF-8 are read as ISO 8859-1, in which old programs wrote
/// labels with accents; then the second part says so, as a repair.
pub fn text_of(bytes: Vec<u8>) -> (String, Option<String>) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let text = error.as_bytes().iter().map(|byte| char::from(*byte)).collect();
            (text, Some("the file is not UTF-8; it is read as ISO 8859-1".into()))
        }
    }
}

/// Longest text read, in bytes.
pub const MAX_BYTES: usize = 512 << 20;
/// Largest number of nodes of a tree.
pub const MAX_NODES: usize = 4_000_000;
/// Largest number of rows of an `.efg` file, one per node: each takes bytes of the file, so a short
/// text cannot ask for many.
pub const MAX_ROWS: usize = 16_000_000;
/// Largest number of nodes times players: one payoff each is kept in memory.
pub const MAX_PAYOFFS: usize = 64_000_000;
/// Longest path from the root to an end of play.
pub const MAX_DEPTH: usize = 10_000;
/// Largest size of numerator plus denominator of a payoff, a sum of payoffs along a path,
/// or a probability, in bits.
pub const MAX_NUMBER_BITS: usize = 4096;
/// Largest difference from 1 of a sum of chance probabilities that is repaired, as 1 over this.
const SUM_TOLERANCE: i64 = 1_000_000_000;
