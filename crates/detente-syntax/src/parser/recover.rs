//! What to say about an error, and where to go on after it.
//!
//! The one idea: a head word at the beginning of a line, followed by what
//! such a head needs, is where the author began something new. No error can
//! swallow it.

use super::{MAX_CHAIN, MAX_DEPTH, Parser};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use crate::words;
use detente_diag::{Diagnostic, Span};

impl Parser<'_> {
    /// Reports an error at the next token, unless one was reported there already.
    pub(super) fn error(&mut self, diagnostic: Diagnostic) {
        if self.last_error != Some(self.at) {
            self.last_error = Some(self.at);
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports that `what` is missing here.
    pub(super) fn expected(&mut self, what: &str) {
        self.expected_with(what, None);
    }

    /// Reports that `what` is missing here, and says what to do.
    pub(super) fn expected_with(&mut self, what: &str, help: Option<&str>) {
        let found = self.found_on_line();
        let mut diagnostic = Diagnostic::error("syntax", format!("expected {what}, found {found}"))
            .label(self.here_or_line_end(), "");
        if let Some(help) = help {
            diagnostic = diagnostic.help(help);
        }
        self.error(diagnostic);
    }

    /// What stands here, for a message.
    pub(super) fn found(&self) -> String {
        if self.at_end() {
            let row = self.limit < self.significant.len();
            return if row { "the end of the line" } else { "the end of the file" }.to_string();
        }
        let text = self.peek_text(0);
        let short: String = text.chars().take(30).collect();
        let dots = if short.len() < text.len() { "…" } else { "" };
        let word = match self.kind() {
            TokenKind::String => "the text ",
            TokenKind::Citation => "the citation ",
            TokenKind::Date => "the date ",
            _ => "",
        };
        format!("{word}`{short}{dots}`")
    }

    /// What stands here, or the end of the line if the next token is below it.
    pub(super) fn found_on_line(&self) -> String {
        match !self.at_end() && self.is_on_a_later_line() {
            true => "the end of the line".to_string(),
            false => self.found(),
        }
    }

    /// The next token; the place after the last one if the line ends there.
    pub(super) fn here_or_line_end(&self) -> Span {
        if (self.at_end() || self.is_on_a_later_line()) && self.at > 0 {
            let end = self.last_end();
            return Span::new(self.file, end, end);
        }
        self.here()
    }

    /// Did the line end before the next token, which is no closing bracket?
    fn is_on_a_later_line(&self) -> bool {
        let closes =
            matches!(self.kind(), TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket);
        self.at > 0 && self.starts_line(0) && !closes
    }

    /// Nesting that no author means: one message, and on to the next item.
    pub(super) fn too_deep(&mut self) {
        self.error(
            Diagnostic::error("too-deep", "this is nested too deeply to read")
                .label(self.here(), format!("more than {MAX_DEPTH} levels"))
                .help("give parts of it names: `fn` for formulas, `table` for long choices"),
        );
        self.give_up_item();
    }

    /// More operators in a row than any author means.
    pub(super) fn too_long_chain(&mut self) {
        self.error(
            Diagnostic::error("too-deep", "this formula is too long to read")
                .label(self.here(), format!("more than {MAX_CHAIN} operators in a row"))
                .help("give parts of it names: `fn` for formulas, `table` for long choices"),
        );
        self.give_up_item();
    }

    fn give_up_item(&mut self) {
        self.skip_to_item();
        // What the levels above miss is missing because of this error.
        self.last_error = Some(self.at);
    }

    // --- where something begins ----------------------------------------------

    /// Does the token `ahead` places on begin an item? Its line must begin
    /// with it, and go on as such an item goes on.
    pub(super) fn begins_item(&self, ahead: usize) -> bool {
        if self.peek_kind(ahead) != TokenKind::Word || !self.starts_line(ahead) {
            return false;
        }
        let next = match self.starts_line(ahead + 1) {
            true => TokenKind::End,
            false => self.peek_kind(ahead + 1),
        };
        // `claim chooses …` and `claim "label": …` use the word as a name.
        let after = self.peek_text(ahead + 1);
        if after == "chooses" || words::is_operator(after) || self.colon_follows(ahead + 1) {
            return false;
        }
        match self.peek_text(ahead) {
            "game" | "bibliography" | "include" => next == TokenKind::String,
            "test" => next == TokenKind::String,
            "observe" => matches!(next, TokenKind::String | TokenKind::Word | TokenKind::Citation),
            "play" => next == TokenKind::OpenBrace,
            "outcome" | "variant" | "council" if next == TokenKind::OpenBrace => true,
            "case" => next == TokenKind::String,
            word => words::ITEM_HEADS.contains(&word) && next == TokenKind::Word,
        }
    }

    /// Does a caption and then a colon follow, as in the line of a ledger?
    fn colon_follows(&self, mut ahead: usize) -> bool {
        let first = ahead;
        // The bound keeps a file of such words from being read again and again.
        while ahead < first + 64
            && (matches!(self.peek_kind(ahead), TokenKind::String | TokenKind::Citation)
                || self.peek_text(ahead) == "assumed")
        {
            ahead += 1;
        }
        ahead > first && self.peek_kind(ahead) == TokenKind::Colon
    }

    /// Does the token `ahead` places on begin a statement, at the beginning of a line?
    fn begins_statement(&self, ahead: usize) -> bool {
        if self.peek_kind(ahead) != TokenKind::Word || !self.starts_line(ahead) {
            return false;
        }
        let next = match self.starts_line(ahead + 1) {
            true => TokenKind::End,
            false => self.peek_kind(ahead + 1),
        };
        match self.peek_text(ahead) {
            "together" => next == TokenKind::OpenBrace,
            "pay" if next == TokenKind::OpenBrace => true,
            "chance" | "pay" | "tell" | "repeat" | "end" => {
                next == TokenKind::Word && !words::is_operator(self.peek_text(ahead + 1))
            }
            "if" => next != TokenKind::End,
            "do" => next == TokenKind::Word && self.peek_kind(ahead + 2) == TokenKind::OpenParen,
            "leave" => next == TokenKind::End,
            _ => next == TokenKind::Word && self.peek_text(ahead + 1) == "chooses",
        }
    }

    /// Does an item or a statement begin here, where a name or a value was wanted?
    pub(super) fn begins_something(&self) -> bool {
        self.begins_item(0) || self.begins_statement(0)
    }

    // --- going on --------------------------------------------------------------

    /// Skips to the next item, or to the end.
    pub(super) fn skip_to_item(&mut self) {
        let first = self.at;
        while !self.at_end() && !self.begins_item(0) {
            self.bump();
        }
        self.node(NodeKind::Error, first);
    }

    /// Skips the rest of a broken part of a list in braces: to a comma, to the
    /// closing brace, to the next line, or to the next item.
    pub(super) fn skip_entry(&mut self) {
        let first = self.at;
        loop {
            match self.kind() {
                TokenKind::End | TokenKind::CloseBrace | TokenKind::Comma => break,
                _ if self.begins_item(0) => break,
                TokenKind::OpenBrace => self.skip_braces(),
                _ => self.bump(),
            }
            if self.starts_line(0) {
                break;
            }
        }
        self.node(NodeKind::Error, first);
    }

    /// Skips a list in braces with everything in it, but no item after it.
    pub(super) fn skip_braces(&mut self) {
        let mut depth = 0usize;
        while !self.at_end() {
            match self.kind() {
                TokenKind::OpenBrace => depth += 1,
                TokenKind::CloseBrace => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.bump();
            if depth == 0 || self.begins_item(0) {
                break;
            }
        }
    }

    /// Must a list in braces have ended before the next token?
    pub(super) fn list_ended(&self) -> bool {
        let statement = self.begins_statement(0) && self.peek_text(0) != "leave";
        self.begins_item(0) || statement
    }

    /// Reads the closing brace of a list that was opened at `open`.
    pub(super) fn close_brace(&mut self, open: Span, what: &str) {
        if self.eat(TokenKind::CloseBrace) {
            return;
        }
        let message = format!("the `{{` of {what} is never closed");
        let mut diagnostic = Diagnostic::error("unclosed", message).label(open, "opened here");
        if !self.at_end() {
            diagnostic = diagnostic.label(self.here(), "something new begins here");
        }
        self.error(diagnostic.help("add the missing `}`"));
    }
}
