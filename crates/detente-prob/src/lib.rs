//! Priors over parameters, and random streams that depend on nothing but their address.
//!
//! [`Prior`] is plain data with closed forms for support, mean, quantile and
//! equal-probability cells. A draw is addressed, not taken from a generator
//! with state: draw `i` of a parameter depends on (seed, name, `i`) alone, so
//! draws can be computed in any order, on any machine, and give the same bits.
#![forbid(unsafe_code)]

pub mod base;
pub mod check;
pub mod copula;
pub mod families;
pub mod philox;
pub mod prior;
pub mod sobol;
pub mod stream;

pub use base::{decimal, three_digits};
pub use check::PriorError;
pub use copula::{Copula, CopulaError};
pub use prior::Prior;
pub use sobol::{Sobol, TooManyDimensions};
pub use stream::{bits, draw_all, uniform};
