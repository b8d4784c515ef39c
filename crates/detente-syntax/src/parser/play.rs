//! The statements of `play`.
//!
//! The one idea: a statement begins with one of eight heads or with
//! `PLAYER chooses`; everything else is reported and skipped to the next one.

use super::Parser;
use crate::ast::{Block, Chance, Choose, Options, Pay, Sight, SightKind, Statement, StatementKind};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use crate::words;
use detente_diag::{Diagnostic, Span, nearest};

impl Parser<'_> {
    /// `"{" { statement } "}"`
    pub(super) fn block(&mut self, what: &str) -> Block {
        let first = self.at;
        let block = self.deeper(|parser| parser.block_inner(what, first));
        block.unwrap_or_else(|| Block { statements: Vec::new(), span: self.span_from(first) })
    }

    fn block_inner(&mut self, what: &str, first: usize) -> Block {
        let open = self.here();
        let mut statements = Vec::new();
        if !self.expect(TokenKind::OpenBrace, &format!("`{{` to open {what}")) {
            let span = Span::new(open.file, open.start, open.start);
            return Block { statements, span };
        }
        while !self.at_end() && !self.is(TokenKind::CloseBrace) && !self.begins_item(0) {
            let before = self.at;
            statements.extend(self.statement());
            if self.at == before {
                self.bump();
            }
        }
        self.close_brace(open, what);
        self.node(NodeKind::Block, first);
        Block { statements, span: self.span_from(first) }
    }

    /// `=> statement` or `=> { … }`, as a block; `None` without `=>`.
    pub(super) fn arm_body(&mut self) -> Option<Block> {
        if !self.eat(TokenKind::Arrow) {
            return None;
        }
        if self.is(TokenKind::OpenBrace) {
            return Some(self.block("what follows"));
        }
        let first = self.at;
        let missing = self.at_end()
            || self.is(TokenKind::CloseBrace)
            || self.is(TokenKind::Comma)
            || self.begins_item(0);
        let statement = if missing {
            self.expected("a statement after `=>`");
            None
        } else {
            self.deeper(Self::statement).flatten()
        };
        Some(Block { statements: statement.into_iter().collect(), span: self.span_from(first) })
    }

    /// One statement; `None` if there is nothing that could be one.
    fn statement(&mut self) -> Option<Statement> {
        let first = self.at;
        let doc = self.doc();
        let (node, kind) = self.statement_kind();
        if self.at == first {
            return None;
        }
        self.node(node, first);
        Some(Statement { doc, kind, span: self.span_from(first) })
    }

    fn statement_kind(&mut self) -> (NodeKind, StatementKind) {
        let word = match self.kind() {
            TokenKind::Word => self.peek_text(0),
            _ => "",
        };
        if self.peek_kind(1) == TokenKind::Word && self.peek_text(1) == "chooses" {
            return (NodeKind::Choose, self.choose());
        }
        match word {
            "chance" => (NodeKind::Chance, self.chance()),
            "together" => {
                self.bump();
                let block = self.block("`together`");
                (NodeKind::Together, StatementKind::Together(block))
            }
            "tell" => (NodeKind::Tell, self.tell()),
            "pay" => (NodeKind::Pay, self.pay()),
            "if" => (NodeKind::If, self.if_statement()),
            "repeat" => (NodeKind::Repeat, self.repeat()),
            "do" => (NodeKind::Run, self.run_stage()),
            "leave" => {
                self.bump();
                (NodeKind::Leave, StatementKind::Leave)
            }
            "end" => {
                self.bump();
                let outcome = self.name("an outcome after `end`");
                (NodeKind::End, StatementKind::End(outcome))
            }
            _ => {
                self.not_a_statement(word);
                (NodeKind::Error, StatementKind::Error)
            }
        }
    }

    /// Reports what is no statement, and skips it.
    fn not_a_statement(&mut self, word: &str) {
        let span = self.here();
        let found = self.found();
        let diagnostic = if word.is_empty() || words::is_operator(word) {
            Diagnostic::error("syntax", format!("expected a statement, found {found}"))
                .label(span, "")
                .help("a statement begins with a player who `chooses`, or with `chance`, `end`, `if` …")
        } else if words::ITEM_HEADS.contains(&word) && self.peek_kind(1) != TokenKind::Assign {
            Diagnostic::error("misplaced", format!("`{word}` does not belong into `play`"))
                .label(span, "")
                .help("move it out of the braces")
        } else {
            self.unknown_statement(word, span)
        };
        self.error(diagnostic);
        self.skip_statement();
    }

    fn unknown_statement(&self, word: &str, span: Span) -> Diagnostic {
        let diagnostic =
            Diagnostic::error("unknown-word", format!("`{word}` is not a statement")).label(span, "");
        let next = match self.peek_kind(1) {
            TokenKind::Word if !self.starts_line(1) => self.peek_text(1),
            _ => "",
        };
        if nearest(next, ["chooses"]).is_some() {
            let edit = self.token_span(self.significant[self.at + 1].token);
            return diagnostic.help(format!("did you mean `{word} chooses`?")).edit(edit, "chooses");
        }
        match nearest(word, words::STATEMENT_HEADS.iter().copied()) {
            Some(head) => {
                let shown = format!("{head} {next}");
                diagnostic
                    .help(format!(
                        "did you mean `{}`? (a move would read `{word} chooses …`)",
                        shown.trim_end()
                    ))
                    .edit(span, head)
            }
            None => diagnostic.help(format!(
                "a move reads `{word} chooses …`; other statements begin with {}",
                quoted(words::STATEMENT_HEADS)
            )),
        }
    }

    /// Skips to the next statement, to the closing brace, or to the next item.
    fn skip_statement(&mut self) {
        let first = self.at;
        while !self.at_end() {
            if self.is(TokenKind::OpenBrace) {
                self.skip_braces();
            } else if self.is(TokenKind::CloseBrace) {
                break;
            } else {
                self.bump();
            }
            // A new line may begin a statement that is misspelt, too.
            let name_first = self.is(TokenKind::Word) && self.starts_line(0);
            if name_first || self.begins_something() {
                break;
            }
        }
        self.node(NodeKind::Error, first);
    }

    /// `ID chooses ID caption [sight] ( menu | grid )`
    fn choose(&mut self) -> StatementKind {
        let player = self.entry_name("a player");
        self.bump();
        let decision = self.name("the decision's name after `chooses`");
        let (caption, _) = self.caption();
        let sight = self.sight();
        let options = if self.is_word("from") {
            self.grid()
        } else if self.is(TokenKind::OpenBrace) {
            Options::Menu(self.menu())
        } else {
            self.expected_with(
                "a menu in braces or a grid",
                Some("`{ accept, refuse }` or `from 0 to 1 in 21 points`"),
            );
            Options::Missing
        };
        StatementKind::Choose(Choose { player, decision, caption, sight, options })
    }

    /// `from expr to expr in expr points`
    fn grid(&mut self) -> Options {
        let first = self.at;
        self.bump();
        let lo = self.formula();
        self.expect_word("to", "`to` and the greatest number");
        let hi = self.formula();
        self.expect_word("in", "`in` and the number of points");
        let points = self.formula();
        self.expect_word("points", "`points` after their number");
        self.node(NodeKind::Grid, first);
        Options::Grid { lo, hi, points, span: self.span_from(first) }
    }

    /// `hidden from P, Q` or `seen by P, Q`
    fn sight(&mut self) -> Option<Sight> {
        let first = self.at;
        let kind = if self.eat_word("hidden") {
            self.expect_word("from", "`from` after `hidden`");
            SightKind::HiddenFrom
        } else if self.eat_word("seen") {
            self.expect_word("by", "`by` after `seen`");
            SightKind::SeenBy
        } else {
            return None;
        };
        let players = self.names("a player");
        self.node(NodeKind::Sight, first);
        Some(Sight { kind, players, span: self.span_from(first) })
    }

    fn chance(&mut self) -> StatementKind {
        self.bump();
        let name = self.name("the event's name after `chance`");
        let (caption, _) = self.caption();
        let sight = self.sight();
        let arms = self.chance_arms();
        StatementKind::Chance(Chance { name, caption, sight, arms })
    }

    fn tell(&mut self) -> StatementKind {
        self.bump();
        let players = self.names("a player after `tell`");
        let what = self.formula();
        StatementKind::Tell { players, what }
    }

    fn pay(&mut self) -> StatementKind {
        self.bump();
        let named = self.is(TokenKind::Word);
        let name = named.then(|| self.name("a ledger label"));
        let (caption, _) = self.caption();
        let pays = self.pays();
        StatementKind::Pay(Pay { name, caption, pays })
    }

    fn if_statement(&mut self) -> StatementKind {
        self.bump();
        let condition = self.formula();
        if self.is_word("then") {
            self.error(
                Diagnostic::error("syntax", "`then` belongs to formulas")
                    .label(self.here(), "")
                    .help("a statement has braces: `if c { … } else { … }`"),
            );
            self.bump();
        }
        let then = self.block("`if`");
        let otherwise = self.eat_word("else").then(|| self.otherwise());
        StatementKind::If { condition, then, otherwise }
    }

    /// A block, or `if …` as a block of one statement.
    fn otherwise(&mut self) -> Block {
        if !self.is_word("if") {
            return self.block("`else`");
        }
        let first = self.at;
        let statement = self.deeper(Self::statement).flatten();
        Block { statements: statement.into_iter().collect(), span: self.span_from(first) }
    }

    fn repeat(&mut self) -> StatementKind {
        self.bump();
        let counter = self.name("the counter's name after `repeat`");
        self.expect_word("in", "`in` and the range: `repeat x in 1..3`");
        let from = self.formula();
        self.expect(TokenKind::DotDot, "`..` and the last number");
        let to = self.formula();
        let body = self.block("`repeat`");
        StatementKind::Repeat { counter, from, to, body }
    }
}

/// The words in quotation marks, with commas.
pub(super) fn quoted(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
