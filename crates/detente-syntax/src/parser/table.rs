//! Tables with pipes: the only place where lines count.
//!
//! The one idea: a row is one line. What goes wrong in a row stays in it.

use super::Parser;
use crate::ast::{Table, TableCell, TableRow};
use crate::token::TokenKind;
use crate::tree::NodeKind;
use detente_diag::{Diagnostic, Span};

impl Parser<'_> {
    /// `table ID "(" ref {"," ref} ")" [":" unit] caption "=" rows`
    pub(super) fn table(&mut self) -> Table {
        self.bump();
        let name = self.name("the table's name after `table`");
        let open = self.here();
        let mut keys = Vec::new();
        if self.expect(TokenKind::OpenParen, "`(` and what the table is indexed by") {
            keys.push(self.reference());
            while self.eat(TokenKind::Comma) {
                keys.push(self.reference());
            }
            self.close_paren(open);
        }
        let unit = self.unit_opt();
        let (caption, _) = self.caption();
        if self.eat_word("from") {
            let file = self.text("the name of a `.csv` file in quotation marks after `from`");
            return Table { name, keys, unit, caption, rows: Vec::new(), from: Some(file) };
        }
        self.expect(TokenKind::Assign, "`=` and the rows of the table, or `from` and a file");
        let rows = self.rows("rows stand on lines of their own: `| strong | 0.25 |`");
        Table { name, keys, unit, caption, rows, from: None }
    }

    /// All rows of a table, one at least.
    pub(super) fn rows(&mut self, help: &str) -> Vec<TableRow> {
        let mut rows = Vec::new();
        while self.is(TokenKind::Pipe) {
            rows.push(self.row());
        }
        if rows.is_empty() {
            self.expected_with("a row of the table", Some(help));
        }
        rows
    }

    /// One line `| cell | cell |`.
    pub(super) fn row(&mut self) -> TableRow {
        let (cells, span) = self.row_of(NodeKind::Row, Self::cell);
        TableRow { cells, span }
    }

    /// The cells of one line between bars, each read by `cell`, and the line's place.
    pub(super) fn row_of<T>(&mut self, kind: NodeKind, cell: impl Fn(&mut Self) -> T) -> (Vec<T>, Span) {
        let first = self.at;
        let outer = self.begin_row();
        let mut cells = Vec::new();
        self.bump();
        while !self.at_end() {
            cells.push(cell(self));
            if !self.is(TokenKind::Pipe) {
                self.unclosed_row();
                break;
            }
            self.bump();
        }
        if cells.is_empty() {
            self.expected("a cell after `|`");
        }
        self.node(kind, first);
        self.end_row(outer);
        (cells, self.span_from(first))
    }

    /// Ends reading at the end of this line; gives what `end_row` needs.
    fn begin_row(&mut self) -> usize {
        let outer = self.limit;
        let ends = (self.at + 1..outer).find(|at| self.significant[*at].first_on_line);
        self.limit = ends.unwrap_or(outer);
        outer
    }

    /// Lets reading go on below the row.
    fn end_row(&mut self, outer: usize) {
        self.limit = outer;
    }

    fn unclosed_row(&mut self) {
        let end = self.last_end();
        let place = Span::new(self.file, end, end);
        if self.at_end() {
            self.error(
                Diagnostic::error("unclosed", "this row has no `|` at its end")
                    .label(place, "")
                    .help("close it with `|`; a row is one line")
                    .edit(place, " |"),
            );
        }
    }

    fn cell(&mut self) -> TableCell {
        let first = self.at;
        let start = self.last_end();
        let value = (!self.is(TokenKind::Pipe)).then(|| self.formula());
        if !self.is(TokenKind::Pipe) && !self.at_end() {
            self.expected("`|` after the cell");
            while !self.at_end() && !self.is(TokenKind::Pipe) {
                self.bump();
            }
        }
        self.node(NodeKind::Cell, first);
        let end = match self.at_end() {
            true => self.last_end(),
            false => self.here().start,
        };
        TableCell { value, span: Span::new(self.file, start, end.max(start)) }
    }
}
