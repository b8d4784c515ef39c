//! Numbers and truths over answers and parameters.

use super::play_number::apply;
use super::{Asker, Room};
use crate::question::*;
use crate::resolve::{Callee, Named, no_variant};
use detente_diag::Diagnostic;
use detente_exact::Q;
use detente_game::ParamId;
use detente_syntax::ast::{self, BinaryOp, Expr, ExprKind, UnaryOp};

/// Returns the arithmetic behind an operator.
pub(crate) fn arithmetic(op: BinaryOp) -> Option<Arithmetic> {
    Some(match op {
        BinaryOp::Add => Arithmetic::Add,
        BinaryOp::Subtract => Arithmetic::Sub,
        BinaryOp::Multiply => Arithmetic::Mul,
        BinaryOp::Divide => Arithmetic::Div,
        BinaryOp::Power => Arithmetic::Pow,
        _ => return None,
    })
}

/// Returns the relation behind an operator.
pub(crate) fn relation(op: BinaryOp) -> Option<Relation> {
    Some(match op {
        BinaryOp::Equal => Relation::Equal,
        BinaryOp::NotEqual => Relation::NotEqual,
        BinaryOp::Less => Relation::Less,
        BinaryOp::LessEqual => Relation::LessEqual,
        BinaryOp::Greater => Relation::Greater,
        BinaryOp::GreaterEqual => Relation::GreaterEqual,
        _ => return None,
    })
}

impl<'a> Asker<'a> {
    /// Resolves an `ask` or `expect`: a number, or a statement.
    pub(crate) fn body(&mut self, expr: &Expr, room: Room<'a>) -> Option<Body> {
        if self.is_truth(expr, 0) {
            self.truth(expr, room).map(Body::Truth)
        } else {
            self.number(expr, room).map(Body::Number)
        }
    }

    /// Is a formula true or false, rather than a number?
    fn is_truth(&self, expr: &Expr, calls: usize) -> bool {
        match &expr.kind {
            ExprKind::Unary { op: UnaryOp::Not, .. } => true,
            ExprKind::Binary { op, .. } => {
                relation(*op).is_some() || matches!(op, BinaryOp::And | BinaryOp::Or)
            }
            ExprKind::If { then, .. } => self.is_truth(then, calls),
            ExprKind::Call { name, .. } => match self.names.calls.get(&name.text) {
                Some((Callee::Function(at), _)) if calls < 64 => {
                    self.is_truth(&self.functions[*at].body, calls + 1)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Resolves a statement about answers.
    pub(crate) fn truth(&mut self, expr: &Expr, room: Room<'a>) -> Option<Truth> {
        match &expr.kind {
            ExprKind::Unary { op: UnaryOp::Not, operand } => {
                Some(Truth::Not(Box::new(self.truth(operand, room)?)))
            }
            ExprKind::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), left, right, .. } => {
                let (a, b) = (self.truth(left, room), self.truth(right, room));
                let parts = vec![a?, b?];
                Some(if *op == BinaryOp::And { Truth::And(parts) } else { Truth::Or(parts) })
            }
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.truth(condition, room)?;
                let (a, b) = (self.truth(then, room)?, self.truth(otherwise, room)?);
                let not = Truth::Not(Box::new(condition.clone()));
                Some(Truth::Or(vec![Truth::And(vec![condition, a]), Truth::And(vec![not, b])]))
            }
            ExprKind::Call { name, args, .. }
                if matches!(self.names.calls.get(&name.text), Some((Callee::Function(_), _))) =>
            {
                match self.callee(name)? {
                    Callee::Function(at) => {
                        self.through(at, name, args, |asker, body| asker.truth(body, room))
                    }
                    Callee::Table(_) => None,
                }
            }
            ExprKind::Binary { op, left, right, .. } if relation(*op).is_some() => {
                if let Some(truth) = self.council_actor(*op, left, right) {
                    return truth;
                }
                if let Some(truth) = self.compare_words(relation(*op)?, left, right) {
                    return Some(Truth::Const(truth));
                }
                let (a, b) = (self.number(left, room), self.number(right, room));
                Some(Truth::Compare(relation(*op)?, Box::new(a?), Box::new(b?)))
            }
            ExprKind::Error | ExprKind::Text(_) => None,
            _ => {
                self.report(
                    Diagnostic::error("type-mismatch", "a statement is needed, true or false")
                        .label(expr.span, "not a statement")
                        .help("compare two numbers: `prob(war) > 0.5`"),
                );
                None
            }
        }
    }

    /// Resolves a number over answers.
    pub(crate) fn number(&mut self, expr: &Expr, room: Room<'a>) -> Option<Number> {
        match &expr.kind {
            ExprKind::Number(number) => Q::parse(&number.text).map(Number::Const),
            ExprKind::Ref(r) => self.number_reference(r, expr, room),
            ExprKind::Unary { op: UnaryOp::Negate, operand } => {
                Some(Number::Neg(Box::new(self.number(operand, room)?)))
            }
            ExprKind::Binary { op, left, right, .. } if arithmetic(*op).is_some() => {
                let (a, b) = (self.number(left, room), self.number(right, room));
                Some(Number::Binary(arithmetic(*op)?, Box::new(a?), Box::new(b?)))
            }
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.truth(condition, room)?;
                let (a, b) = (self.number(then, room)?, self.number(otherwise, room)?);
                Some(Number::If(Box::new(condition), Box::new(a), Box::new(b)))
            }
            ExprKind::Call { name, variant: Some(variant), .. } if !self.asks_council(name) => {
                self.report(no_variant(variant));
                None
            }
            ExprKind::Call { name, args, variant } => match self.callee(name) {
                Some(Callee::Function(at)) => {
                    self.through(at, name, args, |asker, body| asker.number(body, room))
                }
                Some(Callee::Table(at)) => self.table_constant(at, name, args, room),
                None if self.asks_council(name) => {
                    self.council_number(name, args, variant.as_ref(), expr.span)
                }
                None => {
                    let builtin = self.known_builtin(name, args.len())?;
                    let mut numbers = Vec::new();
                    for arg in args {
                        numbers.push(self.number(arg, room)?);
                    }
                    apply(builtin, numbers, Number::Function, Number::Binary)
                }
            },
            ExprKind::Prob { .. }
            | ExprKind::Mean { .. }
            | ExprKind::Value { .. }
            | ExprKind::Belief { .. }
            | ExprKind::Gain { .. } => self.query(expr, room),
            ExprKind::Error | ExprKind::Text(_) => None,
            _ => {
                self.report(
                    Diagnostic::error("type-mismatch", "a number is needed")
                        .label(expr.span, "not a number")
                        .help("ask `prob(...)`, `mean(...)`, `value(P)`, `belief(...)` or `gain(...)`"),
                );
                None
            }
        }
    }

    fn number_reference(&mut self, reference: &ast::Ref, expr: &Expr, room: Room<'a>) -> Option<Number> {
        let word = &reference.name.text;
        if reference.owner.is_none() {
            match self.names.values.get(word).map(|(named, _)| *named) {
                Some(Named::Const(at)) => {
                    self.used.push(word.clone());
                    return room.facts.consts[at].clone().map(Number::Const);
                }
                Some(Named::Param(at)) => {
                    self.used.push(word.clone());
                    return Some(Number::Param(ParamId(at as u32)));
                }
                Some(Named::Council(_)) => {
                    self.report(
                        Diagnostic::error("type-mismatch", format!("`{word}` is a council, not a number"))
                            .label(expr.span, "not a number")
                            .help(format!("ask about it: `settlement({word}, issue)`")),
                    );
                    return None;
                }
                Some(Named::Outcome(_) | Named::Hypothesis(_) | Named::Event(_)) => {
                    self.report(
                        Diagnostic::error("type-mismatch", format!("`{word}` is not a number"))
                            .label(expr.span, "happens or does not happen")
                            .help(format!("ask for its probability: `prob({word})`")),
                    );
                    return None;
                }
                None if word == "duration" && room.game.nodes.is_empty() => {
                    self.no_game(expr.span);
                    return None;
                }
                None if word == "duration" => {
                    let kind = QueryKind::Mean(PlayNumber::Duration);
                    let query = Query { kind, conditions: Conditions::default(), span: expr.span };
                    return Some(Number::Query(Box::new(query)));
                }
                None => {}
            }
            if !word.is_empty() {
                let known: Vec<&str> = self.names.values.keys().map(String::as_str).collect();
                let diagnostic = crate::resolve::unknown(word, expr.span, "is not declared", known);
                self.report(diagnostic);
            }
            return None;
        }
        if self.event_decl(reference).is_some() {
            self.report(
                Diagnostic::error("type-mismatch", "a move differs from play to play")
                    .label(expr.span, "not one number")
                    .help("ask for `mean(...)`, or the probability of one of its values"),
            );
        }
        None
    }
}
