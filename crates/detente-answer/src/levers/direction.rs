//! Which way is better, what is good enough, and who says so: the asker, or the player's own payoffs.

use super::robust::Aim;
use super::tried::Bench;
use crate::ends::Ends;
use crate::levers::Inquiry;
use crate::query::only_outcomes;
use crate::solved::Point;
use detente_model::Model;
use detente_model::question::{Body, Conditions, Happening, Number, Query, QueryKind};

/// Which way is better, what is good enough, and who says so.
pub(super) struct Said {
    pub(super) aim: Aim,
    pub(super) because: String,
}

pub(super) fn aim(model: &Model, inquiry: &Inquiry, bench: &Bench, now: Option<Ends>) -> Said {
    let name = &model.game.players[inquiry.player.index()].name;
    let (more, because) = match inquiry.more {
        Some(more) => (more, "as asked".to_string()),
        None => match inclination(inquiry, &bench.base) {
            Some((with, without)) => {
                let said = format!(
                    "{name} gets {} where it happens and {} where it does not",
                    words(with),
                    words(without)
                );
                (with.low > without.high, said)
            }
            None => (true, "nothing says otherwise; --want less turns it round".to_string()),
        },
    };
    let threshold = inquiry.threshold.unwrap_or_else(|| match &inquiry.measure.body {
        Body::Truth(_) => {
            if more {
                1.0
            } else {
                0.0
            }
        }
        body if crate::asked::is_probability(body) => 0.5,
        _ => now.map_or(0.0, |n| if more { n.low } else { n.high }),
    });
    Said { aim: Aim { more, threshold }, because }
}

pub(super) fn words(e: Ends) -> String {
    let short = |x: f64| format!("{}", (x * 1000.0).round() / 1000.0 + 0.0);
    if e.is_point() { short(e.low) } else { format!("{} to {}", short(e.low), short(e.high)) }
}

/// What the player gets with and without the event, where its own payoffs part the two clearly.
fn inclination(inquiry: &Inquiry, base: &Point) -> Option<(Ends, Ends)> {
    let Body::Number(Number::Query(q)) = &inquiry.measure.body else { return None };
    let QueryKind::Prob(what) = &q.kind else { return None };
    if q.conditions != Conditions::default() || !only_outcomes(what) {
        return None;
    }
    let hands = base.hands();
    let value = |given: Happening| {
        let conditions = Conditions { given: Some(given), ..Conditions::default() };
        let query = Query { kind: QueryKind::Value(inquiry.player), conditions, span: q.span };
        crate::ends::overall(&hands, &Body::Number(Number::Query(Box::new(query))))
    };
    let ends = (value(what.clone())?, value(Happening::Not(Box::new(what.clone())))?);
    (ends.0.low > ends.1.high || ends.0.high < ends.1.low).then_some(ends)
}
