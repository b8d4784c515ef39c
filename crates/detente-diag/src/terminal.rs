//! Messages as text with source lines, for people.
//!
//! The one idea: the drawing is `annotate-snippets`' work; this file only
//! makes spans safe (inside the text, on character boundaries) and groups
//! labels by file.

use crate::source::floor_boundary;
use crate::{Diagnostic, Severity, Sources};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};

/// One message as text, without a line break at the end; escape codes for
/// colour only if `colour`.
pub fn render_terminal(sources: &Sources, diagnostic: &Diagnostic, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(printable(&diagnostic.message))
        .id(diagnostic.slug)
        .elements(snippets(sources, diagnostic));
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(printable(help)));
    }
    let report: &[Group<'_>] = &[group];
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Unicode).render(report)
}

/// All messages, each followed by an empty line, then a count of errors and
/// warnings; empty if there are none.
pub fn render_terminal_all(sources: &Sources, diagnostics: &[Diagnostic], colour: bool) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&render_terminal(sources, diagnostic, colour));
        text.push_str("\n\n");
    }
    let errors = diagnostics.iter().filter(|one| one.is_error()).count();
    let counts = [(errors, "error"), (diagnostics.len() - errors, "warning")];
    let words: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    if !words.is_empty() {
        text.push_str(&words.join(", "));
        text.push('\n');
    }
    text
}

/// One snippet for each file that a label points into, in order of mention.
fn snippets<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut files = Vec::new();
    for label in &diagnostic.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    let mut snippets = Vec::new();
    for id in files {
        let Some(file) = sources.get(id) else {
            continue;
        };
        let mut snippet = Snippet::source(file.text.as_str()).path(file.name.as_str());
        for label in diagnostic.labels.iter().filter(|label| label.span.file == id) {
            let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let start = floor_boundary(&file.text, label.span.start as usize);
            let end = floor_boundary(&file.text, label.span.end as usize).max(start);
            let annotation = kind.span(start..end);
            snippet = snippet.annotation(if label.text.is_empty() {
                annotation
            } else {
                annotation.label(printable(&label.text))
            });
        }
        snippets.push(snippet);
    }
    snippets
}

/// The text without control characters: a model must not steer the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{FFFD}' } else { c }).collect()
}
