//! What was seen: observations in the order of their dates, and whom they refute.

use crate::query::{Equilibrium, Reading, View, ask};
use crate::range::Range;
use detente_diag::Span;
use detente_model::Model;
use detente_model::model::{Day, Observe};
use detente_model::question::{Conditions, Happening, Query, QueryKind};

/// Returns the observations in the order of their dates. One without a date stands where it
/// stands in the text: right after the one before it.
pub fn in_order(model: &Model) -> Vec<&Observe> {
    let mut last: Option<Day> = None;
    let mut list: Vec<(Option<Day>, &Observe)> = vec![];
    for observe in &model.observes {
        last = observe.date.or(last);
        list.push((last, observe));
    }
    list.sort_by_key(|(day, _)| *day);
    list.into_iter().map(|(_, o)| o).collect()
}

/// Returns everything that was observed, as one event; `None` without observations.
pub fn everything(model: &Model) -> Option<Happening> {
    let parts: Vec<Happening> = model.observes.iter().map(|o| o.event.clone()).collect();
    if parts.is_empty() { None } else { Some(Happening::And(parts)) }
}

/// Makes the question "how likely is this event?".
pub fn probability(event: Happening, given: Option<Happening>) -> Query {
    let conditions = Conditions { given, ..Conditions::default() };
    Query { kind: QueryKind::Prob(event), conditions, span: Span::default() }
}

/// The probability of an event over a component: at the shown point, and bounds over all of it.
pub fn chance(eq: &Equilibrium, event: &Happening) -> (Range, Range) {
    let query = probability(event.clone(), None);
    let at = |view| ask(eq, view, &query).map_or(Range::ZERO, |r: Reading| r.range);
    let shown = at(View::At(&eq.shown, false));
    let whole = if eq.varies() { at(View::At(&eq.whole, true)) } else { shown.clone() };
    (shown, whole)
}

/// Whether an event is impossible at every point of a component.
pub fn refutes(eq: &Equilibrium, event: &Happening) -> bool {
    chance(eq, event).1.is_zero()
}
