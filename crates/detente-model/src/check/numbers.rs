//! Formulas that have no value somewhere under the priors.

use super::enclose::{Found, MOST_IN_ALL, enclose};
use super::points::{at_point, needs, points, rounded};
use crate::elaborate::Elaborated;
use detente_diag::{Diagnostic, Span};
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
        let mut unproven = None;
        let failure = failure.or_else(|| {
            for id in needed.iter().filter(|id| !guarded && proven.insert(**id)) {
                match leaves(game, *id, &values, &mut left) {
                    Some(Left::At(slug, point)) => return Some((slug, point)),
                    Some(Left::Open(lo, hi)) => unproven = unproven.or(Some((*id, lo, hi))),
                    None => {}
                }
            }
            None
        });
        let Some((slug, point)) = failure else {
            if let Some((id, lo, hi)) = unproven.filter(|_| reported.insert(("unproven-number", *span))) {
                found.push(open(&game.tape.ops[id.0 as usize], (lo, hi), *span));
            }
            continue;
        };
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

/// What came of the search for a place where an operation has no value.
enum Left {
    /// Why, and a point between the usual ones.
    At(&'static str, Vec<f64>),
    /// None was found, and that there is none could not be shown; the bounds of the operand.
    Open(f64, f64),
}

/// Does an operand leave where the operation has a value? `None`: it is shown that it does not.
fn leaves(game: &Game, id: ExprId, values: &[Vec<Option<f64>>], left: &mut usize) -> Option<Left> {
    let least = |zero_too: bool| if zero_too { 0.0 } else { f64::from_bits(1) };
    let (operand, slug, least) = match game.tape.ops[id.0 as usize] {
        Op::Div(_, b) => (b, "division-by-zero", least(false)),
        Op::Ln(a) => (a, "not-a-number", least(false)),
        Op::Sqrt(a) => (a, "not-a-number", least(true)),
        Op::Pow(a, b) => match game.tape.as_const(b) {
            Some(power) if power.is_integer() && *power >= Q::ZERO => return None,
            Some(power) if power.is_integer() => (a, "division-by-zero", least(false)),
            Some(power) => (a, "not-a-number", least(*power > Q::ZERO)),
            None => {
                let powers: Vec<f64> = values.iter().filter_map(|v| v[b.0 as usize]).collect();
                (a, "not-a-number", least(powers.iter().all(|power| *power > 0.0)))
            }
        },
        _ => return None,
    };
    if game.tape.as_const(operand).is_some() {
        return None;
    }
    let positive = values.iter().find_map(|v| v[operand.0 as usize])? > 0.0;
    // A divisor may stay on either side of zero; a logarithm and a root need the upper one.
    let side =
        if positive || slug == "not-a-number" { (least, f64::INFINITY) } else { (f64::NEG_INFINITY, -least) };
    let moving = matches!(game.tape.ops[id.0 as usize], Op::Pow(_, b) if game.tape.as_const(b).is_none());
    match enclose(game, &[operand], side, left) {
        // A power with a moving exponent may well have a value there.
        Found::Leaves { point, .. } if moving => {
            let failed = undefined(game, id, &game.tape.eval::<f64>(&point));
            Some(failed.map_or(Left::Open(f64::NEG_INFINITY, f64::INFINITY), |slug| Left::At(slug, point)))
        }
        Found::Leaves { point, .. } => Some(Left::At(slug, point)),
        Found::Open { lo, hi } => Some(Left::Open(lo, hi)),
        Found::Inside => None,
    }
}

/// The warning where nothing could be shown.
fn open(op: &Op, (lo, hi): (f64, f64), span: Span) -> Diagnostic {
    let (what, part) = match op {
        Op::Div(..) => ("this never divides by zero", "the divisor"),
        Op::Ln(_) => ("this logarithm always has a value", "its argument"),
        Op::Sqrt(_) => ("this root always has a value", "its argument"),
        _ => ("this power always has a value", "its base"),
    };
    let shown = if lo.is_finite() && hi.is_finite() {
        format!("shown only: {part} lies between {} and {}", rounded(lo), rounded(hi))
    } else {
        format!("no bounds of {part} could be shown")
    };
    Diagnostic::warning("unproven-number", format!("it could not be shown that {what}"))
        .label(span, shown)
        .help("simplify the formula, narrow the priors, or guard it with `if`; a draw where it fails counts as undefined")
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
