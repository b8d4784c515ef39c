//! The checks: one file for each family.
//!
//! Checks before elaboration look at declarations, checks of games at the
//! elaborated trees, checks after at the questions. Each message carries a slug
//! with a page in `docs/checks/`.

mod council;
mod cycles;
mod enclose;
mod identity;
mod information;
mod numbers;
pub mod options;
mod points;
mod probability;
mod questions;
mod sense;
mod shape;
mod sources;
mod units;

use crate::assemble::{Assembled, Games, placed};
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
    council::check(resolved, &games.base, &mut found);
    if !resolved.program.has_play() {
        numbers::check(&games.base, &mut found);
        if !has_errors(&found) {
            elsewhere(resolved, games, &mut found);
        }
        return found;
    }
    shape::reached(&resolved.program, games, &mut found);
    information::turn_leaks(resolved, games, &mut found);
    information::redundant_tells(games, &mut found);
    information::idle(resolved, games, &mut found);
    information::recall(&games.base.game, &mut found);
    for elaborated in games.variants.iter().chain(games.tests.iter().flatten()) {
        information::recall(&elaborated.game, &mut found);
    }
    probability::check(&games.base, &mut found);
    numbers::check(&games.base, &mut found);
    if !has_errors(&found) {
        elsewhere(resolved, games, &mut found);
    }
    if !has_errors(&found) {
        sense::players_know_param(resolved, games, &mut found);
        sense::dominated(resolved, games, &mut found);
        sense::tied(resolved, games, &mut found);
    }
    found
}

/// Numbers of variants and of tests that change the tree: their errors, with the place that made them.
fn elsewhere(resolved: &Resolved, games: &Games, found: &mut Vec<Diagnostic>) {
    let variants = resolved.extras.variants.iter().zip(&games.variants);
    let tests = resolved.extras.tests.iter().zip(&games.tests);
    let named = variants.map(|(v, e)| (format!("in variant `{}`", v.name), v.support.span, e)).chain(
        tests.filter_map(|(t, e)| Some((format!("in test \"{}\"", t.name), t.support.span, e.as_ref()?))),
    );
    for (place, span, elaborated) in named {
        let mut here = Vec::new();
        council::check(resolved, elaborated, &mut here);
        probability::check(elaborated, &mut here);
        numbers::check(elaborated, &mut here);
        found.extend(placed(here, &place, span));
    }
}

/// Checks on the questions.
pub(crate) fn after(resolved: &Resolved, assembled: &Assembled) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    shape::unused(resolved, assembled, &mut found);
    questions::check(assembled, &mut found);
    found
}
