//! The referee's look at perfect Bayesian equilibria.
//!
//! The one idea: an action is gone for good if every plan that begins with it loses to a mixture at every
//! member, against everything that is left to the others; an equilibrium holds if at each set no plan
//! for the sets to come does better under the beliefs that are listed. Both are sums over plays.

mod removal;

pub(crate) use removal::never_best;

use crate::verdict::{Rejected, verify};
use detente_exact::Q;
use detente_game::beliefs::{Assessment, Definition, Perfect};
use detente_game::change::without_actions;
use detente_game::solution::{Concept, Status};
use detente_game::{Game, NodeId, NodeKind, Numbers, PlayerId};
use std::collections::BTreeMap;

fn no(why: impl Into<String>) -> Rejected {
    Rejected { path: vec!["perfect".into()], reason: why.into() }
}

/// Checks an answer. Returns whether every component of the smaller game holds one that is listed and
/// the list of components is proven complete: then every such equilibrium lies in one of them.
///
/// # Errors
/// The first thing that does not hold, in words.
pub fn verify_perfect(game: &Game, numbers: &Numbers, answer: &Perfect) -> Result<bool, Rejected> {
    if answer.definition == Definition::Plausibility && !answer.removed.is_empty() {
        return Err(no("without some actions a game may have subgames that are none"));
    }
    let mut stays: Vec<Vec<bool>> = game.infosets.iter().map(|h| vec![true; h.actions.len()]).collect();
    for round in &answer.removed {
        for removal in round {
            let (h, a) = (removal.set as usize, removal.action as usize);
            if !stays.get(h).and_then(|s| s.get(a)).copied().unwrap_or(false) {
                return Err(no("an action is removed that is not there"));
            }
            never_best(game, numbers, &stays, removal, true)?;
        }
        for removal in round {
            stays[removal.set as usize][removal.action as usize] = false;
        }
    }
    let concept = match answer.definition {
        Definition::Weak => Concept::Nash,
        Definition::Plausibility => Concept::Spe,
    };
    if answer.within.concept != concept {
        return Err(no("the smaller game was solved for another concept"));
    }
    let (cut, _) = without_actions(game, &stays).ok_or_else(|| no("nothing is left to choose somewhere"))?;
    let cut_numbers = cut.numbers(&numbers.params).map_err(|why| no(why.to_string()))?;
    let verdict = verify(&cut, &cut_numbers, &answer.within);
    if let Some(why) = verdict.rejected {
        return Err(no(format!("the smaller game's equilibria: {why}")));
    }
    for found in &answer.found {
        assessment(game, numbers, answer.definition, found)?;
    }
    let has = |k: usize| answer.found.iter().any(|found| found.component as usize == k);
    Ok(verdict.proven == Status::ExactComplete && (0..answer.within.components.len()).all(has))
}

/// One listed equilibrium of the whole game.
fn assessment(
    game: &Game,
    numbers: &Numbers,
    definition: Definition,
    found: &Assessment,
) -> Result<(), Rejected> {
    let sizes = |list: &[Vec<Q>], size: &dyn Fn(usize) -> usize| {
        list.len() == game.infosets.len()
            && list.iter().enumerate().all(|(h, probs)| {
                let total: Q = probs.iter().cloned().sum();
                probs.len() == size(h) && total == Q::ONE && probs.iter().all(|p| !p.is_negative())
            })
    };
    if !sizes(&found.profile, &|h| game.infosets[h].actions.len())
        || !sizes(&found.beliefs, &|h| game.infosets[h].nodes.len())
    {
        return Err(no("probabilities or beliefs are none"));
    }
    let look = Look { game, numbers, found };
    let reach = look.reach();
    for (h, set) in game.infosets.iter().enumerate() {
        let total: Q = set.nodes.iter().map(|n| reach[n.index()].clone()).sum();
        let bayes = |(n, b): (&NodeId, &Q)| &total * b == reach[n.index()];
        if total.is_positive() && !set.nodes.iter().zip(&found.beliefs[h]).all(bayes) {
            return Err(no(format!("the beliefs at set {h} do not follow by Bayes' rule")));
        }
        if look.gains(h) {
            return Err(no(format!("a continuation at set {h} is better under the beliefs there")));
        }
    }
    match definition {
        Definition::Weak => Ok(()),
        Definition::Plausibility => look.plausible(),
    }
}

struct Look<'a> {
    game: &'a Game,
    numbers: &'a Numbers,
    found: &'a Assessment,
}

impl Look<'_> {
    fn share(&self, parent: NodeId, arm: u32) -> &Q {
        match self.game.nodes[parent.index()].kind {
            NodeKind::Chance(c) => &self.numbers.chance[c.index()][arm as usize],
            NodeKind::Decision(h) => &self.found.profile[h.index()][arm as usize],
            NodeKind::Terminal(_) => unreachable!("an end of play has no branches"),
        }
    }

    fn reach(&self) -> Vec<Q> {
        let mut reach: Vec<Q> = Vec::with_capacity(self.game.nodes.len());
        for node in &self.game.nodes {
            reach.push(match node.parent {
                None => Q::ONE,
                Some((parent, arm)) => &reach[parent.index()] * self.share(parent, arm),
            });
        }
        reach
    }

    /// Whether some plan of the owner from a set on does better than the profile, under the beliefs there.
    fn gains(&self, h: usize) -> bool {
        let set = &self.game.infosets[h];
        let starts = set.nodes.iter().zip(&self.found.beliefs[h]).map(|(n, b)| (*n, b.clone()));
        self.better(set.player, starts.collect())
    }

    /// Whether some plan of a player does better than the profile from weighted nodes.
    fn better(&self, owner: PlayerId, starts: Vec<(NodeId, Q)>) -> bool {
        // Plays by what the owner did on the way: the best of its last choices are taken first.
        let mut sums: BTreeMap<Vec<(u32, u32)>, Q> = BTreeMap::new();
        let mut follow = Q::ZERO;
        let mut open: Vec<(NodeId, Q, Q, Vec<(u32, u32)>)> =
            starts.into_iter().map(|(node, weight)| (node, weight.clone(), weight, vec![])).collect();
        while let Some((node, weight, followed, way)) = open.pop() {
            if weight.is_zero() {
                continue;
            }
            match self.game.nodes[node.index()].kind {
                NodeKind::Terminal(_) => {
                    let pay = self.numbers.payoff(self.game, node, owner.index());
                    follow += &(&followed * pay);
                    *sums.entry(way).or_insert(Q::ZERO) += &(&weight * pay);
                }
                kind => {
                    for (arm, child) in self.game.children(node).iter().enumerate() {
                        let p = self.share(node, arm as u32);
                        match kind {
                            NodeKind::Decision(g) if self.game.infosets[g.index()].player == owner => {
                                let mut way = way.clone();
                                way.push((g.0, arm as u32));
                                open.push((*child, weight.clone(), &followed * p, way));
                            }
                            _ => open.push((*child, &weight * p, &followed * p, way.clone())),
                        }
                    }
                }
            }
        }
        most(sums) > follow
    }

    /// Ranks and weights follow the moves, and beliefs follow ranks and weights.
    fn plausible(&self) -> Result<(), Rejected> {
        let mut place: Vec<(u32, Q)> = vec![];
        for (n, node) in self.game.nodes.iter().enumerate() {
            let Some((parent, arm)) = node.parent else {
                place.push((0, Q::ONE));
                continue;
            };
            let (rank, weight) = place[parent.index()].clone();
            let p = self.share(parent, arm);
            if p.is_positive() {
                place.push((rank, weight * p.clone()));
                continue;
            }
            let given = self.found.order.iter().find(|r| r.node as usize == n);
            let given = given.ok_or_else(|| no("a node after a move that is not played has no rank"))?;
            if given.rank <= rank || !given.weight.is_positive() {
                return Err(no("a move that is not played must make its node less plausible"));
            }
            place.push((given.rank, given.weight.clone()));
        }
        for (h, set) in self.game.infosets.iter().enumerate() {
            let least = set.nodes.iter().map(|n| place[n.index()].0).min().unwrap_or(0);
            let weight = |n: &NodeId| match &place[n.index()] {
                (rank, weight) if *rank == least => weight.clone(),
                _ => Q::ZERO,
            };
            let total: Q = set.nodes.iter().map(weight).sum();
            if !set.nodes.iter().zip(&self.found.beliefs[h]).all(|(n, b)| &total * b == weight(n)) {
                return Err(no(format!("the beliefs at set {h} do not follow from the order")));
            }
        }
        Ok(())
    }
}

/// Whether no player gains by another plan for the whole game.
pub(crate) fn is_nash(game: &Game, numbers: &Numbers, profile: &[Vec<Q>]) -> bool {
    let found = Assessment { component: 0, profile: profile.to_vec(), beliefs: vec![], order: vec![] };
    let look = Look { game, numbers, found: &found };
    (0..game.players.len()).all(|p| !look.better(PlayerId(p as u32), vec![(NodeId(0), Q::ONE)]))
}

/// The best that can be had by choosing, last choices first.
fn most(mut sums: BTreeMap<Vec<(u32, u32)>, Q>) -> Q {
    while let Some(longest) = sums.keys().map(Vec::len).max().filter(|n| *n > 0) {
        let (last, rest): (Vec<_>, Vec<_>) = sums.into_iter().partition(|(way, _)| way.len() == longest);
        sums = rest.into_iter().collect();
        let mut best: BTreeMap<(Vec<(u32, u32)>, u32), Q> = BTreeMap::new();
        for (mut way, value) in last {
            let Some((set, _)) = way.pop() else { continue };
            let held = best.entry((way, set)).or_insert_with(|| value.clone());
            if value > *held {
                *held = value;
            }
        }
        for ((way, _), value) in best {
            *sums.entry(way).or_insert(Q::ZERO) += &value;
        }
    }
    sums.into_values().next().unwrap_or(Q::ZERO)
}
