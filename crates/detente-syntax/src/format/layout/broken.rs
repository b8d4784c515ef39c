//! Which lists in braces stand on several lines.

use super::Layout;
use crate::format::lines::width;
use crate::token::TokenKind;
use crate::tree::NodeKind;

impl Layout<'_> {
    pub(super) fn find_broken(&mut self) {
        for at in (0..self.tree.nodes.len()).rev() {
            if self.kind_of(at as u32).is_group() && self.must_break(at as u32) {
                // What contains a broken list is broken, too.
                let mut node = at as u32;
                while node != 0 {
                    self.broken[node as usize] |= self.kind_of(node).is_group();
                    node = self.parent(node);
                }
            }
        }
    }

    pub(super) fn must_break(&self, group: u32) -> bool {
        let node = &self.tree.nodes[group as usize];
        let tokens = &self.tree.tokens[node.first as usize..node.end as usize];
        let comment = tokens.iter().any(|token| token.kind.is_comment());
        if node.children.is_empty() {
            return comment;
        }
        let lines =
            tokens.iter().any(|token| token.kind == TokenKind::Space && token.text(self.text).contains('\n'));
        let statements = matches!(node.kind, NodeKind::Block | NodeKind::Changes | NodeKind::Steps);
        let council = matches!(node.kind, NodeKind::CouncilBody | NodeKind::CaseBody);
        let play = matches!(self.kind_of(self.parent(group)), NodeKind::Play | NodeKind::Stage);
        let wide = tokens
            .iter()
            .filter(|token| !token.kind.is_trivia())
            .map(|token| width(token.text(self.text)) + 1)
            .sum::<usize>()
            > MAX_INLINE;
        comment || lines || wide || play || council || (statements && node.children.len() > 1)
    }

    /// Is the token the opening or closing brace of a broken list?
    pub(super) fn is_broken_brace(&self, token: u32, kind: TokenKind) -> bool {
        let node = self.token_node[token as usize];
        self.tree.kind(token) == kind && self.broken[node as usize]
    }

    /// A comma that a line break or a closing brace makes needless.
    pub(super) fn is_needless(&self, at: usize) -> bool {
        let token = self.significant[at];
        let node = self.token_node[token as usize];
        if self.tree.kind(token) != TokenKind::Comma || !self.kind_of(node).is_group() {
            return false;
        }
        let next = self.significant.get(at + 1);
        let last = next.is_some_and(|next| self.tree.kind(*next) == TokenKind::CloseBrace);
        self.broken[node as usize] || last
    }
}

/// Lists that would be wider than this are broken into lines.
pub(super) const MAX_INLINE: usize = 120;
