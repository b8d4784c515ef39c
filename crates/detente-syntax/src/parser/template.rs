//! Stages, joint tables and cases: what is written once and used with other names or numbers.

use super::Parser;
use crate::ast::{Case, CaseLine, Formal, Item, ItemKind, Joint, JointFact, Stage, StatementKind};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use crate::words;
use detente_diag::Diagnostic;

impl Parser<'_> {
    /// `stage ID "(" [formal {"," formal}] ")" caption block`
    pub(super) fn stage(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the stage's name after `stage`");
        let open = self.here();
        let mut formals = Vec::new();
        if self.expect(TokenKind::OpenParen, "`(` and the names that each use replaces") {
            if !self.is(TokenKind::CloseParen) {
                formals.push(self.formal());
                while self.eat(TokenKind::Comma) {
                    formals.push(self.formal());
                }
            }
            self.close_paren(open);
        }
        let (caption, _) = self.caption();
        let body = self.block("the stage");
        ItemKind::Stage(Stage { name, formals, caption, body })
    }

    fn formal(&mut self) -> Formal {
        let first = self.at;
        let name = self.name("a name");
        let kind = self.eat(TokenKind::Colon).then(|| self.name("`player`, `number` or `outcome`"));
        self.node(NodeKind::Formal, first);
        Formal { name, kind }
    }

    /// `do ID "(" [expr {"," expr}] ")"`, as a statement.
    pub(super) fn run_stage(&mut self) -> StatementKind {
        self.bump();
        let stage = self.name("a stage after `do`");
        let open = self.here();
        let mut args = Vec::new();
        let help = "`do` plays a stage: `do bargaining(A, B)`; what follows from a move is asked with `prob(X do P.move == m)`";
        if self.eat(TokenKind::OpenParen) {
            if !self.is(TokenKind::CloseParen) {
                args.push(self.formula());
                while self.eat(TokenKind::Comma) {
                    args.push(self.formula());
                }
            }
            self.close_paren(open);
        } else {
            self.expected_with("`(` and what the stage's names stand for", Some(help));
            // The rest of a question that stands where it does not belong.
            while !self.at_end() && !self.starts_line(0) && !self.is(TokenKind::CloseBrace) {
                self.bump();
            }
        }
        StatementKind::Run { stage, args }
    }

    /// The rest of `private A.x, B.y caption "=" rows`.
    pub(super) fn joint(&mut self, first: JointFact) -> ItemKind {
        let mut facts = vec![first];
        while self.eat(TokenKind::Comma) {
            let player = self.name("a player");
            self.expect(TokenKind::Dot, "`.` and the fact's name: `private A.kind, B.kind`");
            let name = self.name("the fact's name");
            facts.push(JointFact { player, name });
        }
        let (caption, _) = self.caption();
        self.expect(TokenKind::Assign, "`=` and a table of probabilities");
        let rows = self.rows("rows stand on lines of their own: `| strong | weak | 0.3 |`");
        ItemKind::Joint(Joint { facts, caption, rows })
    }

    /// `case STR "of" STR "{" { set | observe } "}"`
    pub(super) fn case(&mut self) -> ItemKind {
        let start = self.at;
        self.bump();
        let title = self.text("the case's title in quotation marks after `case`");
        self.expect_word("of", "`of` and the model's file");
        let model = self.text("the model's file in quotation marks after `of`");
        let first = self.at;
        let open = self.here();
        let mut lines = Vec::new();
        if self.expect(TokenKind::OpenBrace, "`{` to open the case") {
            while !self.at_end() && !self.is(TokenKind::CloseBrace) && !self.case_ended() {
                self.case_line(&mut lines);
            }
            self.close_brace(open, "the case");
            self.node(NodeKind::CaseBody, first);
        }
        ItemKind::Case(Case { title, model, lines, span: self.span_from(start) })
    }

    /// Does an item other than an observation begin here?
    fn case_ended(&self) -> bool {
        self.begins_item(0) && !self.is_word("observe")
    }

    fn case_line(&mut self, lines: &mut Vec<CaseLine>) {
        let first = self.at;
        if self.is_word("set") {
            lines.extend(self.settings().into_iter().map(CaseLine::Set));
            return;
        }
        if self.is_word("observe") {
            let doc = self.doc();
            let kind = self.observe();
            self.node(NodeKind::Observe, first);
            lines.push(CaseLine::Observe(Item { doc, kind, span: self.span_from(first) }));
            return;
        }
        let message = format!(
            "expected {} in the case, found {}",
            super::play::quoted(words::CASE_HEADS),
            self.found()
        );
        self.error(Diagnostic::error("syntax", message).label(self.here(), "").help(
            "a case sets numbers and says what was observed; claims, questions and forecasts stand below it",
        ));
        self.skip_entry();
        if self.at == first {
            self.bump();
        }
    }
}
