//! The text of a model: lexer, lossless tree, typed tree, formatter.
//!
//! The one idea: reading never fails. [`parse`] gives a tree for any text,
//! with every error of the file beside it.
#![forbid(unsafe_code)]

pub mod ast;
mod format;
mod lexer;
mod parser;
mod token;
mod tree;
pub mod words;

pub use format::format;
pub use lexer::MAX_TEXT;
pub use parser::{MAX_CHAIN, MAX_DEPTH};
pub use token::{Token, TokenKind};
pub use tree::{Element, NODE_KINDS, Node, NodeKind, Tree};

use detente_diag::{Diagnostic, FileId};

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What the text says, as far as it could be read.
    pub ast: ast::File,
    /// Every error and warning, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Every byte of the text, in nested nodes.
    pub tree: Tree,
}

/// At most so many messages about one file; one more says how many are left out.
pub const MAX_MESSAGES: usize = 200;

/// Reads a model. Never fails and never panics: what cannot be read is
/// reported in `diagnostics` and stands in the tree as an error node.
pub fn parse(file: FileId, text: &str) -> Parsed {
    let (tokens, mut diagnostics) = lexer::lex(file, text);
    let output = parser::parse_file(file, text, &tokens);
    diagnostics.extend(output.diagnostics);
    detente_diag::sort(&mut diagnostics);
    shorten(&mut diagnostics);
    Parsed { ast: output.file, diagnostics, tree: Tree::new(tokens, output.stretches) }
}

/// Keeps a file of junk from drowning the reader.
fn shorten(diagnostics: &mut Vec<Diagnostic>) {
    let Some(first) = diagnostics.get(MAX_MESSAGES).and_then(Diagnostic::span) else {
        return;
    };
    let hidden = diagnostics.split_off(MAX_MESSAGES);
    let message = format!("{} more messages are not shown", hidden.len());
    let note = if detente_diag::has_errors(&hidden) {
        Diagnostic::error("syntax", message)
    } else {
        Diagnostic::warning("citation-place", message)
    };
    diagnostics.push(note.label(first, "the next one").help("repair those above first"));
}

/// Every slug this room can report, with what it means in a few words.
pub const SLUGS: &[(&str, &str)] = &[
    ("bad-character", "a character the language does not use"),
    ("bad-citation", "a citation without a key, or a locator that never ends"),
    ("bad-date", "a date that does not exist, or stands where a number should"),
    ("bad-number", "a number that is not written as one"),
    ("bad-string", "a text that never ends"),
    ("citation-place", "sources that do not stand right after the label"),
    ("comparison-chain", "two comparisons in a row"),
    ("condition-order", "`do`, `given`, `in` out of their order"),
    ("misplaced", "an item inside `play`, or a statement outside of it"),
    ("reserved-word", "an operator word used as a name"),
    ("single-equals", "`=` where `==` compares"),
    ("syntax", "something is missing or stands in the wrong place"),
    ("too-deep", "formulas or blocks nested too deeply"),
    ("too-large", "a text that is too long to read"),
    ("unclosed", "a bracket or a row that is never closed, or closes nothing"),
    ("unknown-word", "a word that begins no item and no statement"),
];
