//! The checks: one file for each family.
//!
//! Checks before elaboration look at declarations, checks of games at the
//! elaborated trees, checks after at the questions. Each message carries a slug
//! with a page in `docs/checks/`.

mod cycles;
mod information;
mod numbers;
mod points;
mod probability;
mod questions;
mod sense;
mod shape;
mod sources;
mod units;

use crate::assemble::{Assembled, Games};
use crate::files::Gathered;
use crate::resolve::Resolved;
use detente_diag::{Diagnostic, has_errors};

/// Checks on declarations alone.
pub(crate) fn before(gathered: &Gathered, resolved: &Resolved) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    cycles::check(&resolved.program, &mut found);
    if !has_errors(&found) {
        units::check(resolved, &mut found);
    }
    sources::check(gathered, resolved, &mut found);
    found
}

/// Checks on the elaborated games.
pub(crate) fn games(resolved: &Resolved, games: &Games) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    shape::reached(&resolved.program, games, &mut found);
    information::turn_leaks(resolved, games, &mut found);
    information::redundant_tells(games, &mut found);
    information::idle(resolved, games, &mut found);
    information::recall(&games.base.game, &mut found);
    for elaborated in games.variants.iter().chain(games.tests.iter().flatten()) {
        information::recall(&elaborated.game, &mut found);
    }
    probability::check(games, &mut found);
    numbers::check(games, &mut found);
    if !has_errors(&found) {
        sense::players_know_param(resolved, games, &mut found);
        sense::dominated_and_tied(resolved, games, &mut found);
    }
    found
}

/// Checks on the questions.
pub(crate) fn after(resolved: &Resolved, assembled: &Assembled) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    shape::unused(resolved, assembled, &mut found);
    questions::check(assembled, &mut found);
    found
}
