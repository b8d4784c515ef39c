//! A whole case as plain data, and its two documents: a page and a few lines of text.
//!
//! The one idea: everything a reader must be able to check stands beside the conclusion it
//! supports. Whoever answers questions fills in [`CaseReport`]; nothing here computes.

mod advice;
mod annex;
mod basis;
mod bottom;
mod claims;
mod council;
mod data;
mod evidence;
mod fill;
mod forecasts;
mod frame;
mod html;
mod lines;
mod models;
mod notes;
mod played;
mod ranges;
mod rescue;
mod shares;
mod sourced;
pub mod standards;
mod tables;
mod text;
mod updates;
mod verdicts;
mod without;

pub use advice::{Advice, AdvicePart};
pub use bottom::strange_judgments;
pub use council::{CouncilPart, CouncilStudied, IssuePart, Picture, council_charts, council_parts};
pub use data::*;
pub use fill::{Studied, case_report};
pub use forecasts::{add_forecasts, add_standards};
pub use html::case_html;
pub use notes::{HEADINGS, KeyNote, LeverNote, MapNote, Notes, notes};
pub use ranges::Ranges;
pub use text::case_text;
pub use updates::is_settled;
pub use without::add_without;

/// The name of a place in the page.
pub(crate) fn link_id(what: &str, model: &str, name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    [what, model, name].map(|w| w.chars().map(plain).collect::<String>()).join("-")
}
