//! Resolves questions against an elaborated game.
//!
//! The same question may be asked of the model and of a variant, so it is
//! resolved from the syntax tree once for each game that it names. A move that
//! a variant rules out simply never happens there.

mod calls;
mod comparison;
mod council;
mod happening;
mod number;
mod play_number;
mod query;
mod rounds;

use crate::elaborate::Facts;
use crate::program::Program;

use crate::question::{Conditions, Happening, Intervention};
use crate::resolve::{Named, Names, unknown};
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_game::{EventId, Game};
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

    fn intervention(&mut self, intervention: &ast::Intervention, place: &Place<'a>) -> Option<Intervention> {
        let decl = self.event_decl(&intervention.target)?;
        let event = match self.events(decl, &intervention.target, place)? {
            Some(event) => event,
            None => {
                let name = self.program.event_name(decl);
                self.report(
                    Diagnostic::error("never-happens", format!("`{name}` never happens in this game"))
                        .label(intervention.target.span, "cannot be replaced")
                        .help("ask about a game in which it can happen"),
                );
                return None;
            }
        };
        let arm = self.arm(event, &intervention.action, place)?;
        Some(Intervention { event, arm })
    }

    /// Finds an arm by name, or by value where the event's arms are numbers.
    pub(crate) fn arm(&mut self, event: EventId, expr: &ast::Expr, place: &Place<'a>) -> Option<u32> {
        let e = &place.room.game.events[event.index()];
        if let ExprKind::Ref(r) = &expr.kind
            && r.owner.is_none()
            && e.values.is_empty()
        {
            let word = &r.name.text;
            if let Some(at) = e.arms.iter().position(|a| a == word) {
                return Some(at as u32);
            }
            if !word.is_empty() {
                let name = place.room.game.event_name(event);
                self.report(crate::resolve::unknown_value(&name, &e.arms, word, expr.span));
            }
            return None;
        }
        let value = self.constant(expr);
        let at =
            value.and_then(|v| e.values.iter().position(|id| place.room.game.tape.as_const(*id) == Some(&v)));
        if at.is_none() {
            let name = place.room.game.event_name(event);
            self.report(
                Diagnostic::error("unknown-value", format!("`{name}` does not take this value"))
                    .label(expr.span, "not one of its values")
                    .help(format!("values: {}", crate::resolve::words(&e.arms[..e.arms.len().min(12)]))),
            );
        }
        at.map(|at| at as u32)
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

    /// Finds the declared event that a reference names.
    pub(crate) fn event_decl(&mut self, reference: &ast::Ref) -> Option<usize> {
        let word = &reference.name.text;
        let Some(owner) = &reference.owner else {
            if let Some((Named::Event(event), _)) = self.names.values.get(word) {
                self.used.push(word.clone());
                return Some(*event);
            }
            if !word.is_empty() {
                let known: Vec<String> =
                    (0..self.program.events.len()).map(|e| self.program.event_name(e)).collect();
                let what = "is not a move, draw or private fact";
                let mut diagnostic = unknown(word, reference.span, what, known.iter().map(String::as_str));
                if let Some(full) = known.iter().find(|n| n.ends_with(&format!(".{word}"))) {
                    diagnostic.help = Some(format!("write `{full}`"));
                    diagnostic.edits.clear();
                }
                self.report(diagnostic);
            }
            return None;
        };
        match self.names.player(owner) {
            Ok(player) => {
                if let Some(event) = self.names.owned.get(&(player, word.clone())) {
                    return Some(*event);
                }
                if !word.is_empty() {
                    let mine: Vec<&str> = self
                        .names
                        .owned
                        .keys()
                        .filter(|(p, _)| *p == player)
                        .map(|(_, name)| name.as_str())
                        .collect();
                    let what = format!("is not a move or private fact of {}", owner.text);
                    let diagnostic = unknown(word, reference.name.span, &what, mine);
                    self.report(diagnostic);
                }
                None
            }
            Err(diagnostic) => {
                self.diagnostics.extend(diagnostic);
                None
            }
        }
    }

    /// Finds the game event that a reference means: `Some(None)` if it never happens
    /// in this game, `None` after an error.
    pub(crate) fn events(
        &mut self,
        decl: usize,
        reference: &ast::Ref,
        place: &Place<'a>,
    ) -> Option<Option<EventId>> {
        let loops = &self.program.events[decl].loops;
        let round: Vec<i64> = if reference.index.is_empty() {
            let known: Option<Vec<i64>> = loops
                .iter()
                .map(|l| place.rounds.iter().rev().find(|(id, _)| id == l).map(|(_, value)| *value))
                .collect();
            match known {
                Some(round) => round,
                None => {
                    let name = self.program.event_name(decl);
                    self.report(crate::elaborate::needs_index(&name, reference.span));
                    return None;
                }
            }
        } else {
            if reference.index.len() != loops.len() {
                let name = self.program.event_name(decl);
                self.report(crate::resolve::index_count(&name, loops.len(), reference.span));
                return None;
            }
            let mut round = Vec::new();
            for index in &reference.index {
                match self.constant(index).and_then(|v| v.to_i64()) {
                    Some(whole) => round.push(whole),
                    None => {
                        self.report(
                            Diagnostic::error("bad-index", "an index here is a constant whole number")
                                .label(index.span, "not a constant whole number"),
                        );
                        return None;
                    }
                }
            }
            round
        };
        let found = self.rounds(decl, place).into_iter().find(|(_, r)| *r == round).map(|(e, _)| e);
        if found.is_none() && !place.room.lenient {
            let name = self.program.event_name(decl);
            let rounds = self.rounds(decl, place);
            if rounds.is_empty() {
                self.report(
                    Diagnostic::error("never-happens", format!("`{name}` never happens"))
                        .label(reference.span, "no play reaches it")
                        .help("remove the question or let play reach the move"),
                );
            } else {
                let text = round.iter().map(|r| format!("[{r}]")).collect::<String>();
                let first = rounds.first().map(|(_, r)| format!("{r:?}")).unwrap_or_default();
                let last = rounds.last().map(|(_, r)| format!("{r:?}")).unwrap_or_default();
                self.report(
                    Diagnostic::error("bad-index", format!("`{name}{text}` never happens"))
                        .label(reference.span, "no play reaches this repetition")
                        .help(format!("it happens from {first} to {last}")),
                );
            }
            return None;
        }
        Some(found)
    }

    /// All repetitions of a declared event in a game, in order.
    pub(crate) fn rounds(&self, decl: usize, place: &Place<'a>) -> Vec<(EventId, Vec<i64>)> {
        let mut rounds: Vec<(EventId, Vec<i64>)> = place
            .room
            .facts
            .decl
            .iter()
            .enumerate()
            .filter(|(_, d)| **d == decl)
            .map(|(at, _)| (EventId(at as u32), place.room.game.events[at].round.clone()))
            .collect();
        rounds.sort_by(|a, b| a.1.cmp(&b.1));
        rounds
    }

    /// The conjunction of all observations, in one game.
    pub(crate) fn observed(&mut self, span: Span, place: &Place<'a>) -> Option<Happening> {
        if self.observations.is_empty() {
            let diagnostic = match self.before {
                None => Diagnostic::error("nothing-observed", "the model has no observations")
                    .label(span, "`observed` stands for all of them")
                    .help("add `observe \"what was seen\" P.move == action`"),
                Some(day) => Diagnostic::error("nothing-observed", format!("nothing was observed before {day}"))
                    .label(span, "in a forecast `observed` stands for what was seen before the day it was made")
                    .help("add `observe \"what was seen\" on 2022-02-24 P.move == action`, or leave `given observed` out"),
            };
            self.report(diagnostic);
            return None;
        }
        let all = self.observations.clone();
        let parts: Option<Vec<Happening>> =
            all.iter().map(|expr| self.happening(expr, &Place::new(place.room))).collect();
        parts.map(|parts| if parts.len() == 1 { parts[0].clone() } else { Happening::And(parts) })
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
