//! Answers as documents: JSON, terminal text, pictures, a report.
//!
//! The one idea: this room computes no answer. It takes plain data that others have computed and
//! proven, and writes it down; every picture is one [`scene::Scene`] with several back ends.
#![forbid(unsafe_code)]

pub mod asks;
pub mod bargain;
pub mod branch;
pub mod case;
pub mod chart;
pub mod fit;
pub mod flips;
pub mod foresight;
pub mod gaps;
pub mod infer;
pub mod levers;
pub mod map;
mod measure;
pub mod number;
pub mod paint;
pub mod palette;
pub mod parametric;
pub mod provenance;
pub mod scene;
pub mod sees;
pub mod sensitivity;
pub mod solution;
pub mod standards;
pub mod svg;
pub mod sweep;
pub mod tables;
pub mod tikz;
pub mod tree;
pub mod voi;

pub use asks::{answers_json, answers_text};
pub use branch::{branch_json, branch_table, branch_text};
pub use case::{CaseReport, case_html, case_text};
pub use detente_game::names;
pub use sees::{sees, sees_json, sees_text};
pub use solution::{
    commitment_json, commitment_text, devices_json, devices_text, mediation_json, mediation_text,
    nash_sets_json, nash_sets_text, perfect_json, perfect_text, persuasion_text, rationalizable_json,
    rationalizable_text, reduction_json, reduction_text, refinements_json, refinements_text, secure_json,
    secure_text, selection_json, selection_text, solution_json, solution_text,
};
pub use svg::{SvgOptions, svg};
pub use sweep::{sweep_json, sweep_text};
pub use tikz::{TikzForm, tikz};
pub use tree::{Direction, View, folded_scene, tree_scene};
