//! Messages as JSON, for editors and programs.
//!
//! The one idea: every span carries its file name, byte offsets, and both
//! ends as line and column, so a reader needs no copy of the text.

use crate::{Diagnostic, Edit, Label, Sources, Span};
use serde_json::{Value, json};

/// The messages as a JSON array.
///
/// Each entry: `slug`, `severity`, `message`, `labels` (each with `span`,
/// `text`, `primary`), `help` (or null), `edits` (each with `span`, `text`).
/// A `span` is `file`, `start`, `end` (bytes), and `from`, `to` (`line`,
/// `column`, counted from 1, columns in characters).
pub fn to_json(sources: &Sources, diagnostics: &[Diagnostic]) -> Value {
    Value::Array(diagnostics.iter().map(|one| entry(sources, one)).collect())
}

/// The same as [`to_json`], as indented text.
pub fn render_json(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    format!("{:#}", to_json(sources, diagnostics))
}

fn entry(sources: &Sources, diagnostic: &Diagnostic) -> Value {
    let label = |label: &Label| {
        json!({
            "span": span(sources, label.span),
            "text": label.text,
            "primary": label.primary,
        })
    };
    let edit = |edit: &Edit| json!({ "span": span(sources, edit.span), "text": edit.text });
    json!({
        "slug": diagnostic.slug,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "labels": diagnostic.labels.iter().map(label).collect::<Vec<_>>(),
        "help": diagnostic.help,
        "edits": diagnostic.edits.iter().map(edit).collect::<Vec<_>>(),
    })
}

fn span(sources: &Sources, span: Span) -> Value {
    json!({
        "file": sources.get(span.file).map(|file| file.name.as_str()),
        "start": span.start,
        "end": span.end,
        "from": sources.place(span.file, span.start),
        "to": sources.place(span.file, span.end),
    })
}
