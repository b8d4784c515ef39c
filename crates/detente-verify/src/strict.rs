//! Perfect information in which every choice is strictly best: confirmed by intervals.
//!
//! The one idea: if at every set the played action is worth surely more than every other, whatever
//! rounding does, backward induction leaves nothing else (Selten 1965). Then the profile is the
//! only equilibrium, and the proof needs no cases. What is printed of it is recomputed exactly.

use crate::numbers::enclosure;
use detente_exact::{Interval, Q, Scalar};
use detente_game::solution::{Component, Concept, Num, OutcomeSet, Solution};
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// Whether the solution is one pure equilibrium and surely the only one, printed as it is.
/// False means only that this check does not decide it.
pub fn only_equilibrium(game: &Game, numbers: &Numbers, solution: &Solution) -> bool {
    let [component] = &solution.components[..] else { return false };
    let perfect = game.infosets.iter().all(|h| h.nodes.len() == 1);
    if !perfect || !matches!(solution.concept, Concept::Spe | Concept::Sequential) {
        return false;
    }
    let Some(played) = pure(game, component) else { return false };
    strictly_best(game, numbers, &played)
        && printed(game, numbers, component, &played)
        && assessed(component, &played, solution.concept)
}

/// The action played at each set; `None` if the profile is not pure.
fn pure(game: &Game, c: &Component) -> Option<Vec<usize>> {
    let is = |n: &Num, q: &Q| n.exact.as_ref() == Some(q) && n.radius.is_none() && n.value == q.to_f64();
    if c.profile.len() != game.infosets.len() {
        return None;
    }
    let one = |(row, set): (&Vec<Num>, &detente_game::Infoset)| {
        let best = row.iter().position(|n| is(n, &Q::ONE))?;
        let others = row.iter().enumerate().all(|(a, n)| a == best || is(n, &Q::ZERO));
        (others && row.len() == set.actions.len()).then_some(best)
    };
    c.profile.iter().zip(&game.infosets).map(one).collect()
}

/// Whether each played action is worth surely more than every other one.
fn strictly_best(game: &Game, numbers: &Numbers, played: &[usize]) -> bool {
    let n = game.players.len();
    let zero = Interval::from_q(&Q::ZERO);
    let chance: Vec<Vec<Interval>> =
        numbers.chance.iter().map(|list| list.iter().map(Interval::from_q).collect()).collect();
    let mut value = vec![zero; game.nodes.len() * n];
    for x in (0..game.nodes.len()).rev() {
        let children = game.children(NodeId(x as u32));
        match game.nodes[x].kind {
            NodeKind::Terminal(_) => {
                for p in 0..n {
                    value[x * n + p] = Interval::from_q(&numbers.payoffs[x * n + p]);
                }
            }
            NodeKind::Chance(c) => {
                for (child, q) in children.iter().zip(&chance[c.index()]) {
                    for p in 0..n {
                        let share = Scalar::mul(q, &value[child.index() * n + p]);
                        value[x * n + p] = Scalar::add(&value[x * n + p], &share);
                    }
                }
            }
            NodeKind::Decision(h) => {
                let player = game.infosets[h.index()].player.index();
                let best = played[h.index()];
                let Some(own) = children.get(best).map(|c| value[c.index() * n + player]) else {
                    return false;
                };
                let worse =
                    |(a, c): (usize, &NodeId)| a == best || value[c.index() * n + player].hi() < own.lo();
                if !children.iter().enumerate().all(worse) {
                    return false;
                }
                let from = children[best].index() * n;
                value.copy_within(from..from + n, x * n);
            }
        }
    }
    true
}

/// Whether payoffs, outcomes and reached sets are printed as the profile gives them, exactly.
fn printed(game: &Game, numbers: &Numbers, c: &Component, played: &[usize]) -> bool {
    let n = game.players.len();
    let mut reached = vec![false; game.infosets.len()];
    let mut payoffs = vec![Q::ZERO; n];
    let mut outcomes = vec![Q::ZERO; game.outcome_keys().len()];
    let mut open = vec![(NodeId(0), Q::ONE)];
    while let Some((node, weight)) = open.pop() {
        let children = game.children(node);
        match game.nodes[node.index()].kind {
            NodeKind::Terminal(_) => {
                for (p, total) in payoffs.iter_mut().enumerate() {
                    *total += &weight * &numbers.payoffs[node.index() * n + p];
                }
                if let Some(key) = game.outcome_key(node) {
                    outcomes[key] += &weight;
                }
            }
            NodeKind::Chance(k) => {
                let arms = children.iter().zip(&numbers.chance[k.index()]);
                open.extend(arms.map(|(child, q)| (*child, &weight * q)));
            }
            NodeKind::Decision(h) => {
                reached[h.index()] = true;
                open.push((children[played[h.index()]], weight));
            }
        }
    }
    let same = |nums: &[Num], exact: &[Q]| {
        nums.len() == exact.len()
            && nums.iter().zip(exact).all(|(n, q)| n.exact.as_ref() == Some(q) && enclosure(n).is_ok())
    };
    let (low, high): (Vec<Num>, Vec<Num>) = c.outcome_range.iter().cloned().unzip();
    reached == c.reached
        && same(&c.payoffs, &payoffs)
        && same(&c.outcomes, &outcomes)
        && same(&low, &outcomes)
        && same(&high, &outcomes)
}

/// Whether beliefs are certain, trembles fit the profile, nothing varies and no gap is claimed.
fn assessed(c: &Component, played: &[usize], concept: Concept) -> bool {
    let certain = |row: &Vec<Num>| row.len() == 1 && row[0].exact.as_ref().is_some_and(Q::is_one);
    let fits = |(row, best): (&Vec<(u32, Num)>, &usize)| {
        row.iter().enumerate().all(|(a, (order, weight))| {
            let positive = weight.exact.as_ref().is_some_and(Q::is_positive);
            let one = weight.exact.as_ref().is_some_and(Q::is_one);
            positive && (a == *best) == (*order == 0) && (a != *best || one)
        })
    };
    let none = |n: &Num| n.exact.as_ref().is_some_and(Q::is_zero);
    c.beliefs.len() == played.len()
        && c.beliefs.iter().all(certain)
        && c.tremble.len() == played.len()
        && c.tremble.iter().zip(played).all(fits)
        && c.free.is_empty()
        && c.outcome_set == OutcomeSet::Point
        && none(&c.gap_nash)
        && c.gap_sequential.as_ref().map_or(concept != Concept::Sequential, none)
}
