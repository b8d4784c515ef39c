//! One file per command, each with its options, its example and its work.
//!
//! The one idea: a command parses, calls a room, and prints; it holds no logic worth a test of its
//! own.

pub mod advice;
pub mod ask;
pub mod bargain;
pub mod bench;
pub mod check;
pub mod convert;
pub mod convert_council;
pub mod explain;
pub mod fit;
pub mod flip;
pub mod fmt;
pub mod forecast;
pub mod infer;
pub mod levers;
pub mod map;
pub mod merge;
pub mod report;
pub mod sees;
pub mod sensitivity;
pub mod solve;
pub mod sources;
pub mod suite;
mod suite_lanes;
pub mod sweep;
pub mod table;
pub mod test;
pub mod thresholds;
pub mod tree;
pub mod verify;
pub mod voi;
pub mod why;

use clap::ValueEnum;

/// How an answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading
    #[default]
    Text,
    /// One object, for programs
    Json,
}
