//! The state of lowering, and its order: declarations first, then what they say.

use super::{Names, Resolved};
use crate::model::{Cited, Support};
use crate::program::*;
use detente_diag::{Diagnostic, Span};
use detente_syntax::ast::{self, Caption, Item, ItemKind};

/// The state of lowering.
pub(crate) struct Lower<'a> {
    pub(crate) program: Program,
    pub(crate) names: Names,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Arity of each function and table, known before their bodies are lowered.
    pub(super) functions: Vec<(&'a Item, &'a ast::Function)>,
    pub(super) tables: Vec<(&'a Item, &'a ast::Table)>,
    pub(super) hypotheses: Vec<(&'a Item, &'a ast::Hypothesis)>,
    pub(super) has_council: bool,
}

/// Resolves the names of all items but questions.
pub fn resolve(items: &[Item]) -> Resolved<'_> {
    let mut lower = Lower {
        program: Program::default(),
        names: Names::default(),
        diagnostics: Vec::new(),
        functions: Vec::new(),
        tables: Vec::new(),
        hypotheses: Vec::new(),
        has_council: has_council(items),
    };
    lower.declare_players(items);
    lower.declare_values(items);
    lower.declare_events(items);
    lower.lower_values(items);
    lower.lower_councils(items);
    lower.lower_play(items);
    let extras = lower.lower_extras(items);
    Resolved {
        extras,
        program: lower.program,
        names: lower.names,
        hypotheses: lower.hypotheses,
        functions: lower.functions.into_iter().map(|(_, f)| f).collect(),
        tables: lower.tables.into_iter().map(|(_, t)| t).collect(),
        diagnostics: lower.diagnostics,
    }
}

impl<'a> Lower<'a> {
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(crate) fn report_all(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.diagnostics.extend(diagnostics);
    }

    pub(super) fn function_arity(&self, at: usize) -> usize {
        self.functions[at].1.args.len()
    }

    pub(super) fn table_arity(&self, at: usize) -> usize {
        self.tables[at].1.keys.len()
    }

    /// Turns a caption and doc comment into plain data, remembering what was cited.
    pub(crate) fn support(&mut self, caption: &Caption, doc: &str, span: Span) -> Support {
        for citation in caption.citations.iter().filter(|c| !c.key.is_empty()) {
            self.names.cited.push((citation.key.clone(), citation.span));
        }
        support(caption, doc, span)
    }
}

/// A council needs neither players nor a `play`.
pub(super) fn has_council(items: &[Item]) -> bool {
    items.iter().any(|item| matches!(item.kind, ItemKind::Council(_)))
}

/// Turns a caption and doc comment into plain data.
pub fn support(caption: &Caption, doc: &str, span: Span) -> Support {
    Support {
        label: caption.label.as_ref().map(|l| l.value.clone()).unwrap_or_default(),
        doc: doc.to_string(),
        citations: caption
            .citations
            .iter()
            .map(|c| Cited { key: c.key.clone(), locator: c.locator.clone(), span: c.span })
            .collect(),
        assumed: caption.assumed.as_ref().map(|a| a.value.clone()),
        span,
    }
}
