//! What a device that advises the players, or a player who commits, can bring about.
//!
//! The one idea: a device draws a plan for every player from a distribution that all know, and
//! tells each its own. The distributions that all obey form a polytope, so what can come about is
//! a range, and each end of it is a linear program with an exact proof.
//!
//! 1. `plans`   – each player's plans, and what every combination of them brings;
//! 2. `flow`, `interior`, `face`, `ends` – the most that an obeyed plan can bring, enclosed from both sides;
//! 3. `device`  – who may deviate how, and the range of a number over all obeyed devices;
//! 4. `commit`  – one player announces its plan first and is believed;
//! 5. `unfold`, `doubt`, `mediate` – a mediator who hears what players report, or sees the truth.
#![forbid(unsafe_code)]

pub mod commit;
pub mod device;
mod doubt;
mod ends;
mod face;
mod flow;
mod interior;
pub mod mediate;
pub mod plans;
pub mod unfold;

pub use commit::commit;
pub use device::devices;
pub use interior::Going;
pub use mediate::mediate;
pub use plans::{Plans, TooMany};
pub use unfold::TooWide;
