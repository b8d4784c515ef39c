//! Formulas that have no value somewhere under the priors.

use super::enclose::{Found, MOST_IN_ALL, enclose};
use super::points::{at_point, needs, points};
use crate::elaborate::Elaborated;
use detente_diag::Diagnostic;
use detente_exact::Q;
use detente_game::{ExprId, Game, Op};
use std::collections::BTreeSet;

pub(super) fn check(elaborated: &Elaborated, found: &mut Vec<Diagnostic>) {
    let (game, facts) = (&elaborated.game, &elaborated.facts);
    let risky = |op: &Op| matches!(op, Op::Div(..) | Op::Ln(_) | Op::Sqrt(_) | Op::Pow(..));
    if !game.tape.ops.iter().any(risky) {
        return;
    }
    let points = points(game);
    let values: Vec<Vec<Option<f64>>> = points.iter().map(|p| game.tape.eval::<f64>(p)).collect();
    let (mut reported, mut proven, mut left) = (BTreeSet::new(), BTreeSet::new(), MOST_IN_ALL);
    for (root, span) in &facts.sites {
        let needed = needs(game, *root);
        let guarded = needed.iter().any(|id| matches!(game.tape.ops[id.0 as usize], Op::If(..)));
        let failure = points.iter().zip(&values).find_map(|(point, values)| {
            if values[root.0 as usize].is_some() {
                return None;
            }
            needed.iter().find_map(|id| undefined(game, *id, values)).map(|why| (why, point.clone()))
        });
        let failure = failure.or_else(|| {
            let crosses = needed.iter().any(|id| crosses_zero(game, *id, &values));
            (crosses && !guarded).then(|| ("division-by-zero", Vec::new()))
        });
        let failure = failure.or_else(|| {
            let found = needed
                .iter()
                .filter(|id| proven.insert(**id))
                .find_map(|id| leaves(game, *id, &values, &mut left));
            found.filter(|_| !guarded)
        });
        let Some((slug, point)) = failure else { continue };
        if !reported.insert((slug, *span)) {
            continue;
        }
        let place = if point.is_empty() {
            "the divisor changes its sign under the priors".to_string()
        } else {
            let here = at_point(game, *root, &point);
            if here.is_empty() { "always".to_string() } else { format!("undefined at {here}") }
        };
        let (message, help) = match slug {
            "division-by-zero" => {
                ("this can divide by zero", "narrow the prior, or guard it: `if x == 0 then ... else y / x`")
            }
            _ => (
                "this can be a logarithm, root or power that is not a number",
                "narrow the prior; logarithms need a number above 0, roots one of at least 0",
            ),
        };
        found.push(Diagnostic::error(slug, message).label(*span, place).help(help));
    }
}

/// Why an operation has no value although its operands have.
fn undefined(game: &Game, id: ExprId, values: &[Option<f64>]) -> Option<&'static str> {
    let value = |id: ExprId| values[id.0 as usize];
    if value(id).is_some() {
        return None;
    }
    match game.tape.ops[id.0 as usize] {
        Op::Div(_, b) if value(b)? == 0.0 => Some("division-by-zero"),
        Op::Ln(a) if value(a)? <= 0.0 => Some("not-a-number"),
        Op::Sqrt(a) if value(a)? < 0.0 => Some("not-a-number"),
        Op::Pow(a, b) if value(a)? == 0.0 && value(b)? < 0.0 => Some("division-by-zero"),
        Op::Pow(a, _) if value(a)? < 0.0 => Some("not-a-number"),
        _ => None,
    }
}

/// A point between the usual ones at which an operand leaves where the operation has a value.
fn leaves(
    game: &Game,
    id: ExprId,
    values: &[Vec<Option<f64>>],
    left: &mut usize,
) -> Option<(&'static str, Vec<f64>)> {
    let (operand, slug) = match game.tape.ops[id.0 as usize] {
        Op::Div(_, b) => (b, "division-by-zero"),
        Op::Ln(a) | Op::Sqrt(a) => (a, "not-a-number"),
        _ => return None,
    };
    if game.tape.as_const(operand).is_some() {
        return None;
    }
    let positive = values.iter().find_map(|v| v[operand.0 as usize])? > 0.0;
    let side = if positive { (0.0, f64::INFINITY) } else { (f64::NEG_INFINITY, 0.0) };
    match enclose(game, &[operand], side, left) {
        Found::Leaves { point, .. } => Some((slug, point)),
        Found::Inside | Found::Open { .. } => None,
    }
}

/// Is this a division whose divisor is negative at one point and positive at another?
fn crosses_zero(game: &Game, id: ExprId, values: &[Vec<Option<f64>>]) -> bool {
    let Op::Div(_, divisor) = game.tape.ops[id.0 as usize] else { return false };
    if game.tape.as_const(divisor).is_some_and(|q: &Q| !q.is_zero()) {
        return false;
    }
    let signs: Vec<f64> = values.iter().filter_map(|v| v[divisor.0 as usize]).collect();
    signs.iter().any(|v| *v < 0.0) && signs.iter().any(|v| *v > 0.0)
}
