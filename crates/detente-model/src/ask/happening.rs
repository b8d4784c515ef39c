//! Happenings: statements that are true or false of a single play.
//!
//! The one idea: a statement over all repetitions of a move is written out over the rounds that the
//! game has.

use super::number::relation;
use super::{Asker, Place};
use crate::question::Happening;
use crate::resolve::{Callee, Named};
use detente_diag::{Diagnostic, Span};
use detente_game::OutcomeId;
use detente_syntax::ast::{BinaryOp, Expr, ExprKind, Ref, UnaryOp};

impl<'a> Asker<'a> {
    /// Resolves a statement about one play.
    pub(crate) fn happening(&mut self, expr: &Expr, place: &Place<'a>) -> Option<Happening> {
        match &expr.kind {
            ExprKind::Ref(r) => self.named_happening(r, place),
            ExprKind::Unary { op: UnaryOp::Not, operand } => {
                Some(Happening::Not(Box::new(self.happening(operand, place)?)))
            }
            ExprKind::Binary { op: BinaryOp::And, left, right, .. } => {
                let (a, b) = (self.happening(left, place), self.happening(right, place));
                Some(Happening::And(vec![a?, b?]))
            }
            ExprKind::Binary { op: BinaryOp::Or, left, right, .. } => {
                let (a, b) = (self.happening(left, place), self.happening(right, place));
                Some(Happening::Or(vec![a?, b?]))
            }
            ExprKind::Binary { op, left, right, .. } if relation(*op).is_some() => {
                self.comparison(relation(*op)?, left, right, place)
            }
            ExprKind::Quantifier { kind, body } => self.quantified(*kind, body, place),
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.happening(condition, place)?;
                let (a, b) = (self.happening(then, place)?, self.happening(otherwise, place)?);
                let not = Happening::Not(Box::new(condition.clone()));
                Some(Happening::Or(vec![Happening::And(vec![condition, a]), Happening::And(vec![not, b])]))
            }
            ExprKind::Call { name, args, .. } => match self.callee(name) {
                Some(Callee::Function(at)) => {
                    self.through(at, name, args, |asker, body| asker.happening(body, place))
                }
                _ => {
                    self.not_a_happening(expr.span);
                    None
                }
            },
            ExprKind::Error | ExprKind::Text(_) => None,
            _ => {
                self.not_a_happening(expr.span);
                None
            }
        }
    }

    fn not_a_happening(&mut self, span: Span) {
        self.report(
            Diagnostic::error("type-mismatch", "this is not something that happens in a play")
                .label(span, "an outcome, `P.move == action`, or a hypothesis is needed")
                .help("name an outcome, or compare a move with one of its values"),
        );
    }

    pub(super) fn named_happening(&mut self, reference: &Ref, place: &Place<'a>) -> Option<Happening> {
        let word = &reference.name.text;
        if reference.owner.is_none() {
            if word == "observed" {
                return self.observed(reference.span, place);
            }
            match self.names.values.get(word).map(|(named, _)| *named) {
                Some(Named::Outcome(at)) => {
                    self.used.push(word.clone());
                    return Some(Happening::Outcome(OutcomeId(at as u32)));
                }
                Some(Named::Hypothesis(at)) => return self.hypothesis(at, reference, place),
                Some(_) => {
                    self.not_a_happening(reference.span);
                    return None;
                }
                None => {}
            }
            if word.is_empty() {
                return None;
            }
            let values = &self.names.values;
            let known: Vec<&str> = values
                .iter()
                .filter(|(_, (named, _))| matches!(named, Named::Outcome(_) | Named::Hypothesis(_)))
                .map(|(name, _)| name.as_str())
                .collect();
            let diagnostic =
                crate::resolve::unknown(word, reference.span, "is not an outcome or hypothesis", known);
            self.report(diagnostic);
            return None;
        }
        if let Some(decl) = self.event_decl(reference) {
            let name = self.program.event_name(decl);
            let value = self.program.events[decl].arms.first().cloned().unwrap_or_else(|| "value".into());
            self.report(
                Diagnostic::error("type-mismatch", format!("`{name}` alone is neither true nor false"))
                    .label(reference.span, "a move or draw")
                    .help(format!("compare it: `{name} == {value}`, or ask `made({name})`")),
            );
        }
        None
    }

    fn hypothesis(&mut self, at: usize, reference: &Ref, place: &Place<'a>) -> Option<Happening> {
        self.used.push(reference.name.text.clone());
        if self.open.contains(&at) {
            self.report(
                Diagnostic::error("cycle", format!("`{}` is defined by itself", reference.name.text))
                    .label(reference.span, "leads back here"),
            );
            return None;
        }
        self.open.push(at);
        let result = self.happening(&self.hypotheses[at].1.event, &Place::new(place.room));
        self.open.pop();
        result
    }
}
