//! Reading single tokens: signs, words, names, texts, doc comments.
//!
//! The one idea: whoever reads says what was wanted and where, so that a missing token
//! is reported in the words of the item it is missing from.

use super::Parser;
use crate::ast::{Name, Text};
use crate::token::TokenKind;
use crate::words;
use detente_diag::{Diagnostic, Span};

impl Parser<'_> {
    pub(super) fn bump(&mut self) {
        if !self.at_end() {
            self.at += 1;
        }
    }

    pub(super) fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.is(kind);
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.bump();
        }
        found
    }

    /// Reads `kind`, or reports that it is missing. `what` says what was
    /// wanted and where: "`=` after the claim's label".
    pub(super) fn expect(&mut self, kind: TokenKind, what: &str) -> bool {
        let found = self.eat(kind);
        if !found {
            self.expected(what);
        }
        found
    }

    pub(super) fn expect_word(&mut self, word: &str, what: &str) -> bool {
        let found = self.eat_word(word);
        if !found {
            self.expected(what);
        }
        found
    }

    /// Reads a name, or reports that `what` is missing and gives an empty one.
    pub(super) fn name(&mut self, what: &str) -> Name {
        let free = self.is(TokenKind::Word) && !self.begins_something();
        self.name_if(free, what)
    }

    /// The same in a list where every word but an item's head is a name.
    pub(super) fn entry_name(&mut self, what: &str) -> Name {
        let free = self.is(TokenKind::Word) && !self.begins_item(0);
        self.name_if(free, what)
    }

    pub(super) fn name_if(&mut self, free: bool, what: &str) -> Name {
        let span = self.here();
        if free {
            let text = self.peek_text(0);
            if words::is_operator(text) {
                self.error(
                    Diagnostic::error("reserved-word", format!("`{text}` cannot be a name"))
                        .label(span, "the language needs this word itself")
                        .help(format!("choose another name, for instance `{text}_`")),
                );
                // Read it as the name it was meant to be, unless a formula goes on.
                if !self.is_operator_in_place() {
                    self.bump();
                }
            } else {
                self.bump();
            }
            return Name { text: text.to_string(), span };
        }
        self.expected(what);
        Name { text: String::new(), span: Span::new(span.file, span.start, span.start) }
    }

    /// Does the reserved word here stand where it does its own work?
    pub(super) fn is_operator_in_place(&self) -> bool {
        matches!(
            self.peek_kind(1),
            TokenKind::Word | TokenKind::Number | TokenKind::OpenParen | TokenKind::Minus
        )
    }

    /// An empty name here, where one is missing and that was reported.
    pub(super) fn missing_name(&self) -> Name {
        let span = self.here();
        Name { text: String::new(), span: Span::new(span.file, span.start, span.start) }
    }

    /// The names that follow on this line, after an error was reported.
    pub(super) fn names_on_this_line(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        while self.is(TokenKind::Word) && !self.starts_line(0) && !words::is_operator(self.peek_text(0)) {
            names.push(self.name("a name"));
            self.eat(TokenKind::Comma);
        }
        names
    }

    /// Names with commas between them, at least one.
    pub(super) fn names(&mut self, what: &str) -> Vec<Name> {
        let mut names = vec![self.name(what)];
        while self.eat(TokenKind::Comma) {
            names.push(self.name(what));
        }
        names
    }

    /// Reads a text in quotation marks if there is one.
    pub(super) fn text_opt(&mut self) -> Option<Text> {
        if !self.is(TokenKind::String) {
            return None;
        }
        let text = Text { value: unquote(self.peek_text(0)), span: self.here() };
        self.bump();
        Some(text)
    }

    /// Reads a text in quotation marks, or reports that it is missing.
    pub(super) fn text(&mut self, what: &str) -> Text {
        let span = self.here();
        self.text_opt().unwrap_or_else(|| {
            self.expected(what);
            Text { value: String::new(), span: Span::new(span.file, span.start, span.start) }
        })
    }

    /// The doc comment that stands above the next token, on lines of its own.
    pub(super) fn doc(&self) -> String {
        let Some(next) = self.significant.get(self.at) else {
            return String::new();
        };
        let before = self.at.checked_sub(1).and_then(|at| self.significant.get(at));
        let start = before.map_or(0, |one| one.token as usize + 1);
        let mut on_own_line = before.is_none();
        let mut lines: Vec<&str> = Vec::new();
        for token in &self.tokens[start..next.token as usize] {
            let text = token.text(self.text);
            if token.kind == TokenKind::DocComment && on_own_line {
                let line = text.trim_end();
                let line = line.strip_prefix("///").unwrap_or(line);
                lines.push(line.strip_prefix(' ').unwrap_or(line));
            }
            on_own_line |= text.contains('\n');
        }
        lines.join("\n")
    }
}

/// The characters of a text without its quotation marks, escapes resolved.
pub(super) fn unquote(token: &str) -> String {
    let quotes = ['"', '“', '”', '„'];
    let inner = token.strip_prefix(quotes).unwrap_or(token);
    let inner = inner.strip_suffix(quotes).unwrap_or(inner);
    let mut value = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => value.extend(chars.next()),
            _ => value.push(c),
        }
    }
    value
}
