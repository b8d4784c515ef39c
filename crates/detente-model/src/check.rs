//! The checks: one file for each family.
//!
//! Checks before elaboration look at declarations, checks of games at the
//! elaborated trees, checks after at the questions.

mod cycles;

use crate::assemble::{Assembled, Games};
use crate::files::Gathered;
use crate::resolve::Resolved;
use detente_diag::Diagnostic;

/// Checks on declarations alone.
pub(crate) fn before(gathered: &Gathered, resolved: &Resolved) -> Vec<Diagnostic> {
    let _ = gathered;
    let mut found = Vec::new();
    cycles::check(&resolved.program, &mut found);
    found
}

/// Checks on the elaborated games.
pub(crate) fn games(resolved: &Resolved, games: &Games) -> Vec<Diagnostic> {
    let _ = (resolved, games);
    Vec::new()
}

/// Checks on the questions.
pub(crate) fn after(resolved: &Resolved, assembled: &Assembled) -> Vec<Diagnostic> {
    let _ = (resolved, &assembled.used);
    Vec::new()
}
