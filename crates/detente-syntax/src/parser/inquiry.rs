//! Observations, hypotheses, claims and questions: what the analyst saw and wants to know.

use super::Parser;
use crate::ast::{Ask, Claim, Date, Estimate, Hypothesis, ItemKind, Observe, Precision};
use crate::token::TokenKind;
use detente_diag::{Diagnostic, Span};

impl Parser<'_> {
    /// `observe caption ["on" DATE] expr`
    pub(super) fn observe(&mut self) -> ItemKind {
        self.bump();
        let (mut caption, place) = self.caption();
        let dated = self.is_word("on") && self.peek_kind(1) != TokenKind::EqualEqual;
        let date = if dated || self.is(TokenKind::Date) { self.date() } else { None };
        let event = self.formula();
        self.late_sources(&mut caption, place);
        ItemKind::Observe(Observe { caption, date, event })
    }

    /// `on 2022-02-24`; `None` after a reported error.
    pub(super) fn date(&mut self) -> Option<Date> {
        if !self.eat_word("on") {
            if !self.is(TokenKind::Date) {
                self.expected_with("`on` and a date", Some("write it as `on 2022-02-24`"));
                return None;
            }
            let span = self.here();
            self.error(
                Diagnostic::error("syntax", "a date without `on`")
                    .label(span, "")
                    .help("write `on` before it")
                    .edit(Span::new(span.file, span.start, span.start), "on "),
            );
        }
        self.day("on")
    }

    /// The date after `word`, which was read; `None` after a reported error.
    pub(super) fn day(&mut self, word: &str) -> Option<Date> {
        let span = self.here();
        if !self.is(TokenKind::Date) {
            self.expected_with(&format!("a date after `{word}`"), Some("write it as `2022-02-24`"));
            // A date in another notation is a number or a text.
            while matches!(
                self.kind(),
                TokenKind::Number | TokenKind::String | TokenKind::Slash | TokenKind::Dot
            ) {
                self.bump();
            }
            return None;
        }
        let date = date(self.peek_text(0), span);
        if date.is_none() {
            let message = format!("there is no day {}", self.peek_text(0));
            self.error(
                Diagnostic::error("bad-date", message)
                    .label(span, "")
                    .help("a date is year-month-day: `2022-02-24`"),
            );
        }
        self.bump();
        date
    }

    /// `hypothesis ID caption ["prior" dist] "=" expr`
    pub(super) fn hypothesis(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the hypothesis' name after `hypothesis`");
        let (mut caption, place) = self.caption();
        let prior = self.eat_word("prior").then(|| {
            let outer = std::mem::replace(&mut self.assign_ends, true);
            let dist = self.dist();
            self.assign_ends = outer;
            dist
        });
        self.expect(TokenKind::Assign, "`=` and what the hypothesis says");
        let event = self.formula();
        self.late_sources(&mut caption, place);
        ItemKind::Hypothesis(Hypothesis { name, caption, prior, event })
    }

    /// `claim ID caption "=" expr ["where" expr]`
    pub(super) fn claim(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the claim's name after `claim`");
        let (mut caption, place) = self.caption();
        self.expect(TokenKind::Assign, "`=` and what is claimed");
        let body = self.formula();
        self.late_sources(&mut caption, place);
        let restriction = self.eat_word("where").then(|| self.formula());
        self.late_sources(&mut caption, place);
        ItemKind::Claim(Claim { name, caption, body, restriction })
    }

    pub(super) fn ask(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the question's name after `ask`");
        let (mut caption, place) = self.caption();
        self.expect(TokenKind::Assign, "`=` and what is asked");
        let body = self.formula();
        self.late_sources(&mut caption, place);
        ItemKind::Ask(Ask { name, caption, body })
    }
}

/// The date a token spells, if there is such a day (Gregorian calendar).
pub(super) fn date(token: &str, span: Span) -> Option<Date> {
    let mut parts = token.split('-');
    let year: u16 = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let day: u8 = parts.next()?.parse().ok()?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    (1..=days).contains(&day).then_some(Date { year, month, day, span })
}

impl Parser<'_> {
    pub(super) fn estimate(&mut self) -> ItemKind {
        self.bump();
        let mut params = vec![self.name("a parameter after `estimate`")];
        while self.eat(TokenKind::Comma) {
            params.push(self.name("another parameter"));
        }
        let (caption, _) = self.caption();
        ItemKind::Estimate(Estimate { params, caption })
    }

    pub(super) fn precision(&mut self) -> ItemKind {
        self.bump();
        let (mut caption, place) = self.caption();
        self.expect(TokenKind::Tilde, "`~` and a distribution of the precision");
        let prior = self.prior();
        self.late_sources(&mut caption, place);
        ItemKind::Precision(Precision { caption, prior })
    }
}
