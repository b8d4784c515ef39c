//! Probabilities lie between 0 and 1 for all parameter values, and sum to 1.

use super::enclose::{Found, MOST_IN_ALL, enclose};
use super::identity::sum_is_one;
use super::points::{approached, at_point, params_of, points, rounded};
use crate::elaborate::Elaborated;
use detente_diag::{Diagnostic, Span};
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
    // Points first: they are cheap, and the likeliest counterexample makes the best message.
    let points = points(game);
    let values: Vec<Vec<Option<f64>>> = points.iter().map(|p| game.tape.eval::<f64>(p)).collect();
    let mut reported = BTreeSet::new();
    let mut sound = Vec::new();
    for c in symbolic {
        let chance = &game.chances[c];
        let mut broken = false;
        for (point, values) in points.iter().zip(&values) {
            let site = |expr: ExprId| facts.sites.get(&expr).copied().unwrap_or(facts.chance_sites[c]);
            let Some(diagnostic) = judge(game, chance, point, values, &site, facts.chance_sites[c]) else {
                continue;
            };
            broken |= diagnostic.is_error();
            if reported.insert((diagnostic.slug, diagnostic.span())) {
                found.push(diagnostic);
            }
            if broken {
                break;
            }
        }
        if !broken {
            sound.push(c);
        }
    }
    everywhere(elaborated, &sound, found);
}

/// Shows for all values of the params what the points only suggest.
fn everywhere(elaborated: &Elaborated, chances: &[usize], found: &mut Vec<Diagnostic>) {
    let (game, facts) = (&elaborated.game, &elaborated.facts);
    let (mut judged, mut left) = (BTreeSet::new(), MOST_IN_ALL);
    let first = found.len();
    for c in chances {
        let chance = &game.chances[*c];
        let name = game.event_name(chance.event);
        let mut leaves = false;
        for (prob, arm) in chance.probs.iter().zip(&chance.arms) {
            // One arm above 1 leaves another below 0: one message says it.
            if leaves || game.tape.as_const(*prob).is_some() || !judged.insert(vec![*prob]) {
                continue;
            }
            let arm = &game.events[chance.event.index()].arms[*arm as usize];
            let span = facts.sites.get(prob).copied().unwrap_or(facts.chance_sites[*c]);
            match enclose(game, &[*prob], (-ROUNDING, 1.0 + ROUNDING), &mut left) {
                Found::Inside => {}
                Found::Leaves { point, value } => {
                    leaves = true;
                    let here = at_point(game, *prob, &point);
                    found.push(leak(game, *prob, &name, arm, value, &here, span));
                }
                Found::Open { lo, hi } => {
                    let what = format!("that `{arm}` of `{name}` stays between 0 and 1");
                    found.push(unproven(&what, (lo, hi), span));
                }
            }
        }
        if leaves || sum_is_one(game, &chance.probs) || !judged.insert(chance.probs.clone()) {
            continue;
        }
        match enclose(game, &chance.probs, (1.0 - ROUNDING, 1.0 + ROUNDING), &mut left) {
            Found::Inside => {}
            Found::Leaves { point, value } => {
                found.push(sum_differs(game, chance, &point, value, facts.chance_sites[*c]));
            }
            Found::Open { lo, hi } => {
                let what = format!("that the probabilities of `{name}` sum to 1");
                found.push(unproven(&what, (lo, hi), facts.chance_sites[*c]));
            }
        }
    }
    // The same arm on many paths is one finding.
    let mut reported = BTreeSet::new();
    let later: Vec<Diagnostic> = found.split_off(first);
    found.extend(later.into_iter().filter(|d| reported.insert((d.slug, d.span()))));
}

fn unproven(what: &str, (lo, hi): (f64, f64), span: Span) -> Diagnostic {
    let shown = if lo.is_finite() && hi.is_finite() {
        format!("shown only: between {} and {}", rounded(lo), rounded(hi))
    } else {
        "no bounds could be shown".to_string()
    };
    Diagnostic::warning("unproven-probability", format!("it could not be shown {what}"))
        .label(span, shown)
        .help("simplify the formula or narrow the priors; a draw where it fails counts as undefined")
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
    ((sum - 1.0).abs() > ROUNDING).then(|| sum_differs(game, chance, point, sum, whole))
}

fn sum_differs(game: &Game, chance: &Chance, point: &[f64], sum: f64, span: Span) -> Diagnostic {
    let here = chance.probs.iter().map(|p| at_point(game, *p, point)).find(|t| !t.is_empty());
    let here = here.unwrap_or_default();
    let name = game.event_name(chance.event);
    Diagnostic::error("probabilities", format!("the probabilities of `{name}` do not always sum to 1"))
        .label(span, format!("they sum to {} at {here}", rounded(sum)))
        .help("write `rest` for the last arm")
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
