//! Questions that do not ask what they seem to ask.

use crate::assemble::Assembled;
use crate::model::Model;
use crate::play::Play;
use crate::question::*;
use detente_diag::{Diagnostic, Span};
use detente_game::{EventKind, Game, NodeId, NodeKind};
use std::collections::BTreeSet;

/// Trees larger than this are not searched for impossible events.
const MOST_NODES: usize = 100_000;

pub(super) fn check(assembled: &Assembled, found: &mut Vec<Diagnostic>) {
    let model = &assembled.model;
    for claim in &model.claims {
        truth(model, &claim.body, found);
    }
    for ask in &model.asks {
        match &ask.body {
            Body::Number(n) => number(model, n, found),
            Body::Truth(t) => truth(model, t, found),
        }
    }
    impossible(model, found);
}

fn truth(model: &Model, t: &Truth, found: &mut Vec<Diagnostic>) {
    match t {
        Truth::Const(_) => {}
        Truth::Compare(_, a, b) => {
            pair(model, a, b, found);
            number(model, a, found);
            number(model, b, found);
        }
        Truth::And(parts) | Truth::Or(parts) => parts.iter().for_each(|p| truth(model, p, found)),
        Truth::Not(part) => truth(model, part, found),
    }
}

fn number(model: &Model, n: &Number, found: &mut Vec<Diagnostic>) {
    match n {
        Number::Const(_) | Number::Param(_) | Number::Query(_) | Number::Council(_) => {}
        Number::Neg(a) | Number::Function(_, a) => number(model, a, found),
        Number::Binary(op, a, b) => {
            if *op == Arithmetic::Sub {
                pair(model, a, b, found);
            }
            number(model, a, found);
            number(model, b, found);
        }
        Number::If(c, a, b) => {
            truth(model, c, found);
            number(model, a, found);
            number(model, b, found);
        }
    }
}

/// Two numbers that are compared or subtracted.
fn pair(model: &Model, a: &Number, b: &Number, found: &mut Vec<Diagnostic>) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    a.queries(&mut |q| left.push(q));
    b.queries(&mut |q| right.push(q));
    let players = |side: &[&Query]| -> BTreeSet<u32> {
        side.iter()
            .filter_map(|q| match q.kind {
                QueryKind::Value(player) => Some(player.0),
                _ => None,
            })
            .collect()
    };
    let (x, y) = (players(&left), players(&right));
    if !x.is_empty() && !y.is_empty() && x.is_disjoint(&y) {
        found.push(
            Diagnostic::warning(
                "interpersonal-comparison",
                "payoffs of different players have no common unit",
            )
            .label(left[0].span, "one player's payoff")
            .label(right[0].span, "another's")
            .help("compare each player with itself, under two conditions"),
        );
    }
    if left.is_empty() || right.is_empty() {
        return;
    }
    let chosen = left.iter().chain(&right).find(|q| seen_choice(model, q));
    let different = left.iter().any(|l| right.iter().any(|r| l.conditions != r.conditions));
    if let Some(query) = chosen.filter(|_| different) {
        found.push(
            Diagnostic::warning("given-a-choice", "this compares what follows choices by who makes them, not by what they do")
                .label(query.span, "`given` a player's choice tells who chose it")
                .help("for the effect of the move write `do P.move == m`; for what seeing it tells add `as evidence`"),
        );
    }
}

/// Is an outcome or move asked for, given a player's choice?
fn seen_choice(model: &Model, query: &Query) -> bool {
    let conditions = &query.conditions;
    if conditions.as_evidence || conditions.observed {
        return false;
    }
    let game = model.game_of(conditions.variant);
    let Some(given) = &conditions.given else { return false };
    if !events(given).iter().any(|e| game.events[*e as usize].kind == EventKind::Move) {
        return false;
    }
    match &query.kind {
        QueryKind::Prob(asked) => {
            // Beliefs about facts are what seeing is for.
            let asked_events = events(asked);
            has_outcome(asked)
                || asked_events.iter().any(|e| game.events[*e as usize].kind != EventKind::Private)
        }
        QueryKind::Mean(_) | QueryKind::Value(_) => true,
        QueryKind::Belief { .. } | QueryKind::Gain { .. } => false,
    }
}

fn has_outcome(h: &Happening) -> bool {
    match h {
        Happening::Outcome(_) => true,
        Happening::And(parts) | Happening::Or(parts) => parts.iter().any(has_outcome),
        Happening::Not(part) => has_outcome(part),
        _ => false,
    }
}

/// Events that a statement about a play speaks of.
fn events(h: &Happening) -> BTreeSet<u32> {
    let mut list = BTreeSet::new();
    collect(h, &mut list);
    list
}

fn collect(h: &Happening, list: &mut BTreeSet<u32>) {
    match h {
        Happening::Const(_) | Happening::Outcome(_) => {}
        Happening::Arm { event, .. } | Happening::Made(event) => {
            list.insert(event.0);
        }
        Happening::Compare(_, a, b) => {
            collect_number(a, list);
            collect_number(b, list);
        }
        Happening::And(parts) | Happening::Or(parts) => parts.iter().for_each(|p| collect(p, list)),
        Happening::Not(part) => collect(part, list),
    }
}

fn collect_number(n: &PlayNumber, list: &mut BTreeSet<u32>) {
    match n {
        PlayNumber::Const(_) | PlayNumber::Param(_) | PlayNumber::Duration | PlayNumber::Undefined => {}
        PlayNumber::Value(event) => {
            list.insert(event.0);
        }
        PlayNumber::Indicator(h) => collect(h, list),
        PlayNumber::If(h, a, b) => {
            collect(h, list);
            collect_number(a, list);
            collect_number(b, list);
        }
        PlayNumber::Neg(a) | PlayNumber::Function(_, a) => collect_number(a, list),
        PlayNumber::Binary(_, a, b) => {
            collect_number(a, list);
            collect_number(b, list);
        }
    }
}

/// Observations and conditions that no play fulfils.
fn impossible(model: &Model, found: &mut Vec<Diagnostic>) {
    let report = |span: Span, what: &str| {
        Diagnostic::error("impossible-event", format!("no play of the game {what}"))
            .label(span, "cannot happen")
            .help("check the moves it names, and in which order play offers them")
    };
    for observe in &model.observes {
        if never(&model.game, &observe.event) {
            found.push(report(observe.support.span, "agrees with this observation"));
        }
    }
    let all: Vec<&Happening> = model.observes.iter().map(|o| &o.event).collect();
    if all.len() > 1 && !all.iter().any(|h| never(&model.game, h)) {
        let together = Happening::And(all.into_iter().cloned().collect());
        if never(&model.game, &together) {
            let last = model.observes.last().map(|o| o.support.span).unwrap_or_default();
            found.push(report(last, "agrees with all observations at once"));
        }
    }
    let mut queries: Vec<&Query> = Vec::new();
    model.asks.iter().for_each(|a| a.body.queries(&mut |q| queries.push(q)));
    model.claims.iter().for_each(|c| c.body.queries(&mut |q| queries.push(q)));
    model.forecasts.iter().for_each(|f| f.queries(&mut |q| queries.push(q)));
    for query in queries {
        let conditions = &query.conditions;
        // What an intervention makes possible is not judged here.
        if conditions.interventions.is_empty()
            && !conditions.observed
            && let Some(given) = &conditions.given
            && never(model.game_of(conditions.variant), given)
        {
            found.push(report(query.span, "fulfils this condition"));
        }
    }
}

fn never(game: &Game, happening: &Happening) -> bool {
    if game.nodes.len() > MOST_NODES {
        return false;
    }
    let Ok(numbers) = game.numbers(&game.base_params()) else { return false };
    !(0..game.nodes.len()).any(|at| {
        matches!(game.nodes[at].kind, NodeKind::Terminal(_))
            && happening.holds(game, &numbers.params, &numbers.tape, &Play::to_node(game, NodeId(at as u32)))
    })
}
