//! Answers over a range of parameters, proven: where the set of equilibria changes, and where it
//! does not.
//!
//! The one idea: a proof found at a point is replayed over functions of the parameters (see
//! [`detente_verify::over`]), and holds as far as the signs it rests on. In one parameter the
//! functions are exact and so are the ends ([`germ`], [`line`], [`thresholds`]). In two, they are
//! exact as well, and boxes are cut until the signs are sure ([`formula`], [`plane`]).
#![forbid(unsafe_code)]

pub mod around;
pub mod evaluate;
pub mod formula;
pub mod germ;
pub mod line;
pub mod plane;
pub mod reasons;
pub mod slopes;
pub mod thresholds;

pub use line::Line;
pub use plane::{Axis, Map, Plane, map};
pub use thresholds::{Thresholds, thresholds};
