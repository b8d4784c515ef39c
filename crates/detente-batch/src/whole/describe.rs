//! What is played as numbers: probabilities, beliefs, outcomes.

use super::tree::{Kind, Numbers, Tree};
use crate::found::{Equilibrium, Play};
use detente_exact::Interval;

/// Works out the numbers of one component.
pub fn equilibrium(tree: &Tree, numbers: &Numbers, plays: Vec<Play>, payoffs: Vec<Interval>) -> Equilibrium {
    let starts: Vec<usize> = tree.sets.iter().map(|s| s.start).collect();
    let mut moves = vec![Interval::ZERO; tree.actions];
    // Where only an average is fixed, all that differ end alike: the average tells the outcomes.
    let mut average = vec![Interval::ZERO; tree.actions];
    for (set, play) in tree.sets.iter().zip(&plays) {
        let places = set.start..set.start + set.actions as usize;
        play.write(&mut moves[places.clone()]);
        match play {
            Play::Split(row, _) => average[places].copy_from_slice(row),
            // All that are tied end alike: one of them tells the outcomes.
            Play::Tied(bits) => average[set.start + bits.trailing_zeros() as usize] = Interval::ONE,
            _ => play.write(&mut average[places]),
        }
    }
    let reach = reach(tree, numbers, &average);
    let mut outcomes = vec![Interval::ZERO; tree.outcomes];
    for (node, reach) in tree.nodes.iter().zip(&reach) {
        if let Kind::End(key) = node.kind {
            let sum = &mut outcomes[key as usize];
            *sum = *sum + *reach;
        }
    }
    let splits = plays.iter().any(|p| matches!(p, Play::Split(..) | Play::Tied(_)));
    let widest = if splits { self::reach(tree, numbers, &moves) } else { reach };
    let mut members = vec![];
    let mut beliefs = vec![];
    for (h, (set, play)) in tree.sets.iter().zip(&plays).enumerate() {
        members.push(beliefs.len());
        match play {
            Play::Free(region) => beliefs.extend(&region.beliefs),
            _ if set.nodes.len() == 1 => beliefs.push(Interval::ONE),
            _ => beliefs.extend(believed(tree, h, &plays, &widest)),
        }
    }
    let tied = plays.iter().any(|p| matches!(p, Play::Tied(_)));
    let certain = |p: &Play| matches!(p, Play::Pure(_) | Play::Mixed(_) | Play::Tied(_));
    // A belief that is free varies too.
    let free = beliefs.iter().any(|b| b.hi() - b.lo() > 1e-9);
    let varies = free || !plays.iter().all(certain);
    Equilibrium { plays, moves, starts, beliefs, members, outcomes, payoffs, varies, tied }
}

/// How likely each node is.
fn reach(tree: &Tree, numbers: &Numbers, moves: &[Interval]) -> Vec<Interval> {
    let mut reach = vec![Interval::ZERO; tree.nodes.len()];
    reach[0] = Interval::ONE;
    for (x, node) in tree.nodes.iter().enumerate() {
        if reach[x] == Interval::ZERO {
            continue;
        }
        let row = match node.kind {
            Kind::End(_) => continue,
            Kind::Chance(start) => &numbers.probs[start as usize..],
            Kind::Decision(h) => &moves[tree.sets[h as usize].start..],
        };
        for (child, p) in node.children.iter().zip(row) {
            reach[*child as usize] = if *p == Interval::ONE { reach[x] } else { reach[x] * *p };
        }
    }
    reach
}

/// The beliefs at a set: Bayes' rule where it is reached; anything where each member needs one
/// tremble of its own to get to; else unknown.
fn believed(tree: &Tree, h: usize, plays: &[Play], reach: &[Interval]) -> Vec<Interval> {
    let nodes = &tree.sets[h].nodes;
    let list: Vec<Interval> = nodes.iter().map(|x| reach[*x as usize]).collect();
    if list.iter().all(|w| *w == Interval::ZERO) {
        let mut trembles: Vec<Vec<(u32, u32)>> = nodes.iter().map(|x| trembles(tree, plays, *x)).collect();
        let single = trembles.iter().all(|t| t.len() == 1);
        trembles.sort_unstable();
        trembles.dedup();
        let unit = Interval::ZERO.hull(Interval::ONE);
        let free = single && trembles.len() == nodes.len();
        return vec![if free { unit } else { Interval::ENTIRE }; nodes.len()];
    }
    let share = |k: usize| {
        // With weights that vary: the share grows with its own weight and falls with the others'.
        let rest = |end: fn(Interval) -> f64| {
            let mut others = (0..list.len()).filter(|j| *j != k).map(|j| Interval::point(end(list[j])));
            others.try_fold(Interval::ZERO, |sum, w| Some(sum + w?))
        };
        let part = |own: f64, rest: Option<Interval>| {
            let own = Interval::point(own)?;
            own.checked_div(own + rest?)
        };
        if list[k] == Interval::ZERO && list.iter().any(|w| w.lo() > 0.0) {
            return Interval::ZERO;
        }
        if (0..list.len()).all(|j| j == k || list[j] == Interval::ZERO) && list[k].lo() > 0.0 {
            return Interval::ONE;
        }
        match (part(list[k].lo(), rest(Interval::hi)), part(list[k].hi(), rest(Interval::lo))) {
            (Some(low), Some(high)) => low.hull(high),
            _ => Interval::ENTIRE,
        }
    };
    (0..list.len()).map(share).collect()
}

/// The moves on the way to a node that are not played.
fn trembles(tree: &Tree, plays: &[Play], x: u32) -> Vec<(u32, u32)> {
    let mut list = vec![];
    let mut at = x;
    while let Some((above, arm)) = tree.nodes[at as usize].above {
        if let Kind::Decision(h) = tree.nodes[above as usize].kind
            && plays[h as usize].used() >> arm & 1 == 0
        {
            list.push((h, arm));
        }
        at = above;
    }
    list
}
