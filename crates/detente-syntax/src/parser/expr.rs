//! Formulas.
//!
//! The one idea: operators by binding strength, loosest first: `or`, `and`,
//! `not`, comparisons (one, not a chain), `+ -`, `* /`, unary `-`, `^` (from
//! the right). So `-x ^ 2` is `-(x ^ 2)`, as in mathematics.

use super::{MAX_CHAIN, Parser};
use crate::ast::{BinaryOp, Expr, ExprKind, Quantifier, UnaryOp};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use detente_diag::{Diagnostic, Span};

/// Binding strengths; a larger number binds tighter.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const ADD: u8 = 5;
const MULTIPLY: u8 = 6;
const NEGATE: u8 = 7;
const POWER: u8 = 8;

impl Parser<'_> {
    /// A whole formula. Conditions (`given` …) belong to questions only.
    pub(super) fn formula(&mut self) -> Expr {
        let expr = self.level(OR);
        // `do stage(…)` is the next statement.
        let runs = self.peek_kind(1) == TokenKind::Word && self.peek_kind(2) == TokenKind::OpenParen;
        if self.is_word("given") || (self.is_word("do") && !runs) {
            let word = self.peek_text(0);
            let message = format!("`{word}` stands outside of a question");
            self.error(
                Diagnostic::error("syntax", message)
                    .label(self.here(), "")
                    .help(format!("write it inside: `prob(X {word} …)`")),
            );
            self.bump();
            self.level(OR);
        }
        expr
    }

    /// A formula of operators that bind at least as tightly as `least`.
    pub(super) fn level(&mut self, least: u8) -> Expr {
        let first = self.at;
        match self.deeper(|parser| parser.level_inner(least, first)) {
            Some(expr) => expr,
            None => self.error_expr(first),
        }
    }

    fn level_inner(&mut self, least: u8, first: usize) -> Expr {
        let mut left = self.unary(least);
        let mut chain = 0;
        let mut compared: Option<Span> = None;
        while let Some((op, strength)) = self.binary_operator() {
            if strength < least {
                break;
            }
            chain += 1;
            if chain > MAX_CHAIN {
                self.too_long_chain();
                break;
            }
            let op_span = self.here();
            if strength == COMPARE {
                self.check_chain(compared, op_span);
                compared = Some(op_span);
            }
            self.check_single_equals(op_span);
            self.bump();
            // `^` takes its right side at its own strength, the others above it.
            let right = match op {
                BinaryOp::Power => self.level(NEGATE),
                _ => self.level(strength + 1),
            };
            self.node(NodeKind::Binary, first);
            let span = self.span_from(first);
            left = match strength {
                COMPARE => picked(op, op_span, left, right, span),
                _ => joined(op, op_span, left, right, span),
            };
        }
        left
    }

    fn check_chain(&mut self, before: Option<Span>, op: Span) {
        if let Some(before) = before {
            self.error(
                Diagnostic::error("comparison-chain", "two comparisons in a row")
                    .label(op, "this compares a truth value")
                    .label(before, "the first comparison")
                    .help("join them with `and`: `a < b and b < c`"),
            );
        }
    }

    fn check_single_equals(&mut self, op: Span) {
        if self.is(TokenKind::Assign) {
            self.error(
                Diagnostic::error("single-equals", "`=` does not compare")
                    .label(op, "")
                    .help("write `==`")
                    .edit(op, "=="),
            );
        }
    }

    /// The operator here and its strength.
    fn binary_operator(&self) -> Option<(BinaryOp, u8)> {
        use TokenKind as T;
        Some(match self.kind() {
            T::Word => match self.peek_text(0) {
                "or" => (BinaryOp::Or, OR),
                "and" | "&&" | "&" => (BinaryOp::And, AND),
                _ => return None,
            },
            T::EqualEqual => (BinaryOp::Equal, COMPARE),
            T::Assign if !self.assign_ends => (BinaryOp::Equal, COMPARE),
            T::NotEqual => (BinaryOp::NotEqual, COMPARE),
            T::Less => (BinaryOp::Less, COMPARE),
            T::LessEqual => (BinaryOp::LessEqual, COMPARE),
            T::Greater => (BinaryOp::Greater, COMPARE),
            T::GreaterEqual => (BinaryOp::GreaterEqual, COMPARE),
            T::Plus => (BinaryOp::Add, ADD),
            T::Minus => (BinaryOp::Subtract, ADD),
            T::Star => (BinaryOp::Multiply, MULTIPLY),
            T::Slash => (BinaryOp::Divide, MULTIPLY),
            T::Caret => (BinaryOp::Power, POWER),
            _ => return None,
        })
    }

    fn unary(&mut self, least: u8) -> Expr {
        let first = self.at;
        let (op, strength) = match self.kind() {
            TokenKind::Minus => (UnaryOp::Negate, NEGATE),
            TokenKind::Word if matches!(self.peek_text(0), "not" | "!") => (UnaryOp::Not, NOT),
            _ => return self.primary(),
        };
        if strength < least {
            self.error(
                Diagnostic::error("syntax", "`not` cannot stand here")
                    .label(self.here(), "")
                    .help("put it into parentheses: `(not …)`"),
            );
        }
        self.bump();
        let operand = Box::new(self.level(strength));
        self.node(NodeKind::Unary, first);
        Expr { kind: ExprKind::Unary { op, operand }, span: self.span_from(first) }
    }
}

fn joined(op: BinaryOp, op_span: Span, left: Expr, right: Expr, span: Span) -> Expr {
    Expr { kind: ExprKind::Binary { op, op_span, left: Box::new(left), right: Box::new(right) }, span }
}

/// A comparison. `last(P.move) == m` says the same as `last(P.move == m)` and is read so.
fn picked(op: BinaryOp, op_span: Span, left: Expr, right: Expr, span: Span) -> Expr {
    let (kind, left, right) = match (round_of(&left), round_of(&right)) {
        (Some(kind), None) => (kind, without(left), right),
        (None, Some(kind)) => (kind, left, without(right)),
        _ => return joined(op, op_span, left, right, span),
    };
    let body = Box::new(joined(op, op_span, left, right, span));
    Expr { kind: ExprKind::Quantifier { kind, body }, span }
}

/// Is this `first(P.move)` or `last(P.move)`?
fn round_of(expr: &Expr) -> Option<Quantifier> {
    match &expr.kind {
        ExprKind::Quantifier { kind: kind @ (Quantifier::First | Quantifier::Last), body } => {
            matches!(body.kind, ExprKind::Ref(_)).then_some(*kind)
        }
        _ => None,
    }
}

/// What a quantifier is about.
fn without(expr: Expr) -> Expr {
    match expr.kind {
        ExprKind::Quantifier { body, .. } => *body,
        _ => expr,
    }
}
