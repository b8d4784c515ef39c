//! A branch of quantal response equilibria as plain data: points, and what happens on the way.
//!
//! The one idea: one equilibrium at one precision hides how play got there. The branch is a curve from the
//! uniform play at λ = 0; it may turn back in λ, so that a precision has several points, and it may meet
//! other branches. Its points are computed, not proven; one of them is proven by solving at its λ.

use detente_exact::Q;

/// A point of a branch.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Precision of choice, in 1 / payoff units; a player's own is this times the player's weight.
    pub lambda: f64,
    /// Natural logarithm of the probability of each action, per information set.
    pub log: Vec<Vec<f64>>,
}

impl Point {
    /// Probability of each action, per information set.
    pub fn probs(&self) -> Vec<Vec<f64>> {
        self.log.iter().map(|h| h.iter().map(|l| libm::exp(*l)).collect()).collect()
    }
}

/// Something on the way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// The curve turns in λ at this precision: beyond, λ falls, or rises again.
    Turn { lambda: f64 },
    /// Other branches meet this one between these precisions.
    Crossing { low: f64, high: f64 },
}

impl Event {
    /// The precision at which it happens, or the middle of its range.
    pub fn lambda(&self) -> f64 {
        match *self {
            Event::Turn { lambda } => lambda,
            Event::Crossing { low, high } => low / 2.0 + high / 2.0,
        }
    }
}

/// A branch, from the uniform play on.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Per player: the player's precision as a multiple of λ.
    pub weights: Vec<Q>,
    /// In the order of the curve; λ may fall between turns.
    pub points: Vec<Point>,
    /// In ascending order of λ.
    pub events: Vec<Event>,
    /// Why the curve ends before its goal, in words; `None` if it does not.
    pub stopped: Option<String>,
}
