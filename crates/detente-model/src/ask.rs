//! Resolves questions against an elaborated game.
//!
//! The same question may be asked of the model and of a variant, so it is
//! resolved from the syntax tree once for each game that it names. A move that
//! a variant rules out simply never happens there.

mod calls;
mod comparison;
mod council;
mod events;
mod happening;
mod number;
mod play_number;
mod query;
mod rounds;

use crate::elaborate::Facts;
use crate::program::Program;

use crate::question::Conditions;
use crate::resolve::{Named, Names, unknown};
use detente_diag::Diagnostic;
use detente_exact::Q;
use detente_game::Game;
use detente_syntax::ast::{self, ExprKind};

/// One game that questions may speak of.
#[derive(Clone, Copy)]
pub(crate) struct Room<'a> {
    pub game: &'a Game,
    pub facts: &'a Facts,
    /// True if an event that never happens here may still be named: variants and tests.
    pub lenient: bool,
}

/// Resolves questions. Lists what it finds wrong.
pub(crate) struct Asker<'a> {
    pub program: &'a Program,
    pub names: &'a Names,
    pub hypotheses: &'a [(&'a ast::Item, &'a ast::Hypothesis)],
    /// Functions of the game, as written.
    pub functions: &'a [&'a ast::Function],
    /// Tables of the game, as written.
    pub tables: &'a [&'a ast::Table],
    /// Formulas of the observations, in the order of the text.
    pub observations: Vec<&'a ast::Expr>,
    /// The day before which something must have been observed to count, in a forecast.
    pub before: Option<crate::model::Day>,
    pub base: Room<'a>,
    /// Variants by name.
    pub variants: Vec<(String, Room<'a>)>,
    pub diagnostics: Vec<Diagnostic>,
    /// Names that questions use.
    pub used: Vec<String>,
    /// Hypotheses being resolved, to find cycles.
    pub(crate) open: Vec<usize>,
    /// Parts of formulas written out from functions so far, and functions being written out.
    pub(crate) effort: usize,
    pub(crate) calls: usize,
    /// True in a test that changes the tree.
    pub without_variants: bool,
}

/// The game a happening is resolved in, and the repetition that unindexed moves mean.
#[derive(Clone)]
pub(crate) struct Place<'a> {
    pub room: Room<'a>,
    /// Counter values by `repeat`, inside a quantifier.
    pub rounds: Vec<(usize, i64)>,
}

impl<'a> Place<'a> {
    pub fn new(room: Room<'a>) -> Place<'a> {
        Place { room, rounds: Vec::new() }
    }
}

impl<'a> Asker<'a> {
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Resolves `do … given … in …`; the room is that of the variant, if one is named.
    pub(crate) fn conditions(
        &mut self,
        conditions: &ast::Conditions,
        room: Room<'a>,
    ) -> Option<(Conditions, Room<'a>)> {
        let mut resolved = Conditions::default();
        let mut room = room;
        if let Some(name) = &conditions.variant {
            let at = self.variant_at(name)?;
            resolved.variant = Some(at);
            room = self.variants[at].1;
        }
        let place = Place::new(room);
        for intervention in &conditions.interventions {
            let resolved_one = self.intervention(intervention, &place)?;
            resolved.interventions.push(resolved_one);
        }
        if let Some(given) = &conditions.given {
            resolved.as_evidence = given.as_evidence;
            if mentions_observed(&given.event) {
                resolved.observed = true;
            }
            resolved.given = Some(self.happening(&given.event, &place)?);
        }
        Some((resolved, room))
    }

    /// The position of a variant.
    pub(crate) fn variant_at(&mut self, name: &ast::Name) -> Option<usize> {
        let at = self.variants.iter().position(|(v, _)| *v == name.text);
        if at.is_none() && self.without_variants {
            self.report(
                Diagnostic::error("test-variant", "a test that changes the tree cannot ask about a variant")
                    .label(name.span, "a variant of the unchanged model")
                    .help("set only params with numbers in this test, or write a test of its own"),
            );
        } else if at.is_none() && !name.text.is_empty() {
            let known: Vec<String> = self.variants.iter().map(|(v, _)| v.clone()).collect();
            let known = known.iter().map(String::as_str);
            let diagnostic = unknown(&name.text, name.span, "is not a variant", known);
            self.report(diagnostic);
        }
        at
    }

    /// A number that needs no parameter and no answer.
    pub(crate) fn constant(&mut self, expr: &ast::Expr) -> Option<Q> {
        match &expr.kind {
            ExprKind::Number(number) => Q::parse(&number.text),
            ExprKind::Unary { op: ast::UnaryOp::Negate, operand } => self.constant(operand).map(|v| -v),
            ExprKind::Ref(r) if r.owner.is_none() => match self.names.values.get(&r.name.text) {
                Some((Named::Const(at), _)) => {
                    self.used.push(r.name.text.clone());
                    self.base.facts.consts[*at].clone()
                }
                _ => None,
            },
            ExprKind::Binary { op, left, right, .. } => {
                let (a, b) = (self.constant(left)?, self.constant(right)?);
                crate::play::combine(number::arithmetic(*op)?, &a, &b)
            }
            _ => None,
        }
    }
}

/// Does a formula use the word `observed`?
pub(crate) fn mentions_observed(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ExprKind::Ref(r) => r.owner.is_none() && r.name.text == "observed",
        ExprKind::Unary { operand, .. } => mentions_observed(operand),
        ExprKind::Binary { left, right, .. } => mentions_observed(left) || mentions_observed(right),
        _ => false,
    }
}
