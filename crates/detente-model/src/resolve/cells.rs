//! The cells of a council: from tables and lines to one grid.
//!
//! The one idea: a cell with a prior is a parameter of its own, declared here, so that draws, bounds
//! and sources treat it like one with a name.

use super::grid::{Given, Grid, Place};
use super::lower::Lower;
use super::unknown;
use crate::model::Support;
use crate::program::*;
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_syntax::ast::{self, CouncilPart, Expr, ExprKind, MatrixRow, Quantity, UnaryOp};

impl<'a> Lower<'a> {
    /// Reads all tables and all lines of actors.
    pub(super) fn fill(&mut self, council: &ast::Council, grid: &mut Grid) {
        for part in &council.parts {
            match part {
                CouncilPart::Matrix(matrix) => self.matrix(matrix, grid),
                CouncilPart::Actor(actor) => {
                    let Some(at) = grid.decl.actors.iter().position(|a| a.span == actor.name.span) else {
                        continue;
                    };
                    for line in &actor.lines {
                        self.actor_line(at, line, grid);
                    }
                }
                _ => {}
            }
        }
    }

    /// Reports the cells that nothing gives, in one message for each quantity.
    pub(super) fn filled(&mut self, grid: Grid) -> CouncilDecl {
        let (actors, issues) = (grid.decl.actors.len(), grid.decl.issues.len());
        for quantity in [Quantity::Capability, Quantity::Position, Quantity::Salience] {
            let mut missing = Vec::new();
            for actor in 0..actors {
                match quantity {
                    Quantity::Capability if grid.capability[actor] == Given::Not => {
                        missing.push((actor, 0));
                    }
                    Quantity::Capability => {}
                    _ => {
                        let row = match quantity {
                            Quantity::Position => &grid.position[actor],
                            _ => &grid.salience[actor],
                        };
                        missing.extend((0..issues).filter(|i| row[*i] == Given::Not).map(|i| (actor, i)));
                    }
                }
            }
            let Some((actor, issue)) = missing.first().copied() else { continue };
            let first = grid.words(Place { actor, quantity, issue });
            let more = match missing.len() {
                1 => String::new(),
                n => format!(", and {} more", n - 1),
            };
            let help = match quantity {
                Quantity::Capability => {
                    "add it: `capability = | Russia | 60 to 90 |`, one row for each actor"
                }
                Quantity::Position => "add it to the table `position =`, or below the actor",
                Quantity::Salience => "add it to the table `salience =`; 0 if the actor does not care",
            };
            self.report(
                Diagnostic::error("council-cells", format!("nothing gives {first}{more}"))
                    .label(grid.decl.actors[actor].span, "every actor needs one")
                    .help(help),
            );
        }
        grid.decl
    }

    fn actor_line(&mut self, actor: usize, line: &ast::ActorLine, grid: &mut Grid) {
        let issue = match (&line.issue, line.quantity) {
            (_, Quantity::Capability) => Some(0),
            (Some(name), _) => self.issue_named(name, grid),
            (None, _) if grid.decl.issues.len() == 1 => Some(0),
            (None, quantity) => {
                let first = grid.decl.issues[0].name.clone();
                self.report(
                    Diagnostic::error("council-cells", "on which issue?")
                        .label(line.span, "names none")
                        .help(format!("write `{} {first} = …`", quantity.word())),
                );
                None
            }
        };
        let support = self.support(&line.caption, "", line.span);
        if let Some(issue) = issue {
            let place = Place { actor, quantity: line.quantity, issue };
            self.cell(place, &line.value, support, grid);
        }
    }

    fn issue_named(&mut self, name: &ast::Name, grid: &Grid) -> Option<usize> {
        let found = grid.decl.issues.iter().position(|i| i.name == name.text);
        if found.is_none() && !name.text.is_empty() {
            let known: Vec<&str> = grid.decl.issues.iter().map(|i| i.name.as_str()).collect();
            self.report(unknown(&name.text, name.span, "is not an issue of this council", known));
        }
        found
    }

    fn matrix(&mut self, matrix: &ast::Matrix, grid: &mut Grid) {
        let table = self.support(&matrix.caption, "", matrix.span);
        let mut rows = matrix.rows.iter();
        let headed =
            matrix.rows.first().is_some_and(|row| row.cells.first().is_some_and(|c| c.value.is_none()));
        let columns = match (headed, matrix.quantity) {
            (true, _) => match rows.next() {
                Some(head) => self.columns(head, matrix.quantity, grid),
                None => Vec::new(),
            },
            (false, Quantity::Capability) => vec![Some(0)],
            (false, _) if grid.decl.issues.len() == 1 => vec![Some(0)],
            (false, _) => {
                let Some(first) = matrix.rows.first() else { return };
                let issues: Vec<&str> = grid.decl.issues.iter().map(|i| i.name.as_str()).collect();
                self.report(
                    Diagnostic::error("table-shape", "the table does not say which column is which issue")
                        .label(first.span, "the first row")
                        .help(format!("begin it with `| | {} |`", issues.join(" | "))),
                );
                return;
            }
        };
        for row in rows {
            self.matrix_row(matrix.quantity, row, &columns, &table, grid);
        }
    }

    /// The issues that head the columns; a capability has one column, whatever its head.
    fn columns(&mut self, head: &MatrixRow, quantity: Quantity, grid: &Grid) -> Vec<Option<usize>> {
        let mut columns: Vec<Option<usize>> = Vec::new();
        let mut cells: Vec<&ast::MatrixCell> = head.cells.iter().skip(1).collect();
        // The head of the column of sources may be empty.
        if cells.last().is_some_and(|c| c.value.is_none()) {
            cells.pop();
        }
        for cell in cells {
            let Some(name) = cell.value.as_ref().and_then(bare_name) else {
                self.report(
                    Diagnostic::error("table-shape", "the head of a column is the name of an issue")
                        .label(cell.span, "not a name")
                        .help("begin the table with `| | issue | issue |`"),
                );
                columns.push(None);
                continue;
            };
            if quantity == Quantity::Capability {
                columns.push(Some(0));
                continue;
            }
            let issue = self.issue_named(name, grid);
            if issue.is_some() && columns.contains(&issue) {
                self.duplicate(&name.text, name.span, head.span);
                columns.push(None);
                continue;
            }
            columns.push(issue);
        }
        if quantity == Quantity::Capability {
            columns.truncate(1);
        }
        columns
    }

    fn matrix_row(
        &mut self,
        quantity: Quantity,
        row: &MatrixRow,
        columns: &[Option<usize>],
        table: &Support,
        grid: &mut Grid,
    ) {
        let Some(actor) = self.actor_named(row, grid) else { return };
        let mut cells = &row.cells[1..];
        let mut own = None;
        if cells.len() == columns.len() + 1
            && let Some((last, before)) = cells.split_last()
            && last.value.is_none()
        {
            own = Some(self.support(&last.caption, "", last.span));
            cells = before;
        }
        if cells.len() != columns.len() {
            let (found, wanted) = (cells.len(), columns.len());
            self.report(
                Diagnostic::error("table-shape", format!("this row has {found} values, not {wanted}"))
                    .label(row.span, "in this row")
                    .help("one value for each column of the first row, then, if you like, one cell with sources"),
            );
            return;
        }
        let row_support = own.filter(supported).unwrap_or_else(|| table.clone());
        for (cell, issue) in cells.iter().zip(columns) {
            let Some(issue) = *issue else { continue };
            let support = self.support(&cell.caption, "", value_span(cell));
            let place = Place { actor, quantity, issue };
            let Some(value) = &cell.value else {
                if *grid.given(place) == Given::Not {
                    *grid.given(place) = Given::Here(cell.span);
                }
                let words = grid.words(place);
                self.report(
                    Diagnostic::error("council-cells", format!("{words} is empty"))
                        .label(cell.span, "a number is needed")
                        .help("write a number, a range such as `20 to 60`, or a prior into it"),
                );
                continue;
            };
            let support = match supported(&support) {
                true => support,
                false => Support { span: value_span(cell), label: String::new(), ..row_support.clone() },
            };
            let value = self.plain_call(value);
            self.cell(place, &value, support, grid);
        }
    }

    fn actor_named(&mut self, row: &MatrixRow, grid: &Grid) -> Option<usize> {
        let cell = row.cells.first()?;
        let Some(name) = cell.value.as_ref().and_then(bare_name) else {
            self.report(
                Diagnostic::error("table-shape", "a row begins with the name of an actor")
                    .label(cell.span, "not a name")
                    .help("write `| Russia | 90 |`"),
            );
            return None;
        };
        let found = grid.decl.actors.iter().position(|a| a.name == name.text);
        if found.is_none() && !name.text.is_empty() {
            let known: Vec<&str> = grid.decl.actors.iter().map(|a| a.name.as_str()).collect();
            let mut diagnostic = unknown(&name.text, name.span, "is not an actor of this council", known);
            if diagnostic.edits.is_empty() {
                diagnostic.help = Some(format!("add `actor {}`, or remove the row", name.text));
            }
            self.report(diagnostic);
        }
        found
    }

    /// In a table `f(x)` may be a function of the model; otherwise it is a family of priors.
    fn plain_call(&self, value: &ast::ParamValue) -> ast::ParamValue {
        if let ast::ParamValue::Prior { dist: ast::Dist::Family { name, args, span }, at: None } = value
            && (self.names.calls.contains_key(&name.text) || Builtin::find(&name.text).is_some())
        {
            let kind = ExprKind::Call { name: name.clone(), args: args.clone(), variant: None };
            return ast::ParamValue::Fixed(Expr { kind, span: *span });
        }
        value.clone()
    }

    /// Puts a value into its cell, once.
    fn cell(&mut self, place: Place, value: &ast::ParamValue, mut support: Support, grid: &mut Grid) {
        let span = support.span;
        if let Given::Here(first) = *grid.given(place) {
            let words = grid.words(place);
            self.report(
                Diagnostic::error("council-cells", format!("{words} is given twice"))
                    .label(span, "again here")
                    .label(first, "first here")
                    .help("keep one of the two"),
            );
            return;
        }
        *grid.given(place) = Given::Here(span);
        if support.label.is_empty() {
            support.label = grid.label(place);
        }
        let value = match self.param_value(value) {
            ParamValue::Fixed(formula) => CellCode::Formula(formula),
            ParamValue::Prior { dist, at } => {
                let dist = cut(dist, grid.ends(place));
                let name = grid.name(place);
                let value = ParamValue::Prior { dist, at };
                let param = ParamDecl { name, unit: None, support: support.clone(), value };
                self.program.params.push(param);
                CellCode::Param(self.program.params.len() - 1)
            }
            ParamValue::Missing => return,
        };
        grid.put(place, CellDecl { value, support });
    }
}

/// A range ends where the scale does; every other prior is taken as it is.
fn cut(dist: Dist, ends: Option<(Q, Q)>) -> Dist {
    match (dist, ends) {
        // What is written beyond an end is reported, not cut.
        (dist @ Dist::Quantiles { .. }, Some((least, most))) if reaches(&dist, &least, &most) => dist,
        (Dist::Quantiles { lo, hi, span }, Some((least, most))) => {
            let number = |value| Formula { kind: FormulaKind::Number(value), span };
            let inner = Box::new(Dist::Quantiles { lo, hi, span });
            Dist::Truncated { inner, lo: number(least), hi: number(most), span }
        }
        (dist, _) => dist,
    }
}

/// Is a range written that begins or ends beyond these?
fn reaches(dist: &Dist, least: &Q, most: &Q) -> bool {
    let literal = |formula: &Formula| match &formula.kind {
        FormulaKind::Number(value) => Some(value.clone()),
        FormulaKind::Unary(UnaryOp::Negate, inner) => match &inner.kind {
            FormulaKind::Number(value) => Some(-value.clone()),
            _ => None,
        },
        _ => None,
    };
    let Dist::Quantiles { lo, hi, .. } = dist else { return false };
    literal(lo).is_some_and(|lo| lo < *least) || literal(hi).is_some_and(|hi| hi > *most)
}

/// Where the number itself stands in a cell of a table.
fn value_span(cell: &ast::MatrixCell) -> Span {
    match &cell.value {
        Some(ast::ParamValue::Fixed(expr)) => expr.span,
        Some(ast::ParamValue::Prior { dist, .. }) => match dist {
            ast::Dist::Family { span, .. }
            | ast::Dist::Quantiles { span, .. }
            | ast::Dist::Truncated { span, .. }
            | ast::Dist::Discrete { span, .. }
            | ast::Dist::Error(span) => *span,
            ast::Dist::Point(expr) => expr.span,
        },
        _ => cell.span,
    }
}

fn supported(support: &Support) -> bool {
    !support.citations.is_empty() || support.assumed.is_some()
}

/// The name that stands alone in a cell.
fn bare_name(value: &ast::ParamValue) -> Option<&ast::Name> {
    let ast::ParamValue::Fixed(Expr { kind: ExprKind::Ref(reference), .. }) = value else { return None };
    (reference.owner.is_none() && reference.index.is_empty()).then_some(&reference.name)
}
