//! Columns: entries of one kind that follow each other are aligned.
//!
//! The one idea: an entry's kind says how many columns its line has, and the token
//! at hand says whether it opens the next one.

use super::Layout;
use crate::token::TokenKind;
use crate::tree::NodeKind;

impl Layout<'_> {
    pub(super) fn begin_entry(&mut self, entry: u32) {
        let kind = self.kind_of(entry);
        let columns = match kind {
            NodeKind::Param | NodeKind::Const | NodeKind::Ask => 4,
            NodeKind::Outcome | NodeKind::Private => 4,
            NodeKind::Actor | NodeKind::ActorLine | NodeKind::CouncilOption => 4,
            NodeKind::ChanceArm => 3,
            NodeKind::ChoiceArm | NodeKind::PrivateArm => 2,
            NodeKind::PayEntry => 2,
            // A label between name and colon would push the amounts far away.
            NodeKind::LedgerLine if !self.has_caption(entry) => 2,
            _ => 1,
        };
        self.first_line = Some(self.lines.len());
        if columns > 1 {
            self.line.cells = vec![String::new(); columns];
            self.line.key = Some((kind, self.parent(entry)));
        }
    }

    pub(super) fn has_caption(&self, entry: u32) -> bool {
        let children = &self.tree.nodes[entry as usize].children;
        children.iter().any(|child| self.kind_of(*child) == NodeKind::Caption)
    }

    /// Which column the token opens in the line at hand, if one.
    pub(super) fn column(&self, token: u32) -> Option<usize> {
        let (kind, _) = self.line.key?;
        let node = self.token_node[token as usize];
        let direct = self.kind_of(node) == kind;
        let word = self.tree.kind(token);
        match kind {
            NodeKind::ChoiceArm => (direct && word == TokenKind::Arrow).then_some(1),
            NodeKind::ChanceArm if word == TokenKind::Arrow => direct.then_some(2),
            NodeKind::ChanceArm | NodeKind::PrivateArm | NodeKind::PayEntry | NodeKind::LedgerLine => {
                self.follows_colon(token, kind).then_some(1)
            }
            _ => match word {
                TokenKind::String if self.cell < 1 => Some(1),
                TokenKind::Citation if self.cell < 2 => Some(2),
                TokenKind::Word if self.token(token) == "assumed" && self.cell < 2 => {
                    (self.kind_of(node) == NodeKind::Caption).then_some(2)
                }
                TokenKind::Tilde | TokenKind::Assign if direct => Some(3),
                TokenKind::OpenBrace if self.cell < 3 => Some(3),
                _ => None,
            },
        }
        .filter(|column| *column > self.cell)
    }

    /// Is the token before this one the colon of the entry at hand?
    pub(super) fn follows_colon(&self, token: u32, kind: NodeKind) -> bool {
        let before = self.significant.partition_point(|one| *one < token);
        let Some(before) = before.checked_sub(1).map(|at| self.significant[at]) else {
            return false;
        };
        let node = self.token_node[before as usize];
        self.tree.kind(before) == TokenKind::Colon && self.kind_of(node) == kind
    }

    pub(super) fn opens_cell(&self, token: u32) -> bool {
        self.column(token).is_some()
    }

    pub(super) fn open_cell(&mut self, token: u32) {
        if let Some(column) = self.column(token) {
            self.cell = column;
        }
    }
}
