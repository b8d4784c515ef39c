//! From a path to a model: gather, resolve, check, elaborate, resolve questions.

use crate::assemble::{assemble, games};
use crate::elaborate::Limits;
use crate::files::{Files, gather};
use crate::model::Model;
use crate::resolve::resolve;
use detente_diag::{Diagnostic, Sources};

/// What came of a model.
#[derive(Debug)]
pub struct Loaded {
    /// The files read; spans of diagnostics point into them.
    pub sources: Sources,
    /// Errors and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The model, if there were no errors.
    pub model: Option<Model>,
}

/// Reads, checks and elaborates the model at `path`.
///
/// All errors of one stage are reported together; a stage runs only on what
/// the one before it could read.
pub fn load(files: &dyn Files, path: &str, limits: Limits) -> Loaded {
    load_changed(files, path, limits, &mut |_| {})
}

/// As [`load`], with the items changed after they are gathered.
pub(crate) fn load_changed(
    files: &dyn Files,
    path: &str,
    limits: Limits,
    change: &mut dyn FnMut(&mut Vec<detente_syntax::ast::Item>),
) -> Loaded {
    let mut gathered = gather(files, path);
    change(&mut gathered.items);
    let mut diagnostics = std::mem::take(&mut gathered.diagnostics);
    let readable = gathered.readable && !gathered.sources.files().is_empty();
    let mut model = None;
    if readable {
        let mut resolved = resolve(&gathered.items);
        diagnostics.append(&mut resolved.diagnostics);
        diagnostics.extend(crate::check::before(&gathered, &resolved));
        if !detente_diag::has_errors(&diagnostics) {
            let mut games = games(&resolved.program, &resolved.extras, limits);
            diagnostics.append(&mut games.diagnostics);
            if !detente_diag::has_errors(&diagnostics) {
                diagnostics.extend(crate::check::games(&resolved, &games));
                let mut assembled = assemble(&gathered, &resolved, games);
                diagnostics.append(&mut assembled.diagnostics);
                diagnostics.extend(crate::check::after(&resolved, &assembled));
                model = Some(assembled.model);
            }
        }
    }
    crate::expand::name_calls(&gathered.written, &mut diagnostics);
    detente_diag::sort(&mut diagnostics);
    // A stage that is written out twice has its errors once.
    diagnostics.dedup();
    if detente_diag::has_errors(&diagnostics) {
        model = None;
    }
    Loaded { sources: gathered.sources, diagnostics, model }
}
