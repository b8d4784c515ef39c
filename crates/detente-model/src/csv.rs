//! Tables of numbers from CSV files: `table odds(A.aid, B.kind) from "odds.csv"`.
//!
//! The first line names the columns. A row holds one value of each key, then the number; with two keys
//! the first line may begin with an empty cell instead and head the columns. A cell that is
//! missing, or holds a text where a number should stand, is refused with its row: a gap in the data
//! must not become a zero in the game. The rows then stand in the syntax tree as if they were written out.

use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_syntax::ast::{Expr, ExprKind, Name, Number, Ref, Table, TableCell, TableRow, UnaryOp};
use std::collections::BTreeSet;

/// More rows than this are refused.
const MOST_ROWS: usize = 100_000;
/// So many faults of one file are reported.
const MOST_FAULTS: usize = 20;
/// Digits that a number may have, as in the language itself.
const MOST_DIGITS: usize = 60;

/// Fills the rows of a table with those of a file's text; reports what is wrong with it.
pub(crate) fn fill(table: &mut Table, path: &str, text: &str, place: Span, found: &mut Vec<Diagnostic>) {
    let mut reader = Reader { path, place, faults: Vec::new() };
    table.rows = reader.rows(text, table.keys.len());
    if !reader.faults.is_empty() {
        table.rows.clear();
    }
    let hidden = reader.faults.len().saturating_sub(MOST_FAULTS);
    found.extend(reader.faults.into_iter().take(MOST_FAULTS));
    if hidden > 0 {
        found.push(
            Diagnostic::error("table-cell", format!("{hidden} more faults in `{path}` are not shown"))
                .label(place, "this file")
                .help("repair those above first"),
        );
    }
}

struct Reader<'a> {
    path: &'a str,
    place: Span,
    faults: Vec<Diagnostic>,
}

/// A row of the file: the number of its line, and its cells.
type Line = (usize, Vec<String>);

impl Reader<'_> {
    fn fault(&mut self, message: String, help: &str) {
        self.faults.push(Diagnostic::error("table-cell", message).label(self.place, "this file").help(help));
    }

    fn rows(&mut self, text: &str, keys: usize) -> Vec<TableRow> {
        let lines = lines(text);
        let Some(((_, head), rows)) = lines.split_first() else {
            self.fault(
                format!("`{}` is empty", self.path),
                "its first line names the columns: the keys, then the value",
            );
            return Vec::new();
        };
        if head.len() == 1 && head[0].contains([';', '\t']) {
            self.fault(
                format!("`{}` has one column", self.path),
                "columns are separated by commas; decimals have a point",
            );
            return Vec::new();
        }
        if rows.len() > MOST_ROWS {
            self.fault(format!("`{}` has {} rows", self.path, rows.len()), "at most 100000 are read");
            return Vec::new();
        }
        let wide = keys == 2 && head[0].is_empty();
        let width = if wide { head.len() } else { keys + 1 };
        let mut sound = Vec::new();
        for (line, cells) in rows {
            if cells.len() == width && head.len() == width {
                sound.push((*line, cells.clone()));
            } else {
                self.fault(
                    format!("row {line} of `{}` has {} cells, not {width}", self.path, cells.len()),
                    "every row has one cell for each column; a missing number cannot be left out",
                );
            }
        }
        if wide {
            return self.wide(head, &sound);
        }
        self.repeated(&sound, keys);
        sound.iter().map(|row| self.plain(row, head)).collect()
    }

    /// Reports rows that give a second value for the same keys.
    fn repeated(&mut self, rows: &[Line], keys: usize) {
        let mut seen: BTreeSet<&[String]> = BTreeSet::new();
        for (line, cells) in rows {
            if !seen.insert(&cells[..keys]) {
                let names: Vec<String> = cells[..keys].iter().map(|key| format!("`{key}`")).collect();
                self.fault(
                    format!("row {line} of `{}` gives a second value for {}", self.path, names.join(", ")),
                    "keep one of the two rows",
                );
            }
        }
    }

    /// The keys and one value.
    fn plain(&mut self, (line, cells): &Line, head: &[String]) -> TableRow {
        let (last, keys) = cells.split_last().expect("a row of the file has a cell");
        let mut row: Vec<TableCell> = keys.iter().map(|key| self.key(*line, key)).collect();
        row.push(self.value(*line, head.last().map_or("", String::as_str), last));
        self.row(row)
    }

    /// Two keys, the second heads the columns.
    fn wide(&mut self, head: &[String], rows: &[Line]) -> Vec<TableRow> {
        let mut first = vec![TableCell { value: None, span: self.place }];
        first.extend(head[1..].iter().map(|key| self.key(1, key)));
        let mut result = vec![self.row(first)];
        for (line, cells) in rows {
            let mut row = vec![self.key(*line, &cells[0])];
            for (cell, column) in cells[1..].iter().zip(&head[1..]) {
                row.push(self.value(*line, column, cell));
            }
            result.push(self.row(row));
        }
        result
    }

    fn row(&self, cells: Vec<TableCell>) -> TableRow {
        TableRow { cells, span: self.place }
    }

    fn error(&self) -> Expr {
        Expr { kind: ExprKind::Error, span: self.place }
    }

    /// The name of a value, or a number.
    fn key(&mut self, line: usize, cell: &str) -> TableCell {
        let value = if let Some(number) = self.number(cell) {
            number
        } else if is_name(cell) {
            let name = Name { text: cell.to_string(), span: self.place };
            let reference = Ref { owner: None, name, index: Vec::new(), span: self.place };
            Expr { kind: ExprKind::Ref(reference), span: self.place }
        } else {
            let what = if cell.is_empty() { "no key".to_string() } else { format!("the key `{cell}`") };
            self.fault(
                format!("row {line} of `{}` has {what}", self.path),
                "a key is the name of a value of the move, draw or fact, or a number",
            );
            self.error()
        };
        TableCell { value: Some(value), span: self.place }
    }

    /// A number, or a message that names row and column.
    fn value(&mut self, line: usize, column: &str, cell: &str) -> TableCell {
        let value = self.number(cell).unwrap_or_else(|| {
            let place = match column {
                "" => format!("row {line} of `{}`", self.path),
                column => format!("row {line}, column `{column}`, of `{}`", self.path),
            };
            if cell.is_empty() {
                self.fault(format!("{place} is empty"), "write the number; a gap in the data is not a zero");
            } else {
                self.fault(
                    format!("{place} holds `{cell}`, not a number"),
                    "write it as `0.25`; uncertain numbers are params, in a table of the model itself",
                );
            }
            self.error()
        });
        TableCell { value: Some(value), span: self.place }
    }

    fn number(&self, cell: &str) -> Option<Expr> {
        let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
        let sound = digits.len() <= MOST_DIGITS && digits.starts_with(|c: char| c.is_ascii_digit());
        let known = sound && !digits.contains('/') && Q::parse(digits).is_some();
        let number = ExprKind::Number(Number { text: digits.to_string() });
        let plain = Expr { kind: number, span: self.place };
        known.then(|| match cell.starts_with('-') {
            true => Expr {
                kind: ExprKind::Unary { op: UnaryOp::Negate, operand: Box::new(plain) },
                span: self.place,
            },
            false => plain,
        })
    }
}

fn is_name(cell: &str) -> bool {
    let letter = |c: char| c.is_alphabetic() || c == '_';
    cell.starts_with(letter)
        && cell.chars().all(|c| letter(c) || c.is_numeric())
        && !detente_syntax::words::is_operator(cell)
}

/// The lines that hold something, each with its number and its cells.
fn lines(text: &str) -> Vec<Line> {
    let text = text.trim_start_matches('\u{feff}');
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    numbered.filter(|(_, line)| !line.trim().is_empty()).map(|(at, line)| (at, cells(line))).collect()
}

/// The cells of a line. Quotation marks may stand around a cell; two of them stand for one.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.trim_end_matches('\r').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell).trim().to_string()),
            _ => cell.push(c),
        }
    }
    cells.push(cell.trim().to_string());
    cells
}
