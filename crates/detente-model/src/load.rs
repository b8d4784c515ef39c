//! From a path to a model: gather, resolve, check, elaborate, resolve questions.

use crate::elaborate::{Elaborated, Limits, Settings, elaborate};
use crate::files::{Files, gather};
use crate::resolve::resolve;
use detente_diag::{Diagnostic, Sources};

/// What came of a model.
#[derive(Debug)]
pub struct Loaded {
    /// The files read; spans of diagnostics point into them.
    pub sources: Sources,
    /// Errors and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    pub elaborated: Option<Elaborated>,
}

/// Reads, checks and elaborates the model at `path`.
pub fn load(files: &dyn Files, path: &str, limits: Limits) -> Loaded {
    let mut gathered = gather(files, path);
    let mut diagnostics = std::mem::take(&mut gathered.diagnostics);
    let resolved = resolve(&gathered.items);
    diagnostics.extend(resolved.diagnostics);
    let mut elaborated = None;
    if !detente_diag::has_errors(&diagnostics) {
        let mut e = elaborate(&resolved.program, &Settings::default(), limits);
        diagnostics.append(&mut e.diagnostics);
        elaborated = Some(e);
    }
    Loaded { sources: gathered.sources, diagnostics, elaborated }
}
