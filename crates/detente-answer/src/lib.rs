//! Questions answered over the set of equilibria.
//!
//! The one idea: an answer belongs to an equilibrium, and the set of
//! equilibria is the answer. Numbers come per component and as low–high over
//! all; a claim is true on a continuum only if it is proven true at every point.
#![forbid(unsafe_code)]

pub mod asked;
pub mod bargain;
pub mod chain;
pub mod claims;
pub mod council;
pub mod council_witness;
#[cfg(test)]
mod doubtful;
pub mod draws;
pub mod drivers;
pub mod ends;
pub mod ensemble;
pub mod evidence;
pub mod examine;
pub mod fast;
pub mod flip;
pub mod foresight;
pub mod held;
pub mod indicators;
pub mod infer;
pub mod levers;
pub mod number;
pub mod observed;
pub mod offpath;
pub mod play;
pub mod provenance;
pub mod query;
pub mod range;
pub mod sampler;
pub mod scenario;
pub mod sensitivity;
pub mod sets;
pub mod shares;
pub mod solved;
pub mod spread;
pub mod study;
pub mod sweep;
pub mod tests;
pub mod text;
pub mod theories;
pub mod undefined;
pub mod verdict;
pub mod voi;
pub mod why;
pub mod witness;
pub mod words;
