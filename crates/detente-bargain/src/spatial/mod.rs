//! The spatial model of politics: actors challenge, offer and move, turn by turn, on all issues at once.
//!
//! `options` names every choice; `vote` and `election` are the elections by themselves; `table`,
//! `challenge` and `offer` are the steps of a turn; `run` plays the turns; `trace` is what comes back.
//!
//! Symbols of the literature and their words here: capability c, salience sigma, attention S = sum of
//! saliences, power W = c S, risk attitude R, utility U, ideal y, position x.
//! Source: KTAB, King Abdullah Petroleum Studies and Research Center (MIT licence); the formulas were
//! written anew from its description and checked against its printed reference runs.

mod challenge;
mod election;
mod offer;
pub mod options;
mod run;
mod table;
pub mod trace;
mod vote;

pub use election::election;
pub use options::{Named, SpatialOptions, Transition};
pub use run::{SpatialError, run, settle};
pub use trace::{Ending, SpatialRun, Turn};
pub use vote::{coalitions, victories, victory, vote};
