//! Backward induction over functions, for stages of perfect information.
//!
//! The one idea: the set of subgame-perfect equilibria is known from which actions can be best. A
//! tie that holds everywhere leaves several payoffs, kept as the corners of what can follow.

use super::{Component, Field, Margin, Place, Solved, Stop, Support, combined, no_support, set_id};
use crate::rows::Rules;
use detente_game::{NodeId, NodeKind};
use std::collections::{BTreeMap, BTreeSet};

/// Most corners kept per node.
const MAX_CORNERS: usize = 64;

/// The corners of what can follow a node: payoffs of all players.
type Corners<N> = Vec<Vec<N>>;

/// The equilibria of a stage of perfect information.
pub fn stage<N: Field>(rules: &Rules<N>, stage: u32, solved: &[Solved<N>]) -> Result<Solved<N>, Stop> {
    let tree = &rules.stages[stage as usize];
    if !tree.perfect {
        return Err(Stop::Here("an information set of the stage has several members".into()));
    }
    let game = rules.tree.game;
    let nested: BTreeMap<u32, u32> = tree.leaves.iter().filter_map(|l| Some((l.node, l.nested?))).collect();
    if nested.values().any(|s| solved[*s as usize].components.len() != 1) {
        return Err(Stop::Here("a nested stage has several components".into()));
    }
    let mut corners: BTreeMap<u32, Corners<N>> = BTreeMap::new();
    let mut outcomes: BTreeMap<u32, Vec<N>> = BTreeMap::new();
    let mut margins = vec![];
    let mut best: BTreeMap<u32, Vec<bool>> = BTreeMap::new();
    let mut ties = false;
    let keys = game.outcome_keys().len();
    for node in below(rules, tree.root, &nested).into_iter().rev() {
        let children = game.children(NodeId(node));
        let read = |map: &BTreeMap<u32, Corners<N>>, c: &NodeId| map.get(&c.0).cloned().unwrap_or_default();
        if let Some(inner) = nested.get(&node) {
            let inner = &solved[*inner as usize];
            corners.insert(node, inner.payoffs.clone());
            let place = inner.components[0].places.first();
            outcomes.insert(node, place.map_or(vec![N::zero(); keys], |p| p.outcomes.clone()));
            margins.extend(inner.components[0].places.iter().flat_map(|p| p.margins.clone()));
            continue;
        }
        match rules.tree.kind(node) {
            NodeKind::Terminal(_) => {
                let all = (0..game.players.len()).map(|p| rules.tree.payoff(node, p).clone());
                corners.insert(node, vec![all.collect()]);
                let mut row = vec![N::zero(); keys];
                if let Some(slot) = game.outcome_key(NodeId(node)).and_then(|k| row.get_mut(k)) {
                    *slot = N::one();
                }
                outcomes.insert(node, row);
            }
            NodeKind::Chance(c) => {
                let mut all: Corners<N> = vec![vec![N::zero(); game.players.len()]];
                let mut row = vec![N::zero(); keys];
                for (child, p) in children.iter().zip(&rules.tree.chance[c.index()]) {
                    let next = read(&corners, child);
                    all = all.iter().flat_map(|a| next.iter().map(move |b| mixed(a, b, p))).collect();
                    row = mixed(&row, outcomes.get(&child.0).map_or(&[], Vec::as_slice), p);
                    if all.len() > MAX_CORNERS {
                        return Err(Stop::Never("ties leave too many payoffs".into()));
                    }
                }
                corners.insert(node, all);
                outcomes.insert(node, row);
            }
            NodeKind::Decision(h) => {
                let owner = game.infosets[h.index()].player.index();
                let lists: Vec<Corners<N>> = children.iter().map(|c| read(&corners, c)).collect();
                let choice = chosen(&lists, owner)?;
                ties |= choice.iter().filter(|b| **b).count() > 1;
                let top = choice.iter().position(|b| *b).unwrap_or_default();
                for (k, list) in lists.iter().enumerate().filter(|(k, _)| !choice[*k]) {
                    if let (Some(a), Some(b)) = (lists[top].first(), list.first()) {
                        let slack = a[owner].minus(&b[owner]);
                        margins.push((Margin::Worse(h, k as u32), slack));
                    }
                }
                let kept = lists.iter().zip(&choice).filter(|(_, b)| **b).flat_map(|(l, _)| l.clone());
                let mut all: Corners<N> = vec![];
                for vector in kept {
                    let same = |v: &Vec<N>| v.iter().zip(&vector).all(|(a, b)| a.minus(b).is_zero());
                    if !all.iter().any(same) {
                        all.push(vector);
                    }
                }
                if all.len() > MAX_CORNERS {
                    return Err(Stop::Never("ties leave too many payoffs".into()));
                }
                corners.insert(node, all);
                let row = outcomes.get(&children[top].0).cloned().unwrap_or_default();
                outcomes.insert(node, row);
                best.insert(h.0, choice);
            }
        }
    }
    let mut supports: BTreeSet<Support> = BTreeSet::from([no_support(game)]);
    for choice in best.iter() {
        // One support says it all: which actions can be best. Its parts are supports as well.
        supports = supports
            .into_iter()
            .map(|mut s| {
                s[*choice.0 as usize] = Some(choice.1.clone());
                s
            })
            .collect();
    }
    let inner: Vec<&BTreeSet<Support>> =
        nested.values().map(|s| &solved[*s as usize].components[0].supports).collect();
    let supports = combined(supports, &inner)?;
    let payoffs = corners.remove(&tree.root).unwrap_or_default();
    let outcome = outcomes.remove(&tree.root).unwrap_or_default();
    let mut profile: Vec<Option<Vec<N>>> = vec![None; game.infosets.len()];
    for (h, choice) in &best {
        let top = choice.iter().position(|b| *b);
        let one = |k| if Some(k) == top { N::one() } else { N::zero() };
        profile[set_id(*h).index()] = Some((0..choice.len()).map(one).collect());
    }
    let mut pinned = vec![false; profile.len()];
    for (h, choice) in &best {
        pinned[set_id(*h).index()] = choice.iter().filter(|b| **b).count() == 1;
    }
    for s in nested.values() {
        let theirs = &solved[*s as usize].components[0].places;
        if let Some(first) = theirs.first() {
            first.lend(theirs.len() == 1, &mut profile, &mut pinned);
        }
    }
    let place = Place { outcomes: outcome, fixed: !ties, margins, profile, pinned };
    let payoffs = if payoffs.len() == 1 { payoffs } else { vec![] };
    Ok(Solved { components: vec![Component { supports, places: vec![place] }], payoffs })
}

/// The nodes of the stage, parents first.
fn below<N: Field>(rules: &Rules<N>, root: u32, nested: &BTreeMap<u32, u32>) -> Vec<u32> {
    let mut list = vec![root];
    let mut at = 0;
    while let Some(node) = list.get(at).copied() {
        at += 1;
        if node == root || !nested.contains_key(&node) {
            list.extend(rules.tree.game.children(NodeId(node)).iter().map(|c| c.0));
        }
    }
    list.sort_unstable();
    list
}

fn mixed<N: Field>(a: &[N], b: &[N], share: &N) -> Vec<N> {
    a.iter().zip(b).map(|(a, b)| a.plus(&share.times(b))).collect()
}

/// Which actions can be best: those that surely are, whatever is played after ties.
fn chosen<N: Field>(lists: &[Corners<N>], owner: usize) -> Result<Vec<bool>, Stop> {
    let unsure = || Stop::Here("a comparison of payoffs is not sure".to_string());
    // The least sure payoff of each action, and the most it can bring; compared at the center.
    let ends = |list: &Corners<N>| {
        let low = list.iter().min_by_key(|v| v[owner].center()).map(|v| v[owner].clone());
        let high = list.iter().max_by_key(|v| v[owner].center()).map(|v| v[owner].clone());
        low.zip(high)
    };
    let ends: Vec<(N, N)> = lists.iter().map(ends).collect::<Option<_>>().ok_or_else(unsure)?;
    // That these are the ends has to hold off the center too.
    for (list, (low, high)) in lists.iter().zip(&ends) {
        for v in list {
            let above = v[owner].minus(low).sign().is_some_and(|s| s >= 0);
            let below = high.minus(&v[owner]).sign().is_some_and(|s| s >= 0);
            if !above || !below {
                return Err(unsure());
            }
        }
    }
    let mut choice = vec![false; lists.len()];
    for k in 0..lists.len() {
        let others = || (0..lists.len()).filter(|j| *j != k);
        let Some(rival) = others().max_by_key(|j| ends[*j].0.center()) else {
            choice[k] = true;
            continue;
        };
        if ends[k].1.center() < ends[rival].0.center() {
            // One better action is enough.
            match ends[rival].0.minus(&ends[k].1).sign() {
                Some(1) => continue,
                _ => return Err(unsure()),
            }
        }
        for j in others() {
            if ends[k].0.minus(&ends[j].0).sign().is_none_or(|s| s < 0) {
                return Err(match ends[k].0.center() == ends[j].0.center() {
                    true => unsure(),
                    false => Stop::Never("a tie further down decides what is best here".into()),
                });
            }
        }
        choice[k] = true;
    }
    Ok(choice)
}
