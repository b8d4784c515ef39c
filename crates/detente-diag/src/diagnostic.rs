//! The message as data.
//!
//! The one idea: a message says what is wrong (`message`), where (`labels`),
//! what to do (`help`), and, where a machine can do it, how (`edits`).

use crate::source::Span;
use serde::Serialize;

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The model cannot be used.
    Error,
    /// The model works, but probably not as meant.
    Warning,
}

/// A place and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is said there; may be empty.
    pub text: String,
    /// Is this the place the message is about? The first label is.
    pub primary: bool,
}

/// A change of the text that repairs the problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// The text to replace; empty to insert.
    pub span: Span,
    /// What to put there; empty to delete.
    pub text: String,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The name of the check, such as `turn-leaks`; `detente explain` knows it.
    pub slug: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong, in one short sentence.
    pub message: String,
    /// Places, the primary one first.
    pub labels: Vec<Label>,
    /// What to do next.
    pub help: Option<String>,
    /// Changes that a machine can make, not overlapping.
    pub edits: Vec<Edit>,
}

impl Diagnostic {
    /// An error without a place; add one with [`Diagnostic::label`].
    pub fn error(slug: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(slug, Severity::Error, message.into())
    }

    /// A warning without a place; add one with [`Diagnostic::label`].
    pub fn warning(slug: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(slug, Severity::Warning, message.into())
    }

    fn new(slug: &'static str, severity: Severity, message: String) -> Diagnostic {
        Diagnostic { slug, severity, message, labels: Vec::new(), help: None, edits: Vec::new() }
    }

    /// Adds a place. The first one added is the primary one.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        let primary = self.labels.is_empty();
        self.labels.push(Label { span, text: text.into(), primary });
        self
    }

    /// Says what to do next. A second call adds a second sentence.
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        let text = text.into();
        self.help = Some(match self.help.take() {
            Some(before) => format!("{before}; {text}"),
            None => text,
        });
        self
    }

    /// Adds a change that a machine can make.
    pub fn edit(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.edits.push(Edit { span, text: text.into() });
        self
    }

    /// Is it an error?
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The place the message is about, if it has one.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}

/// Is there an error among the messages?
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}

/// Sorts messages by place, those without a place last; equal places keep their order.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|diagnostic| match diagnostic.span() {
        Some(span) => (0, span.file, span.start),
        None => (1, Default::default(), 0),
    });
}

/// Applies edits to the text they point into. Edits that overlap an earlier
/// one, or do not fit the text, are left out.
pub fn apply_edits(text: &str, edits: &[Edit]) -> String {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in ordered {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let fits = start >= copied && text.get(start..end).is_some();
        if fits {
            result.push_str(&text[copied..start]);
            result.push_str(&edit.text);
            copied = end;
        }
    }
    result.push_str(&text[copied..]);
    result
}
