//! A solution as a document: JSON for programs, text for a terminal.

mod device;
mod json;
mod secure;
mod text;

pub use device::{commitment_json, commitment_text, devices_json, devices_text};
pub use json::solution_json;
pub use secure::{secure_json, secure_text};
pub use text::{concept_name, solution_text, status_name, status_sentence};
