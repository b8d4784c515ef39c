//! Variants and tests: lists of lines that change the model or question it.
//!
//! The one idea: each line begins with a head of its own, so a misspelt head
//! is found and costs its line only.

use super::Parser;
use super::play::quoted;
use crate::ast::{Change, Expect, ItemKind, Near, Setting, Test, TestStep, Variant};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use crate::words;
use detente_diag::{Diagnostic, nearest};

impl Parser<'_> {
    pub(super) fn variant(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the variant's name after `variant`");
        let (caption, _) = self.caption();
        let changes = self.lines(NodeKind::Changes, "the variant", words::CHANGE_HEADS, Self::change);
        ItemKind::Variant(Variant { name, caption, by: None, changes })
    }

    /// A variant that one player can bring about.
    pub(super) fn lever(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the lever's name after `lever`");
        let (mut caption, place) = self.caption();
        self.expect_word("by", "`by` and the player who can do it");
        let player = self.name("the player who can do it");
        self.late_sources(&mut caption, place);
        let changes = self.lines(NodeKind::Changes, "the lever", words::CHANGE_HEADS, Self::change);
        ItemKind::Variant(Variant { name, caption, by: Some(player), changes })
    }

    pub(super) fn test(&mut self) -> ItemKind {
        self.bump();
        let (caption, _) = self.caption();
        let steps = self.lines(NodeKind::Steps, "the test", words::STEP_HEADS, Self::step);
        ItemKind::Test(Test { caption, steps })
    }

    /// `"{" { line } "}"`, where each line begins with one of `heads`.
    fn lines<T>(
        &mut self,
        node: NodeKind,
        what: &str,
        heads: &[&str],
        line: impl Fn(&mut Self) -> Vec<T>,
    ) -> Vec<T> {
        let first = self.at;
        let open = self.here();
        let mut lines = Vec::new();
        if !self.expect(TokenKind::OpenBrace, &format!("`{{` to open {what}")) {
            return lines;
        }
        while !self.at_end() && !self.is(TokenKind::CloseBrace) && !self.begins_item(0) {
            if self.is(TokenKind::Word) && heads.contains(&self.peek_text(0)) {
                lines.extend(line(self));
                continue;
            }
            let word = self.peek_text(0);
            let message = format!("expected {} in {what}, found {}", quoted(heads), self.found());
            let mut diagnostic = Diagnostic::error("syntax", message).label(self.here(), "");
            if let Some(head) = nearest(word, heads.iter().copied()) {
                diagnostic = diagnostic.help(format!("did you mean `{head}`?")).edit(self.here(), head);
            }
            self.error(diagnostic);
            let before = self.at;
            self.skip_entry();
            if self.at == before {
                self.bump();
            }
        }
        self.close_brace(open, what);
        self.node(node, first);
        lines
    }

    fn change(&mut self) -> Vec<Change> {
        let first = self.at;
        match self.peek_text(0) {
            "set" => self.settings().into_iter().map(Change::Set).collect(),
            "forbid" => {
                self.bump();
                let target = self.reference();
                let equal = self.expect(TokenKind::EqualEqual, "`==` and the action that is forbidden");
                let action = match equal {
                    true => self.name("an action"),
                    false => self.missing_name(),
                };
                self.node(NodeKind::Forbid, first);
                let span = self.span_from(first);
                vec![Change::Forbid { target, action, span }]
            }
            _ => {
                self.bump();
                let fact = self.reference();
                let to = self.expect_word("to", "`to` and who learns it: `reveal A.cost to B`");
                let to = if to { self.names("a player") } else { self.names_on_this_line() };
                self.node(NodeKind::Reveal, first);
                let span = self.span_from(first);
                vec![Change::Reveal { fact, to, span }]
            }
        }
    }

    /// `set x = expr, y ~ dist`
    pub(super) fn settings(&mut self) -> Vec<Setting> {
        let first = self.at;
        self.bump();
        let mut settings = Vec::new();
        loop {
            let start = self.at;
            let name = self.name("a parameter");
            let (mut caption, place) = self.caption();
            let value = self.param_value(&format!("`{}`", name.text));
            self.late_sources(&mut caption, place);
            settings.push(Setting { name, caption, value, span: self.span_from(start) });
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.node(NodeKind::Set, first);
        settings
    }

    fn step(&mut self) -> Vec<TestStep> {
        if self.is_word("set") {
            return self.settings().into_iter().map(TestStep::Set).collect();
        }
        let first = self.at;
        self.bump();
        let some = self.is_word("some") && self.begins_operand(1);
        if some {
            self.bump();
        }
        let body = self.formula();
        let near = self.eat_word("near").then(|| {
            let target = self.formula();
            let within = self.eat_word("within");
            if !within {
                self.expected_with("`within` and a tolerance", Some("for instance `within 0.01`"));
            }
            let start = self.at;
            let tolerance = if within { self.formula() } else { self.error_expr(start) };
            Near { target, tolerance }
        });
        self.node(NodeKind::Expect, first);
        vec![TestStep::Expect(Expect { some, body, near, span: self.span_from(first) })]
    }

    /// Can a value begin with the token `ahead` places on? Tells the word
    /// `some` from a parameter of that name.
    fn begins_operand(&self, ahead: usize) -> bool {
        match self.peek_kind(ahead) {
            TokenKind::Number => true,
            TokenKind::Word => {
                let word = self.peek_text(ahead);
                let goes_on = ["near", "and", "or"].contains(&word);
                !goes_on && !words::STEP_HEADS.contains(&word)
            }
            // `some (x)` and `some - 1` read like a call and a difference.
            _ => false,
        }
    }
}
