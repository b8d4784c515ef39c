//! Formulas.
//!
//! The one idea: operators by binding strength, loosest first: `or`, `and`,
//! `not`, comparisons (one, not a chain), `+ -`, `* /`, unary `-`, `^` (from
//! the right). So `-x ^ 2` is `-(x ^ 2)`, as in mathematics.

use super::{MAX_CHAIN, Parser};
use crate::ast::{BinaryOp, Expr, ExprKind, Number, Quantifier, Ref, UnaryOp};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use crate::words;
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

    fn primary(&mut self) -> Expr {
        let first = self.at;
        match self.kind() {
            TokenKind::Number => self.number(),
            TokenKind::Dot if self.peek_kind(1) == TokenKind::Number => self.bare_fraction(),
            TokenKind::OpenParen => self.parenthesis(),
            TokenKind::Word if self.is_word("if") && !self.begins_statement_not_formula() => {
                self.conditional()
            }
            TokenKind::Word if self.begins_something() => self.missing_operand(first),
            TokenKind::Word if words::is_operator(self.peek_text(0)) => self.missing_operand(first),
            TokenKind::Word if self.peek_kind(1) == TokenKind::OpenParen => self.call(),
            TokenKind::Word => {
                let reference = self.reference();
                Expr { span: reference.span, kind: ExprKind::Ref(reference) }
            }
            TokenKind::String => self.text_operand(),
            TokenKind::Date => {
                self.error(
                    Diagnostic::error("bad-date", "a date is no number")
                        .label(self.here(), "")
                        .help("dates stand after `on`; for a difference put spaces around `-`"),
                );
                self.bump();
                self.error_expr(first)
            }
            _ => self.missing_operand(first),
        }
    }

    /// An `if` at the beginning of a line is a statement when its condition is
    /// not followed by `then`; in a formula it would be. Looking for `then` on
    /// the same line tells them apart after a broken line.
    fn begins_statement_not_formula(&self) -> bool {
        if !self.starts_line(0) {
            return false;
        }
        let mut ahead = 1;
        while ahead < 64 && self.peek_kind(ahead) != TokenKind::End {
            if self.peek_kind(ahead) == TokenKind::Word && self.peek_text(ahead) == "then" {
                return false;
            }
            if self.peek_kind(ahead) == TokenKind::OpenBrace {
                return true;
            }
            ahead += 1;
        }
        false
    }

    fn missing_operand(&mut self, first: usize) -> Expr {
        self.expected("a value");
        self.error_expr(first)
    }

    pub(super) fn error_expr(&self, first: usize) -> Expr {
        Expr { kind: ExprKind::Error, span: self.span_from(first) }
    }

    fn text_operand(&mut self) -> Expr {
        self.error(
            Diagnostic::error("syntax", "a text where a value was expected")
                .label(self.here(), "")
                .help("names stand without quotation marks"),
        );
        let span = self.here();
        match self.text_opt() {
            Some(text) => Expr { kind: ExprKind::Text(text), span },
            None => self.error_expr(self.at),
        }
    }

    pub(super) fn number(&mut self) -> Expr {
        let first = self.at;
        let text = self.peek_text(0).to_string();
        self.bump();
        self.node(NodeKind::Literal, first);
        if self.is(TokenKind::Word) && self.touches() {
            let word = self.peek_text(0);
            let both = self.span_from(first).to(self.here());
            let digits = word.replace('_', "");
            let grouped = word.starts_with('_') && digits.bytes().all(|b| b.is_ascii_digit());
            let meant = match grouped {
                true => format!("{text}{digits}"),
                false => format!("{text} * {word}"),
            };
            self.error(
                Diagnostic::error("bad-number", "a number runs into a name")
                    .label(both, "")
                    .help(format!("write `{meant}`"))
                    .edit(both, meant),
            );
            self.bump();
        } else if self.is(TokenKind::Dot) && self.touches() {
            self.error(
                Diagnostic::error("bad-number", "digits are missing after the point")
                    .label(self.here(), "")
                    .help(format!("write `{text}` or `{text}.0`")),
            );
            self.bump();
        }
        Expr { kind: ExprKind::Number(Number { text }), span: self.span_from(first) }
    }

    /// `.5`
    fn bare_fraction(&mut self) -> Expr {
        let first = self.at;
        let point = self.here();
        let text = format!("0.{}", self.peek_text(1));
        self.error(
            Diagnostic::error("bad-number", "a number cannot begin with a point")
                .label(point, "")
                .help(format!("write `{text}`"))
                .edit(Span::new(point.file, point.start, point.start), "0"),
        );
        self.bump();
        self.bump();
        Expr { kind: ExprKind::Number(Number { text }), span: self.span_from(first) }
    }

    fn parenthesis(&mut self) -> Expr {
        let first = self.at;
        let open = self.here();
        self.bump();
        // Inside parentheses a `=` cannot end the formula.
        let assign_ends = std::mem::replace(&mut self.assign_ends, false);
        let inner = self.formula();
        self.assign_ends = assign_ends;
        self.close_paren(open);
        self.node(NodeKind::Paren, first);
        Expr { kind: inner.kind, span: self.span_from(first) }
    }

    /// Reads `)`, or reports which `(` is open.
    pub(super) fn close_paren(&mut self, open: Span) {
        if self.eat(TokenKind::CloseParen) {
            return;
        }
        let found = self.found_on_line();
        self.error(
            Diagnostic::error("syntax", format!("expected `)`, found {found}"))
                .label(self.here_or_line_end(), "")
                .label(open, "this `(` is still open"),
        );
    }

    fn conditional(&mut self) -> Expr {
        let first = self.at;
        self.bump();
        let condition = Box::new(self.level(1));
        self.expect_word("then", "`then` after the condition of `if`");
        let then = Box::new(self.level(1));
        let found = self.eat_word("else");
        if !found {
            self.expected_with("`else`", Some("a formula needs both values: `if c then a else b`"));
        }
        let otherwise = Box::new(if found { self.level(1) } else { self.error_expr(self.at) });
        self.node(NodeKind::Conditional, first);
        Expr { kind: ExprKind::If { condition, then, otherwise }, span: self.span_from(first) }
    }

    /// `name(…)`: a question, a quantifier, or a call.
    fn call(&mut self) -> Expr {
        let first = self.at;
        let word = self.peek_text(0);
        if words::QUESTION_WORDS.contains(&word) {
            return self.question();
        }
        let name = self.name("a function");
        let open = self.here();
        self.bump();
        let assign_ends = std::mem::replace(&mut self.assign_ends, false);
        let kind = match quantifier(word) {
            Some(kind) => ExprKind::Quantifier { kind, body: Box::new(self.formula()) },
            None => {
                let mut args = Vec::new();
                if !self.is(TokenKind::CloseParen) {
                    args.push(self.formula());
                    while self.eat(TokenKind::Comma) {
                        args.push(self.formula());
                    }
                }
                // Only questions to councils say `in`; elsewhere the word is out of place.
                let asks = words::COUNCIL_QUESTIONS.contains(&word) && self.is_word("in");
                let variant = (asks && self.eat_word("in")).then(|| self.name("a variant after `in`"));
                ExprKind::Call { name, args, variant }
            }
        };
        self.assign_ends = assign_ends;
        self.close_paren(open);
        let node = match kind {
            ExprKind::Quantifier { .. } => NodeKind::Quantified,
            _ => NodeKind::Call,
        };
        self.node(node, first);
        Expr { kind, span: self.span_from(first) }
    }

    /// `[ID "."] ID ["[" expr {"," expr} "]"]`
    pub(super) fn reference(&mut self) -> Ref {
        let first = self.at;
        let mut name = self.name("a name");
        let mut owner = None;
        if self.eat(TokenKind::Dot) {
            let member = self.name("a name after the dot");
            owner = Some(std::mem::replace(&mut name, member));
        }
        let mut index = Vec::new();
        if self.is(TokenKind::OpenBracket) {
            self.bump();
            index.push(self.formula());
            while self.eat(TokenKind::Comma) {
                index.push(self.formula());
            }
            self.expect(TokenKind::CloseBracket, "`]` after the index");
        }
        self.node(NodeKind::Ref, first);
        Ref { owner, name, index, span: self.span_from(first) }
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

fn quantifier(word: &str) -> Option<Quantifier> {
    Some(match word {
        "any" => Quantifier::Any,
        "all" => Quantifier::All,
        "first" => Quantifier::First,
        "last" => Quantifier::Last,
        "made" => Quantifier::Made,
        _ => return None,
    })
}
