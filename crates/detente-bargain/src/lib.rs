//! Many actors at one table: what they settle on, who moves whom, and how much hangs on the model.
//!
//! A [`Council`] holds actors with a capability, and on every issue a position and a salience. Every
//! model below is a pure function of a council and an options struct that names all of its choices;
//! [`baseline`](fn@baseline) stands beside each of them.
//!
//! ```
//! use detente_bargain::{Actor, Council, CouncilData, Issue, SalienceRule, forecast, standard_models};
//!
//! let council = Council::new(CouncilData {
//!     issues: vec![Issue::new("years of delay", 0.0, 10.0)],
//!     actors: vec![Actor::new("North"), Actor::new("South"), Actor::new("East")],
//!     capability: vec![30.0, 20.0, 50.0],
//!     position: vec![vec![2.0], vec![5.0], vec![9.0]],
//!     salience: vec![vec![80.0], vec![40.0], vec![60.0]],
//!     full_salience: 100.0,
//!     salience_rule: SalienceRule::Shares,
//! })
//! .expect("sound numbers");
//! for named in standard_models() {
//!     let answer = forecast(&council, &named.model).expect("options in range");
//!     assert!((2.0..=9.0).contains(&answer.outcome[0]), "{}", named.name);
//! }
//! ```
#![forbid(unsafe_code)]

pub mod baseline;
pub mod coalition;
pub mod council;
pub mod exchange;
pub mod expected_utility;
pub mod forecast;
pub mod ktab;
pub mod levers;
pub mod power;
pub mod spatial;
pub mod two_sides;

pub use baseline::{Baseline, baseline, baselines};
pub use council::{Actor, Council, CouncilData, CouncilError, Issue, SalienceRule};
pub use forecast::{Forecast, Model, NamedModel, forecast, standard_models};
