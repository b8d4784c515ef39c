//! Messages to the author of a model: the data, and two ways to show it.
//!
//! The one idea: a message is plain data first (slug, places, help, edits) and
//! text second, so that a terminal, an editor and a test read the same thing.
//! Nothing here prints; both renderers return a `String`.
#![forbid(unsafe_code)]

mod diagnostic;
mod json;
mod nearest;
mod source;
mod terminal;

pub use diagnostic::{Diagnostic, Edit, Label, Severity, apply_edits, has_errors, sort};
pub use json::{render_json, to_json};
pub use nearest::nearest;
pub use source::{FileId, Place, SourceFile, Sources, Span};
pub use terminal::{render_terminal, render_terminal_all};
