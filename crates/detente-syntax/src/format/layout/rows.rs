//! The rows of tables with pipes, every cell as wide as its column.

use super::Layout;
use crate::format::gaps::space;
use crate::format::lines::width;
use crate::token::TokenKind;

impl Layout<'_> {
    /// Writes a row with all its cells padded.
    pub(super) fn push_row(&mut self, row: u32) {
        let table = self.parent(row);
        if self.columns.as_ref().is_none_or(|(of, _)| *of != table) {
            self.columns = Some((table, self.columns_of(table)));
        }
        let columns = self.columns.as_ref().map_or(&[][..], |(_, columns)| columns);
        let mut text = String::from("|");
        for ((cell, _), (widest, numbers)) in self.cells(row).iter().zip(columns) {
            let fill = " ".repeat(widest - width(cell).min(*widest));
            text.push_str(&match numbers {
                true => format!(" {fill}{cell} |"),
                false => format!(" {cell}{fill} |"),
            });
        }
        self.line.cells[0].push_str(&text);
    }

    /// For each column of a table: its width, and whether it holds numbers
    /// only, the head of the column not counted.
    pub(super) fn columns_of(&self, table: u32) -> Vec<(usize, bool)> {
        let children = self.tree.nodes[table as usize].children.iter();
        let rows = children.filter(|child| self.kind_of(**child).is_row());
        let mut columns: Vec<(usize, bool)> = Vec::new();
        let mut headed = false;
        for (at, row) in rows.enumerate() {
            let cells = self.cells(*row);
            headed |= at == 0 && cells.first().is_some_and(|(cell, _)| cell.is_empty());
            columns.resize(columns.len().max(cells.len()), (0, true));
            for ((cell, number), (widest, numbers)) in cells.iter().zip(&mut columns) {
                *widest = (*widest).max(width(cell));
                *numbers &= *number || cell.is_empty() || (headed && at == 0);
            }
        }
        columns
    }

    /// The cells of a row on one line each, and whether they are plain numbers.
    pub(super) fn cells(&self, row: u32) -> Vec<(String, bool)> {
        let node = &self.tree.nodes[row as usize];
        let mut cells = Vec::new();
        let mut before: Option<u32> = None;
        let mut number = true;
        let mut cell = String::new();
        for token in (node.first + 1)..node.end {
            match self.tree.kind(token) {
                kind if kind.is_trivia() => continue,
                TokenKind::Pipe => {
                    let full = !cell.is_empty();
                    cells.push((std::mem::take(&mut cell), number && full));
                    before = None;
                    number = true;
                }
                kind => {
                    number &= matches!(kind, TokenKind::Number | TokenKind::Minus);
                    if let Some(before) = before
                        && space(self.tree, &self.token_node, before, token)
                    {
                        cell.push(' ');
                    }
                    cell.push_str(self.token(token));
                    before = Some(token);
                }
            }
        }
        cells
    }
}
