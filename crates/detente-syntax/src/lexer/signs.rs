//! Punctuation, and the signs that stand in for it.
//!
//! The one idea: a sign from a word processor or another language has one meaning here,
//! so it is read as that, and the message repairs it.

use super::{Lexer, is_space, is_word_start};
use crate::token::TokenKind;
use detente_diag::Diagnostic;

impl Lexer<'_> {
    /// Punctuation and whatever is left.
    pub(super) fn sign(&mut self, c: char) -> TokenKind {
        let rest = self.rest();
        if let Some((sign, kind)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            self.at += sign.len();
            return *kind;
        }
        let start = self.at;
        let single = match c {
            ':' if !rest.starts_with(":=") => Some(TokenKind::Colon),
            '-' if !rest.starts_with("->") => Some(TokenKind::Minus),
            _ => None,
        };
        if let Some(kind) = single {
            self.at += 1;
            return kind;
        }
        if let Some(stand_in) = STAND_INS.iter().find(|one| rest.starts_with(one.0)) {
            let (written, meant, kind) = *stand_in;
            self.at += written.len();
            let span = self.span(start);
            let mut diagnostic =
                Diagnostic::error("bad-character", format!("`{written}` is not used here")).label(span, "");
            diagnostic = if meant.is_empty() {
                diagnostic.help("leave it out: lines need no mark at their end").edit(span, "")
            } else {
                diagnostic.help(format!("write `{meant}`")).edit(span, meant)
            };
            self.diagnostics.push(diagnostic);
            return kind;
        }
        self.unknown(c, start)
    }

    pub(super) fn unknown(&mut self, c: char, start: usize) -> TokenKind {
        let help = match c {
            '#' => "comments start with `//`",
            '%' => "write a percentage as a decimal: `0.05`",
            '\'' | '‘' | '’' | '`' => "texts stand in `\"`, names in nothing",
            '?' | '$' | '\\' => "names have letters, digits and `_`",
            _ => "delete it, or put it into a text or a comment",
        };
        if c == '#' {
            self.take_while(|c| c != '\n');
        } else {
            // One message for a run of the same junk, not one for each character.
            self.take_while(|other| other == c || (!c.is_ascii() && is_junk(other)));
        }
        self.diagnostics.push(
            Diagnostic::error("bad-character", format!("`{}` is not used here", shown(c)))
                .label(self.span(start), "")
                .help(help),
        );
        TokenKind::Unknown
    }
}

/// Longer signs first: the first that fits is taken.
pub(super) const SIGNS: &[(&str, TokenKind)] = &[
    ("..", TokenKind::DotDot),
    ("=>", TokenKind::Arrow),
    ("==", TokenKind::EqualEqual),
    ("!=", TokenKind::NotEqual),
    ("<=", TokenKind::LessEqual),
    (">=", TokenKind::GreaterEqual),
    ("{", TokenKind::OpenBrace),
    ("}", TokenKind::CloseBrace),
    ("(", TokenKind::OpenParen),
    (")", TokenKind::CloseParen),
    ("[", TokenKind::OpenBracket),
    ("]", TokenKind::CloseBracket),
    (",", TokenKind::Comma),
    (".", TokenKind::Dot),
    ("|", TokenKind::Pipe),
    ("~", TokenKind::Tilde),
    ("=", TokenKind::Assign),
    ("<", TokenKind::Less),
    (">", TokenKind::Greater),
    ("+", TokenKind::Plus),
    ("*", TokenKind::Star),
    ("/", TokenKind::Slash),
    ("^", TokenKind::Caret),
];

/// What is written, what is meant, and what it is read as.
pub(super) const STAND_INS: &[(&str, &str, TokenKind)] = &[
    ("->", "=>", TokenKind::Arrow),
    (":=", "=", TokenKind::Assign),
    ("→", "=>", TokenKind::Arrow),
    ("⇒", "=>", TokenKind::Arrow),
    ("≤", "<=", TokenKind::LessEqual),
    ("≥", ">=", TokenKind::GreaterEqual),
    ("≠", "!=", TokenKind::NotEqual),
    ("−", "-", TokenKind::Minus),
    ("–", "-", TokenKind::Minus),
    ("—", "-", TokenKind::Minus),
    ("×", "*", TokenKind::Star),
    ("·", "*", TokenKind::Star),
    ("÷", "/", TokenKind::Slash),
    ("…", "..", TokenKind::DotDot),
    ("&&", "and", TokenKind::Word),
    ("&", "and", TokenKind::Word),
    ("!", "not", TokenKind::Word),
    (";", "", TokenKind::Unknown),
];

/// The character itself, or its number if it cannot be seen.
pub(super) fn shown(c: char) -> String {
    match c.is_control() {
        true => format!("U+{:04X}", c as u32),
        false => c.to_string(),
    }
}

pub(super) fn is_junk(c: char) -> bool {
    !c.is_ascii() && !is_space(c) && !is_word_start(c) && !matches!(c, '“' | '”' | '„')
}
