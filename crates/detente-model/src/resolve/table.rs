//! Tables: keys, rows and whether every combination has one value.

use super::declare::Lower;
use super::{Named, Scope, unknown, words};
use crate::program::*;
use detente_diag::Diagnostic;
use detente_exact::Q;
use detente_syntax::ast::{self, ExprKind, Item};

impl Lower<'_> {
    pub(super) fn lower_table(&mut self, item: &Item, table: &ast::Table) {
        let support = self.support(&table.caption, &item.doc, item.span);
        self.check_unit(table.unit.as_ref());
        let keys: Vec<Option<usize>> = table.keys.iter().map(|key| self.table_key(key)).collect();
        let mut cells = Vec::new();
        let mut rows = table.rows.iter();
        let columns: Vec<Option<Key>> = match keys.len() {
            2 => match rows.next() {
                Some(head) => head.cells.iter().skip(1).map(|c| self.key(c, keys[1])).collect(),
                None => Vec::new(),
            },
            _ => vec![None],
        };
        let width = columns.len() + 1;
        for row in rows {
            if row.cells.len() != width || keys.len() > 2 {
                self.report(
                    Diagnostic::error(
                        "table-shape",
                        format!("this row has {} cells, not {width}", row.cells.len()),
                    )
                    .label(row.span, "in this row")
                    .help(
                        "one key: `| key | value |`; two keys: a first row `| | b1 | b2 |` heads the columns",
                    ),
                );
                continue;
            }
            let Some(key) = self.key(&row.cells[0], keys[0]) else { continue };
            for (cell, column) in row.cells[1..].iter().zip(&columns) {
                let value = match &cell.value {
                    Some(expr) => self.formula(expr, &Scope::default()),
                    None => {
                        self.report(
                            Diagnostic::error("table-shape", "this cell is empty")
                                .label(cell.span, "a value is needed")
                                .help("write a number or a formula into it; 0 if nothing is paid"),
                        );
                        Formula::error(cell.span)
                    }
                };
                cells.push((key.clone(), column.clone(), value));
            }
        }
        self.check_table_cover(table, &keys, &cells);
        self.program.tables.push(TableDecl {
            name: table.name.text.clone(),
            keys: keys.into_iter().flatten().collect(),
            unit: table.unit.as_ref().map(|u| u.text.clone()),
            support,
            cells,
        });
    }

    fn table_key(&mut self, key: &ast::Ref) -> Option<usize> {
        if key.owner.is_some() {
            return self.owned(key);
        }
        if let Some((Named::Event(event), _)) = self.names.values.get(&key.name.text) {
            return Some(*event);
        }
        if !key.name.text.is_empty() {
            let known: Vec<String> =
                (0..self.program.events.len()).map(|e| self.program.event_name(e)).collect();
            let what = "is not a move, draw or private fact";
            let diagnostic = unknown(&key.name.text, key.span, what, known.iter().map(String::as_str));
            self.report(diagnostic);
        }
        None
    }

    fn key(&mut self, cell: &ast::TableCell, event: Option<usize>) -> Option<Key> {
        let expr = cell.value.as_ref()?;
        match &expr.kind {
            ExprKind::Number(number) => Q::parse(&number.text).map(Key::Number),
            ExprKind::Ref(r) if r.owner.is_none() && r.index.is_empty() => {
                let word = r.name.text.clone();
                if let Some(event) = event
                    && !self.program.events[event].arms.contains(&word)
                {
                    let diagnostic = self.unknown_value(event, &word, expr.span);
                    self.report_all(diagnostic);
                    return None;
                }
                Some(Key::Word(word))
            }
            _ => {
                self.report(
                    Diagnostic::error("table-shape", "a key is the name of a value, or a number")
                        .label(expr.span, "neither")
                        .help("keys stand first in a row, and in the first row where there are two"),
                );
                None
            }
        }
    }

    /// Every combination of arms needs exactly one cell.
    fn check_table_cover(
        &mut self,
        table: &ast::Table,
        keys: &[Option<usize>],
        cells: &[(Key, Option<Key>, Formula)],
    ) {
        let arms: Option<Vec<Vec<String>>> =
            keys.iter().map(|k| k.map(|event| self.program.events[event].arms.clone())).collect();
        let Some(arms) = arms else { return };
        // A file that could not be read has been reported.
        if table.from.is_some() && table.rows.is_empty() {
            return;
        }
        if arms.is_empty() || arms.len() > 2 || arms.iter().any(Vec::is_empty) {
            return;
        }
        let empty = vec![String::new()];
        for first in &arms[0] {
            for second in arms.get(1).unwrap_or(&empty) {
                let matching = cells.iter().filter(|(a, b, _)| {
                    *a == Key::Word(first.clone())
                        && b.as_ref().is_none_or(|b| *b == Key::Word(second.clone()))
                });
                let name = if arms.len() == 2 { format!("{first}, {second}") } else { first.clone() };
                let complaint = match matching.count() {
                    0 => format!("table `{}` has no value for `{name}`", table.name.text),
                    1 => continue,
                    _ => format!("table `{}` has several values for `{name}`", table.name.text),
                };
                self.report(
                    Diagnostic::error("table-shape", complaint)
                        .label(table.name.span, "every combination needs one value")
                        .help(format!(
                            "its keys take these values: {}",
                            arms.iter().map(|a| words(a)).collect::<Vec<_>>().join("; ")
                        )),
                );
            }
        }
    }
}
