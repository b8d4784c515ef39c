//! Tables: keys, rows and whether every combination has one value.

use super::lower::Lower;
use super::{Named, Scope, unknown, words};
use crate::program::*;
use detente_diag::Diagnostic;
use detente_exact::Q;
use detente_syntax::ast::{self, ExprKind, Item};

/// Combinations of keys that are looked through for a missing value.
const MOST_COMBINATIONS: usize = 100_000;

impl Lower<'_> {
    pub(super) fn lower_table(&mut self, item: &Item, table: &ast::Table) {
        let support = self.support(&table.caption, &item.doc, item.span);
        self.check_unit(table.unit.as_ref());
        let keys: Vec<Option<usize>> = table.keys.iter().map(|key| self.table_key(key)).collect();
        let mut cells = Vec::new();
        let mut rows = table.rows.iter();
        // With two keys a first row whose first cell is empty heads the columns.
        let head = match table.rows.first() {
            Some(row) if keys.len() == 2 && row.cells.first().is_some_and(|c| c.value.is_none()) => {
                rows.next()
            }
            _ => None,
        };
        let columns: Vec<Option<Key>> = match head {
            Some(head) => head.cells.iter().skip(1).map(|c| self.key(c, keys[1])).collect(),
            None => Vec::new(),
        };
        let leading = if head.is_some() { 1 } else { keys.len() };
        let width = leading + if head.is_some() { columns.len() } else { 1 };
        let mut shaped = true;
        for row in rows {
            if row.cells.len() != width {
                shaped = false;
                self.report(
                    Diagnostic::error(
                        "table-shape",
                        format!("this row has {} cells, not {width}", row.cells.len()),
                    )
                    .label(row.span, "in this row")
                    .help(match keys.len() {
                        0 | 1 => "one key: `| key | value |`",
                        2 => {
                            "two keys: a first row `| | b1 | b2 |` heads the columns, or every row is \
                             `| key | key | value |`"
                        }
                        _ => "a row holds one value of each key, then the value of the table",
                    }),
                );
                continue;
            }
            let (first, values) = row.cells.split_at(leading);
            let named: Option<Vec<Key>> =
                first.iter().zip(&keys).map(|(cell, event)| self.key(cell, *event)).collect();
            let Some(named) = named else { continue };
            for (k, cell) in values.iter().enumerate() {
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
                let mut at = named.clone();
                if head.is_some() {
                    // What is wrong with a head has been reported.
                    let Some(column) = columns[k].clone() else { continue };
                    at.push(column);
                }
                cells.push((at, value));
            }
        }
        if shaped {
            self.check_table_cover(table, &keys, &cells);
        }
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
        cells: &[(Vec<Key>, Formula)],
    ) {
        let arms: Option<Vec<Vec<String>>> =
            keys.iter().map(|k| k.map(|event| self.program.events[event].arms.clone())).collect();
        let Some(arms) = arms else { return };
        // A file that could not be read has been reported.
        if table.from.is_some() && table.rows.is_empty() {
            return;
        }
        if arms.is_empty() || arms.iter().any(Vec::is_empty) {
            return;
        }
        let count = arms.iter().map(Vec::len).try_fold(1usize, usize::checked_mul);
        let Some(count) = count.filter(|n| *n <= MOST_COMBINATIONS) else {
            self.report(
                Diagnostic::error("table-shape", format!("table `{}` has too many keys", table.name.text))
                    .label(table.name.span, format!("more than {MOST_COMBINATIONS} combinations of values"))
                    .help("write a formula, or several tables"),
            );
            return;
        };
        let mut found: std::collections::BTreeMap<Vec<&str>, usize> = std::collections::BTreeMap::new();
        for (keys, _) in cells {
            let names: Option<Vec<&str>> = keys.iter().map(Key::word).collect();
            if let Some(names) = names {
                *found.entry(names).or_insert(0) += 1;
            }
        }
        for combination in 0..count {
            // The last key runs fastest.
            let mut left = combination;
            let mut names: Vec<&str> = Vec::new();
            for list in arms.iter().rev() {
                names.push(list[left % list.len()].as_str());
                left /= list.len();
            }
            names.reverse();
            let name = names.join(", ");
            let complaint = match found.get(&names).copied().unwrap_or(0) {
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
