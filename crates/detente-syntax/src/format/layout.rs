//! From the tree to lines.
//!
//! The one idea: walk over the tokens once; the nodes they stand in say where
//! a line begins, how far it is indented, and which column a token opens.

mod broken;
mod columns;
mod rows;

use super::gaps::{Gap, gap, space};
use super::lines::{Line, join};
use crate::token::TokenKind;
use crate::tree::{NodeKind, Tree};

/// One level of indent, and the indent of a line that goes on.
const STEP: usize = 2;
const CONTINUED: usize = 4;

/// The text of a tree without errors, in its one layout.
pub(super) fn layout(text: &str, tree: &Tree) -> String {
    let mut layout = Layout::new(text, tree);
    layout.find_broken();
    layout.run();
    join(&layout.lines)
}

struct Layout<'t> {
    text: &'t str,
    tree: &'t Tree,
    significant: Vec<u32>,
    /// For each token its innermost node, for each node its parent.
    token_node: Vec<u32>,
    node_parent: Vec<u32>,
    /// For each token the outermost entry or row that begins with it.
    starts: Vec<Option<u32>>,
    /// For each node: is it a list in braces that stands on several lines?
    broken: Vec<bool>,
    lines: Vec<Line>,
    line: Line,
    cell: usize,
    depth: usize,
    /// Did the entry at hand begin on an earlier line?
    first_line: Option<usize>,
    /// The table at hand, with width and kind of each column.
    columns: Option<(u32, Vec<(usize, bool)>)>,
}

impl<'t> Layout<'t> {
    fn new(text: &'t str, tree: &'t Tree) -> Layout<'t> {
        let mut node_parent = vec![0; tree.nodes.len()];
        for (at, node) in tree.nodes.iter().enumerate() {
            for child in &node.children {
                node_parent[*child as usize] = at as u32;
            }
        }
        let mut layout = Layout {
            text,
            tree,
            significant: tree.significant(),
            token_node: tree.parents(),
            node_parent,
            starts: vec![None; tree.tokens.len()],
            broken: vec![false; tree.nodes.len()],
            lines: Vec::new(),
            line: Line::new(0, false),
            cell: 0,
            depth: 0,
            first_line: None,
            columns: None,
        };
        for at in (1..tree.nodes.len()).rev() {
            if layout.is_entry(at as u32) {
                layout.starts[tree.nodes[at].first as usize] = Some(at as u32);
            }
        }
        layout
    }

    fn kind_of(&self, node: u32) -> NodeKind {
        self.tree.nodes[node as usize].kind
    }

    fn parent(&self, node: u32) -> u32 {
        self.node_parent[node as usize]
    }

    /// An item, an entry of a list in braces, or a row.
    fn is_entry(&self, node: u32) -> bool {
        let parent = self.parent(node);
        parent == 0 || self.kind_of(parent).is_group() || self.kind_of(node).is_row()
    }

    fn token(&self, token: u32) -> &'t str {
        self.tree.tokens[token as usize].text(self.text)
    }

    // --- the walk ----------------------------------------------------------------

    fn run(&mut self) {
        let mut before: Option<u32> = None;
        let mut at = 0;
        while at < self.significant.len() {
            let token = self.significant[at];
            if self.is_needless(at) {
                at += 1;
                continue;
            }
            self.separate(before, token);
            let row = self.starts[token as usize].filter(|n| self.kind_of(*n).is_row());
            if let Some(row) = row {
                self.push_row(row);
                let end = self.tree.nodes[row as usize].end;
                at += self.significant[at..].iter().take_while(|one| **one < end).count();
                before = Some(end - 1);
                continue;
            }
            self.open_cell(token);
            let word = self.token(token);
            self.line.cells[self.cell].push_str(word);
            if self.is_broken_brace(token, TokenKind::OpenBrace) {
                self.depth += 1;
                // The entry goes on below; its first line shares no columns.
                self.line.key = None;
            }
            before = Some(token);
            at += 1;
        }
        let end = self.tree.tokens.len() as u32;
        let rest = gap(self.tree, self.text, before.map_or(0, |token| token + 1), end);
        self.depth = 0;
        self.comments(&rest, 0, before.is_none(), true);
        self.flush();
    }

    /// Writes what stands between the last token and this one.
    fn separate(&mut self, before: Option<u32>, token: u32) {
        let from = before.map_or(0, |before| before + 1);
        let gap = gap(self.tree, self.text, from, token);
        let after_open = before.is_none_or(|one| self.is_broken_brace(one, TokenKind::OpenBrace));
        let entry = self.starts[token as usize].filter(|node| self.stands_alone(*node));
        let closes = self.is_broken_brace(token, TokenKind::CloseBrace);
        let row = entry.is_some_and(|node| self.kind_of(node).is_row());
        let inside = STEP * (self.depth + usize::from(row));
        if let Some(entry) = entry {
            self.comments(&gap, inside, after_open, true);
            let first = after_open && gap.comments.is_empty();
            self.new_line(inside, gap.blank && !first && !row);
            self.begin_entry(entry);
        } else if closes {
            self.comments(&gap, inside, after_open, true);
            self.depth -= 1;
            self.new_line(STEP * self.depth, false);
            self.first_line = None;
        } else if !gap.comments.is_empty() {
            let inside = inside + CONTINUED;
            self.comments(&gap, inside, true, false);
            self.new_line(inside, false);
            self.go_on();
        } else if let Some(before) = before
            && space(self.tree, &self.token_node, before, token)
        {
            if gap.newline && self.is_else_below(before, token) {
                self.new_line(inside, false);
                self.go_on();
            } else if gap.newline && self.may_go_on(before, token) {
                self.new_line(inside + CONTINUED, false);
                self.go_on();
            } else if !self.opens_cell(token) {
                self.line.cells[self.cell].push(' ');
            }
        }
    }

    /// Items, rows and the entries of broken lists stand on lines of their own.
    fn stands_alone(&self, entry: u32) -> bool {
        let parent = self.parent(entry);
        parent == 0 || self.kind_of(entry).is_row() || self.broken[parent as usize]
    }

    /// May the author's line break before this token stay?
    fn may_go_on(&self, before: u32, token: u32) -> bool {
        let node = self.token_node[token as usize];
        let opens = self.tree.kind(token) == TokenKind::OpenBrace;
        let closes = self.tree.kind(token) == TokenKind::CloseBrace;
        let otherwise = self.token(token) == "else" && self.kind_of(node) == NodeKind::If;
        let arrow = TokenKind::Arrow;
        let arrows = self.tree.kind(token) == arrow || self.tree.kind(before) == arrow;
        !(opens || closes || otherwise || arrows)
    }

    /// May this `else` stay on a line of its own, below a list on one line?
    fn is_else_below(&self, before: u32, token: u32) -> bool {
        let node = self.token_node[token as usize];
        let otherwise = self.token(token) == "else" && self.kind_of(node) == NodeKind::If;
        otherwise && !self.is_broken_brace(before, TokenKind::CloseBrace)
    }

    /// Writes the comments of a gap; those on lines of their own at `indent`.
    fn comments(&mut self, gap: &Gap<'_>, indent: usize, first: bool, blanks: bool) {
        for (at, comment) in gap.comments.iter().enumerate() {
            if comment.own_line || self.line.comment.is_some() {
                let blank = blanks && comment.blank_before && !(first && at == 0);
                self.new_line(indent, blank);
                self.go_on();
            }
            self.line.comment = Some(comment.text.to_string());
        }
    }

    fn flush(&mut self) {
        if !self.line.is_empty() {
            let line = std::mem::take(&mut self.line);
            self.lines.push(line);
        }
    }

    fn new_line(&mut self, indent: usize, blank: bool) {
        self.flush();
        self.line = Line::new(indent, blank && !self.lines.is_empty());
        self.cell = 0;
    }

    /// The line at hand goes on with an entry that began earlier: neither
    /// shares columns with its neighbours.
    fn go_on(&mut self) {
        if let Some(first) = self.first_line.take()
            && let Some(line) = self.lines.get_mut(first)
        {
            line.key = None;
            let cells: Vec<String> = std::mem::take(&mut line.cells);
            let cells: Vec<String> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
            line.cells = vec![cells.join(" ")];
        }
    }
}
