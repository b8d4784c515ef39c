//! How good forecasts were: proper scores, beside a base rate, and calibration.
//!
//! Every score here is a loss (0 is best) unless its name says otherwise, and every one is proper:
//! nobody gains by stating another probability than the one they hold (T. Gneiting, A. E. Raftery,
//! "Strictly proper scoring rules, prediction, and estimation", JASA 2007).

pub mod calibration;
pub mod compare;
pub mod continuous;
pub mod interval;
pub mod points;

pub use calibration::{Band, Bin, Decomposition, calibration, decompose, equal_bands};
pub use compare::{Base, Comparison, compare_binary, compare_losses};
pub use continuous::{crps, crps_fair};
pub use interval::{crps_between, extremes, narrowed};
pub use points::{baseline, brier, brier_many, log_loss, log_loss_many, ranked};
