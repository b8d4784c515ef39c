//! The numbers of councils: positions on their scales, saliences within their whole, capabilities.
//!
//! The one idea: what must hold is shown for all values of the params, as for probabilities; a prior
//! that can leave its scale is an error that says how to cut it off.

use super::enclose::{Found, MOST_IN_ALL, enclose};
use super::points::rounded;
use crate::elaborate::Elaborated;
use crate::program::{CellCode, CellDecl, CouncilDecl, FormulaKind};
use crate::resolve::Resolved;
use detente_diag::{Diagnostic, Span};
use detente_exact::Q;
use detente_game::{ExprId, Game};
use detente_prob::Prior;
use detente_syntax::ast::Quantity;

/// Differences below this share of a scale are float rounding, not an error of the model.
const ROUNDING: f64 = 1e-9;

/// One number of one actor, with what it may be.
struct Seat<'a> {
    cell: &'a CellDecl,
    expr: ExprId,
    quantity: Quantity,
    /// "the position of `Russia` on `entry`".
    what: String,
    lo: f64,
    hi: f64,
}

pub(super) fn check(resolved: &Resolved, elaborated: &Elaborated, found: &mut Vec<Diagnostic>) {
    let mut left = MOST_IN_ALL;
    for (at, council) in resolved.program.councils.iter().enumerate() {
        let seats = seats(council, elaborated, at);
        let before = found.len();
        for seat in &seats {
            found.extend(judge(&elaborated.game, seat, &mut left));
        }
        if found.len() == before {
            sums(council, elaborated, at, found);
        }
    }
}

/// Cells that nothing supports, in one message for each quantity of each council.
pub(super) fn unsupported(resolved: &Resolved, found: &mut Vec<Diagnostic>) {
    for council in &resolved.program.councils {
        let columns = [
            (Quantity::Capability, council.capability.iter().flatten().collect::<Vec<_>>()),
            (Quantity::Position, council.position.iter().flatten().flatten().collect()),
            (Quantity::Salience, council.salience.iter().flatten().flatten().collect()),
        ];
        for (quantity, cells) in columns {
            let bare: Vec<&CellDecl> = cells.into_iter().filter(|cell| !is_supported(cell)).collect();
            let Some(first) = bare.first() else { continue };
            let word = quantity.word();
            let message = match bare.len() {
                1 => format!("nothing supports one {word} in `{}`", council.name),
                n => format!("nothing supports {n} cells of `{word}` in `{}`", council.name),
            };
            found.push(
                Diagnostic::warning("unsourced-param", message)
                    .label(first.support.span, "no source, and not said to be assumed")
                    .help(format!(
                        "say it once for all: `{word} assumed \"why\" =`; or `@key[page]` after a value, or in a last cell of its row"
                    )),
            );
        }
    }
}

fn is_supported(cell: &CellDecl) -> bool {
    let mut derived = false;
    if let CellCode::Formula(formula) = &cell.value {
        formula.walk(&mut |f| derived |= matches!(f.kind, FormulaKind::Param(_) | FormulaKind::Const(_)));
    }
    derived || !cell.support.citations.is_empty() || cell.support.assumed.is_some()
}

fn seats<'a>(council: &'a CouncilDecl, elaborated: &Elaborated, at: usize) -> Vec<Seat<'a>> {
    let exprs = &elaborated.facts.councils[at];
    let mut seats = Vec::new();
    let whole = council.whole.to_f64();
    for (a, actor) in council.actors.iter().enumerate() {
        let name = &actor.name;
        let mut seat = |cell: &'a Option<CellDecl>, expr: Option<ExprId>, quantity, what, (lo, hi)| {
            if let (Some(cell), Some(expr)) = (cell, expr) {
                seats.push(Seat { cell, expr, quantity, what, lo, hi });
            }
        };
        let what = format!("the capability of `{name}`");
        seat(&council.capability[a], exprs.capability[a], Quantity::Capability, what, (0.0, f64::INFINITY));
        for (i, issue) in council.issues.iter().enumerate() {
            let end = |mark: Option<&(Q, String)>| mark.map_or(0.0, |m| m.0.to_f64());
            let ends = (end(issue.marks.first()), end(issue.marks.last()));
            let what = format!("the position of `{name}` on `{}`", issue.name);
            seat(&council.position[a][i], exprs.position[a][i], Quantity::Position, what, ends);
            let what = format!("the salience of `{}` for `{name}`", issue.name);
            seat(&council.salience[a][i], exprs.salience[a][i], Quantity::Salience, what, (0.0, whole));
        }
    }
    seats
}

/// What is wrong with one number, if anything.
fn judge(game: &Game, seat: &Seat, left: &mut usize) -> Option<Diagnostic> {
    if let CellCode::Param(at) = seat.cell.value {
        let prior = game.params[at].prior.as_ref()?;
        return judge_prior(prior, seat);
    }
    let room = if seat.hi.is_finite() { ROUNDING * (seat.hi - seat.lo) } else { 0.0 };
    let value = match game.tape.as_const(seat.expr) {
        Some(value) => value.to_f64(),
        None => match enclose(game, &[seat.expr], (seat.lo - room, seat.hi + room), left) {
            Found::Leaves { value, .. } => {
                let help = match seat.quantity {
                    Quantity::Capability => "let the formula stay above 0: `max(…, 1)`".to_string(),
                    _ => format!(
                        "keep it inside: `max({}, min({}, …))`, or narrow the priors",
                        seat.lo, seat.hi
                    ),
                };
                return Some(outside(seat, &format!("can become {}", rounded(value))).help(help));
            }
            // What could not be shown is looked at in each draw.
            Found::Inside | Found::Open { .. } => base(game, seat.expr)?,
        },
    };
    let none = seat.quantity == Quantity::Capability && value <= 0.0;
    if none || value < seat.lo - room || value > seat.hi + room {
        let help = match seat.quantity {
            Quantity::Capability => {
                "give every actor a number above 0; leave out an actor that can do nothing".to_string()
            }
            Quantity::Position => {
                format!("the scale runs from {} to {}; correct one of the two", seat.lo, seat.hi)
            }
            Quantity::Salience if value > seat.lo => convention(value, seat.hi),
            Quantity::Salience => "0 means that the actor does not care; less is not possible".to_string(),
        };
        return Some(outside(seat, &format!("is {}", rounded(value))).help(help));
    }
    None
}

/// The convention under which a salience would fit.
fn convention(value: f64, whole: f64) -> String {
    match value <= 100.0 && whole < 100.0 {
        true => format!("saliences are parts of {whole} here; for parts of 100 write `salience out of 100`"),
        false => format!("saliences are parts of {whole} here"),
    }
}

fn judge_prior(prior: &Prior, seat: &Seat) -> Option<Diagnostic> {
    let (lo, hi) = prior.support();
    let (least, most) = (rounded(seat.lo), rounded(seat.hi));
    if seat.quantity == Quantity::Capability {
        let leaks = lo < 0.0 || (lo == 0.0 && prior.reaches_ends());
        let help = match prior {
            Prior::Interval { .. } => "let the range begin above 0, such as `1 to 20`".to_string(),
            _ => "use a prior above 0, such as `1 to 20`, or cut it off: `truncated(…, 1, 100)`".to_string(),
        };
        let reach = if lo.is_finite() {
            format!("can be as low as {}", rounded(lo))
        } else {
            "has no lower end".into()
        };
        return leaks.then(|| outside(seat, &reach).help(help));
    }
    let range = match prior {
        Prior::Truncated { prior, .. } => prior.as_ref(),
        other => other,
    };
    if let Prior::Interval { lo, hi } = range
        && (*lo < seat.lo || *hi > seat.hi)
    {
        let help = match seat.quantity {
            Quantity::Salience if *lo >= seat.lo => convention(*hi, seat.hi),
            _ => format!("write a range between {least} and {most}"),
        };
        return Some(outside(seat, &format!("is said to reach from {lo} to {hi}")).help(help));
    }
    if lo >= seat.lo && hi <= seat.hi {
        return None;
    }
    let reach = if hi > seat.hi { hi } else { lo };
    let reaches = match reach.is_finite() {
        true => format!("can reach {}", rounded(reach)),
        false => "has no end".to_string(),
    };
    let help = format!(
        "cut it off: `truncated(…, {least}, {most})`; or write a range such as `20 to 60`, which ends where the scale does"
    );
    Some(outside(seat, &reaches).help(help))
}

fn outside(seat: &Seat, does: &str) -> Diagnostic {
    let (slug, message) = match seat.quantity {
        Quantity::Capability => ("no-capability", format!("{} is not above 0 for sure", seat.what)),
        Quantity::Position => ("off-scale", format!("{} leaves the scale", seat.what)),
        Quantity::Salience => ("salience-range", format!("{} leaves 0 to {}", seat.what, seat.hi)),
    };
    Diagnostic::error(slug, message).label(seat.cell.support.span, does.to_string())
}

fn base(game: &Game, expr: ExprId) -> Option<f64> {
    let values = game.tape.eval_exact(&game.base_params());
    values.get(expr.0 as usize)?.as_ref().ok().map(|(value, _)| value.to_f64())
}

/// Saliences that are shares of one whole must not exceed it at the base values.
fn sums(council: &CouncilDecl, elaborated: &Elaborated, at: usize, found: &mut Vec<Diagnostic>) {
    if council.each {
        return;
    }
    let game = &elaborated.game;
    let values = game.tape.eval_exact(&game.base_params());
    let whole = council.whole.to_f64();
    for (a, actor) in council.actors.iter().enumerate() {
        let row = &elaborated.facts.councils[at].salience[a];
        let parts: Option<Vec<f64>> =
            row.iter().map(|expr| Some(values.get((*expr)?.0 as usize)?.as_ref().ok()?.0.to_f64())).collect();
        let Some(parts) = parts else { continue };
        let sum: f64 = parts.iter().sum();
        if sum <= whole * (1.0 + ROUNDING) {
            continue;
        }
        let listed: Vec<String> = parts.iter().map(|p| rounded(*p)).collect();
        let spans = council.salience[a].iter().flatten().map(|cell| cell.support.span);
        let span = spans.reduce(|a, b| if a.file == b.file { a.to(b) } else { a }).unwrap_or(actor.span);
        let whole_text = rounded(whole);
        let convention = match council.whole == Q::ONE {
            true => "salience each".to_string(),
            false => format!("salience out of {whole_text} each"),
        };
        found.push(
            Diagnostic::error(
                "salience-sum",
                format!("the saliences of `{}` sum to {}, above {whole_text}", actor.name, rounded(sum)),
            )
            .label(first_line(span), listed.join(" + "))
            .help(format!(
                "they are shares of one attention: lower them; if every issue is rated by itself, write `{convention}`"
            )),
        );
    }
}

/// A span that is short enough to be shown.
fn first_line(span: Span) -> Span {
    Span { end: span.end.min(span.start + 200), ..span }
}
