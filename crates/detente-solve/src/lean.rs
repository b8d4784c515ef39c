//! What follows from one profile of a game with millions of nodes, in floats rounded outward.
//!
//! The one idea: exact products along millions of paths fill the memory, and nobody reads their digits;
//! enclosed they take sixteen bytes each. Beliefs are left out: there is one per node.

use detente_exact::{Interval, Q};
use detente_game::solution::{Component, Num, OutcomeSet};
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// From this many nodes on, what follows from a profile with a bounded gap is enclosed.
pub const MANY_NODES: usize = 500_000;

/// The component that consists of one profile, whose gap is known.
pub fn component(game: &Game, numbers: &Numbers, profile: &[Vec<Q>], gap: Num) -> Component {
    let players = game.players.len();
    let reach = reach(game, numbers, profile);
    let mut payoffs = vec![Interval::ZERO; players];
    let mut outcomes = vec![Interval::ZERO; game.outcome_count()];
    for (x, reach) in reach.iter().enumerate() {
        let Some(key) = game.outcome_key(NodeId(x as u32)) else { continue };
        outcomes[key] = outcomes[key] + *reach;
        for (p, sum) in payoffs.iter_mut().enumerate() {
            *sum = *sum + *reach * Interval::from_q(&numbers.payoffs[x * players + p]);
        }
    }
    let outcomes: Vec<Num> = outcomes.into_iter().map(enclosed).collect();
    let plain = |list: &Vec<Q>| list.iter().cloned().map(Num::exact).collect();
    let trembles = |list: &Vec<Q>| {
        let one = |p: &Q| if p.is_positive() { (0, Num::exact(p.clone())) } else { (1, Num::exact(Q::ONE)) };
        list.iter().map(one).collect()
    };
    Component {
        profile: profile.iter().map(plain).collect(),
        beliefs: vec![vec![]; game.infosets.len()],
        reached: game.infosets.iter().map(|h| h.nodes.iter().any(|x| reach[x.index()].lo() > 0.0)).collect(),
        payoffs: payoffs.into_iter().map(enclosed).collect(),
        outcome_range: outcomes.iter().map(|n| (n.clone(), n.clone())).collect(),
        outcomes,
        outcome_set: OutcomeSet::Point,
        outcome_vertices: vec![],
        free: vec![],
        inequalities: vec![],
        conditions: vec![],
        intuitive: None,
        tremble: profile.iter().map(trembles).collect(),
        gap_nash: gap,
        gap_sequential: None,
    }
}

/// An enclosure as it is printed.
fn enclosed(x: Interval) -> Num {
    let middle = x.mid();
    Num::within(middle, (x.hi() - middle).max(middle - x.lo()).next_up())
}

/// The probability of reaching each node.
fn reach(game: &Game, numbers: &Numbers, profile: &[Vec<Q>]) -> Vec<Interval> {
    let all = |lists: &[Vec<Q>]| -> Vec<Vec<Interval>> {
        lists.iter().map(|list| list.iter().map(Interval::from_q).collect()).collect()
    };
    let (profile, chance) = (all(profile), all(&numbers.chance));
    let mut reach = vec![Interval::ONE; game.nodes.len()];
    for (x, node) in game.nodes.iter().enumerate() {
        let Some((parent, arm)) = node.parent else { continue };
        let step = match game.nodes[parent.index()].kind {
            NodeKind::Decision(h) => profile[h.index()][arm as usize],
            NodeKind::Chance(c) => chance[c.index()][arm as usize],
            NodeKind::Terminal(_) => continue,
        };
        reach[x] = reach[parent.index()] * step;
    }
    reach
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_game::solution::{Concept, Solution, Status};

    /// The lean answer agrees with the exact one, and the referee takes it.
    #[test]
    fn what_follows_is_what_the_exact_way_gives() {
        let game = detente_test::poker::kuhn(3);
        let numbers = game.numbers(&[]).expect("constant payoffs");
        let how = crate::Regrets { rounds: Some(50), ..Default::default() };
        let found = crate::regrets(&game, &numbers, how, &crate::Silent).expect("no checkpoint");
        let found = found.expect("payoffs within floats");
        let exact = &found.components[0];
        let profile: Vec<Vec<Q>> = exact
            .profile
            .iter()
            .map(|list| list.iter().map(|n| n.exact.clone().expect("a profile is exact")).collect())
            .collect();
        let lean = component(&game, &numbers, &profile, exact.gap_nash.clone());
        let near = |a: &Num, b: &Num| (a.value - b.value).abs() < 1e-12;
        assert!(lean.payoffs.iter().zip(&exact.payoffs).all(|(a, b)| near(a, b)));
        assert!(lean.outcomes.iter().zip(&exact.outcomes).all(|(a, b)| near(a, b)));
        assert_eq!((&lean.profile, &lean.reached), (&exact.profile, &exact.reached));
        let solution = Solution { components: vec![lean], ..found };
        assert_eq!((solution.concept, solution.status), (Concept::Nash, Status::Certified));
        let verdict = detente_verify::verify(&game, &numbers, &solution);
        assert!(verdict.accepted, "{:?}", verdict.rejected);
        assert_eq!(verdict.proven, Status::Certified);
    }
}
