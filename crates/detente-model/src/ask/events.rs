//! Which event of the game a reference means, in which repetition, and which of its arms.

use super::{Asker, Place};
use crate::question::{Happening, Intervention};
use crate::resolve::{Named, unknown};
use detente_diag::{Diagnostic, Span};
use detente_game::EventId;
use detente_syntax::ast::{self, ExprKind};

impl<'a> Asker<'a> {
    pub(super) fn intervention(
        &mut self,
        intervention: &ast::Intervention,
        place: &Place<'a>,
    ) -> Option<Intervention> {
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

    /// The repetition that a reference names, or that the quantifier around it means.
    fn round(&mut self, decl: usize, reference: &ast::Ref, place: &Place<'a>) -> Option<Vec<i64>> {
        let loops = &self.program.events[decl].loops;
        if reference.index.is_empty() {
            let inside = |id: &usize| place.rounds.iter().rev().find(|(other, _)| other == id);
            let known: Option<Vec<i64>> =
                loops.iter().map(|id| inside(id).map(|(_, value)| *value)).collect();
            if known.is_none() {
                let name = self.program.event_name(decl);
                self.report(crate::elaborate::needs_index(&name, reference.span));
            }
            return known;
        }
        if reference.index.len() != loops.len() {
            let name = self.program.event_name(decl);
            self.report(crate::resolve::index_count(&name, loops.len(), reference.span));
            return None;
        }
        let mut round = Vec::new();
        for index in &reference.index {
            let Some(whole) = self.constant(index).and_then(|v| v.to_i64()) else {
                self.report(
                    Diagnostic::error("bad-index", "an index here is a constant whole number")
                        .label(index.span, "not a constant whole number"),
                );
                return None;
            };
            round.push(whole);
        }
        Some(round)
    }

    /// Finds the game event that a reference means: `Some(None)` if it never happens
    /// in this game, `None` after an error.
    pub(crate) fn events(
        &mut self,
        decl: usize,
        reference: &ast::Ref,
        place: &Place<'a>,
    ) -> Option<Option<EventId>> {
        let round = self.round(decl, reference, place)?;
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
