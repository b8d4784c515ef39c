//! Rows of an `ask`: one per combination of equilibria, then low–high over all.

use crate::number::scene;
use crate::query::{Found, Reading};
use crate::range::Range;
use crate::solved::{Hands, World, needed};
use crate::undefined::Undefined;
use crate::verdict::{Class, Verdict, class, verdict};
use detente_exact::Q;
use detente_game::solution::{Num, Status};
use detente_model::model::Ask;
use detente_model::question::{Arithmetic, Body, Number, QueryKind};
use serde::{Deserialize, Serialize};

/// The answer to one `ask`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub name: String,
    pub label: String,
    pub strength: Status,
    pub rows: Vec<Row>,
    /// Lowest and highest over all rows with a value; `None` for statements.
    pub low: Option<Num>,
    pub high: Option<Num>,
    /// For a statement: what holds over all equilibria.
    pub class: Option<Class>,
    /// True if the question conditions on an event after `as evidence`.
    pub evidence: bool,
    /// True if the question is one probability of an event.
    pub probability: bool,
}

/// The answer in one combination of equilibria.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// `E1`, or `E1`, `no_joining:E2` where several games are asked.
    pub equilibria: Vec<String>,
    #[serde(flatten)]
    pub content: Content,
}

/// What stands in a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    Number(Box<NumberRow>),
    Statement(Verdict),
    Undefined(Undefined),
}

/// A number in one combination of equilibria.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberRow {
    /// At the point that shows the component.
    pub value: Num,
    /// Sure bounds over the whole component.
    pub low: Num,
    pub high: Num,
    /// False if the question may be undefined at some points of the component.
    pub defined_everywhere: bool,
    /// The number in units of a player's stake: largest minus smallest payoff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stake: Option<InStakes>,
}

/// A difference of values in units of what the player can gain or lose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InStakes {
    pub player: String,
    pub stake: Num,
    pub low: f64,
    pub high: f64,
}

/// A number at the shown point and over the whole component.
pub struct Both {
    pub shown: Found,
    pub whole: Found,
}

/// Computes a number in one combination of equilibria.
pub fn both(params: &[Q], world: &World, number: &Number) -> Both {
    let shown = scene(params, &world.equilibria, false).number(number);
    if !world.equilibria.iter().any(|(_, e)| e.varies()) {
        return Both { whole: shown.clone(), shown };
    }
    let whole = scene(params, &world.equilibria, true).number(number);
    Both { shown, whole }
}

impl Both {
    /// Bounds over the component, and whether the number exists at every point.
    pub fn bounds(&self) -> Option<Reading> {
        match (&self.shown, &self.whole) {
            (Ok(shown), Ok(whole)) => {
                Some(Reading { range: whole.range.hull(&shown.range), sure: whole.sure && shown.sure })
            }
            (Err(_), Ok(whole)) => Some(Reading { range: whole.range.clone(), sure: false }),
            _ => None,
        }
    }
}

/// Answers an `ask`.
pub fn answer(hands: &Hands, ask: &Ask) -> Answer {
    let games = needed(std::iter::empty(), std::iter::once(&ask.body));
    let worlds = hands.worlds(&games);
    let mut rows = vec![];
    let mut hull: Option<Range> = None;
    for world in &worlds {
        let content = match &ask.body {
            Body::Truth(t) => Content::Statement(verdict(&hands.point.params, world, t)),
            Body::Number(n) => {
                let both = both(&hands.point.params, world, n);
                if let Some(r) = both.bounds() {
                    hull = Some(hull.map_or(r.range.clone(), |h| h.hull(&r.range)));
                }
                number_row(hands, n, both)
            }
        };
        rows.push(Row { equilibria: world.names.clone(), content });
    }
    let verdicts = || {
        rows.iter().filter_map(|r| match &r.content {
            Content::Statement(v) => Some(v),
            _ => None,
        })
    };
    let class = matches!(ask.body, Body::Truth(_)).then(|| class(verdicts()));
    let ends = hull.map(|h| h.ends());
    let mut evidence = false;
    ask.body.queries(&mut |q| evidence |= q.conditions.as_evidence);
    Answer {
        name: ask.name.clone(),
        label: ask.support.label.clone(),
        strength: hands.point.status(),
        low: ends.clone().map(|e| e.0),
        high: ends.map(|e| e.1),
        rows,
        class,
        evidence,
        probability: is_probability(&ask.body),
    }
}

/// Whether a body is one probability of an event.
pub fn is_probability(body: &Body) -> bool {
    matches!(body, Body::Number(Number::Query(q)) if matches!(q.kind, QueryKind::Prob(_)))
}

fn number_row(hands: &Hands, number: &Number, both: Both) -> Content {
    let bounds = both.bounds();
    match (both.shown, bounds) {
        (Err(why), _) => Content::Undefined(why),
        (Ok(shown), None) => {
            let bounds = Reading { range: shown.range.clone(), sure: false };
            Content::Number(Box::new(row_of(hands, number, &shown.range, &bounds)))
        }
        (Ok(shown), Some(bounds)) => Content::Number(Box::new(row_of(hands, number, &shown.range, &bounds))),
    }
}

fn row_of(hands: &Hands, number: &Number, shown: &Range, bounds: &Reading) -> NumberRow {
    let (low, high) = bounds.range.ends();
    let value = match shown.point() {
        Some(q) => Num::exact(q.clone()),
        None => {
            let (a, b) = (shown.low().to_f64_down(), shown.high().to_f64_up());
            Num::within(shown.middle(), (b - a) / 2.0 * (1.0 + 1e-12) + f64::MIN_POSITIVE)
        }
    };
    let stake = stakes(hands, number).map(|(player, stake)| {
        let unit = stake.to_f64();
        let (low, high) = (bounds.range.low().to_f64() / unit, bounds.range.high().to_f64() / unit);
        InStakes { player, stake: Num::exact(stake), low, high }
    });
    NumberRow { value, low, high, defined_everywhere: bounds.sure, stake }
}

/// The player and stake of a difference of that player's values.
fn stakes(hands: &Hands, number: &Number) -> Option<(String, Q)> {
    let Number::Binary(Arithmetic::Sub, a, b) = number else { return None };
    let player = |n: &Number| match n {
        Number::Query(q) => match q.kind {
            QueryKind::Value(p) => Some(p),
            _ => None,
        },
        _ => None,
    };
    let p = player(a)?;
    if player(b)? != p {
        return None;
    }
    let own = hands.point.games.first()?;
    let payoffs: Vec<&Q> =
        crate::play::ends(own.game).map(|n| own.numbers.payoff(own.game, n, p.index())).collect();
    let stake = *payoffs.iter().max()? - *payoffs.iter().min()?;
    stake.is_positive().then(|| (own.game.players[p.index()].name.clone(), stake))
}
