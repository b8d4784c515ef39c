//! From tokens to the typed tree, and to the stretches of the lossless one.
//!
//! The one idea: one function for each production, one token of lookahead,
//! and after an error a jump to the next place where an item, a statement or
//! an entry can begin. At one place only the first error is reported.

use crate::ast::{File, Item};
use crate::token::{Token, TokenKind};
use crate::tree::NodeKind;
use detente_diag::{Diagnostic, FileId, Span};

mod council;
mod expr;
mod forecast;
mod inquiry;
mod items;
mod lists;
mod operand;
mod play;
mod question;
mod read;
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
}
