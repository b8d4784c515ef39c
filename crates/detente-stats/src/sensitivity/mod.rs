//! How much of an answer's variance each input explains.
//!
//! Three questions, three tools. Inputs drawn independently, and the model may be asked again:
//! [`sobol_indices`] on the rows of a [`Design`]. Correlated inputs: [`shapley_effects`] on the rows of
//! a [`ShapleyPlan`]. Only a sample that exists already: [`given_data`].
//!
//! Every answer is an [`Effect`], which keeps findings apart from noise.

pub mod design;
pub mod effect;
pub mod given;
pub mod indices;
pub mod shapley;

pub use design::Design;
pub use effect::Effect;
pub use given::{Given, GivenSettings, given_data};
pub use indices::{IndexSettings, SobolIndices, sobol_indices};
pub use shapley::{ShapleyEffects, ShapleyPlan, shapley_effects};
