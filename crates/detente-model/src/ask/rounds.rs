//! Statements over repetitions: `any`, `all`, `first`, `last`, `made`.
//!
//! The one idea: each is written out over the rounds that the game has.

use super::{Asker, Place};
use crate::question::Happening;
use detente_diag::{Diagnostic, Span};
use detente_syntax::ast::{Expr, ExprKind, Quantifier};

impl<'a> Asker<'a> {
    /// `any(…)` and its kin, over all repetitions that the game has.
    pub(super) fn quantified(
        &mut self,
        kind: Quantifier,
        body: &Expr,
        place: &Place<'a>,
    ) -> Option<Happening> {
        let mut found = None;
        self.first_repeated(body, place, &mut found);
        if kind == Quantifier::Made {
            return self.made(body, place);
        }
        if let Some(event) = self.event_of(body) {
            self.alone(kind, event, body.span);
            return None;
        }
        let Some(decl) = found else {
            self.report(
                Diagnostic::warning("idle-quantifier", "nothing in here is repeated")
                    .label(body.span, "no move without an index")
                    .help("leave the quantifier out"),
            );
            return self.happening(body, place);
        };
        let rounds = self.rounds(decl, place);
        let loops = self.program.events[decl].loops.clone();
        let mut parts = Vec::new();
        for (at, (event, round)) in rounds.iter().enumerate() {
            let mut inner = place.clone();
            inner.rounds.extend(loops.iter().copied().zip(round.iter().copied()));
            // A move may be missing from some rounds; there it simply was not made.
            inner.room.lenient = true;
            let holds = self.happening(body, &inner)?;
            let made = Happening::Made(*event);
            parts.push(match kind {
                Quantifier::All => Happening::Or(vec![Happening::Not(Box::new(made)), holds]),
                Quantifier::Any | Quantifier::Made => holds,
                Quantifier::First | Quantifier::Last => {
                    let others = if kind == Quantifier::First { &rounds[..at] } else { &rounds[at + 1..] };
                    let mut all = vec![made, holds];
                    all.extend(others.iter().map(|(e, _)| Happening::Not(Box::new(Happening::Made(*e)))));
                    Happening::And(all)
                }
            });
        }
        Some(if kind == Quantifier::All { Happening::And(parts) } else { Happening::Or(parts) })
    }

    /// `any(P.move)`: a quantifier needs a statement about the move.
    pub(super) fn alone(&mut self, kind: Quantifier, event: usize, span: Span) {
        let word = match kind {
            Quantifier::Any => "any",
            Quantifier::All => "all",
            Quantifier::First => "first",
            Quantifier::Last => "last",
            Quantifier::Made => "made",
        };
        let name = self.program.event_name(event);
        let value = self.program.events[event].arms.first().map_or("0.5", String::as_str);
        self.report(
            Diagnostic::error("type-mismatch", format!("`{word}({name})` is neither true nor false"))
                .label(span, "a move, without what it is compared with")
                .help(format!("write `{word}({name} == {value})`")),
        );
    }

    pub(super) fn made(&mut self, body: &Expr, place: &Place<'a>) -> Option<Happening> {
        let ExprKind::Ref(r) = &body.kind else {
            self.report(
                Diagnostic::error("type-mismatch", "`made` asks about a move")
                    .label(body.span, "not a move")
                    .help("write `made(P.move)`"),
            );
            return None;
        };
        let decl = self.event_decl(r)?;
        let known =
            self.program.events[decl].loops.iter().all(|l| place.rounds.iter().any(|(id, _)| id == l));
        if r.index.is_empty() && !known {
            let rounds = self.rounds(decl, place);
            return Some(Happening::Or(rounds.into_iter().map(|(e, _)| Happening::Made(e)).collect()));
        }
        Some(match self.events(decl, r, place)? {
            Some(event) => Happening::Made(event),
            None => Happening::Const(false),
        })
    }

    /// The first repeated event without an index whose round is not known yet.
    fn first_repeated(&self, expr: &Expr, place: &Place<'a>, found: &mut Option<usize>) {
        if found.is_some() {
            return;
        }
        match &expr.kind {
            ExprKind::Ref(r) if r.index.is_empty() => {
                if let Some(decl) = self.event_of(expr) {
                    let loops = &self.program.events[decl].loops;
                    if loops.iter().any(|l| !place.rounds.iter().any(|(id, _)| id == l)) {
                        *found = Some(decl);
                    }
                }
            }
            ExprKind::Unary { operand, .. } => self.first_repeated(operand, place, found),
            ExprKind::Binary { left, right, .. } => {
                self.first_repeated(left, place, found);
                self.first_repeated(right, place, found);
            }
            ExprKind::If { condition, then, otherwise } => {
                [condition, then, otherwise].iter().for_each(|e| self.first_repeated(e, place, found));
            }
            ExprKind::Quantifier { body, .. } => self.first_repeated(body, place, found),
            ExprKind::Call { args, .. } => args.iter().for_each(|a| self.first_repeated(a, place, found)),
            _ => {}
        }
    }
}
