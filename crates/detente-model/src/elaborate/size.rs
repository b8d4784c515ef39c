//! Estimates the size of the tree before it is built.
//!
//! Each statement multiplies the number of paths that go on below it. A
//! condition on moves counts each combination of their arms alike, so the
//! estimate is right on average, not path by path; building stops at the limit
//! in any case.

use super::Builder;
use super::value::short;
use crate::program::*;
use detente_diag::Diagnostic;
use detente_exact::Q;

/// An estimate of the tree below a piece of code, for one path that enters it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Nodes written.
    pub nodes: f64,
    /// Paths that go on after it.
    pub paths: f64,
    /// Paths that leave the innermost `repeat`.
    pub leaving: f64,
    /// Statements run.
    pub steps: f64,
}

const NOTHING: Estimate = Estimate { nodes: 0.0, paths: 1.0, leaving: 0.0, steps: 0.0 };

/// The estimate may exceed the limit by this factor before it alone refuses.
const CERTAIN: f64 = 16.0;

/// Refuses a tree that certainly will not fit, naming the factor that dominates.
pub(super) fn refuse(builder: &mut Builder<'_>) -> Option<Diagnostic> {
    let estimate = estimate(builder);
    let limit = builder.limits.nodes as f64;
    let too_large = estimate.nodes > limit * CERTAIN || estimate.steps > limit * CERTAIN * 4.0;
    too_large.then(|| message(builder, Some(estimate.nodes.max(estimate.steps))))
}

/// The message when building itself met the limit.
pub(super) fn over_limit(builder: &mut Builder<'_>) -> Diagnostic {
    message(builder, None)
}

fn estimate(builder: &mut Builder<'_>) -> Estimate {
    let program = builder.program;
    let mut total = NOTHING;
    for private in &program.privates {
        let arms = match &private.draw {
            PrivateDraw::Listed(arms) => arms.len() as f64,
            PrivateDraw::Split { cells, .. } => size_of(builder, cells),
            PrivateDraw::Joint { table, at } => program.joints[*table].values[*at].count() as f64,
            PrivateDraw::Missing => 1.0,
        };
        total = then(total, Estimate { nodes: 1.0, paths: arms, leaving: 0.0, steps: 1.0 });
    }
    let body = block(builder, &program.body);
    builder.counters.fill(None);
    then(total, body)
}

fn then(first: Estimate, second: Estimate) -> Estimate {
    Estimate {
        nodes: first.nodes + first.paths * second.nodes,
        paths: first.paths * second.paths,
        leaving: first.leaving + first.paths * second.leaving,
        steps: first.steps + first.paths * second.steps,
    }
}

fn both(a: Estimate, b: Estimate) -> Estimate {
    Estimate {
        nodes: a.nodes + b.nodes,
        paths: a.paths + b.paths,
        leaving: a.leaving + b.leaving,
        steps: a.steps + b.steps,
    }
}

fn scaled(a: Estimate, share: f64) -> Estimate {
    Estimate {
        nodes: a.nodes * share,
        paths: a.paths * share,
        leaving: a.leaving * share,
        steps: a.steps * share,
    }
}

fn block(builder: &mut Builder<'_>, statements: &[Stmt]) -> Estimate {
    let mut total = NOTHING;
    for stmt in statements {
        let next = statement(builder, stmt);
        total = then(total, Estimate { steps: next.steps + 1.0, ..next });
        if total.paths == 0.0 {
            break;
        }
    }
    total
}

fn statement(builder: &mut Builder<'_>, stmt: &Stmt) -> Estimate {
    let node = Estimate { nodes: 1.0, paths: 0.0, leaving: 0.0, steps: 0.0 };
    match &stmt.kind {
        StmtKind::Choose(choose) => match &choose.options {
            Options::Menu(arms) => arms.iter().fold(node, |sum, arm| {
                let share = arm.guard.as_ref().map_or(1.0, |g| share_true(builder, g));
                both(sum, scaled(block(builder, &arm.then), share))
            }),
            Options::Grid { points, .. } => Estimate { paths: size_of(builder, points), ..node },
        },
        StmtKind::Chance(chance) => {
            chance.arms.iter().fold(node, |sum, arm| both(sum, block(builder, &arm.then)))
        }
        StmtKind::Together(inner) => block(builder, inner),
        StmtKind::If { condition, then, otherwise } => {
            let share = share_true(builder, condition);
            both(scaled(block(builder, then), share), scaled(block(builder, otherwise), 1.0 - share))
        }
        StmtKind::Repeat { id, from, to, body } => repeat(builder, *id, from, to, body),
        StmtKind::Leave => Estimate { nodes: 0.0, paths: 0.0, leaving: 1.0, steps: 0.0 },
        StmtKind::End(_) => node,
        StmtKind::Tell { .. } | StmtKind::Pay(_) | StmtKind::Nothing => NOTHING,
    }
}

fn repeat(builder: &mut Builder<'_>, id: usize, from: &Formula, to: &Formula, body: &[Stmt]) -> Estimate {
    let (from, to) = (whole(builder, from), whole(builder, to));
    let rounds = (to - from + 1.0).max(0.0);
    if rounds == 0.0 {
        return NOTHING;
    }
    builder.counters[id] = Some(((from + to) / 2.0) as i64);
    let round = block(builder, body);
    builder.counters[id] = None;
    // A geometric sum: entries into round k are paths^(k-1).
    let last = round.paths.powf(rounds);
    let entries = if (round.paths - 1.0).abs() < 1e-9 { rounds } else { (last - 1.0) / (round.paths - 1.0) };
    Estimate {
        nodes: round.nodes * entries,
        paths: last + round.leaving * entries,
        leaving: 0.0,
        steps: (round.steps + 1.0) * entries,
    }
}

/// Evaluates a size quietly; 1 if it is not a number yet.
fn size_of(builder: &mut Builder<'_>, formula: &Formula) -> f64 {
    quiet(builder, formula).map_or(1.0, |value| value.to_f64().max(1.0))
}

fn whole(builder: &mut Builder<'_>, formula: &Formula) -> f64 {
    quiet(builder, formula).map_or(1.0, |value| value.to_f64())
}

/// A number over constants and counters, without reporting what is wrong with it.
fn quiet(builder: &Builder<'_>, formula: &Formula) -> Option<Q> {
    match &formula.kind {
        FormulaKind::Number(value) => Some(value.clone()),
        FormulaKind::Const(at) => builder.facts.consts[*at].clone(),
        FormulaKind::Counter(id) => builder.counters[*id].map(|v| Q::new(v, 1)),
        FormulaKind::Unary(detente_syntax::ast::UnaryOp::Negate, a) => quiet(builder, a).map(|a| -a),
        FormulaKind::Binary(op, a, b) => {
            use crate::question::Arithmetic as A;
            use detente_syntax::ast::BinaryOp as B;
            let op = match op {
                B::Add => A::Add,
                B::Subtract => A::Sub,
                B::Multiply => A::Mul,
                B::Divide => A::Div,
                B::Power => A::Pow,
                _ => return None,
            };
            crate::play::combine(op, &quiet(builder, a)?, &quiet(builder, b)?)
        }
        _ => None,
    }
}

/// The share of combinations of arms for which a condition on moves holds; a half where it cannot be told.
fn share_true(builder: &Builder<'_>, condition: &Formula) -> f64 {
    let mut events: Vec<(usize, usize)> = Vec::new();
    let mut simple = true;
    condition.walk(&mut |f| match &f.kind {
        FormulaKind::Event { event, index } => {
            let arms = builder.program.events[*event].arms.len();
            simple &= index.is_empty() && arms > 0;
            if !events.iter().any(|(e, _)| e == event) {
                events.push((*event, arms));
            }
        }
        FormulaKind::Param(_)
        | FormulaKind::Argument(_)
        | FormulaKind::Call(..)
        | FormulaKind::Table(..)
        | FormulaKind::Builtin(..)
        | FormulaKind::Quantified(..)
        | FormulaKind::If(..)
        | FormulaKind::Error => simple = false,
        _ => {}
    });
    let total: usize = events.iter().map(|(_, arms)| *arms).fold(1, usize::saturating_mul);
    if !simple || total > 4096 {
        return 0.5;
    }
    let mut holds = 0;
    for combination in 0..total {
        let mut left = combination;
        let arms: Vec<(usize, usize)> = events
            .iter()
            .map(|(event, n)| {
                let arm = left % n;
                left /= n;
                (*event, arm)
            })
            .collect();
        match decide(builder, condition, &arms) {
            Some(true) => holds += 1,
            Some(false) => {}
            None => return 0.5,
        }
    }
    f64::from(holds) / total as f64
}

fn decide(builder: &Builder<'_>, condition: &Formula, arms: &[(usize, usize)]) -> Option<bool> {
    use detente_syntax::ast::{BinaryOp as B, UnaryOp};
    let word = |f: &Formula| match &f.kind {
        FormulaKind::Event { event, .. } => {
            let (_, arm) = arms.iter().find(|(e, _)| e == event)?;
            Some(builder.program.events[*event].arms[*arm].clone())
        }
        FormulaKind::Word(word) => Some(word.clone()),
        _ => None,
    };
    match &condition.kind {
        FormulaKind::Unary(UnaryOp::Not, a) => decide(builder, a, arms).map(|t| !t),
        FormulaKind::Binary(B::And, a, b) => Some(decide(builder, a, arms)? && decide(builder, b, arms)?),
        FormulaKind::Binary(B::Or, a, b) => Some(decide(builder, a, arms)? || decide(builder, b, arms)?),
        FormulaKind::Binary(op, a, b) => {
            if let Some((a, b)) = word(a).zip(word(b)) {
                return match op {
                    B::Equal => Some(a == b),
                    B::NotEqual => Some(a != b),
                    _ => None,
                };
            }
            let order = quiet(builder, a)?.cmp(&quiet(builder, b)?);
            Some(match op {
                B::Equal => order.is_eq(),
                B::NotEqual => order.is_ne(),
                B::Less => order.is_lt(),
                B::LessEqual => order.is_le(),
                B::Greater => order.is_gt(),
                B::GreaterEqual => order.is_ge(),
                _ => return None,
            })
        }
        _ => None,
    }
}

/// The largest single factor: an event with its arms and rounds, or a `repeat`.
fn message(builder: &mut Builder<'_>, nodes: Option<f64>) -> Diagnostic {
    let program = builder.program;
    let mut found: Vec<(f64, detente_diag::Span, String)> = Vec::new();
    for private in &program.privates {
        if let PrivateDraw::Split { cells, .. } = &private.draw {
            let n = size_of(builder, cells);
            found.push((n.ln(), private.span, format!("{n} cells")));
        } else if let PrivateDraw::Listed(arms) = &private.draw {
            found.push(((arms.len() as f64).ln(), private.span, format!("{} values", arms.len())));
        }
    }
    factors(builder, &program.body, 1.0, &mut found);
    let worst = found.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
    let limit = short(&Q::new(builder.limits.nodes as i64, 1));
    let size = match nodes {
        Some(nodes) if nodes < 1e15 => format!("about {} nodes", nodes.round()),
        Some(nodes) => format!("about 10^{:.0} nodes", nodes.log10()),
        None => "more nodes than that".to_string(),
    };
    let diagnostic =
        Diagnostic::error("too-large", format!("the tree would have {size}; the limit is {limit}"));
    match worst {
        Some((_, span, what)) => diagnostic
            .label(span, format!("most of it comes from here: {what}"))
            .help("fewer rounds, a coarser grid or smaller menus; end plays that are decided"),
        None => diagnostic.help("use fewer moves"),
    }
}

fn factors(
    builder: &mut Builder<'_>,
    statements: &[Stmt],
    rounds: f64,
    found: &mut Vec<(f64, detente_diag::Span, String)>,
) {
    let times = |rounds: f64| if rounds > 1.0 { format!(", {rounds} times over") } else { String::new() };
    for stmt in statements {
        match &stmt.kind {
            StmtKind::Choose(choose) => {
                let arms = match &choose.options {
                    Options::Menu(arms) => {
                        for arm in arms {
                            factors(builder, &arm.then, rounds, found);
                        }
                        arms.len() as f64
                    }
                    Options::Grid { points, .. } => size_of(builder, points),
                };
                found.push((arms.ln() * rounds, stmt.span, format!("{arms} options{}", times(rounds))));
            }
            StmtKind::Chance(chance) => {
                for arm in &chance.arms {
                    factors(builder, &arm.then, rounds, found);
                }
                let arms = chance.arms.len() as f64;
                found.push((arms.ln() * rounds, stmt.span, format!("{arms} arms{}", times(rounds))));
            }
            StmtKind::Together(inner) => factors(builder, inner, rounds, found),
            StmtKind::If { then, otherwise, .. } => {
                factors(builder, then, rounds, found);
                factors(builder, otherwise, rounds, found);
            }
            StmtKind::Repeat { id, from, to, body } => {
                let (from, to) = (whole(builder, from), whole(builder, to));
                let count = (to - from + 1.0).max(1.0);
                builder.counters[*id] = Some(((from + to) / 2.0) as i64);
                found.push((count.ln(), stmt.span, format!("{} rounds", count * rounds)));
                factors(builder, body, rounds * count, found);
                builder.counters[*id] = None;
            }
            _ => {}
        }
    }
}
