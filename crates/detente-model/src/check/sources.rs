//! Sources: every number is cited or owned, every citation exists.

use crate::files::Gathered;
use crate::program::{FormulaKind, ParamValue};
use crate::resolve::{Resolved, unknown};
use detente_diag::Diagnostic;

pub(super) fn check(gathered: &Gathered, resolved: &Resolved, found: &mut Vec<Diagnostic>) {
    // Cells of councils are reported together, not one by one.
    let cells = resolved.program.cell_params();
    let named = resolved.program.params.iter().enumerate().filter(|(at, _)| !cells.contains(at));
    for (_, param) in named {
        let support = &param.support;
        let derived = match &param.value {
            ParamValue::Fixed(formula) => {
                let mut derived = false;
                formula.walk(&mut |f| derived |= matches!(f.kind, FormulaKind::Param(_)));
                derived
            }
            _ => false,
        };
        if support.citations.is_empty() && support.assumed.is_none() && !derived && !param.name.is_empty() {
            found.push(
                Diagnostic::warning("unsourced-param", format!("nothing supports `{}`", param.name))
                    .label(support.span, "no source, and not said to be assumed")
                    .help("add `@key[page]` after the label, or own it: `assumed \"why\"`"),
            );
        }
    }
    super::council::unsupported(resolved, found);
    unused(gathered, resolved, found);
    if resolved.names.cited.is_empty() || !gathered.complete {
        return;
    }
    if gathered.bibliographies.is_empty() {
        let span = resolved.names.cited[0].1;
        found.push(
            Diagnostic::warning("missing-key", "sources are cited, but no bibliography is named")
                .label(span, "cited first here")
                .help("add `bibliography \"refs.bib\"`"),
        );
        return;
    }
    for (key, span) in &resolved.names.cited {
        if !gathered.entries.contains_key(key) && !key.is_empty() {
            let mut diagnostic =
                unknown(key, *span, "is in no bibliography", gathered.entries.keys().map(String::as_str));
            diagnostic.slug = "missing-key";
            diagnostic.labels[0].text = "cited here".to_string();
            // The span covers the locator too, so the key alone cannot be replaced.
            diagnostic.edits.clear();
            if diagnostic.help.as_deref().is_none_or(|h| h.starts_with("known")) {
                diagnostic.help = Some(format!("add an entry `{key}` to {}", gathered.bibliographies[0]));
            }
            found.push(diagnostic);
        }
    }
}

/// Entries of a bibliography that nobody cites.
fn unused(gathered: &Gathered, resolved: &Resolved, found: &mut Vec<Diagnostic>) {
    let cited = |key: &str| resolved.names.cited.iter().any(|(known, _)| known == key);
    for (key, span) in gathered.uncited.iter().filter(|(key, _)| !cited(key)) {
        found.push(
            Diagnostic::warning("unused-source", format!("nothing cites `{key}`"))
                .label(*span, "an entry of this bibliography")
                .help(format!("cite it where it supports something: `@{key}[page]`, or remove the entry")),
        );
    }
}
