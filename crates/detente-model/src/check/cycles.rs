//! Definitions that lead back to themselves: constants, params, functions, tables.

use crate::program::{Dist, Formula, FormulaKind, ParamValue, Program, Weight};
use detente_diag::{Diagnostic, Span};

/// A definition: which list, and where in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Definition {
    Const(usize),
    Param(usize),
    Function(usize),
    Table(usize),
}

/// Reports each cycle once, at the definition where it is first met.
pub(super) fn check(program: &Program, found: &mut Vec<Diagnostic>) {
    let all = (0..program.consts.len())
        .map(Definition::Const)
        .chain((0..program.params.len()).map(Definition::Param))
        .chain((0..program.functions.len()).map(Definition::Function))
        .chain((0..program.tables.len()).map(Definition::Table));
    let mut done = Vec::new();
    for definition in all {
        visit(program, definition, &mut Vec::new(), &mut done, found);
    }
}

fn visit(
    program: &Program,
    definition: Definition,
    open: &mut Vec<Definition>,
    done: &mut Vec<Definition>,
    found: &mut Vec<Diagnostic>,
) {
    if let Some(at) = open.iter().position(|d| *d == definition) {
        let names: Vec<String> =
            open[at..].iter().chain([&definition]).map(|d| format!("`{}`", name(program, *d))).collect();
        found.push(
            Diagnostic::error("cycle", format!("{} is defined by itself", names[0]))
                .label(span(program, definition), names.join(" needs "))
                .help("break the circle: give one of them a value of its own"),
        );
        return;
    }
    if done.contains(&definition) {
        return;
    }
    open.push(definition);
    for used in uses(program, definition) {
        visit(program, used, open, done, found);
    }
    open.pop();
    done.push(definition);
}

fn name(program: &Program, definition: Definition) -> &str {
    match definition {
        Definition::Const(at) => &program.consts[at].name,
        Definition::Param(at) => &program.params[at].name,
        Definition::Function(at) => &program.functions[at].name,
        Definition::Table(at) => &program.tables[at].name,
    }
}

fn span(program: &Program, definition: Definition) -> Span {
    match definition {
        Definition::Const(at) => program.consts[at].support.span,
        Definition::Param(at) => program.params[at].support.span,
        Definition::Function(at) => program.functions[at].support.span,
        Definition::Table(at) => program.tables[at].support.span,
    }
}

fn uses(program: &Program, definition: Definition) -> Vec<Definition> {
    let mut used = Vec::new();
    match definition {
        Definition::Const(at) => collect(&program.consts[at].value, &mut used),
        Definition::Param(at) => match &program.params[at].value {
            ParamValue::Prior { dist, at } => {
                dist_formulas(dist, &mut |f| collect(f, &mut used));
                if let Some(at) = at {
                    collect(at, &mut used);
                }
            }
            ParamValue::Fixed(formula) => collect(formula, &mut used),
            ParamValue::Missing => {}
        },
        Definition::Function(at) => collect(&program.functions[at].body, &mut used),
        Definition::Table(at) => {
            for (_, formula) in &program.tables[at].cells {
                collect(formula, &mut used);
            }
        }
    }
    used
}

fn collect(formula: &Formula, used: &mut Vec<Definition>) {
    formula.walk(&mut |f| {
        used.extend(match &f.kind {
            FormulaKind::Const(at) => Some(Definition::Const(*at)),
            FormulaKind::Param(at) => Some(Definition::Param(*at)),
            FormulaKind::Call(at, _) => Some(Definition::Function(*at)),
            FormulaKind::Table(at, _) => Some(Definition::Table(*at)),
            _ => None,
        });
    });
}

/// Calls `visit` on every formula of a distribution.
pub(crate) fn dist_formulas<'a>(dist: &'a Dist, visit: &mut dyn FnMut(&'a Formula)) {
    match dist {
        Dist::Family { args, .. } => args.iter().for_each(visit),
        Dist::Quantiles { lo, hi, .. } => {
            visit(lo);
            visit(hi);
        }
        Dist::Truncated { inner, lo, hi, .. } => {
            dist_formulas(inner, visit);
            visit(lo);
            visit(hi);
        }
        Dist::Discrete { points, .. } => {
            for (value, weight) in points {
                visit(value);
                if let Weight::Formula(weight) = weight {
                    visit(weight);
                }
            }
        }
        Dist::Point(formula) => visit(formula),
        Dist::Error => {}
    }
}
