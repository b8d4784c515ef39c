//! Forecasts and resolutions.
//!
//! The one idea: the clauses of a forecast may stand in any order, each once,
//! because each begins with a word of its own.

use super::Parser;
use super::play::quoted;
use crate::ast::{Base, BaseValue, Expr, ExprKind, Forecast, ForecastValue, ItemKind, Resolve, ResolveValue};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use detente_diag::{Diagnostic, Span, nearest};

/// Words that begin a clause.
const CLAUSES: &[&str] = &["by", "made", "base", "ordered"];

impl Parser<'_> {
    /// `forecast ID caption {clause} "=" value`
    pub(super) fn forecast(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the forecast's name after `forecast`");
        let (mut caption, place) = self.caption();
        let value = ForecastValue::Plain(Expr { kind: ExprKind::Error, span: self.here() });
        let mut forecast = Forecast {
            name,
            caption: Default::default(),
            by: None,
            made: None,
            ordered: None,
            base: None,
            value,
        };
        let mut seen: Vec<(&str, Span)> = Vec::new();
        while matches!(self.kind(), TokenKind::Word | TokenKind::Date) && !self.begins_item(0) {
            let word = self.peek_text(0);
            if self.is(TokenKind::Date) {
                self.expected_with(
                    "`by` or `made` before a date",
                    Some("`by` says until when, `made` when it was forecast"),
                );
                self.bump();
                continue;
            }
            let Some(word) = CLAUSES.iter().copied().find(|clause| *clause == word) else {
                self.not_a_clause(word);
                break;
            };
            let span = self.here();
            match seen.iter().find(|(clause, _)| *clause == word) {
                Some((_, first)) => {
                    let first = *first;
                    self.error(
                        Diagnostic::error("syntax", format!("`{word}` twice in one forecast"))
                            .label(span, "again here")
                            .label(first, "first here")
                            .help("keep one of them"),
                    );
                }
                None => seen.push((word, span)),
            }
            self.clause(word, &mut forecast);
        }
        self.expect(TokenKind::Assign, "`=` and what is forecast");
        forecast.value = self.forecast_value();
        self.late_sources(&mut caption, place);
        forecast.caption = caption;
        ItemKind::Forecast(forecast)
    }

    fn not_a_clause(&mut self, word: &str) {
        let span = self.here();
        let message = format!("expected {} or `=`, found {}", quoted(CLAUSES), self.found());
        let mut diagnostic = Diagnostic::error("syntax", message).label(span, "");
        diagnostic = match nearest(word, CLAUSES.iter().copied()) {
            Some(clause) => diagnostic.help(format!("did you mean `{clause}`?")).edit(span, clause),
            None => diagnostic.help(
                "a forecast reads `forecast joins \"…\" by 2023-12-31 made 2022-02-25 base 0.1 = prob(…)`",
            ),
        };
        self.error(diagnostic);
        // The value may still be readable.
        while !self.at_end() && !self.is(TokenKind::Assign) && !self.begins_item(0) {
            self.bump();
        }
    }

    fn clause(&mut self, word: &str, forecast: &mut Forecast) {
        let first = self.at;
        let span = self.here();
        self.bump();
        match word {
            "by" => forecast.by = self.day("by"),
            "made" => forecast.made = self.day("made"),
            "ordered" => forecast.ordered = Some(span),
            _ => {
                let outer = std::mem::replace(&mut self.assign_ends, true);
                let value = match self.is(TokenKind::OpenBrace) {
                    true => BaseValue::Arms(self.private_arms()),
                    false => BaseValue::Dist(self.dist()),
                };
                self.assign_ends = outer;
                let (citations, assumed) = self.sources();
                self.node(NodeKind::Base, first);
                forecast.base = Some(Base { value, citations, assumed, span: self.span_from(first) });
            }
        }
    }

    fn forecast_value(&mut self) -> ForecastValue {
        let first = self.at;
        match self.is(TokenKind::OpenBrace) {
            true => {
                let arms = self.private_arms();
                ForecastValue::Arms { arms, span: self.span_from(first) }
            }
            false => ForecastValue::Plain(self.formula()),
        }
    }

    /// `resolve ID value "on" DATE caption`
    pub(super) fn resolution(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the name of a forecast after `resolve`");
        let value = self.resolve_value();
        let date = self.date();
        let (caption, _) = self.caption();
        ItemKind::Resolve(Resolve { name, value, date, caption })
    }

    fn resolve_value(&mut self) -> ResolveValue {
        let first = self.at;
        match self.kind() {
            TokenKind::Number | TokenKind::Minus => ResolveValue::Number(self.formula()),
            // `on` begins the date: the value is missing.
            TokenKind::Word if !(self.is_word("on") && self.peek_kind(1) == TokenKind::Date) => {
                ResolveValue::Word(self.name("what happened"))
            }
            kind => {
                self.expected_with(
                    "what happened",
                    Some("write `yes`, `no` or `void`, one of the alternatives, or a number, without quotation marks"),
                );
                if kind == TokenKind::String {
                    self.bump();
                }
                ResolveValue::Number(self.error_expr(first))
            }
        }
    }
}
