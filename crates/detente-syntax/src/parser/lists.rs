//! Lists in braces: menus, draws, payoffs, ledgers.
//!
//! The one idea: entries are separated by commas, and the end of a line is as
//! good as a comma. An entry that went wrong costs the rest of its line only.

use super::Parser;
use crate::ast::{ChanceArm, ChoiceArm, LedgerLine, PayEntry, Payoff, Pays, PrivateArm, Weight};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use crate::words;
use detente_diag::{Diagnostic, Span};

impl Parser<'_> {
    /// `"{" { entry [","] } "}"`. `what` names the list in a message, `wanted`
    /// one entry. The entry function is called at a word only.
    pub(super) fn braces<T>(
        &mut self,
        node: NodeKind,
        what: &str,
        wanted: &str,
        entry: impl Fn(&mut Self) -> T,
    ) -> (Vec<T>, Span) {
        let first = self.at;
        let open = self.here();
        let mut entries = Vec::new();
        if !self.expect(TokenKind::OpenBrace, &format!("`{{` to open {what}")) {
            return (entries, Span::new(open.file, open.start, open.start));
        }
        while !self.at_end() && !self.is(TokenKind::CloseBrace) && !self.list_ended() {
            let before = self.at;
            if self.is(TokenKind::Word) {
                entries.push(entry(self));
                self.end_of_entry();
            } else {
                self.expected(wanted);
                self.skip_entry();
                self.eat(TokenKind::Comma);
            }
            if self.at == before {
                self.bump();
            }
        }
        self.close_brace(open, what);
        self.node(node, first);
        (entries, self.span_from(first))
    }

    /// Is this a place where a list can end or a new line begins?
    fn at_boundary(&self) -> bool {
        self.at_end() || self.is(TokenKind::CloseBrace) || self.starts_line(0)
    }

    /// Reads the comma after an entry, or reports what stands in its place.
    pub(super) fn end_of_entry(&mut self) {
        if self.eat(TokenKind::Comma) || self.at_boundary() {
            return;
        }
        let found = self.found();
        let word = self.peek_text(0);
        let statement = words::STATEMENT_HEADS.contains(&word) || self.peek_text(1) == "chooses";
        let help = match self.kind() {
            TokenKind::Word if statement => "what follows an alternative stands after `=>`",
            TokenKind::Word => "put a comma between entries that share a line",
            TokenKind::Assign => "a value stands after `:`, what follows after `=>`",
            _ => "end the entry here, with a comma or a new line",
        };
        let message = format!("expected `,` or `}}`, found {found}");
        self.error(Diagnostic::error("syntax", message).label(self.here(), "").help(help));
        self.skip_entry();
        self.eat(TokenKind::Comma);
    }

    /// `{ a [if expr] [=> body], … }`
    pub(super) fn menu(&mut self) -> Vec<ChoiceArm> {
        let entry = |parser: &mut Self| {
            let first = parser.at;
            let action = parser.entry_name("an action");
            let guard = parser.eat_word("if").then(|| parser.formula());
            let then = parser.arm_body();
            parser.node(NodeKind::ChoiceArm, first);
            ChoiceArm { action, guard, then, span: parser.span_from(first) }
        };
        self.braces(NodeKind::Menu, "the menu", "an action", entry).0
    }

    /// `{ a: weight [=> body], … }`
    pub(super) fn chance_arms(&mut self) -> Vec<ChanceArm> {
        let entry = |parser: &mut Self| {
            let first = parser.at;
            let value = parser.entry_name("an alternative");
            let weight = parser.arm_weight();
            let then = parser.arm_body();
            parser.node(NodeKind::ChanceArm, first);
            ChanceArm { value, weight, then, span: parser.span_from(first) }
        };
        self.braces(NodeKind::ChanceArms, "the draw", "an alternative", entry).0
    }

    /// `{ a: weight, … }`
    pub(super) fn private_arms(&mut self) -> Vec<PrivateArm> {
        let entry = |parser: &mut Self| {
            let first = parser.at;
            let value = parser.entry_name("a value");
            let weight = parser.arm_weight();
            parser.node(NodeKind::PrivateArm, first);
            PrivateArm { value, weight, span: parser.span_from(first) }
        };
        self.braces(NodeKind::PrivateArms, "the values", "a value", entry).0
    }

    /// `: expr` or `: rest`
    fn arm_weight(&mut self) -> Weight {
        let first = self.at;
        if self.is(TokenKind::Colon) {
            self.bump();
            return self.weight();
        }
        self.expected_with("`:` and a probability", Some("for instance `yes: 0.3, no: rest`"));
        Weight::Expr(self.error_expr(first))
    }

    /// `{ P: payoff, … }`
    pub(super) fn pays(&mut self) -> Pays {
        let entry = |parser: &mut Self| {
            let first = parser.at;
            let player = parser.entry_name("a player");
            parser.expect(TokenKind::Colon, "`:` and a payoff");
            let payoff = match parser.is(TokenKind::OpenBrace) {
                true => Payoff::Ledger(parser.ledger()),
                false => Payoff::Plain(parser.formula()),
            };
            parser.node(NodeKind::PayEntry, first);
            PayEntry { player, payoff, span: parser.span_from(first) }
        };
        let (entries, span) = self.braces(NodeKind::Pays, "the payoffs", "a player and a payoff", entry);
        Pays { entries, span }
    }

    /// `{ label ["text" CITE]: expr, … }`
    fn ledger(&mut self) -> Vec<LedgerLine> {
        let entry = |parser: &mut Self| {
            let first = parser.at;
            let name = parser.entry_name("a ledger label");
            let (caption, _) = parser.caption();
            parser.expect(TokenKind::Colon, "`:` and an amount");
            let value = parser.formula();
            parser.node(NodeKind::LedgerLine, first);
            LedgerLine { name, caption, value, span: parser.span_from(first) }
        };
        self.braces(NodeKind::Ledger, "the ledger", "a ledger label", entry).0
    }
}
