//! Which observations a forecast uses, and that none was made after it.

use super::day;
use crate::ask::{Asker, Place};
use crate::forecast::*;
use crate::question::Happening;
use detente_diag::{Diagnostic, Span};
use detente_syntax::ast;

/// The observations of the text, with the day of each.
pub(super) type Observed<'a> = Vec<(&'a ast::Observe, Span)>;

/// Notes which observations are used; reports those that were not known yet.
pub(super) fn evidence<'a>(
    forecast: &mut Forecast,
    usable: &[usize],
    observed: &Observed<'a>,
    asker: &mut Asker<'a>,
) {
    let mut given: Vec<(Happening, Option<usize>, bool, Span)> = Vec::new();
    forecast.queries(&mut |query| {
        if let Some(happening) = &query.conditions.given {
            let conditions = &query.conditions;
            given.push((happening.clone(), conditions.variant, conditions.observed, query.span));
        }
    });
    for (happening, variant, all, span) in given {
        if all {
            forecast.evidence.extend(usable);
            forecast.later.extend((0..observed.len()).filter(|at| !usable.contains(at)));
        }
        let room = variant.and_then(|v| asker.variants.get(v)).map_or(asker.base, |(_, room)| *room);
        let seen = observed.iter().map(|(o, _)| asker.happening(&o.event, &Place::new(room)));
        let seen: Vec<Option<Happening>> = seen.collect();
        for (at, (observe, item)) in observed.iter().enumerate() {
            let Some(event) = seen[at].as_ref().filter(|event| contains(&happening, event)) else { continue };
            match usable.contains(&at) {
                true => forecast.evidence.push(at),
                // What was also seen before may be used, whatever was seen again later.
                false if usable.iter().any(|one| seen[*one].as_ref() == Some(event)) => {}
                false => {
                    let diagnostic = hindsight(forecast, span, *item, observe.date);
                    asker.report(diagnostic);
                }
            }
        }
    }
    forecast.evidence.sort_unstable();
    forecast.evidence.dedup();
    forecast.later.sort_unstable();
    forecast.later.dedup();
    for at in forecast.later.iter().filter(|at| observed[**at].0.date.is_none()) {
        let (_, item) = observed[*at];
        asker.report(
            Diagnostic::warning(
                "undated-evidence",
                format!("forecast `{}` leaves this observation out", forecast.name),
            )
            .label(item, "it has no date, so nobody can tell whether it was known in time")
            .label(forecast.support.span, "the forecast")
            .help("say when it was seen, after the label: `on 2022-02-24`"),
        );
    }
}

/// Is `event` what happened, or one of several things that did?
pub(super) fn contains(happening: &Happening, event: &Happening) -> bool {
    happening == event
        || matches!(happening, Happening::And(parts) if parts.iter().any(|p| contains(p, event)))
}

pub(super) fn hindsight(
    forecast: &Forecast,
    used: Span,
    observed: Span,
    date: Option<ast::Date>,
) -> Diagnostic {
    let name = &forecast.name;
    let made = forecast.made.map(|day| day.to_string()).unwrap_or_default();
    let (message, label) = match date {
        Some(date) => {
            (format!("forecast `{name}` of {made} uses what was observed on {}", day(date)), "observed later")
        }
        None => (format!("forecast `{name}` uses an observation without a date"), "when was it seen?"),
    };
    Diagnostic::error("hindsight", message)
        .label(used, "uses it")
        .label(observed, label)
        .help("a forecast uses only evidence dated before the day it was made; write `given observed`, which leaves later observations out")
}
