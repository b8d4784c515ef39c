//! Councils: issues with scales, actors, tables of cells, options.
//!
//! The one idea: an entry is known by its first word, a row of a table is one
//! line, and what goes wrong in a cell stays in it.

use super::Parser;
use super::play::quoted;
use crate::ast::{
    Actor, ActorLine, Caption, Council, CouncilOption, CouncilPart, Dist, Expr, ExprKind, Issue, ItemKind,
    Mark, Matrix, MatrixCell, MatrixRow, OptionValue, ParamValue, Quantity, UnaryOp,
};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use crate::words;
use detente_diag::{Diagnostic, Span, nearest};

impl Parser<'_> {
    /// `"council" ID caption "{" { part } "}"`
    pub(super) fn council(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the council's name after `council`");
        let (caption, _) = self.caption();
        let first = self.at;
        let open = self.here();
        let mut parts = Vec::new();
        if self.expect(TokenKind::OpenBrace, "`{` to open the council") {
            while !self.at_end() && !self.is(TokenKind::CloseBrace) && !self.begins_item(0) {
                parts.extend(self.part());
            }
            self.close_brace(open, "the council");
            self.node(NodeKind::CouncilBody, first);
        }
        ItemKind::Council(Council { name, caption, parts })
    }

    /// One entry; `None` if what stands here was reported and skipped.
    fn part(&mut self) -> Option<CouncilPart> {
        match self.peek_text(0) {
            "issue" => Some(CouncilPart::Issue(self.issue())),
            "actor" => Some(CouncilPart::Actor(self.actor())),
            "capability" => Some(CouncilPart::Matrix(self.matrix(Quantity::Capability))),
            "position" => Some(CouncilPart::Matrix(self.matrix(Quantity::Position))),
            "salience" => Some(CouncilPart::Matrix(self.matrix(Quantity::Salience))),
            "option" => Some(CouncilPart::Option(self.option())),
            _ => {
                self.not_a_part();
                None
            }
        }
    }

    fn not_a_part(&mut self) {
        let word = self.peek_text(0);
        let row = self.is(TokenKind::Pipe);
        let message = match row {
            true => "a row that belongs to no table".to_string(),
            false => {
                format!("expected {} in the council, found {}", quoted(words::COUNCIL_HEADS), self.found())
            }
        };
        let mut diagnostic = Diagnostic::error("syntax", message).label(self.here(), "");
        if row {
            diagnostic = diagnostic
                .help("begin the table with `capability =`, `position =` or `salience =` on the line above");
        } else if let Some(head) = nearest(word, words::COUNCIL_HEADS.iter().copied()) {
            diagnostic = diagnostic.help(format!("did you mean `{head}`?")).edit(self.here(), head);
        }
        self.error(diagnostic);
        loop {
            let before = self.at;
            self.skip_entry();
            if self.at == before {
                self.bump();
            }
            if !(row && self.is(TokenKind::Pipe)) {
                break;
            }
        }
    }

    /// `"issue" ID caption "scale" mark "to" mark { "to" mark }`
    fn issue(&mut self) -> Issue {
        let first = self.at;
        let doc = self.doc();
        self.bump();
        let name = self.name("the issue's name after `issue`");
        let (caption, _) = self.caption();
        let mut marks = Vec::new();
        let scale = self.at;
        if self.eat_word("scale") {
            marks.push(self.mark());
            if !self.is_word("to") {
                self.expected_with(
                    "`to` and the other end of the scale",
                    Some("for instance `scale 0 \"none\" to 100 \"all\"`"),
                );
                if !self.starts_line(0) {
                    self.skip_entry();
                }
            }
            while self.eat_word("to") {
                marks.push(self.mark());
            }
            self.node(NodeKind::Scale, scale);
        } else {
            self.expected_with(
                &format!("`scale` and its two ends, after the issue `{}`", name.text),
                Some("say what the ends mean: `scale 0 \"open to all\" to 100 \"closed for good\"`"),
            );
        }
        self.node(NodeKind::Issue, first);
        Issue { name, caption, doc, marks, span: self.span_from(first) }
    }

    /// A number and what it means.
    fn mark(&mut self) -> Mark {
        let first = self.at;
        let value = self.plain_number("a number of the scale");
        let label = self.text_opt();
        Mark { value, label, span: self.span_from(first) }
    }

    /// `[ "-" ] NUM`
    fn plain_number(&mut self, what: &str) -> Expr {
        let first = self.at;
        let minus = self.eat(TokenKind::Minus);
        if !self.is(TokenKind::Number) {
            self.expected(what);
            return self.error_expr(first);
        }
        let number = self.number();
        if !minus {
            return number;
        }
        self.node(NodeKind::Unary, first);
        let kind = ExprKind::Unary { op: UnaryOp::Negate, operand: Box::new(number) };
        Expr { kind, span: self.span_from(first) }
    }

    /// `"actor" ID caption [ "{" { line } "}" ]`
    fn actor(&mut self) -> Actor {
        let first = self.at;
        let doc = self.doc();
        self.bump();
        let name = self.name("the actor's name after `actor`");
        let (caption, _) = self.caption();
        let lines = match self.is(TokenKind::OpenBrace) {
            true => self.braces(NodeKind::ActorLines, "the actor", "a line of the actor", Self::line).0,
            false => Vec::new(),
        };
        self.node(NodeKind::Actor, first);
        let lines = lines.into_iter().flatten().collect();
        Actor { name, caption, doc, lines, span: self.span_from(first) }
    }

    /// `("capability" | ("position" | "salience") [ID]) caption (~ dist | = expr)`
    fn line(&mut self) -> Option<ActorLine> {
        let first = self.at;
        let quantity = match self.peek_text(0) {
            "capability" => Quantity::Capability,
            "position" => Quantity::Position,
            "salience" => Quantity::Salience,
            word => {
                let heads = ["capability", "position", "salience"];
                let message = format!("expected {} in the actor, found {}", quoted(&heads), self.found());
                let mut diagnostic = Diagnostic::error("syntax", message).label(self.here(), "");
                if let Some(head) = nearest(word, heads) {
                    diagnostic = diagnostic.help(format!("did you mean `{head}`?")).edit(self.here(), head);
                }
                self.error(diagnostic);
                self.skip_entry();
                return None;
            }
        };
        self.bump();
        let named = self.is(TokenKind::Word) && !self.is_word("assumed") && !self.starts_line(0);
        let issue = (named && quantity != Quantity::Capability).then(|| self.name("an issue"));
        let (mut caption, place) = self.caption();
        let whose = match &issue {
            Some(issue) => format!("`{} {}`", quantity.word(), issue.text),
            None => format!("`{}`", quantity.word()),
        };
        let value = self.param_value(&whose);
        self.late_sources(&mut caption, place);
        self.node(NodeKind::ActorLine, first);
        Some(ActorLine { quantity, issue, caption, value, span: self.span_from(first) })
    }

    /// `position caption "=" row { row }`; saliences may say what they are parts of.
    fn matrix(&mut self, quantity: Quantity) -> Matrix {
        let first = self.at;
        let head = self.here();
        self.bump();
        let mut whole = None;
        if self.eat_word("out") {
            self.expect_word("of", "`of` and a number: `salience out of 100`");
            whole = Some(self.plain_number("the number that is the whole, for instance `out of 100`"));
        }
        let each = self.eat_word("each");
        let (caption, _) = self.caption();
        let mut rows = Vec::new();
        let says = whole.is_some() || each;
        if self.is(TokenKind::Assign) || !says {
            let late = self.is_word("out") || self.is_word("each");
            let wanted = format!("`=` and the rows of `{}`", quantity.word());
            if late {
                let help =
                    "what saliences are parts of stands before the label: `salience out of 100 \"…\" =`";
                self.expected_with(&wanted, Some(help));
                while !self.at_end() && !self.is(TokenKind::Pipe) && !self.starts_line(0) {
                    self.bump();
                }
            } else {
                self.expect(TokenKind::Assign, &wanted);
            }
            while self.is(TokenKind::Pipe) {
                rows.push(self.council_row());
            }
            if rows.is_empty() {
                self.expected_with(
                    "a row of the table",
                    Some("rows stand on lines of their own: `| Russia | 60 to 90 |`"),
                );
                if !self.starts_line(0) {
                    self.skip_entry();
                }
            }
        }
        self.node(NodeKind::Matrix, first);
        Matrix { quantity, head, whole, each, caption, rows, span: self.span_from(first) }
    }

    /// One line `| cell | cell |`.
    fn council_row(&mut self) -> MatrixRow {
        let (cells, span) = self.row_of(NodeKind::CouncilRow, Self::council_cell);
        MatrixRow { cells, span }
    }

    /// `[ dist [ "at" expr ] ] { CITE } [ "assumed" STR ]`
    fn council_cell(&mut self) -> MatrixCell {
        let first = self.at;
        let start = self.last_end();
        let assumes = self.is_word("assumed") && self.peek_kind(1) == TokenKind::String;
        let valued = !self.is(TokenKind::Pipe) && !self.is(TokenKind::Citation) && !assumes;
        let value = valued.then(|| self.cell_value());
        let (citations, assumed) = self.sources();
        if !self.is(TokenKind::Pipe) && !self.at_end() {
            self.expected_with(
                "`|` after the cell",
                Some("a cell holds a number, a range or a prior, then its sources"),
            );
            while !self.at_end() && !self.is(TokenKind::Pipe) {
                self.bump();
            }
        }
        self.node(NodeKind::CouncilCell, first);
        let end = match self.at_end() {
            true => self.last_end(),
            false => self.here().start,
        };
        let caption = Caption { label: None, citations, assumed };
        MatrixCell { value, caption, span: Span::new(self.file, start, end.max(start)) }
    }

    fn cell_value(&mut self) -> ParamValue {
        if self.is(TokenKind::Tilde) {
            let span = self.here();
            self.error(
                Diagnostic::error("syntax", "`~` in a table")
                    .label(span, "")
                    .help("in a table a prior stands bare: `| Russia | 80 to 100 |`")
                    .edit(span, ""),
            );
            self.bump();
        }
        match self.dist() {
            Dist::Point(value) => ParamValue::Fixed(*value),
            dist => {
                let at = self.eat_word("at").then(|| self.formula());
                ParamValue::Prior { dist, at }
            }
        }
    }

    /// `"option" ID caption "=" value { "," value }`
    fn option(&mut self) -> CouncilOption {
        let first = self.at;
        self.bump();
        let name = self.name("the option's name after `option`");
        let (mut caption, place) = self.caption();
        let mut values = Vec::new();
        if self.expect(TokenKind::Assign, "`=` and the option's value") {
            values.push(self.option_value());
            while self.eat(TokenKind::Comma) {
                values.push(self.option_value());
            }
        }
        self.late_sources(&mut caption, place);
        self.node(NodeKind::CouncilOption, first);
        CouncilOption { name, caption, values, span: self.span_from(first) }
    }

    fn option_value(&mut self) -> OptionValue {
        match self.kind() {
            TokenKind::Number | TokenKind::Minus => OptionValue::Number(self.plain_number("a number")),
            TokenKind::Word if self.starts_line(0) => {
                self.expected("a word or a number");
                OptionValue::Word(self.missing_name())
            }
            _ => OptionValue::Word(self.name("a word or a number")),
        }
    }
}
