//! Numbers of a single play: what a move was worth, how long play lasted, formulas over both.
//!
//! The one idea: a number is undefined in the plays in which a move that it speaks of was not made.

use super::number::arithmetic;
use super::{Asker, Place};
use crate::program::Builtin;
use crate::question::{Arithmetic, Function, Happening, PlayNumber};
use crate::resolve::{Callee, Named};
use detente_diag::Diagnostic;
use detente_exact::Q;
use detente_game::ParamId;
use detente_syntax::ast::{self, Expr, ExprKind, Quantifier, Ref, UnaryOp};

impl<'a> Asker<'a> {
    /// Resolves a number of one play.
    pub(crate) fn play_number(&mut self, expr: &Expr, place: &Place<'a>) -> Option<PlayNumber> {
        let boxed = |n: PlayNumber| Box::new(n);
        match &expr.kind {
            ExprKind::Number(number) => Q::parse(&number.text).map(PlayNumber::Const),
            ExprKind::Ref(r) => self.play_reference(r, place),
            ExprKind::Unary { op: UnaryOp::Negate, operand } => {
                Some(PlayNumber::Neg(boxed(self.play_number(operand, place)?)))
            }
            ExprKind::Binary { op, left, right, .. } if arithmetic(*op).is_some() => {
                let (a, b) = (self.play_number(left, place), self.play_number(right, place));
                Some(PlayNumber::Binary(arithmetic(*op)?, boxed(a?), boxed(b?)))
            }
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.happening(condition, place)?;
                let (a, b) = (self.play_number(then, place)?, self.play_number(otherwise, place)?);
                Some(PlayNumber::If(Box::new(condition), boxed(a), boxed(b)))
            }
            ExprKind::Quantifier { kind: kind @ (Quantifier::First | Quantifier::Last), body }
                if self.event_of(body).is_some_and(|e| self.program.events[e].numeric) =>
            {
                self.picked_number(*kind, body, place)
            }
            ExprKind::Call { name, args, .. } => match self.callee(name) {
                Some(Callee::Function(at)) => {
                    self.through(at, name, args, |asker, body| asker.play_number(body, place))
                }
                Some(Callee::Table(at)) => self.table_number(at, name, args, place),
                None => {
                    let builtin = self.known_builtin(name, args.len())?;
                    let mut numbers = Vec::new();
                    for arg in args {
                        numbers.push(self.play_number(arg, place)?);
                    }
                    apply(builtin, numbers, PlayNumber::Function, PlayNumber::Binary)
                }
            },
            ExprKind::Error | ExprKind::Text(_) => None,
            _ => {
                let happening = self.happening(expr, place)?;
                Some(PlayNumber::Indicator(Box::new(happening)))
            }
        }
    }

    /// `last(A.demand)`: the value in the last round in which the move was made.
    fn picked_number(&mut self, kind: Quantifier, body: &Expr, place: &Place<'a>) -> Option<PlayNumber> {
        let decl = self.event_of(body)?;
        let ExprKind::Ref(reference) = &body.kind else { return None };
        if !reference.index.is_empty() || self.program.events[decl].loops.is_empty() {
            return self.play_reference(reference, place);
        }
        let mut rounds = self.rounds(decl, place);
        if kind == Quantifier::First {
            rounds.reverse();
        }
        Some(rounds.into_iter().fold(PlayNumber::Undefined, |other, (event, _)| {
            let made = Happening::Made(event);
            PlayNumber::If(Box::new(made), Box::new(PlayNumber::Value(event)), Box::new(other))
        }))
    }

    /// Finds a function of the language, and reports a name that is none.
    pub(super) fn known_builtin(&mut self, name: &ast::Name, args: usize) -> Option<Builtin> {
        let Some(builtin) = Builtin::find(&name.text) else {
            if !name.text.is_empty() {
                let own = self.names.calls.keys().map(String::as_str);
                let known: Vec<&str> = Builtin::ALL.iter().map(|(n, _)| *n).chain(own).collect();
                let diagnostic =
                    crate::resolve::unknown(&name.text, name.span, "is not a function or table", known);
                self.report(diagnostic);
            }
            return None;
        };
        if !builtin.takes(args) {
            let wanted = if matches!(builtin, Builtin::Min | Builtin::Max) { 2 } else { 1 };
            self.report(crate::resolve::arity(&name.text, name.span, wanted, args));
            return None;
        }
        Some(builtin)
    }

    fn play_reference(&mut self, reference: &Ref, place: &Place<'a>) -> Option<PlayNumber> {
        let word = &reference.name.text;
        if reference.owner.is_none() {
            if word == "duration" {
                return Some(PlayNumber::Duration);
            }
            match self.names.values.get(word).map(|(named, _)| *named) {
                Some(Named::Const(at)) => {
                    self.used.push(word.clone());
                    return place.room.facts.consts[at].clone().map(PlayNumber::Const);
                }
                Some(Named::Param(at)) => {
                    self.used.push(word.clone());
                    return Some(PlayNumber::Param(ParamId(at as u32)));
                }
                Some(Named::Outcome(_) | Named::Hypothesis(_)) => {
                    let happening = self.named_happening(reference, place)?;
                    return Some(PlayNumber::Indicator(Box::new(happening)));
                }
                Some(Named::Event(_) | Named::Council(_)) => {}
                None => {
                    if !word.is_empty() {
                        let known: Vec<&str> = self.names.values.keys().map(String::as_str).collect();
                        let diagnostic =
                            crate::resolve::unknown(word, reference.span, "is not declared", known);
                        self.report(diagnostic);
                    }
                    return None;
                }
            }
        }
        let decl = self.event_decl(reference)?;
        if !self.program.events[decl].numeric {
            let name = self.program.event_name(decl);
            self.report(
                Diagnostic::error("type-mismatch", format!("`{name}` is not a number"))
                    .label(reference.span, "its values have names")
                    .help(format!("ask for a probability: `prob({name} == ...)`")),
            );
            return None;
        }
        match self.events(decl, reference, place)? {
            Some(event) => Some(PlayNumber::Value(event)),
            None => {
                let name = self.program.event_name(decl);
                self.report(
                    Diagnostic::error("never-happens", format!("`{name}` never happens in this game"))
                        .label(reference.span, "has no value there"),
                );
                None
            }
        }
    }
}

/// Applies a function of the language to resolved arguments.
pub(super) fn apply<N>(
    builtin: Builtin,
    args: Vec<N>,
    function: impl Fn(Function, Box<N>) -> N,
    binary: impl Fn(Arithmetic, Box<N>, Box<N>) -> N,
) -> Option<N> {
    let mut args = args.into_iter();
    let first = args.next()?;
    Some(match builtin {
        Builtin::Min => args.fold(first, |a, b| binary(Arithmetic::Min, Box::new(a), Box::new(b))),
        Builtin::Max => args.fold(first, |a, b| binary(Arithmetic::Max, Box::new(a), Box::new(b))),
        Builtin::Abs => function(Function::Abs, Box::new(first)),
        Builtin::Exp => function(Function::Exp, Box::new(first)),
        Builtin::Ln => function(Function::Ln, Box::new(first)),
        Builtin::Sqrt => function(Function::Sqrt, Box::new(first)),
    })
}
