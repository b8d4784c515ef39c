//! What stands between two tokens: in the text, and in the layout.
//!
//! The one idea: whether two tokens touch depends on them and on the nodes
//! they stand in, never on the text.

use crate::token::TokenKind;
use crate::tree::{NodeKind, Tree};

/// A comment in a gap.
pub(super) struct Comment<'t> {
    pub text: &'t str,
    /// Does it begin its line?
    pub own_line: bool,
    /// Is there an empty line before it?
    pub blank_before: bool,
}

/// The white space and comments between two tokens.
pub(super) struct Gap<'t> {
    pub comments: Vec<Comment<'t>>,
    /// Does the next token begin its line?
    pub newline: bool,
    /// Is there an empty line before the next token?
    pub blank: bool,
}

/// Reads the gap `tokens[from..to]`; tokens in it that count are passed over.
pub(super) fn gap<'t>(tree: &Tree, text: &'t str, from: u32, to: u32) -> Gap<'t> {
    let mut comments = Vec::new();
    let mut breaks = usize::from(from == 0);
    for token in &tree.tokens[from as usize..to as usize] {
        if token.kind.is_comment() {
            comments.push(Comment {
                text: token.text(text).trim_end(),
                own_line: breaks > 0,
                blank_before: breaks > 1,
            });
            breaks = 0;
        } else if token.kind == TokenKind::Space {
            breaks += token.text(text).matches('\n').count();
        }
    }
    Gap { newline: breaks > 0 || !comments.is_empty(), blank: breaks > 1, comments }
}

/// Does a space stand between two neighbouring tokens of one line?
pub(super) fn space(tree: &Tree, parents: &[u32], left: u32, right: u32) -> bool {
    use TokenKind as T;
    let node = |token: u32| &tree.nodes[parents[token as usize] as usize];
    let (before, after) = (tree.kind(left), tree.kind(right));
    if matches!(before, T::OpenParen | T::OpenBracket | T::Dot | T::DotDot) {
        return false;
    }
    if before == T::OpenBrace && after == T::CloseBrace {
        return false;
    }
    let negates = node(left).kind == NodeKind::Unary && node(left).first == left;
    if before == T::Minus && negates {
        return false;
    }
    match after {
        T::CloseParen | T::CloseBracket | T::OpenBracket | T::Comma | T::Dot | T::DotDot => false,
        T::OpenParen => node(right).kind == NodeKind::Paren,
        T::Colon => matches!(node(right).kind, NodeKind::Param | NodeKind::Table),
        _ => true,
    }
}
