//! Many actors at one table: what they settle on, who moves whom, and how much hangs on the model.
//!
//! A [`Council`] holds actors with a capability, and on every issue a position and a salience. Every
//! model below is a pure function of a council and an options struct that names all of its choices;
//! [`baseline`] stands beside each of them.
#![forbid(unsafe_code)]

pub mod baseline;
pub mod council;
pub mod exchange;
pub mod expected_utility;
pub mod forecast;
pub mod ktab;
pub mod power;
pub mod spatial;
pub mod two_sides;

pub use baseline::{Baseline, baseline, baselines};
pub use council::{Actor, Council, CouncilData, CouncilError, Issue, SalienceRule};
pub use forecast::{Forecast, Model, NamedModel, forecast, standard_models};
