//! The text of a model: lexer, lossless tree, typed tree, formatter.
//!
//! The one idea: reading never fails. [`parse`] gives a tree for any text,
//! with every error of the file beside it.
#![forbid(unsafe_code)]

pub mod ast;
mod lexer;
mod parser;
mod token;
mod tree;
pub mod words;

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

/// Reads a model. Never fails and never panics: what cannot be read is
/// reported in `diagnostics` and stands in the tree as an error node.
pub fn parse(file: FileId, text: &str) -> Parsed {
    let (tokens, mut diagnostics) = lexer::lex(file, text);
    let output = parser::parse_file(file, text, &tokens);
    diagnostics.extend(output.diagnostics);
    detente_diag::sort(&mut diagnostics);
    Parsed {
        ast: output.file,
        diagnostics,
        tree: Tree::new(tokens, output.stretches),
    }
}
