//! Where in the space of inputs a claim holds: boxes and rules that can be said in one sentence.
//!
//! Scenario discovery after B. P. Bryant, R. J. Lempert, "Thinking inside the box: a participatory,
//! computer-assisted approach to scenario discovery", Technological Forecasting and Social Change 77
//! (2010). A box is judged by three numbers: its *density* (the share of its draws in which the claim
//! holds), its *coverage* (the share of all draws with the claim that lie inside), and how few inputs
//! it restricts.

pub mod cart;
pub mod cases;
pub mod prim;
pub mod quasi;
pub mod resample;
pub mod rule;

pub use cart::{Tree, TreeSettings, grow};
pub use cases::{Bounds, Cases, Measure, Region};
pub use prim::{Objective, PrimSettings, Trajectory, find_box, find_boxes};
pub use quasi::{Restriction, Side, restrictions, simplify};
pub use resample::{Reproduced, reproduce};
pub use rule::Rule;
