//! Joint tables of private facts: who knows what, and how likely each combination is.
//!
//! With two facts the first row heads the columns, as in a `table`; with more, or where the first row's
//! first cell is not empty, a row lists one value of each fact and the probability.

use super::lower::Lower;
use super::{Scope, words};
use crate::program::*;
use detente_diag::{Diagnostic, Span};
use detente_game::EventKind;
use detente_syntax::ast::{self, Expr, ExprKind, Item, TableCell, Weight as Written};

/// One combination: a key for each fact, and the probability.
struct Row<'a> {
    keys: Vec<&'a Expr>,
    value: &'a TableCell,
}

impl<'a> Lower<'a> {
    /// Declares the facts of a joint table as events.
    pub(super) fn declare_joint(&mut self, item: &Item, joint: &'a ast::Joint) {
        let rows = rows(joint);
        for (at, fact) in joint.facts.iter().enumerate() {
            let owner = match self.names.player(&fact.player) {
                Ok(owner) => owner,
                Err(diagnostic) => {
                    self.report_all(diagnostic);
                    continue;
                }
            };
            let names = arms(&rows, at);
            let decl = EventDecl {
                kind: EventKind::Private,
                owner: Some(owner),
                name: fact.name.text.clone(),
                support: self.support(&joint.caption, &item.doc, item.span),
                arms: Vec::new(),
                numeric: names.is_none(),
                loops: Vec::new(),
                span: fact.name.span,
            };
            if let Some(event) = self.declare_event(decl, fact.player.span.to(fact.name.span), false)
                && let Some(names) = names
            {
                self.declare_arms(event, &names);
            }
        }
    }

    /// Lowers the table, and a private fact for each of its keys.
    pub(super) fn lower_joint(&mut self, item: &Item, joint: &'a ast::Joint) {
        let events: Option<Vec<(usize, usize)>> = joint
            .facts
            .iter()
            .map(|fact| {
                let (owner, _) = *self.names.players.get(&fact.player.text)?;
                Some((owner, *self.names.owned.get(&(owner, fact.name.text.clone()))?))
            })
            .collect();
        let Some(events) = events else { return };
        let rows = rows(joint);
        if rows.is_empty() || rows.iter().any(|row| row.keys.len() != events.len()) {
            let help = match events.len() {
                2 => {
                    "two facts: a first row `| | high | low |` heads the columns, then `| strong | 0.3 | 0.1 |`"
                }
                _ => "a row lists a value of each fact and the probability: `| strong | high | yes | 0.1 |`",
            };
            self.report(
                Diagnostic::error("table-shape", "the rows do not fit the private facts")
                    .label(joint.rows.first().map_or(item.span, |row| row.span), "in this table")
                    .help(help),
            );
            return;
        }
        let values: Vec<JointValues> = (0..events.len()).map(|at| self.joint_values(&rows, at)).collect();
        let mut cells: Vec<(Vec<usize>, Weight, Span)> = Vec::new();
        for row in &rows {
            let key: Option<Vec<usize>> =
                (0..events.len()).map(|at| position(&rows, at, row.keys[at])).collect();
            let Some(key) = key else { continue };
            let weight = match &row.value.value {
                Some(expr) if is_rest(expr) => Weight::Rest(expr.span),
                Some(expr) => self.weight(&Written::Expr(expr.clone()), &Scope::default()),
                None => {
                    self.report(
                        Diagnostic::error("table-shape", "this cell is empty")
                            .label(row.value.span, "a probability is needed")
                            .help("write 0 if the combination never happens"),
                    );
                    return;
                }
            };
            if let Some((_, _, first)) = cells.iter().find(|(known, _, _)| *known == key) {
                self.report(
                    Diagnostic::error("table-shape", "this combination stands in the table twice")
                        .label(row.value.span, "again here")
                        .label(*first, "first here")
                        .help("keep one of them"),
                );
                return;
            }
            cells.push((key, weight, row.value.span));
        }
        if !self.covers(&values, &cells, item.span) {
            return;
        }
        let table = self.program.joints.len();
        self.program.joints.push(JointDecl {
            events: events.iter().map(|(_, e)| *e).collect(),
            values,
            cells,
        });
        for (at, (owner, event)) in events.into_iter().enumerate() {
            let draw = PrivateDraw::Joint { table, at };
            self.program.privates.push(PrivateDecl { event, owner, draw, span: item.span });
        }
    }

    fn joint_values(&mut self, rows: &[Row], at: usize) -> JointValues {
        match arms(rows, at) {
            Some(names) => JointValues::Words(names.iter().map(|name| name.text.clone()).collect()),
            None => {
                let keys = distinct(rows, at);
                JointValues::Numbers(
                    keys.into_iter().map(|key| self.formula(key, &Scope::default())).collect(),
                )
            }
        }
    }

    /// Every combination needs a probability, be it 0.
    fn covers(&mut self, values: &[JointValues], cells: &[(Vec<usize>, Weight, Span)], span: Span) -> bool {
        let all: usize = values.iter().map(JointValues::count).product();
        if cells.len() == all {
            return true;
        }
        let list: Vec<String> = values
            .iter()
            .map(|values| match values {
                JointValues::Words(list) => words(list),
                JointValues::Numbers(list) => format!("{} numbers", list.len()),
            })
            .collect();
        self.report(
            Diagnostic::error(
                "table-shape",
                format!("{} of {all} combinations have a probability", cells.len()),
            )
            .label(Span { end: span.start + 7, ..span }, "every combination needs one")
            .help(format!(
                "the facts take these values: {}; write 0 for what never happens",
                list.join("; ")
            )),
        );
        false
    }
}

/// The rows with a key for each fact, whichever way they are written.
fn rows(joint: &ast::Joint) -> Vec<Row<'_>> {
    let Some((head, below)) = joint.rows.split_first() else { return Vec::new() };
    let wide = head.cells.first().is_some_and(|cell| cell.value.is_none());
    let mut list = Vec::new();
    if wide {
        for row in below {
            let Some(key) = row.cells.first().and_then(|cell| cell.value.as_ref()) else { continue };
            for (cell, column) in row.cells.iter().skip(1).zip(head.cells.iter().skip(1)) {
                let keys = [Some(key), column.value.as_ref()].into_iter().flatten().collect();
                list.push(Row { keys, value: cell });
            }
            if row.cells.len() != head.cells.len() {
                return Vec::new();
            }
        }
        return list;
    }
    for row in &joint.rows {
        if let Some((value, keys)) = row.cells.split_last() {
            list.push(Row { keys: keys.iter().filter_map(|cell| cell.value.as_ref()).collect(), value });
        }
    }
    list
}

/// The names of a fact's values; `None` if its values are numbers.
fn arms<'a>(rows: &[Row<'a>], at: usize) -> Option<Vec<&'a ast::Name>> {
    distinct(rows, at).into_iter().map(word).collect()
}

/// The keys of a fact, each once.
fn distinct<'a>(rows: &[Row<'a>], at: usize) -> Vec<&'a Expr> {
    let mut list: Vec<&Expr> = Vec::new();
    for key in rows.iter().filter_map(|row| row.keys.get(at)) {
        if !list.iter().any(|known| same(known, key)) {
            list.push(key);
        }
    }
    list
}

fn position(rows: &[Row], at: usize, key: &Expr) -> Option<usize> {
    distinct(rows, at).into_iter().position(|known| same(known, key))
}

fn word(expr: &Expr) -> Option<&ast::Name> {
    match &expr.kind {
        ExprKind::Ref(r) if r.owner.is_none() && r.index.is_empty() => Some(&r.name),
        _ => None,
    }
}

fn is_rest(expr: &Expr) -> bool {
    word(expr).is_some_and(|name| name.text == "rest")
}

/// Are two keys written alike?
fn same(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Ref(_), ExprKind::Ref(_)) => word(a).map(|n| &n.text) == word(b).map(|n| &n.text),
        (ExprKind::Number(a), ExprKind::Number(b)) => a == b,
        (ExprKind::Unary { op, operand }, ExprKind::Unary { op: other, operand: inner }) => {
            op == other && same(operand, inner)
        }
        (ExprKind::Binary { op, left, right, .. }, ExprKind::Binary { op: other, left: a, right: b, .. }) => {
            op == other && same(left, a) && same(right, b)
        }
        _ => false,
    }
}
