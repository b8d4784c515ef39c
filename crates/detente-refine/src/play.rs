//! Playing a profile out, and one player's best continuation against it.
//!
//! The one idea: at an information set its owner knows no more than its beliefs; its best continuation follows
//! from its own later sets, last ones first.

use detente_exact::Q;
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers};
use std::collections::BTreeMap;

/// A probability per information set and action.
pub type Profile = Vec<Vec<Q>>;

/// What a player does at its own sets, where it leaves the profile.
pub type Deviation = BTreeMap<usize, usize>;

/// The probability of the branch into each child.
pub fn branch<'a>(game: &Game, numbers: &'a Numbers, profile: &'a Profile, node: NodeId) -> &'a [Q] {
    match game.nodes[node.index()].kind {
        NodeKind::Decision(h) => &profile[h.index()],
        NodeKind::Chance(c) => &numbers.chance[c.index()],
        NodeKind::Terminal(_) => &[],
    }
}

/// The probability with which play comes to each node.
pub fn reach(game: &Game, numbers: &Numbers, profile: &Profile) -> Vec<Q> {
    let mut reach = vec![Q::ONE; game.nodes.len()];
    for (n, node) in game.nodes.iter().enumerate() {
        if let Some((parent, arm)) = node.parent {
            reach[n] = &reach[parent.index()] * &branch(game, numbers, profile, parent)[arm as usize];
        }
    }
    reach
}

/// What a player expects at each node.
pub fn values(game: &Game, numbers: &Numbers, profile: &Profile, player: usize) -> Vec<Q> {
    let mut values = vec![Q::ZERO; game.nodes.len()];
    for n in (0..game.nodes.len()).rev() {
        let node = NodeId(n as u32);
        values[n] = match game.nodes[n].kind {
            NodeKind::Terminal(_) => numbers.payoff(game, node, player).clone(),
            _ => {
                let arms = game.children(node).iter().zip(branch(game, numbers, profile, node));
                arms.filter(|(_, p)| !p.is_zero()).map(|(child, p)| p * &values[child.index()]).sum()
            }
        };
    }
    values
}

/// What a player expects from a node on if it deviates so.
pub fn deviated(
    game: &Game,
    numbers: &Numbers,
    profile: &Profile,
    player: usize,
    node: NodeId,
    deviation: &Deviation,
) -> Q {
    let children = game.children(node);
    match game.nodes[node.index()].kind {
        NodeKind::Terminal(_) => numbers.payoff(game, node, player).clone(),
        NodeKind::Decision(h)
            if game.infosets[h.index()].player.index() == player && deviation.contains_key(&h.index()) =>
        {
            deviated(game, numbers, profile, player, children[deviation[&h.index()]], deviation)
        }
        _ => children
            .iter()
            .zip(branch(game, numbers, profile, node))
            .filter(|(_, p)| !p.is_zero())
            .map(|(child, p)| p * &deviated(game, numbers, profile, player, *child, deviation))
            .sum(),
    }
}

/// A player's best continuation from weighted nodes: what it brings, and what it does at the sets it comes to.
pub fn best(
    game: &Game,
    numbers: &Numbers,
    profile: &Profile,
    player: usize,
    starts: Vec<(NodeId, Q)>,
) -> (Q, Deviation) {
    // Own sets in the order met: earlier ones first. Each with the set and action it follows.
    let mut slot: BTreeMap<InfosetId, usize> = BTreeMap::new();
    let mut met: Vec<(InfosetId, Option<(usize, usize)>, Vec<Q>)> = vec![];
    let mut outside = Q::ZERO;
    let mut open: Vec<(NodeId, Q, Option<(usize, usize)>)> =
        starts.into_iter().rev().map(|(n, w)| (n, w, None)).collect();
    while let Some((node, weight, own)) = open.pop() {
        if weight.is_zero() {
            continue;
        }
        let children = game.children(node);
        match game.nodes[node.index()].kind {
            NodeKind::Terminal(_) => {
                let share = &weight * numbers.payoff(game, node, player);
                match own {
                    Some((k, a)) => met[k].2[a] += &share,
                    None => outside += &share,
                }
            }
            NodeKind::Decision(h) if game.infosets[h.index()].player.index() == player => {
                let k = *slot.entry(h).or_insert_with(|| {
                    met.push((h, own, vec![Q::ZERO; children.len()]));
                    met.len() - 1
                });
                for (a, child) in children.iter().enumerate().rev() {
                    open.push((*child, weight.clone(), Some((k, a))));
                }
            }
            _ => {
                let arms = children.iter().zip(branch(game, numbers, profile, node)).rev();
                for (child, p) in arms {
                    open.push((*child, &weight * p, own));
                }
            }
        }
    }
    let mut deviation = Deviation::new();
    for k in (0..met.len()).rev() {
        let sums = &met[k].2;
        let chosen = (0..sums.len()).reduce(|a, b| if sums[b] > sums[a] { b } else { a }).unwrap_or(0);
        let value = sums[chosen].clone();
        deviation.insert(met[k].0.index(), chosen);
        match met[k].1 {
            Some((above, a)) => met[above].2[a] += &value,
            None => outside += &value,
        }
    }
    (outside, deviation)
}

/// Whether no player gains by another plan for the whole game.
pub fn is_nash(game: &Game, numbers: &Numbers, profile: &Profile) -> bool {
    (0..game.players.len()).all(|p| {
        let follow = values(game, numbers, profile, p)[0].clone();
        best(game, numbers, profile, p, vec![(NodeId(0), Q::ONE)]).0 <= follow
    })
}
