//! Numbers of a decision: one per information set that knows what is given.

use crate::chain::{Chain, Forced, mix, sets_of};
use crate::play::over_plays;
use crate::query::{Equilibrium, Found, Reading, View, chain};
use crate::range::Range;
use crate::undefined::{Undefined, Why};
use detente_game::{EventId, InfosetId, NodeId, PlayerId};
use detente_model::question::Conditions;

/// By how much one action of a set pays more than another, by the owner's beliefs.
pub fn gain(eq: &Equilibrium, chain: &Chain, h: InfosetId, player: PlayerId, a: usize, b: usize) -> Range {
    let numbers = eq.setting.numbers;
    let game = eq.setting.game;
    let values = chain.expectations(|n| numbers.payoff(game, n, player.index()).clone());
    let difference = |n: &NodeId| {
        let children = game.children(*n);
        values[children[a].index()].minus(&values[children[b].index()])
    };
    let each: Vec<Range> = game.infosets[h.index()].nodes.iter().map(difference).collect();
    mix(chain.strategies.beliefs[h.index()].iter().zip(&each))
}

/// A number per information set of a decision: the mean over the sets that know what is
/// given, by how often they are reached; the hull if none is reached.
pub fn at_sets(
    eq: &Equilibrium,
    view: View,
    on: &Conditions,
    event: EventId,
    read: impl Fn(&Chain, InfosetId) -> Option<Range>,
) -> Found {
    let View::At(strategies, _) = view else {
        return Err(Undefined::new(Why::Unknown, "The question is not about outcomes alone."));
    };
    let game = eq.setting.game;
    let name = || game.event_name(event);
    let forced = Forced::new(game, &on.interventions);
    let chain = chain(eq, strategies, &forced);
    let knows = knowing(eq, on);
    let reach = chain.reach();
    let possible = possible(&chain);
    let mut found: Vec<(Range, Range)> = vec![];
    let mut beliefs_missing = false;
    for h in sets_of(game, event) {
        let nodes = &game.infosets[h.index()].nodes;
        if !nodes.iter().all(|n| knows[n.index()]) || !nodes.iter().any(|n| possible[n.index()]) {
            continue;
        }
        if strategies.beliefs.get(h.index()).is_none_or(|b| b.len() != nodes.len()) {
            beliefs_missing = true;
            continue;
        }
        let visits = nodes.iter().fold(Range::ZERO, |sum, n| sum.plus(&reach[n.index()]));
        if let Some(value) = read(&chain, h) {
            found.push((visits, value));
        }
    }
    if beliefs_missing && found.iter().all(|(visits, _)| visits.is_zero()) {
        let words = format!("{} is not reached, and this concept defines no beliefs off the path.", name());
        return Err(Undefined::new(Why::NoBeliefs, words));
    }
    // Sets that are surely not reached have no say where another one is.
    if found.iter().any(|(visits, _)| visits.low().is_positive()) {
        found.retain(|(visits, _)| !visits.is_zero());
    }
    let Some((_, first)) = found.first() else {
        let words = format!("No information set of {} knows what is given.", name());
        return Err(Undefined::new(Why::NoInformationSet, words));
    };
    let hull = || found.iter().fold(first.clone(), |h, (_, v)| h.hull(v));
    let total = found.iter().fold(Range::ZERO, |sum, (visits, _)| sum.plus(visits));
    if found.len() == 1 || total.is_zero() || found.iter().any(|(v, _)| v.point().is_none()) {
        return Ok(Reading::sure(hull()));
    }
    let sum = found.iter().fold(Range::ZERO, |sum, (visits, v)| sum.plus(&visits.times(v)));
    Ok(Reading::sure(sum.over(&total).unwrap_or_else(hull)))
}

/// Per node: whether what `do` says allows it, however unlikely the moves that are left free.
fn possible(chain: &Chain) -> Vec<bool> {
    let mut possible = vec![true; chain.game.nodes.len()];
    for n in 0..chain.game.nodes.len() {
        let node = NodeId(n as u32);
        let forced = chain.forced.is_forced(node);
        let branches = if forced { chain.branches(node) } else { Vec::new() };
        for (k, child) in chain.game.children(node).iter().enumerate() {
            possible[child.index()] = possible[n] && (!forced || !branches[k].is_zero());
        }
    }
    possible
}

/// Per node: whether every play through it has what is given.
fn knowing(eq: &Equilibrium, on: &Conditions) -> Vec<bool> {
    let game = eq.setting.game;
    let Some(given) = &on.given else { return vec![true; game.nodes.len()] };
    let mut knows = over_plays(eq.setting, true, |p| p.happens(given));
    for n in (0..game.nodes.len()).rev() {
        let children = game.children(NodeId(n as u32));
        if !children.is_empty() {
            knows[n] = children.iter().all(|c| knows[c.index()]);
        }
    }
    knows
}
