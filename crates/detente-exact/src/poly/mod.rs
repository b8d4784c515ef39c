//! Polynomials over `Q`: one variable with its real roots, and many variables, sparse.
//!
//! The one idea: where an equilibrium's incentive changes sign is a root of a polynomial, and a
//! root is an exact object (a rational, or the one root of a polynomial between two rationals), so
//! thresholds are found and compared without rounding.

mod divide;
mod many;
mod one;
mod roots;

pub use many::{MPoly, Monomial};
pub use one::Poly;
pub use roots::RealRoot;
