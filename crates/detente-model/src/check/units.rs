//! Units: numbers of different units are not added or compared.
//!
//! Only `+`, `-` and comparisons are checked. A plain number has any unit, and
//! a product of two units is not followed further.

use crate::program::*;
use crate::resolve::Resolved;
use detente_diag::Diagnostic;
use detente_syntax::ast::BinaryOp;

pub(super) fn check(resolved: &Resolved, found: &mut Vec<Diagnostic>) {
    let program = &resolved.program;
    let mut visit = |formula: &Formula| {
        unit(program, formula, found);
    };
    program.consts.iter().for_each(|c| visit(&c.value));
    program.functions.iter().for_each(|f| visit(&f.body));
    program.tables.iter().flat_map(|t| &t.cells).for_each(|(_, f)| visit(f));
    program.outcomes.iter().flat_map(|o| &o.pays).for_each(|p| visit(&p.amount));
    for param in &program.params {
        if let ParamValue::Fixed(formula) = &param.value {
            visit(formula);
        }
    }
    statements(&program.body, &mut visit);
}

fn statements(list: &[Stmt], visit: &mut dyn FnMut(&Formula)) {
    for stmt in list {
        match &stmt.kind {
            StmtKind::Choose(choose) => match &choose.options {
                Options::Menu(arms) => {
                    for arm in arms {
                        arm.guard.iter().for_each(&mut *visit);
                        statements(&arm.then, visit);
                    }
                }
                Options::Grid { lo, hi, .. } => {
                    visit(lo);
                    visit(hi);
                }
            },
            StmtKind::Chance(chance) => {
                for arm in &chance.arms {
                    if let Weight::Formula(formula) = &arm.weight {
                        visit(formula);
                    }
                    statements(&arm.then, visit);
                }
            }
            StmtKind::Together(inner) => statements(inner, visit),
            StmtKind::Tell { what, .. } => visit(what),
            StmtKind::Pay(codes) => codes.iter().for_each(|c| visit(&c.amount)),
            StmtKind::If { condition, then, otherwise } => {
                visit(condition);
                statements(then, visit);
                statements(otherwise, visit);
            }
            StmtKind::Repeat { body, .. } => statements(body, visit),
            StmtKind::Leave | StmtKind::End(_) | StmtKind::Nothing => {}
        }
    }
}

/// Returns the unit of a formula, if it is known.
fn unit<'p>(program: &'p Program, formula: &'p Formula, found: &mut Vec<Diagnostic>) -> Option<&'p str> {
    match &formula.kind {
        FormulaKind::Param(at) => program.params[*at].unit.as_deref(),
        FormulaKind::Table(at, args) => {
            args.iter().for_each(|a| {
                unit(program, a, found);
            });
            program.tables[*at].unit.as_deref()
        }
        FormulaKind::Unary(_, a) => unit(program, a, found),
        FormulaKind::If(c, a, b) => {
            unit(program, c, found);
            let (a, b) = (unit(program, a, found), unit(program, b, found));
            a.or(b)
        }
        FormulaKind::Builtin(builtin, args) => {
            let units: Vec<Option<&str>> = args.iter().map(|a| unit(program, a, found)).collect();
            match builtin {
                Builtin::Min | Builtin::Max | Builtin::Abs => units.into_iter().flatten().next(),
                _ => None,
            }
        }
        FormulaKind::Call(_, args) => {
            args.iter().for_each(|a| {
                unit(program, a, found);
            });
            None
        }
        FormulaKind::Quantified(_, body) => unit(program, body, found),
        FormulaKind::Binary(op, a, b) => {
            let (x, y) = (unit(program, a, found), unit(program, b, found));
            combined(*op, (a, x), (b, y), found)
        }
        _ => None,
    }
}

fn combined<'p>(
    op: BinaryOp,
    (a, x): (&Formula, Option<&'p str>),
    (b, y): (&Formula, Option<&'p str>),
    found: &mut Vec<Diagnostic>,
) -> Option<&'p str> {
    use BinaryOp as B;
    let compares =
        matches!(op, B::Less | B::LessEqual | B::Greater | B::GreaterEqual | B::Equal | B::NotEqual);
    if (compares || matches!(op, B::Add | B::Subtract))
        && let (Some(x), Some(y)) = (x, y)
        && x != y
    {
        let verb = if compares { "compared" } else { "added" };
        found.push(
            Diagnostic::error("unit-mismatch", format!("`{x}` and `{y}` cannot be {verb}"))
                .label(a.span, format!("in `{x}`"))
                .label(b.span, format!("in `{y}`"))
                .help("convert one of them, or correct its unit"),
        );
    }
    match op {
        B::Add | B::Subtract => x.or(y),
        B::Multiply if x.is_none() || y.is_none() => x.or(y),
        B::Divide if y.is_none() => x,
        _ => None,
    }
}
