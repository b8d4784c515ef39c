//! From text to tokens.
//!
//! The one idea: every character lands in a token. Signs that word processors
//! and other languages put in place of ours (`“`, `−`, `≤`, `->`) are read as
//! what they mean, with an error that carries the repair.

mod signs;

use crate::token::{Token, TokenKind};
use detente_diag::{Diagnostic, FileId, Span};

/// Texts longer than this are refused whole (16 MiB).
pub const MAX_TEXT: usize = 16 << 20;

/// Numbers with more characters, or exponents beyond this, are refused:
/// their exact values would be needlessly large.
const MAX_NUMBER: usize = 60;
const MAX_EXPONENT: i32 = 60;

/// Splits the text into tokens that cover it, and reports what is wrong with them.
pub fn lex(file: FileId, text: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut lexer = Lexer { file, text, at: 0, tokens: Vec::new(), diagnostics: Vec::new() };
    if text.len() > MAX_TEXT {
        lexer.refuse_whole();
    }
    while lexer.at < text.len() {
        let start = lexer.at;
        let kind = lexer.next();
        debug_assert!(lexer.at > start, "the lexer must move on");
        lexer.tokens.push(Token { kind, start: start as u32, end: lexer.at as u32 });
    }
    (lexer.tokens, lexer.diagnostics)
}

struct Lexer<'t> {
    file: FileId,
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    diagnostics: Vec<Diagnostic>,
}

impl Lexer<'_> {
    fn refuse_whole(&mut self) {
        let message = format!("the file is too long: {} bytes", self.text.len());
        self.diagnostics.push(
            Diagnostic::error("too-large", message)
                .label(Span::new(self.file, 0, 0), "")
                .help(format!("a model may have at most {MAX_TEXT} bytes")),
        );
        self.at = self.text.len();
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) {
        let rest = self.rest();
        let length = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.at += length;
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.file, start as u32, self.at as u32)
    }

    /// Reads one token and returns its kind.
    fn next(&mut self) -> TokenKind {
        let Some(c) = self.peek() else {
            return TokenKind::Unknown;
        };
        let rest = self.rest();
        if is_space(c) {
            self.take_while(is_space);
            TokenKind::Space
        } else if rest.starts_with("//") {
            let doc = rest.starts_with("///") && !rest.starts_with("////");
            self.take_while(|c| c != '\n');
            if doc { TokenKind::DocComment } else { TokenKind::Comment }
        } else if is_word_start(c) {
            self.take_while(is_word);
            TokenKind::Word
        } else if c.is_ascii_digit() {
            self.number()
        } else if matches!(c, '"' | '“' | '”' | '„') {
            self.string(c)
        } else if c == '@' {
            self.citation()
        } else {
            self.sign(c)
        }
    }

    /// A number or a date.
    fn number(&mut self) -> TokenKind {
        let start = self.at;
        if is_date(self.rest()) {
            self.at += 10;
            return TokenKind::Date;
        }
        self.take_while(|c| c.is_ascii_digit());
        let bytes = self.rest().as_bytes();
        if bytes.first() == Some(&b'.') && bytes.get(1).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
        let exponent = exponent_length(self.rest());
        let power = self.rest()[..exponent].get(1..).map(str::parse::<i32>);
        self.at += exponent;
        let too_large = matches!(&power, Some(Ok(power)) if power.abs() > MAX_EXPONENT)
            || matches!(&power, Some(Err(_)) if exponent > 0);
        if too_large || self.at - start > MAX_NUMBER {
            self.diagnostics.push(
                Diagnostic::error("bad-number", "this number is too long to be kept exactly")
                    .label(self.span(start), "")
                    .help(format!("use at most {MAX_NUMBER} characters and exponents up to {MAX_EXPONENT}")),
            );
        }
        TokenKind::Number
    }

    /// `"…"`, ending at the quotation mark or at the end of the line.
    fn string(&mut self, quote: char) -> TokenKind {
        let start = self.at;
        self.at += quote.len_utf8();
        let mut escaped = false;
        let closed = loop {
            let Some(c) = self.peek().filter(|c| *c != '\n') else {
                break None;
            };
            self.at += c.len_utf8();
            let closes = c == '"' || (quote != '"' && matches!(c, '”' | '“'));
            if closes && !escaped {
                break Some(c);
            }
            escaped = c == '\\' && !escaped;
        };
        let span = self.span(start);
        let Some(last) = closed else {
            self.diagnostics.push(
                Diagnostic::error("bad-string", "this text never ends")
                    .label(span, "no closing `\"` on this line")
                    .help("close it with `\"`; a text may not run over the end of the line"),
            );
            return TokenKind::String;
        };
        if quote != '"' {
            let inner = &self.text[start + quote.len_utf8()..self.at - last.len_utf8()];
            let repaired = format!("\"{}\"", inner.replace('"', "\\\""));
            self.diagnostics.push(
                Diagnostic::error("bad-character", "typographic quotation marks")
                    .label(span, "")
                    .help("use straight ones: `\"`")
                    .edit(span, repaired),
            );
        }
        TokenKind::String
    }

    /// `@key[locator]`
    fn citation(&mut self) -> TokenKind {
        let start = self.at;
        self.at += 1;
        self.take_while(is_key);
        // A full stop or colon at the end belongs to the sentence, not to the key.
        while self.at > start + 1 && self.text[..self.at].ends_with(['.', ':', '-', '/']) {
            self.at -= 1;
        }
        if self.at == start + 1 {
            self.diagnostics.push(
                Diagnostic::error("bad-citation", "a citation without a key")
                    .label(self.span(start), "")
                    .help("write the key of a bibliography entry: `@fearon1995[p. 387]`"),
            );
        }
        if self.rest().starts_with('[') {
            self.take_while(|c| c != ']' && c != '\n');
            if self.rest().starts_with(']') {
                self.at += 1;
            } else {
                self.diagnostics.push(
                    Diagnostic::error("bad-citation", "this locator never ends")
                        .label(self.span(start), "no closing `]` on this line")
                        .help("close it with `]`: `@fearon1995[p. 387]`"),
                );
            }
        }
        TokenKind::Citation
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

fn is_word_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_key(c: char) -> bool {
    is_word(c) || matches!(c, '-' | ':' | '.' | '/' | '+')
}

/// Does the text begin with a date, four, two and two digits?
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && bytes[..10].iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
        && !bytes.get(10).is_some_and(|byte| byte.is_ascii_alphanumeric())
}

/// The length of `e-9`, `E12` … at the beginning of the text, or 0.
fn exponent_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    if !matches!(bytes.first(), Some(b'e' | b'E')) {
        return 0;
    }
    let sign = usize::from(matches!(bytes.get(1), Some(b'+' | b'-')));
    let digits = bytes[1 + sign..].iter().take_while(|b| b.is_ascii_digit()).count();
    let after = bytes.get(1 + sign + digits);
    let ends = !after.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    if digits > 0 && ends { 1 + sign + digits } else { 0 }
}
