//! What is left of a game and of its equilibria when more is asked of reason.
//!
//! The one idea: everything removed stands with what proves that nobody reasonable plays it, and everything
//! found stands with the beliefs that make it best, so a referee can check both without any solver.
//!
//! 1. `play`        – values, reach, and a player's best continuation from a set;
//! 2. `conditional` – actions that are never best at their own set, in rounds;
//! 3. `perfect`     – perfect Bayesian equilibria by two definitions;
//! 4. `strategic`   – rationalizable plans, and equilibria without mixing with what may choose among them;
//! 5. `reduce`      – a smaller game that has the same equilibria.
#![forbid(unsafe_code)]

pub mod conditional;
pub mod perfect;
mod plausible;
pub mod play;
pub mod reduce;
pub mod strategic;

pub use perfect::perfect;
pub use reduce::{Reduced, reduce};
pub use strategic::{rationalizable, selection};
