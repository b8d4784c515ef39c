//! A solution as a document: JSON for programs, text for a terminal.

mod device;
mod json;
mod lines;
mod mediation;
mod open;
mod perfect;
mod reason;
mod reduction;
mod secure;
mod sets;
mod text;
mod value;

pub use device::{commitment_json, commitment_text, devices_json, devices_text};
pub use json::solution_json;
pub use mediation::{mediation_json, mediation_text, persuasion_text};
pub use perfect::{perfect_json, perfect_text};
pub use reason::{rationalizable_json, rationalizable_text, selection_json, selection_text};
pub use reduction::{reduction_json, reduction_text, refinements_json, refinements_text};
pub use secure::{secure_json, secure_text};
pub use sets::{nash_sets_json, nash_sets_text};
pub use text::{concept_name, solution_text, status_name, status_sentence};
