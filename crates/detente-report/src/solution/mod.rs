//! A solution as a document: JSON for programs, text for a terminal.

mod json;
mod text;

pub use json::solution_json;
pub use text::{concept_name, solution_text, status_name, status_sentence};
