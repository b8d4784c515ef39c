//! The items of a file.
//!
//! The one idea: an item is known by its first word; an unknown first word is
//! compared with the known ones before it is skipped.

use super::Parser;
use super::play::quoted;
use crate::ast::{
    Const, Correlate, Function, Item, ItemKind, JointFact, Outcome, Param, Player, Private, PrivateValues,
    Unit,
};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use crate::words;
use detente_diag::{Diagnostic, Span, nearest};

impl Parser<'_> {
    /// One item; `None` if what stands here was reported and skipped.
    pub(super) fn item(&mut self) -> Option<Item> {
        let first = self.at;
        let doc = self.doc();
        let (node, kind) = self.item_kind();
        if self.at == first {
            self.bump();
        }
        self.node(node, first);
        Some(Item { doc, kind, span: self.span_from(first) })
    }

    fn item_kind(&mut self) -> (NodeKind, ItemKind) {
        let word = match self.kind() {
            TokenKind::Word => self.peek_text(0),
            _ => "",
        };
        match word {
            "game" => (NodeKind::Game, ItemKind::Game(self.after_head("the title"))),
            "bibliography" => {
                let file = self.after_head("the name of a `.bib` file");
                (NodeKind::Bibliography, ItemKind::Bibliography(file))
            }
            "include" => {
                let file = self.after_head("the name of a `.det` file");
                (NodeKind::Include, ItemKind::Include(file))
            }
            "unit" => (NodeKind::Unit, self.unit()),
            "players" => (NodeKind::Players, self.players()),
            "const" => (NodeKind::Const, self.constant()),
            "param" => (NodeKind::Param, self.param()),
            "private" => self.private(),
            "correlate" => (NodeKind::Correlate, self.correlate()),
            "fn" => (NodeKind::Fn, self.function()),
            "table" => (NodeKind::Table, ItemKind::Table(self.table())),
            "outcome" => (NodeKind::Outcome, self.outcome()),
            "play" => {
                self.bump();
                (NodeKind::Play, ItemKind::Play(self.block("`play`")))
            }
            "stage" => (NodeKind::Stage, self.stage()),
            "case" => (NodeKind::Case, self.case()),
            "observe" => (NodeKind::Observe, self.observe()),
            "hypothesis" => (NodeKind::Hypothesis, self.hypothesis()),
            "claim" => (NodeKind::Claim, self.claim()),
            "ask" => (NodeKind::Ask, self.ask()),
            "forecast" => (NodeKind::Forecast, self.forecast()),
            "resolve" => (NodeKind::Resolve, self.resolution()),
            "council" => (NodeKind::Council, self.council()),
            "variant" => (NodeKind::Variant, self.variant()),
            "lever" => (NodeKind::Lever, self.lever()),
            "estimate" => (NodeKind::Estimate, self.estimate()),
            "precision" => (NodeKind::Precision, self.precision()),
            "test" => (NodeKind::Test, self.test()),
            _ => {
                self.not_an_item(word);
                (NodeKind::Error, ItemKind::Error)
            }
        }
    }

    /// Reports what is no item, and skips it.
    fn not_an_item(&mut self, word: &str) {
        let span = self.here();
        let found = self.found();
        let diagnostic = if self.is(TokenKind::CloseBrace) {
            Diagnostic::error("unclosed", "this `}` closes nothing")
                .label(span, "")
                .help("delete it, or add the `{` that it should close")
        } else if word.is_empty() || words::is_operator(word) && word != "if" {
            Diagnostic::error("syntax", format!("expected an item, found {found}"))
                .label(span, "")
                .help("an item begins with a word such as `param`, `outcome` or `play`")
        } else if words::STATEMENT_HEADS.contains(&word) || self.peek_text(1) == "chooses" {
            Diagnostic::error("misplaced", format!("{found} stands outside of `play`"))
                .label(span, "")
                .help("statements belong into `play { … }`; perhaps a `}` above closes it too early")
        } else {
            self.unknown_item(word, span)
        };
        self.error(diagnostic);
        self.bump();
        while !self.at_end() && !self.begins_item(0) && !self.may_begin_item() {
            match self.is(TokenKind::OpenBrace) {
                true => self.skip_braces(),
                false => self.bump(),
            }
        }
    }

    /// A head at the beginning of a line, or a word near one, is worth a message
    /// of its own, however its line goes on.
    fn may_begin_item(&self) -> bool {
        if !self.is(TokenKind::Word) || !self.starts_line(0) {
            return false;
        }
        if words::ITEM_HEADS.contains(&self.peek_text(0)) {
            return true;
        }
        let goes_on =
            !self.starts_line(1) && matches!(self.peek_kind(1), TokenKind::Word | TokenKind::String);
        // Items are not indented, so such a line is one, however it is spelt.
        let start = self.here().start as usize;
        let unindented = start == 0 || self.text[..start].ends_with('\n');
        goes_on && (unindented || nearest(self.peek_text(0), words::ITEM_HEADS.iter().copied()).is_some())
    }

    fn unknown_item(&self, word: &str, span: Span) -> Diagnostic {
        let diagnostic =
            Diagnostic::error("unknown-word", format!("`{word}` is not an item")).label(span, "");
        match nearest(word, words::ITEM_HEADS.iter().copied()) {
            Some(head) => diagnostic.help(format!("did you mean `{head}`?")).edit(span, head),
            None => diagnostic.help(format!("items begin with {}", quoted(words::ITEM_HEADS))),
        }
    }

    fn after_head(&mut self, what: &str) -> crate::ast::Text {
        let head = self.peek_text(0);
        self.bump();
        self.text(&format!("{what} in quotation marks after `{head}`"))
    }

    fn unit(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the unit's name after `unit`");
        let (caption, _) = self.caption();
        ItemKind::Unit(Unit { name, caption })
    }

    fn players(&mut self) -> ItemKind {
        self.bump();
        let mut players = Vec::new();
        loop {
            let name = self.name("a player's name");
            let (caption, _) = self.caption();
            players.push(Player { name, caption });
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        let head = words::ITEM_HEADS.contains(&self.peek_text(0));
        if self.is(TokenKind::Word) && !self.starts_line(0) && !head {
            self.expected_with("`,` before the next player", Some("players are separated by commas"));
            while !self.at_end() && !self.starts_line(0) {
                self.bump();
            }
        }
        ItemKind::Players(players)
    }

    fn constant(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the constant's name after `const`");
        let (mut caption, place) = self.caption();
        self.expect(TokenKind::Assign, "`=` and the constant's value");
        let value = self.formula();
        self.late_sources(&mut caption, place);
        ItemKind::Const(Const { name, caption, value })
    }

    fn param(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the parameter's name after `param`");
        let unit = self.unit_opt();
        let (mut caption, place) = self.caption();
        let value = self.param_value(&format!("`{}`", name.text));
        self.late_sources(&mut caption, place);
        ItemKind::Param(Param { name, unit, caption, value })
    }

    fn private(&mut self) -> (NodeKind, ItemKind) {
        self.bump();
        let player = self.name("a player after `private`");
        self.expect(TokenKind::Dot, "`.` and the fact's name: `private A.cost`");
        let name = self.name("the fact's name");
        if self.is(TokenKind::Comma) {
            return (NodeKind::Joint, self.joint(JointFact { player, name }));
        }
        let (mut caption, place) = self.caption();
        let values = if self.is(TokenKind::OpenBrace) {
            PrivateValues::Listed(self.private_arms())
        } else if self.eat(TokenKind::Tilde) {
            let dist = self.prior();
            let split = self.expect_word("split", "`split` and a number of cells");
            let first = self.at;
            let cells = if split { self.formula() } else { self.error_expr(first) };
            PrivateValues::Split { dist, cells }
        } else {
            self.expected_with(
                "the values of the fact",
                Some("list them, `{ strong: q, weak: rest }`, or split a prior, `~ uniform(0, 1) split 8`"),
            );
            PrivateValues::Missing
        };
        self.late_sources(&mut caption, place);
        (NodeKind::Private, ItemKind::Private(Private { player, name, caption, values }))
    }

    fn correlate(&mut self) -> ItemKind {
        self.bump();
        let left = self.name("a parameter after `correlate`");
        self.expect(TokenKind::Comma, "`,` and the other parameter");
        let right = self.name("the other parameter");
        let (mut caption, place) = self.caption();
        self.expect(TokenKind::Assign, "`=` and the rank correlation");
        let value = self.formula();
        self.late_sources(&mut caption, place);
        ItemKind::Correlate(Correlate { left, right, caption, value })
    }

    fn function(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the function's name after `fn`");
        let open = self.here();
        let mut args = Vec::new();
        let listed = self.expect(TokenKind::OpenParen, "`(` and the function's arguments");
        if !listed {
            // The arguments without parentheses; the value may still be readable.
            args = self.names_on_this_line();
        } else {
            if !self.is(TokenKind::CloseParen) {
                args = self.names("an argument's name");
            }
            self.close_paren(open);
        }
        let (mut caption, place) = self.caption();
        self.expect(TokenKind::Assign, "`=` and the function's value");
        let body = self.formula();
        self.late_sources(&mut caption, place);
        ItemKind::Function(Function { name, args, caption, body })
    }

    fn outcome(&mut self) -> ItemKind {
        self.bump();
        let name = self.name("the outcome's name after `outcome`");
        let (mut caption, place) = self.caption();
        let pays = self.pays();
        self.late_sources(&mut caption, place);
        ItemKind::Outcome(Outcome { name, caption, pays })
    }
}
