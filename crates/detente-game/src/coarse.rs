//! A coarse correlated equilibrium written out, as plain data.
//!
//! The one idea: a device that draws one of a few profiles, by these weights, and plays it for all. Players
//! know the weights and the profiles, not which is drawn (Moulin and Vial, "Strategically zero-sum games",
//! 1978). What a player gains by one plan of its own in place of the device's, against the others' draws, is
//! a sum over the profiles, so a referee computes it with nothing but the game.

use crate::solution::Num;
use detente_exact::Q;
use serde::{Deserialize, Serialize};

/// A device that draws a profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coarse {
    /// The probability of each profile.
    pub weights: Vec<Q>,
    /// `profiles[k][h][a]`: probability of action `a` at information set `h` where profile `k` is drawn.
    pub profiles: Vec<Vec<Vec<Q>>>,
    /// The most that any player gains by refusing the device for one plan of its own, in payoff units.
    pub gain: Num,
}
