//! Payoffs and precision of choice estimated from many observed plays of any finite game.
//!
//! The one idea: a game with noise in its choices gives every play a probability, so data have a
//! likelihood whatever the tree; before a number is believed, the report says which combinations
//! of numbers the data can tell at all.
//!
//! - [`sheet`], [`data`] – rows of plays with covariates, each fault with its row and column;
//! - [`dual`], [`shocks`], [`engine`], [`circle`] – probabilities of plays with derivatives, by error model;
//! - [`likelihood`] – the log-likelihood, its gradient and the scores;
//! - [`optimise`], [`climb`] – maximisation from many starts, λ raised step by step;
//! - [`matrix`], [`identify`] – which combinations are identified, in words;
//! - [`parallel`] – starts, resamples and checks on several threads, with the same bits;
//! - [`spread`] – standard errors: observed information, clusters, bootstrap;
//! - [`branches`] – other equilibria at the estimate;
//! - [`simulate`], [`recover`] – plays drawn from the model; the self-check by simulate, fit, recover;
//! - [`fit`] – all of it in order.
#![forbid(unsafe_code)]

pub mod branches;
pub mod circle;
pub mod climb;
pub mod data;
pub mod dual;
pub mod engine;
pub mod fit;
pub mod identify;
pub mod likelihood;
pub mod matrix;
pub mod optimise;
pub mod parallel;
pub mod recover;
pub mod sheet;
pub mod shocks;
pub mod simulate;
pub mod spread;
mod warnings;

pub use data::{Data, DataError, Roles};
pub use fit::{Estimate, Fit, Plan, Problem};
pub use sheet::Sheet;
pub use shocks::Shocks;

/// Watches a long estimation: returns false to stop.
pub trait Watch: Sync {
    /// Called with the share that is done, between 0 and 1.
    fn go_on(&self, done: f64) -> bool;
}

/// Never stops.
pub struct Unwatched;

impl Watch for Unwatched {
    fn go_on(&self, _done: f64) -> bool {
        true
    }
}
