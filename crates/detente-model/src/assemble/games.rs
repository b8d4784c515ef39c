//! The games of a model: its own, one for each variant, and one for each test that changes the tree.

use crate::elaborate::{Elaborated, Limits, Settings, constant_value, elaborate};
use crate::program::{ParamValue, Program};
use crate::resolve::{Extras, TestCode};
use detente_diag::{Diagnostic, Severity, Span};
use detente_exact::Q;
use detente_game::{Op, ParamId};

/// The games of a model: itself, its variants, and tests that change the tree.
pub(crate) struct Games {
    pub base: Elaborated,
    pub variants: Vec<Elaborated>,
    /// One for each test whose settings change the tree.
    pub tests: Vec<Option<Elaborated>>,
    /// Plain settings of each test.
    pub sets: Vec<Vec<(ParamId, Q)>>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Elaborates the base game, then variants and tests. Stops at errors in the base game.
pub(crate) fn games(program: &Program, extras: &Extras, limits: Limits) -> Games {
    let mut base = elaborate(program, &Settings::default(), limits);
    let diagnostics = std::mem::take(&mut base.diagnostics);
    let mut games = Games { base, variants: Vec::new(), tests: Vec::new(), sets: Vec::new(), diagnostics };
    if detente_diag::has_errors(&games.diagnostics) || !games.base.complete {
        return games;
    }
    for variant in &extras.variants {
        let mut elaborated = elaborate(program, &variant.settings, limits);
        let title = &variant.name;
        games.diagnostics.extend(within(
            &mut elaborated,
            &format!("in variant `{title}`"),
            variant.support.span,
        ));
        games.variants.push(elaborated);
    }
    for test in &extras.tests {
        let (sets, game) = settings(program, test, &games.base, limits);
        if let Some(mut elaborated) = game {
            let title = format!("in test \"{}\"", test.name);
            games.diagnostics.extend(within(&mut elaborated, &title, test.support.span));
            games.tests.push(Some(elaborated));
        } else {
            games.tests.push(None);
        }
        games.sets.push(sets);
    }
    games
}

/// Errors of a game other than the base game, with the item that made it.
pub(super) fn within(elaborated: &mut Elaborated, place: &str, span: Span) -> Vec<Diagnostic> {
    placed(std::mem::take(&mut elaborated.diagnostics), place, span)
}

/// Errors with the variant or test in whose game they occur.
pub(crate) fn placed(found: Vec<Diagnostic>, place: &str, span: Span) -> Vec<Diagnostic> {
    found
        .into_iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|mut d| {
            d.message = format!("{place}: {}", d.message);
            let start = Span { end: span.start + 1, ..span };
            d.label(start, "changes the game here")
        })
        .collect()
}

/// A test's settings: plain values, or a game of its own where they change the tree.
pub(super) fn settings(
    program: &Program,
    test: &TestCode,
    base: &Elaborated,
    limits: Limits,
) -> (Vec<(ParamId, Q)>, Option<Elaborated>) {
    let mut sets = Vec::new();
    let mut plain = test.settings.consts.is_empty();
    for (at, value) in &test.settings.params {
        let id = ParamId(*at as u32);
        let own = base.facts.param_exprs[*at]
            .is_some_and(|expr| base.game.tape.ops[expr.0 as usize] == Op::Param(id));
        match value {
            ParamValue::Fixed(formula) if own => match constant_value(program, formula) {
                Ok(value) => sets.push((id, value)),
                Err(_) => plain = false,
            },
            _ => plain = false,
        }
    }
    if plain { (sets, None) } else { (Vec::new(), Some(elaborate(program, &test.settings, limits))) }
}
