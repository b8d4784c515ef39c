//! From tokens to the typed tree, and to the stretches of the lossless one.
//!
//! The one idea: one function for each production, one token of lookahead,
//! and after an error a jump to the next place where an item, a statement or
//! an entry can begin. At one place only the first error is reported.

use crate::ast::{File, Item, Name, Text};
use crate::token::{Token, TokenKind};
use crate::tree::NodeKind;
use crate::words;
use detente_diag::{Diagnostic, FileId, Span};

mod council;
mod expr;
mod forecast;
mod items;
mod lists;
mod play;
mod question;
mod recover;
mod scenarios;
mod table;
mod template;
mod values;

/// How deep formulas and blocks may nest, and how high the tree of one
/// formula may grow. It keeps every walk over the tree within any stack.
pub const MAX_DEPTH: u32 = 64;
/// How many operators of one level may stand in a row.
pub const MAX_CHAIN: u32 = 256;

/// What the parser leaves behind.
pub(crate) struct Output {
    pub file: File,
    pub diagnostics: Vec<Diagnostic>,
    pub stretches: Vec<(NodeKind, u32, u32)>,
}

/// Reads all items of a file.
pub(crate) fn parse_file(file: FileId, text: &str, tokens: &[Token]) -> Output {
    let mut parser = Parser::new(file, text, tokens);
    let mut items: Vec<Item> = Vec::new();
    while !parser.at_end() {
        items.extend(parser.item());
    }
    Output { file: File { items }, diagnostics: parser.diagnostics, stretches: parser.stretches }
}

/// A token that counts, and whether it is the first of its line.
#[derive(Clone, Copy)]
struct Significant {
    token: u32,
    first_on_line: bool,
}

pub(crate) struct Parser<'t> {
    file: FileId,
    text: &'t str,
    tokens: &'t [Token],
    significant: Vec<Significant>,
    /// The next significant token.
    at: usize,
    /// One past the last significant token that may be read: the end of a
    /// table's row, or of the file.
    limit: usize,
    depth: u32,
    /// Where the last error was reported.
    last_error: Option<usize>,
    /// May `=` follow the formula that is being read?
    assign_ends: bool,
    diagnostics: Vec<Diagnostic>,
    stretches: Vec<(NodeKind, u32, u32)>,
}

impl<'t> Parser<'t> {
    fn new(file: FileId, text: &'t str, tokens: &'t [Token]) -> Parser<'t> {
        let mut significant = Vec::new();
        let mut first_on_line = true;
        for (at, token) in tokens.iter().enumerate() {
            if token.kind.is_trivia() {
                first_on_line |= token.text(text).contains('\n');
            } else {
                significant.push(Significant { token: at as u32, first_on_line });
                first_on_line = false;
            }
        }
        Parser {
            file,
            text,
            tokens,
            limit: significant.len(),
            significant,
            at: 0,
            depth: 0,
            last_error: None,
            assign_ends: false,
            diagnostics: Vec::new(),
            stretches: Vec::new(),
        }
    }

    // --- looking -----------------------------------------------------------

    fn at_end(&self) -> bool {
        self.at >= self.limit
    }

    /// The kind of the token `ahead` places on; `End` past the limit.
    fn peek_kind(&self, ahead: usize) -> TokenKind {
        match self.significant.get(self.at + ahead) {
            Some(one) if self.at + ahead < self.limit => self.tokens[one.token as usize].kind,
            _ => TokenKind::End,
        }
    }

    fn kind(&self) -> TokenKind {
        self.peek_kind(0)
    }

    /// The characters of the token `ahead` places on; empty past the limit.
    fn peek_text(&self, ahead: usize) -> &'t str {
        match self.significant.get(self.at + ahead) {
            Some(one) if self.at + ahead < self.limit => self.tokens[one.token as usize].text(self.text),
            _ => "",
        }
    }

    fn is(&self, kind: TokenKind) -> bool {
        self.kind() == kind
    }

    /// Is the next token this word?
    fn is_word(&self, word: &str) -> bool {
        self.is(TokenKind::Word) && self.peek_text(0) == word
    }

    /// Does the token `ahead` places on begin a line?
    fn starts_line(&self, ahead: usize) -> bool {
        let one = self.significant.get(self.at + ahead);
        one.is_none_or(|one| one.first_on_line)
    }

    /// Where the next token stands; an empty span at the end.
    fn here(&self) -> Span {
        match self.significant.get(self.at) {
            Some(one) if self.at < self.limit => self.token_span(one.token),
            _ => {
                let end = self.last_end();
                Span::new(self.file, end, end)
            }
        }
    }

    fn token_span(&self, token: u32) -> Span {
        let token = self.tokens[token as usize];
        Span::new(self.file, token.start, token.end)
    }

    /// The end of the last token that was read.
    fn last_end(&self) -> u32 {
        match self.at.checked_sub(1).and_then(|at| self.significant.get(at)) {
            Some(one) => self.tokens[one.token as usize].end,
            None => 0,
        }
    }

    /// Does the next token follow the last one without a space?
    fn touches(&self) -> bool {
        self.at > 0 && self.here().start == self.last_end()
    }

    // --- reading -----------------------------------------------------------

    fn bump(&mut self) {
        if !self.at_end() {
            self.at += 1;
        }
    }

    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.is(kind);
        if found {
            self.bump();
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.bump();
        }
        found
    }

    /// Reads `kind`, or reports that it is missing. `what` says what was
    /// wanted and where: "`=` after the claim's label".
    fn expect(&mut self, kind: TokenKind, what: &str) -> bool {
        let found = self.eat(kind);
        if !found {
            self.expected(what);
        }
        found
    }

    fn expect_word(&mut self, word: &str, what: &str) -> bool {
        let found = self.eat_word(word);
        if !found {
            self.expected(what);
        }
        found
    }

    /// Reads a name, or reports that `what` is missing and gives an empty one.
    fn name(&mut self, what: &str) -> Name {
        let free = self.is(TokenKind::Word) && !self.begins_something();
        self.name_if(free, what)
    }

    /// The same in a list where every word but an item's head is a name.
    fn entry_name(&mut self, what: &str) -> Name {
        let free = self.is(TokenKind::Word) && !self.begins_item(0);
        self.name_if(free, what)
    }

    fn name_if(&mut self, free: bool, what: &str) -> Name {
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
    fn is_operator_in_place(&self) -> bool {
        matches!(
            self.peek_kind(1),
            TokenKind::Word | TokenKind::Number | TokenKind::OpenParen | TokenKind::Minus
        )
    }

    /// An empty name here, where one is missing and that was reported.
    fn missing_name(&self) -> Name {
        let span = self.here();
        Name { text: String::new(), span: Span::new(span.file, span.start, span.start) }
    }

    /// The names that follow on this line, after an error was reported.
    fn names_on_this_line(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        while self.is(TokenKind::Word) && !self.starts_line(0) && !words::is_operator(self.peek_text(0)) {
            names.push(self.name("a name"));
            self.eat(TokenKind::Comma);
        }
        names
    }

    /// Names with commas between them, at least one.
    fn names(&mut self, what: &str) -> Vec<Name> {
        let mut names = vec![self.name(what)];
        while self.eat(TokenKind::Comma) {
            names.push(self.name(what));
        }
        names
    }

    /// Reads a text in quotation marks if there is one.
    fn text_opt(&mut self) -> Option<Text> {
        if !self.is(TokenKind::String) {
            return None;
        }
        let text = Text { value: unquote(self.peek_text(0)), span: self.here() };
        self.bump();
        Some(text)
    }

    /// Reads a text in quotation marks, or reports that it is missing.
    fn text(&mut self, what: &str) -> Text {
        let span = self.here();
        self.text_opt().unwrap_or_else(|| {
            self.expected(what);
            Text { value: String::new(), span: Span::new(span.file, span.start, span.start) }
        })
    }

    // --- nodes -------------------------------------------------------------

    /// Closes a node that began at significant token `first`.
    fn node(&mut self, kind: NodeKind, first: usize) {
        if first < self.at {
            let start = self.significant[first].token;
            let end = self.significant[self.at - 1].token + 1;
            self.stretches.push((kind, start, end));
        }
    }

    /// The span from significant token `first` to the last one read.
    fn span_from(&self, first: usize) -> Span {
        let start = match self.significant.get(first) {
            Some(one) => self.tokens[one.token as usize].start,
            None => self.last_end(),
        };
        let end = self.last_end();
        Span::new(self.file, start.min(end), end.max(start.min(end)))
    }

    /// Runs `inner` one level deeper; past the limit reports the error, jumps
    /// to the next item and gives `None`.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            self.too_deep();
            return None;
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        Some(result)
    }

    /// The doc comment that stands above the next token, on lines of its own.
    fn doc(&self) -> String {
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
fn unquote(token: &str) -> String {
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
