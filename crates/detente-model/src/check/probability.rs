//! Probabilities lie between 0 and 1 for all parameter values, and sum to 1.

use super::points::{approached, at_point, boxes, params_of, points, rounded};
use crate::elaborate::Elaborated;
use detente_diag::{Diagnostic, Span};
use detente_exact::Interval;
use detente_game::{Chance, ExprId, Game, Op, ParamId};
use std::collections::BTreeSet;

/// Differences below this are float rounding, not an error of the model.
const ROUNDING: f64 = 1e-9;

pub(super) fn check(elaborated: &Elaborated, found: &mut Vec<Diagnostic>) {
    let (game, facts) = (&elaborated.game, &elaborated.facts);
    let symbolic: Vec<usize> = (0..game.chances.len())
        .filter(|c| game.chances[*c].probs.iter().any(|p| game.tape.as_const(*p).is_none()))
        .collect();
    if symbolic.is_empty() {
        return;
    }
    let enclosed = boxes(game).map(|b| game.tape.eval::<Interval>(&b));
    let doubtful: Vec<usize> = symbolic
        .into_iter()
        .filter(|c| !enclosed.as_ref().is_some_and(|values| proven(game, &game.chances[*c], values)))
        .collect();
    if doubtful.is_empty() {
        return;
    }
    let points = points(game);
    let values: Vec<Vec<Option<f64>>> = points.iter().map(|p| game.tape.eval::<f64>(p)).collect();
    let mut reported = BTreeSet::new();
    for c in doubtful {
        let chance = &game.chances[c];
        for (point, values) in points.iter().zip(&values) {
            let site = |expr: ExprId| facts.sites.get(&expr).copied().unwrap_or(facts.chance_sites[c]);
            if let Some(diagnostic) = judge(game, chance, point, values, &site, facts.chance_sites[c])
                && reported.insert((diagnostic.slug, diagnostic.span()))
            {
                let stop = diagnostic.is_error();
                found.push(diagnostic);
                if stop {
                    break;
                }
            }
        }
    }
}

/// Do the enclosures show that all is well? A sum that is 1 by `rest` needs no proof.
fn proven(game: &Game, chance: &Chance, values: &[Option<Interval>]) -> bool {
    let inside = |id: &ExprId| values[id.0 as usize].is_some_and(|v| v.lo() > 0.0 && v.hi() <= 1.0);
    let rest = chance.probs.iter().any(|id| {
        matches!(game.tape.ops[id.0 as usize], Op::Sub(one, _) if game.tape.as_const(one).is_some_and(|q| q.is_one()))
    });
    rest && chance.probs.iter().all(inside) && chance.probs.len() == 2
}

fn judge(
    game: &Game,
    chance: &Chance,
    point: &[f64],
    values: &[Option<f64>],
    site: &dyn Fn(ExprId) -> Span,
    whole: Span,
) -> Option<Diagnostic> {
    let name = game.event_name(chance.event);
    let mut sum = 0.0;
    for (prob, arm) in chance.probs.iter().zip(&chance.arms) {
        let value = values[prob.0 as usize]?;
        sum += value;
        let arm = &game.events[chance.event.index()].arms[*arm as usize];
        let here = at_point(game, *prob, point);
        if !(-ROUNDING..=1.0 + ROUNDING).contains(&value) {
            return Some(leak(game, *prob, &name, arm, value, &here, site(*prob)));
        }
        if value == 0.0 && !approached(game, *prob, point) {
            return Some(
                Diagnostic::warning("touches-zero", format!("`{arm}` of `{name}` can have probability 0"))
                    .label(site(*prob), format!("0 at {here}"))
                    .help("keep the prior away from that end: `truncated(..., lo, hi)`"),
            );
        }
    }
    let first = chance.probs[0];
    ((sum - 1.0).abs() > ROUNDING).then(|| {
        let here = chance.probs.iter().map(|p| at_point(game, *p, point)).find(|t| !t.is_empty());
        let here = here.unwrap_or_else(|| at_point(game, first, point));
        Diagnostic::error("probabilities", format!("the probabilities of `{name}` do not always sum to 1"))
            .label(whole, format!("they sum to {} at {here}", rounded(sum)))
            .help("write `rest` for the last arm")
    })
}

/// A probability outside [0, 1]: because of one prior, or of the formula.
fn leak(game: &Game, prob: ExprId, name: &str, arm: &str, value: f64, here: &str, span: Span) -> Diagnostic {
    if let Some(param) = direct(game, prob).filter(|p| game.params[p.index()].prior.is_some()) {
        let param = &game.params[param.index()].name;
        return Diagnostic::error("prior-leaks", format!("the prior of `{param}` reaches outside 0 to 1"))
            .label(span, format!("used as the probability of `{arm}`; {here} is possible"))
            .help(format!("cut it: `{param} ~ truncated(..., 0.01, 0.99)`, or use `beta`"));
    }
    let message = if value > 1.0 {
        format!("the probability of `{arm}` in `{name}` can exceed 1")
    } else {
        format!("the arms of `{name}` can exceed 1, which leaves `{arm}` less than 0")
    };
    let message = match (value < 0.0, params_of(game, prob).is_empty()) {
        (true, true) => format!("the probability of `{arm}` in `{name}` is negative"),
        _ => message,
    };
    let reached = format!("reaches {} at {here}", rounded(value));
    Diagnostic::error("probabilities", message)
        .label(span, reached)
        .help("correct the formula, or narrow the priors: `truncated(..., lo, hi)`")
}

/// The parameter, if the probability is that parameter, or 1 minus it.
fn direct(game: &Game, prob: ExprId) -> Option<ParamId> {
    match game.tape.ops[prob.0 as usize] {
        Op::Param(param) => Some(param),
        Op::Sub(one, inner) if game.tape.as_const(one).is_some_and(|q| q.is_one()) => {
            match game.tape.ops[inner.0 as usize] {
                Op::Param(param) => Some(param),
                _ => None,
            }
        }
        _ => None,
    }
}
