//! Draws in lanes: one game, many parameter vectors, a block at a time.
//!
//! The structure is read once, the numbers stand side by side. Whatever rounding could have turned
//! is marked and left to the exact path, so an answer from here is as sure as one from there.
//!
//! - `lanes`     – a block of parameter vectors;
//! - `tape`      – formulas over a block, each value with a bound of its error;
//! - `classes`   – which numbers of a draw are surely the same number;
//! - `backward`  – perfect information: backward induction without a branch;
//! - `pure`      – signalling with two replies: the pure sequential equilibria as masks;
//! - `whole`     – all sequential equilibria where hidden moves come in two layers, draw by draw;
//! - `batch`     – one door for all of it;
//! - `measure`   – games for measuring all this;
//! - `found`     – what was found, and the signature that names a set of equilibria.

mod backward;
mod batch;
mod classes;
mod found;
mod lanes;
pub mod measure;
mod pure;
mod same;
mod tape;
mod whole;

pub use backward::{Perfect, Played, applies};
pub use batch::{Batch, Point, Work};
pub use found::{Equilibrium, Found, Heard, Play, Region, signature, signature_of_choices};
pub use lanes::{Block, LANES, Row, row};
pub use pure::{PureFound, PureSignalling};
pub use same::same_chances;
pub use whole::Why;
