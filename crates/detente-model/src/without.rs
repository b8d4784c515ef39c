//! A model without one of its sources: what hangs on it alone is taken away, and the model is read again.
//!
//! An item hangs on a source if it cites it, or a source that reaches us only through it (`via`), and
//! cites nothing else. Then an observation is removed, and a number has no range of its own any more:
//! it takes the widest one, see [`widest`], unless the range is said to be assumed: an assumption does
//! not fall with the source beside it. Questions that lose all their evidence are removed as well.
//! Moves, outcomes, players and hypotheses stay: without them there is no game to ask. The reasons
//! stand in `docs/design/019-without-a-source.md`.

use crate::ask::mentions_observed;
use crate::bib::Bibliography;
use crate::elaborate::Limits;
use crate::files::Files;
use crate::load::{Loaded, load_changed};
use detente_syntax::ast::{
    Caption, Citation, Conditions, Dist, Expr, ExprKind, ForecastValue, Item, ItemKind, Name, Number, Param,
    ParamValue, UnaryOp, Weight,
};
use std::collections::{BTreeMap, BTreeSet};

/// What was taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Keys that fall with the source: itself first, then what it alone relays.
    pub keys: Vec<String>,
    /// Observations, by label or formula.
    pub observations: Vec<String>,
    /// Parameters whose range is given up.
    pub widened: Vec<String>,
    /// Parameters that hang on the source, but could not be widened: the model would break.
    pub kept: Vec<String>,
    /// Parameters whose range is assumed and stays; nothing but that assumption supports it now.
    pub assumed: Vec<String>,
    /// Claims, questions and forecasts without any evidence left, by name.
    pub unasked: Vec<String>,
    /// Claims, questions and forecasts whose own statement only this source supports, by name.
    pub unsupported: Vec<String>,
    /// Moves, outcomes, players and hypotheses that only this source supports, in words.
    pub structure: Vec<String>,
}

/// The keys that fall with a source: those that say they reach us `via` it, and those via them.
pub fn falling(sources: &Bibliography, key: &str) -> Vec<String> {
    let mut keys = vec![key.to_string()];
    let mut at = 0;
    while at < keys.len() {
        let relay = keys[at].clone();
        for (other, source) in sources {
            if source.field("via") == Some(relay.as_str()) && !keys.contains(other) {
                keys.push(other.clone());
            }
        }
        at += 1;
    }
    keys
}

/// The widest range of a number whose range nobody supports: twice the stated one about its middle, cut
/// at 0 and at 1 where the stated one does not go beyond. A fixed number may be anything between nothing
/// and its double.
pub fn widest(stated: (f64, f64)) -> (f64, f64) {
    let (lo, hi) = stated;
    let half = if lo == hi { lo.abs() } else { hi - lo };
    let middle = (lo + hi) / 2.0;
    // Twelve digits: 0.4 - 0.4 is 0, whatever the last bits of a float say.
    let round = |x: f64| (x * 1e12).round() / 1e12;
    let (mut a, mut b) = (round(middle - half), round(middle + half));
    if lo >= 0.0 {
        a = a.max(0.0);
    }
    if lo >= 0.0 && hi <= 1.0 {
        b = b.min(1.0);
    }
    if hi <= 0.0 {
        b = b.min(0.0);
    }
    (a, b)
}

/// Reads the model at `path` without what hangs on the sources of these keys alone.
///
/// `ranges` holds the range of every parameter of the whole model, by name. With `widen` a range that is
/// assumed beside the source is given up as well.
pub fn load_without(
    files: &dyn Files,
    path: &str,
    limits: Limits,
    keys: &[String],
    ranges: &BTreeMap<String, (f64, f64)>,
    widen: bool,
) -> (Loaded, Removed) {
    let mut tied = Vec::new();
    load_changed(files, path, limits, &mut |items| {
        tied = tied_params(items, keys, widen).into_iter().filter(|name| ranges.contains_key(name)).collect();
    });
    let mut kept: BTreeSet<String> = BTreeSet::new();
    let attempt = |kept: &BTreeSet<String>| {
        let mut removed = Removed { keys: keys.to_vec(), ..Removed::default() };
        let loaded = load_changed(files, path, limits, &mut |items| {
            take_away(items, keys, ranges, kept, widen, &mut removed);
        });
        (loaded, removed)
    };
    let (mut loaded, mut removed) = attempt(&kept);
    if loaded.model.is_none() {
        // Some range is too wide for the model: those that break it on their own stay as they are.
        for name in &tied {
            let others: BTreeSet<String> = tied.iter().filter(|other| *other != name).cloned().collect();
            if attempt(&others).0.model.is_none() {
                kept.insert(name.clone());
            }
        }
        (loaded, removed) = attempt(&kept);
        if loaded.model.is_none() {
            kept = tied.iter().cloned().collect();
            (loaded, removed) = attempt(&kept);
        }
    }
    removed.kept = kept.into_iter().collect();
    (loaded, removed)
}

fn hangs(citations: &[Citation], keys: &[String]) -> bool {
    !citations.is_empty() && citations.iter().all(|citation| keys.contains(&citation.key))
}

fn tied_params(items: &[Item], keys: &[String], widen: bool) -> Vec<String> {
    let tied = items.iter().filter_map(|item| match &item.kind {
        ItemKind::Param(param) if hangs(&param.caption.citations, keys) => {
            (widen || param.caption.assumed.is_none()).then(|| param.name.text.clone())
        }
        _ => None,
    });
    tied.collect()
}

fn take_away(
    items: &mut Vec<Item>,
    keys: &[String],
    ranges: &BTreeMap<String, (f64, f64)>,
    kept: &BTreeSet<String>,
    widen: bool,
    removed: &mut Removed,
) {
    items.retain(|item| match &item.kind {
        ItemKind::Observe(observe) if hangs(&observe.caption.citations, keys) => {
            let label = observe.caption.label.as_ref().map(|label| label.value.clone());
            removed.observations.push(label.unwrap_or_else(|| "an observation".to_string()));
            false
        }
        _ => true,
    });
    let blind = !items.iter().any(|item| matches!(item.kind, ItemKind::Observe(_)));
    if blind && !removed.observations.is_empty() {
        removed.unasked = remove_blind(items);
    }
    for item in items.iter_mut() {
        match &mut item.kind {
            ItemKind::Param(param) if hangs(&param.caption.citations, keys) => {
                let name = &param.name.text;
                if param.caption.assumed.is_some() && !widen {
                    removed.assumed.push(name.clone());
                } else if let (Some(stated), false) = (ranges.get(name), kept.contains(name)) {
                    give_up_range(param, *stated, removed);
                }
            }
            other => note_unsupported(other, keys, removed),
        }
    }
}

/// Removes the questions that condition on observations, and what resolves them; returns their names.
fn remove_blind(items: &mut Vec<Item>) -> Vec<String> {
    let mut gone: Vec<String> = Vec::new();
    items.retain(|item| {
        let (name, asks) = match &item.kind {
            ItemKind::Ask(ask) => (&ask.name, asks_observed(&ask.body)),
            ItemKind::Claim(claim) => (&claim.name, asks_observed(&claim.body)),
            ItemKind::Forecast(forecast) => (
                &forecast.name,
                match &forecast.value {
                    ForecastValue::Plain(expr) => asks_observed(expr),
                    ForecastValue::Arms { arms, .. } => arms
                        .iter()
                        .any(|arm| matches!(&arm.weight, Weight::Expr(expr) if asks_observed(expr))),
                },
            ),
            _ => return true,
        };
        if asks {
            gone.push(name.text.clone());
        }
        !asks
    });
    items.retain(|item| !matches!(&item.kind, ItemKind::Resolve(r) if gone.contains(&r.name.text)));
    gone
}

/// Gives a parameter the widest range about the stated one, if it has any width; its base value stays.
fn give_up_range(param: &mut Param, stated: (f64, f64), removed: &mut Removed) {
    let (lo, hi) = widest(stated);
    if lo >= hi {
        return;
    }
    let base = match &param.value {
        ParamValue::Prior { at, .. } => at.clone(),
        ParamValue::Fixed(value) => Some(value.clone()),
        ParamValue::Missing => None,
    };
    let span = param.name.span;
    let args = vec![number(lo, span), number(hi, span)];
    let family = Name { text: "uniform".to_string(), span };
    param.value = ParamValue::Prior { dist: Dist::Family { name: family, args, span }, at: base };
    removed.widened.push(param.name.text.clone());
}

/// Notes what stays although nothing supports it any more.
fn note_unsupported(item: &ItemKind, keys: &[String], removed: &mut Removed) {
    let bare = |caption: &Caption| hangs(&caption.citations, keys);
    match item {
        ItemKind::Claim(claim) if bare(&claim.caption) => removed.unsupported.push(claim.name.text.clone()),
        ItemKind::Ask(ask) if bare(&ask.caption) => removed.unsupported.push(ask.name.text.clone()),
        ItemKind::Forecast(forecast) if bare(&forecast.caption) => {
            removed.unsupported.push(forecast.name.text.clone());
        }
        ItemKind::Outcome(outcome) if bare(&outcome.caption) => {
            removed.structure.push(format!("outcome `{}`", outcome.name.text));
        }
        ItemKind::Hypothesis(h) if bare(&h.caption) => {
            removed.structure.push(format!("hypothesis `{}`", h.name.text));
        }
        ItemKind::Private(p) if bare(&p.caption) => {
            removed.structure.push(format!("private fact `{}.{}`", p.player.text, p.name.text));
        }
        ItemKind::Players(players) => {
            for player in players.iter().filter(|player| bare(&player.caption)) {
                removed.structure.push(format!("player `{}`", player.name.text));
            }
        }
        _ => {}
    }
}

fn number(value: f64, span: detente_diag::Span) -> Expr {
    // Twelve digits: the last bits of a float would only make the proof slow.
    let text = format!("{:.12}", value.abs());
    let text = text.trim_end_matches('0').trim_end_matches('.').to_string();
    let plain = Expr { kind: ExprKind::Number(Number { text }), span };
    match value < 0.0 {
        true => Expr { kind: ExprKind::Unary { op: UnaryOp::Negate, operand: Box::new(plain) }, span },
        false => plain,
    }
}

/// Does a question condition on all observations?
fn asks_observed(expr: &Expr) -> bool {
    let conditions = |on: &Conditions| on.given.as_ref().is_some_and(|given| mentions_observed(&given.event));
    match &expr.kind {
        ExprKind::Prob { conditions: on, .. }
        | ExprKind::Mean { conditions: on, .. }
        | ExprKind::Value { conditions: on, .. }
        | ExprKind::Belief { conditions: on, .. }
        | ExprKind::Gain { conditions: on, .. } => conditions(on),
        ExprKind::Unary { operand, .. } => asks_observed(operand),
        ExprKind::Binary { left, right, .. } => asks_observed(left) || asks_observed(right),
        ExprKind::If { condition, then, otherwise } => {
            asks_observed(condition) || asks_observed(then) || asks_observed(otherwise)
        }
        ExprKind::Call { args, .. } => args.iter().any(asks_observed),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_range_is_twice_the_stated_one() {
        assert_eq!(widest((2.0, 4.0)), (1.0, 5.0));
        assert_eq!(widest((-1.0, 1.0)), (-2.0, 2.0));
        assert_eq!(widest((0.2, 0.6)), (0.0, 0.8));
        assert_eq!(widest((0.6, 0.9)), (0.45, 1.0));
        assert_eq!(widest((-3.0, -1.0)), (-4.0, 0.0));
        assert_eq!(widest((0.4, 0.4)), (0.0, 0.8));
        assert_eq!(widest((0.0, 0.0)), (0.0, 0.0));
    }

    #[test]
    fn what_a_source_relays_falls_with_it() {
        let read = crate::bib::read(
            "@book{a, title = {A}} @book{b, title = {B}, via = {a}} @book{c, via = {b}} @book{d, via = {the press}}",
        );
        assert_eq!(falling(&read.entries, "a"), ["a", "b", "c"]);
        assert_eq!(falling(&read.entries, "d"), ["d"]);
    }
}
