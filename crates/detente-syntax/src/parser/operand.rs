//! What operators stand between: numbers, names, calls, parentheses, `if`.
//!
//! The one idea: what was found where an operand belongs decides the message, so a
//! number written another way is read as it was meant and corrected.

use super::Parser;
use crate::ast::{Expr, ExprKind, Number, Quantifier, Ref};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use crate::words;
use detente_diag::{Diagnostic, Span};

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Expr {
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
    pub(super) fn begins_statement_not_formula(&self) -> bool {
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

    pub(super) fn missing_operand(&mut self, first: usize) -> Expr {
        self.expected("a value");
        self.error_expr(first)
    }

    pub(super) fn error_expr(&self, first: usize) -> Expr {
        Expr { kind: ExprKind::Error, span: self.span_from(first) }
    }

    pub(super) fn text_operand(&mut self) -> Expr {
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
    pub(super) fn bare_fraction(&mut self) -> Expr {
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

    pub(super) fn parenthesis(&mut self) -> Expr {
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

    pub(super) fn conditional(&mut self) -> Expr {
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
    pub(super) fn call(&mut self) -> Expr {
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

pub(super) fn quantifier(word: &str) -> Option<Quantifier> {
    Some(match word {
        "any" => Quantifier::Any,
        "all" => Quantifier::All,
        "first" => Quantifier::First,
        "last" => Quantifier::Last,
        "made" => Quantifier::Made,
        _ => return None,
    })
}
