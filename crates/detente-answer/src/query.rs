//! One number asked of one equilibrium.
//!
//! `do` replaces moves first; then what is given is conditioned on, by Bayes'
//! rule over exact rationals. Where the equilibrium is a continuum the answer
//! is a range that is sure to hold every point's answer.

use crate::chain::{Chain, Forced, Strategies, mix};
use crate::offpath;
use crate::play::{Play, Setting, over_plays};
use crate::range::Range;
use crate::sets::{at_sets, gain};
use crate::undefined::{Undefined, Why};
use detente_exact::Q;
use detente_game::solution::{Component, Concept, OutcomeSet};
use detente_game::{EventId, NodeId};
use detente_model::question::{Conditions, Happening, Query, QueryKind};

/// One component of equilibria of one game, ready to be asked.
pub struct Equilibrium<'a> {
    pub setting: Setting<'a>,
    pub component: &'a Component,
    pub concept: Concept,
    /// The point that shows the component.
    pub shown: Strategies,
    /// A box that holds all of it.
    pub whole: Strategies,
}

/// Where in a component a question is asked.
#[derive(Clone, Copy)]
pub enum View<'a> {
    /// At these strategies, which may be ranges; true if they stand for the whole component.
    At(&'a Strategies, bool),
    /// At an extreme distribution of outcomes; only questions about outcomes have answers.
    Distribution(&'a [Range]),
}

/// An answer, and whether the question surely has one at every point in view.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub range: Range,
    pub sure: bool,
}

impl Reading {
    /// An answer that exists everywhere.
    pub fn sure(range: Range) -> Reading {
        Reading { range, sure: true }
    }
}

/// What a question finds.
pub type Found = Result<Reading, Undefined>;

impl<'a> Equilibrium<'a> {
    /// Prepares a component.
    pub fn new(setting: Setting<'a>, concept: Concept, component: &'a Component) -> Equilibrium<'a> {
        let shown = Strategies::shown(component);
        let whole = Strategies::whole(component);
        Equilibrium { setting, component, concept, shown, whole }
    }

    /// Whether anything varies over the component.
    pub fn varies(&self) -> bool {
        !self.component.free.is_empty() || self.component.outcome_set != OutcomeSet::Point
    }

    /// Returns extreme distributions of outcomes whose convex hull holds all of them.
    pub fn distributions(&self) -> Option<Vec<Vec<Range>>> {
        let list = |row: &[detente_game::solution::Num]| row.iter().map(Range::of).collect();
        match self.component.outcome_set {
            OutcomeSet::Point => Some(vec![list(&self.component.outcomes)]),
            OutcomeSet::Segment | OutcomeSet::Polytope if !self.component.outcome_vertices.is_empty() => {
                Some(self.component.outcome_vertices.iter().map(|v| list(v)).collect())
            }
            _ => None,
        }
    }
}

/// Answers a question.
///
/// # Errors
/// Why it has no answer there.
pub fn ask(eq: &Equilibrium, view: View, query: &Query) -> Found {
    let on = &query.conditions;
    match &query.kind {
        QueryKind::Prob(what) => {
            conditional(eq, view, on, only_outcomes(what), |p| Some(truth(p.happens(what))))
        }
        QueryKind::Mean(what) => conditional(eq, view, on, false, |p| p.number(what)),
        QueryKind::Value(player) => {
            let numbers = eq.setting.numbers;
            let game = eq.setting.game;
            conditional(eq, view, on, true, |p| Some(numbers.payoff(game, p.end(), player.index()).clone()))
        }
        QueryKind::Belief { event, at, .. } => {
            let values = over_plays(eq.setting, Q::ZERO, |p| truth(p.happens(event)));
            at_sets(eq, view, on, *at, |chain, h| {
                let below = chain.expectations(|n| values[n.index()].clone());
                let nodes = &eq.setting.game.infosets[h.index()].nodes;
                let beliefs = &chain.strategies.beliefs[h.index()];
                Some(mix(beliefs.iter().zip(nodes.iter().map(|n| &below[n.index()]))))
            })
        }
        QueryKind::Gain { player, event, better, worse } => at_sets(eq, view, on, *event, |chain, h| {
            let set = &eq.setting.game.infosets[h.index()];
            let at = |arm: &u32| set.actions.iter().position(|a| a == arm);
            Some(gain(eq, chain, h, *player, at(better)?, at(worse)?))
        }),
    }
}

fn truth(b: bool) -> Q {
    if b { Q::ONE } else { Q::ZERO }
}

/// Whether a happening speaks of nothing but outcomes.
pub fn only_outcomes(what: &Happening) -> bool {
    match what {
        Happening::Const(_) | Happening::Outcome(_) => true,
        Happening::And(parts) | Happening::Or(parts) => parts.iter().all(only_outcomes),
        Happening::Not(part) => only_outcomes(part),
        _ => false,
    }
}

/// The mean of a number over the plays in which it is defined and what is given happened.
fn conditional(
    eq: &Equilibrium,
    view: View,
    on: &Conditions,
    outcomes: bool,
    read: impl Fn(&Play) -> Option<Q>,
) -> Found {
    let given = |p: &Play| on.given.as_ref().is_none_or(|g| p.happens(g));
    let values = over_plays(eq.setting, None, |p| if given(p) { read(p) } else { None });
    let outcomes = outcomes && on.interventions.is_empty() && on.given.as_ref().is_none_or(only_outcomes);
    let list = if outcomes { by_outcome(eq, &values) } else { None };
    match view {
        View::Distribution(point) => match list {
            Some(list) => share(&list, |v| over_outcomes(point, v)),
            None => Err(Undefined::new(Why::Unknown, "The question is not about outcomes alone.")),
        },
        View::At(strategies, whole) => {
            let forced = Forced::new(eq.setting.game, &on.interventions);
            let chain = chain(eq, strategies, &forced);
            if let Some(node) = chain.missing_arm() {
                return Err(not_offered(eq, node));
            }
            let expectation = |v: &[Q]| chain.expectation(|n| v[n.index()].clone());
            let everywhere = crate::play::ends(eq.setting.game).all(|n| values[n.index()].is_some());
            let found = if everywhere {
                Ok(Reading::sure(expectation(&map(&values, |v| v.clone()))))
            } else {
                share(&values, expectation)
            };
            let found = match (whole, list, eq.distributions()) {
                (true, Some(list), Some(points)) => narrowed(found, &list, &points),
                _ => found,
            };
            found.map_err(|mut undefined| {
                if undefined.why == Why::ProbabilityZero {
                    undefined.off_path = offpath::limit(eq, on, &values).map(Box::new);
                }
                undefined
            })
        }
    }
}

/// Cuts a range down to what the extreme distributions of outcomes allow.
fn narrowed(found: Found, list: &[Option<Q>], points: &[Vec<Range>]) -> Found {
    let mut hull: Option<Range> = None;
    for point in points {
        match share(list, |v| over_outcomes(point, v)) {
            Ok(reading) if reading.sure => {
                hull = Some(hull.map_or(reading.range.clone(), |h| h.hull(&reading.range)));
            }
            _ => return found,
        }
    }
    match (found, hull) {
        (Ok(reading), Some(hull)) => Ok(Reading::sure(reading.range.both(&hull))),
        (found, _) => found,
    }
}

/// Reads a number off each outcome, where all ends of an outcome agree.
pub(crate) fn by_outcome(eq: &Equilibrium, values: &[Option<Q>]) -> Option<Vec<Option<Q>>> {
    let mut list: Vec<Option<Option<Q>>> = vec![None; eq.component.outcomes.len()];
    for end in crate::play::ends(eq.setting.game) {
        let key = eq.setting.game.outcome_key(end)?;
        let value = &values[end.index()];
        match list.get_mut(key)? {
            Some(before) if before != value => return None,
            place => *place = Some(value.clone()),
        }
    }
    Some(list.into_iter().map(Option::flatten).collect())
}

/// Applies `f` where there is a value, and gives 0 elsewhere.
fn map(values: &[Option<Q>], f: impl Fn(&Q) -> Q) -> Vec<Q> {
    values.iter().map(|v| v.as_ref().map_or(Q::ZERO, &f)).collect()
}

/// A conditional mean. With `w` the value scaled to [0, 1], it is the share of `E[w]` in
/// `E[w] + E[1 - w]`, which grows in the first and falls in the second: so bounds of the
/// two give bounds of the share.
fn share(values: &[Option<Q>], expectation: impl Fn(&[Q]) -> Range) -> Found {
    let zero = || Undefined::new(Why::ProbabilityZero, "What is given has probability zero here.");
    let known: Vec<&Q> = values.iter().flatten().collect();
    let (Some(least), Some(most)) = (known.iter().min(), known.iter().max()) else { return Err(zero()) };
    let (least, spread) = ((*least).clone(), *most - *least);
    if spread.is_zero() {
        let total = expectation(&map(values, |_| Q::ONE));
        return if total.is_zero() {
            Err(zero())
        } else {
            Ok(Reading { range: Range::Point(least), sure: total.low().is_positive() })
        };
    }
    let above = expectation(&map(values, |v| (v - &least) / &spread));
    let below = expectation(&map(values, |v| Q::ONE - (v - &least) / &spread));
    let total = above.plus(&below);
    if total.is_zero() {
        return Err(zero());
    }
    let part = |a: &Q, b: &Q| {
        let sum = a + b;
        if sum.is_positive() { Some(a / sum) } else { None }
    };
    let low = part(above.low(), below.high()).unwrap_or(Q::ZERO);
    let high = part(above.high(), below.low()).unwrap_or(Q::ONE);
    let range = Range::new(low, high);
    let range = Range::Point(least).plus(&range.times(&Range::Point(spread)));
    Ok(Reading { range, sure: total.low().is_positive() })
}

fn over_outcomes(point: &[Range], values: &[Q]) -> Range {
    let mut sum = Range::ZERO;
    for (p, v) in point.iter().zip(values).filter(|(_, v)| !v.is_zero()) {
        sum = sum.plus(&p.times(&Range::Point(v.clone())));
    }
    sum
}

/// Makes the chain of an equilibrium under `do`.
pub fn chain<'a>(eq: &Equilibrium<'a>, strategies: &'a Strategies, forced: &'a Forced) -> Chain<'a> {
    Chain { game: eq.setting.game, numbers: eq.setting.numbers, strategies, forced }
}

/// The error for a forced arm that some menu lacks.
pub fn not_offered(eq: &Equilibrium, node: NodeId) -> Undefined {
    let event = match eq.setting.game.nodes[node.index()].kind {
        detente_game::NodeKind::Decision(h) => eq.setting.game.infosets[h.index()].event,
        detente_game::NodeKind::Chance(c) => eq.setting.game.chances[c.index()].event,
        detente_game::NodeKind::Terminal(_) => EventId(0),
    };
    let name = eq.setting.game.event_name(event);
    Undefined::new(Why::NotOffered, format!("What `do` asks for is not on every menu of {name}."))
}
