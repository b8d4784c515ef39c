//! The expected-utility model of challenges on one issue, with every unsettled choice by name.
//!
//! `options` lists the choices and their sources, `model` plays the rounds, `dispute` one of them, `emission` shows what the
//! choices do to one published example, `readings` to any issue.

mod dispute;
pub mod emission;
pub mod model;
pub mod options;
pub mod readings;

pub use model::{Kind, Round, Shift, UtilityError, UtilityRun, run};
pub use options::UtilityOptions;
pub use readings::{Variant, agreement, readings};
