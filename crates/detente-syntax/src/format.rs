//! The one layout of a model.
//!
//! The one idea: the formatter moves white space only (and drops commas at
//! line ends), token by token, so it can lose neither a comment nor a number.
//! Whether a list stands on one line is the author's choice, as the text shows it.

mod gaps;
mod layout;
mod lines;

use crate::parse;
use detente_diag::{Edit, FileId, apply_edits, has_errors};

/// The text in its one layout.
///
/// Sources at the end of an item move to its label. The result means the
/// same, and formatting it again changes nothing. A text with errors is given
/// back as it is: its meaning is not known.
pub fn format(text: &str) -> String {
    let parsed = parse(FileId(0), text);
    if has_errors(&parsed.diagnostics) {
        return text.to_string();
    }
    let moves: Vec<Edit> = parsed
        .diagnostics
        .iter()
        .filter(|one| one.slug == "citation-place")
        .flat_map(|one| one.edits.clone())
        .collect();
    if moves.is_empty() {
        return layout::layout(text, &parsed.tree);
    }
    let moved = apply_edits(text, &moves);
    let parsed = parse(FileId(0), &moved);
    layout::layout(&moved, &parsed.tree)
}
