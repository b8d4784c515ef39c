//! Captions, distributions, weights and parameter values.
//!
//! The one idea: label and sources stand together, right after the name.
//! Sources at the end of an item are read too, with the edit that moves them.

use super::Parser;
use crate::ast::{Caption, Citation, Dist, Expr, ExprKind, Name, ParamValue, Text, Weight};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use detente_diag::{Diagnostic, Span};

impl Parser<'_> {
    /// `[STR] { CITE } [ "assumed" STR ]`; also gives the offset at which it ends.
    pub(super) fn caption(&mut self) -> (Caption, u32) {
        let first = self.at;
        let label = self.text_opt();
        let (citations, assumed) = self.sources();
        self.node(NodeKind::Caption, first);
        let caption = Caption { label, citations, assumed };
        (caption, self.last_end())
    }

    pub(super) fn sources(&mut self) -> (Vec<Citation>, Option<Text>) {
        let mut citations = Vec::new();
        while self.is(TokenKind::Citation) {
            let span = self.here();
            citations.push(citation(self.peek_text(0), span));
            self.bump();
        }
        let follows = self.peek_kind(1) == TokenKind::String;
        let assumed = (self.is_word("assumed") && follows).then(|| {
            self.bump();
            self.text("the reason after `assumed`")
        });
        (citations, assumed)
    }

    /// Reads sources at the end of an item into its caption, with a warning
    /// that carries the edit which moves them to `place`.
    pub(super) fn late_sources(&mut self, caption: &mut Caption, place: u32) {
        let first = self.at;
        let (citations, assumed) = self.sources();
        if self.at == first {
            return;
        }
        let span = self.span_from(first);
        if caption.assumed.is_some() && assumed.is_some() {
            self.diagnostics
                .push(Diagnostic::error("syntax", "`assumed` twice").label(span, "").help("keep one reason"));
            return;
        }
        // Citations go before an `assumed` that is already there.
        let place = match &caption.assumed {
            Some(reason) => self.before_assumed(reason.span),
            None => Span::new(self.file, place, place),
        };
        let mut diagnostic = Diagnostic::warning("citation-place", "sources belong right after the label")
            .label(span, "move this …")
            .label(place, "… to here")
            .help("`detente fmt` moves them");
        let mut moved = String::new();
        for at in first..self.at {
            let token = self.token_span(self.significant[at].token);
            moved.push(' ');
            moved.push_str(&self.text[token.start as usize..token.end as usize]);
            diagnostic = diagnostic.edit(self.with_space_before(at, token), "");
        }
        self.diagnostics.push(diagnostic.edit(place, moved));
        caption.citations.extend(citations);
        caption.assumed = caption.assumed.take().or(assumed);
    }

    /// The token's span, with the space before it if no comment stands there.
    fn with_space_before(&self, at: usize, token: Span) -> Span {
        let before = at.checked_sub(1).map_or(0, |at| self.token_span(self.significant[at].token).end);
        let gap = &self.text[before as usize..token.start as usize];
        let start = if gap.trim().is_empty() { before } else { token.start };
        Span::new(self.file, start, token.end)
    }

    /// The place before the word `assumed` whose text stands at `reason`.
    fn before_assumed(&self, reason: Span) -> Span {
        let before = &self.text[..reason.start as usize];
        let word = before.rfind("assumed").unwrap_or(before.len());
        let place = self.text[..word].trim_end().len() as u32;
        Span::new(self.file, place, place)
    }

    /// `: unit`
    pub(super) fn unit_opt(&mut self) -> Option<Name> {
        self.eat(TokenKind::Colon).then(|| self.name("a unit after `:`"))
    }

    /// `~ dist [at VALUE]` or `= expr`; `whose` names the thing in a message.
    pub(super) fn param_value(&mut self, whose: &str) -> ParamValue {
        if self.eat(TokenKind::Tilde) {
            let dist = self.prior();
            let at = self.eat_word("at").then(|| self.formula());
            ParamValue::Prior { dist, at }
        } else if self.eat(TokenKind::Assign) {
            let first = self.at;
            let value = self.formula();
            if self.is_word("to") || self.is_word("at") {
                let message = format!("`{}` belongs to a prior", self.peek_text(0));
                self.error(
                    Diagnostic::error("syntax", message)
                        .label(self.span_from(first), "")
                        .help("write `~` instead of `=`: `param x ~ 0.2 to 0.6 at 0.4`"),
                );
                self.bump();
                self.formula();
                self.eat_word("at").then(|| self.formula());
            }
            ParamValue::Fixed(value)
        } else {
            self.expected_with(
                &format!("`~` and a prior, or `=` and a value, for {whose}"),
                Some("for instance `~ beta(4, 6)`, `~ 0.2 to 0.6` or `= 0.4`"),
            );
            ParamValue::Missing
        }
    }

    /// A distribution that is one; a plain value is an error.
    pub(super) fn prior(&mut self) -> Dist {
        let dist = self.dist();
        if let Dist::Point(value) = &dist
            && !matches!(value.kind, ExprKind::Error)
        {
            self.diagnostics.push(
                Diagnostic::error("syntax", "a plain value after `~`")
                    .label(value.span, "this is not a distribution")
                    .help("write `=` for a fixed value, or a prior such as `0.2 to 0.6`"),
            );
        }
        dist
    }

    /// `f(x, y) | lo "to" hi | truncated(dist, lo, hi) | discrete(v: w, …) | value`
    pub(super) fn dist(&mut self) -> Dist {
        let first = self.at;
        let dist = self.deeper(|parser| parser.dist_inner(first));
        self.node(NodeKind::Dist, first);
        dist.unwrap_or_else(|| Dist::Error(self.here()))
    }

    fn dist_inner(&mut self, first: usize) -> Dist {
        if self.peek_kind(1) == TokenKind::OpenParen {
            if self.is_word("truncated") {
                return self.truncated(first);
            }
            if self.is_word("discrete") {
                return self.discrete(first);
            }
        }
        let value = self.formula();
        if self.eat_word("to") {
            let hi = self.formula();
            return Dist::Quantiles { lo: Box::new(value), hi: Box::new(hi), span: self.span_from(first) };
        }
        let span = value.span;
        match value.kind {
            ExprKind::Call { name, args, .. } => Dist::Family { name, args, span },
            ExprKind::Error => Dist::Error(span),
            kind => Dist::Point(Box::new(Expr { kind, span })),
        }
    }

    fn truncated(&mut self, first: usize) -> Dist {
        self.bump();
        self.bump();
        let inner = Box::new(self.prior());
        self.expect(TokenKind::Comma, "`,` and the least value left");
        let lo = Box::new(self.formula());
        self.expect(TokenKind::Comma, "`,` and the greatest value left");
        let hi = Box::new(self.formula());
        self.expect(TokenKind::CloseParen, "`)` after `truncated(dist, lo, hi`");
        Dist::Truncated { inner, lo, hi, span: self.span_from(first) }
    }

    fn discrete(&mut self, first: usize) -> Dist {
        self.bump();
        self.bump();
        let mut points = Vec::new();
        loop {
            let value = self.formula();
            self.expect(TokenKind::Colon, "`:` and the probability of this value");
            points.push((value, self.weight()));
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::CloseParen, "`)` after `discrete(value: probability, …`");
        Dist::Discrete { points, span: self.span_from(first) }
    }

    /// `expr | "rest"`
    pub(super) fn weight(&mut self) -> Weight {
        let goes_on =
            matches!(self.peek_kind(1), TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::Dot);
        if self.is_word("rest") && !goes_on {
            let span = self.here();
            self.bump();
            return Weight::Rest(span);
        }
        Weight::Expr(self.formula())
    }
}

/// Splits `@key[locator]`; the lexer has reported what is wrong with it.
fn citation(token: &str, span: Span) -> Citation {
    let inner = token.strip_prefix('@').unwrap_or(token);
    let (key, locator) = match inner.split_once('[') {
        Some((key, rest)) => (key, Some(rest.strip_suffix(']').unwrap_or(rest))),
        None => (inner, None),
    };
    Citation { key: key.to_string(), locator: locator.map(|text| text.trim().to_string()), span }
}
