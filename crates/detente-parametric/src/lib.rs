//! Answers over a range of parameters, proven: where the set of equilibria changes, and where it
//! does not.
//!
//! The one idea: a proof found at a point is replayed over functions of the parameters (see
//! [`detente_verify::over`]), and holds as far as the signs it rests on. The functions are exact
//! ([`formula`]). In one parameter so are the ends, roots of polynomials or zeros of expressions
//! ([`end`], [`line`], [`thresholds`]); in two, boxes are cut until the signs are sure ([`plane`]);
//! in any number, a proof holds around a point ([`around`]).
#![forbid(unsafe_code)]

pub mod around;
pub mod end;
pub mod evaluate;
pub mod formula;
pub mod line;
pub mod plane;
pub mod reasons;
pub mod slopes;
pub mod thresholds;

pub use line::Line;
pub use plane::{Axis, Map, Plane, map};
pub use thresholds::{Thresholds, thresholds};
