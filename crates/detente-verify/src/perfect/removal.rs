//! Whether an action is gone for good: every plan that begins with it loses to a mixture at every member.

use super::no;
use crate::verdict::Rejected;
use detente_exact::Q;
use detente_game::beliefs::{Continuation, Removal};
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers};
use std::collections::BTreeMap;

/// Most plays that are summed for one removal.
pub(super) const MOST: usize = 200_000;

/// Every plan that begins with the action is listed, and each loses to its mixture everywhere, or is (not
/// strictly) nowhere better and somewhere worse.
pub(crate) fn never_best(
    game: &Game,
    numbers: &Numbers,
    stays: &[Vec<bool>],
    removal: &Removal,
    strictly: bool,
) -> Result<(), Rejected> {
    let h = removal.set as usize;
    let owner = game.infosets[h].player.0;
    let mut listed: Vec<&Continuation> = removal.proofs.iter().map(|(plan, _)| plan).collect();
    for plan in plans_with(game, stays, removal) {
        match listed.iter().position(|l| same(l, &plan)) {
            Some(at) => listed.swap_remove(at),
            None => return Err(no("a plan that begins with a removed action is not refuted")),
        };
    }
    for (plan, mixture) in &removal.proofs {
        let total: Q = mixture.iter().map(|(_, w)| w.clone()).sum();
        let legal = |p: &Continuation| {
            p.iter().all(|(g, a)| {
                let set = game.infosets.get(*g as usize);
                set.is_some_and(|s| s.player.0 == owner) && stays[*g as usize].get(*a as usize) == Some(&true)
            })
        };
        let fits = mixture.iter().all(|(p, w)| !w.is_negative() && legal(p) && starts_elsewhere(p, removal));
        if total != Q::ONE || !fits {
            return Err(no("a mixture of plans is none"));
        }
        let mut court = Court { game, numbers, stays, owner, plan, mixture, plays: 0 };
        let mut somewhere = false;
        for node in &game.infosets[h].nodes {
            somewhere |= court.loses(*node, strictly)?;
        }
        if !somewhere {
            return Err(no("a removed action's plan is nowhere worse than its mixture"));
        }
    }
    Ok(())
}

pub(super) fn same(a: &Continuation, b: &Continuation) -> bool {
    a.len() == b.len() && a.iter().all(|x| b.contains(x))
}

fn starts_elsewhere(plan: &Continuation, removal: &Removal) -> bool {
    plan.iter().any(|(g, a)| *g == removal.set && *a != removal.action)
}

/// All plans of the owner from the set on that begin with the action, at the sets that they come to.
fn plans_with(game: &Game, stays: &[Vec<bool>], removal: &Removal) -> Vec<Continuation> {
    let mut done = vec![];
    let mut open: Vec<Continuation> = vec![vec![(removal.set, removal.action)]];
    while let Some(plan) = open.pop() {
        match next_set(game, stays, removal.set as usize, &plan) {
            None => done.push(plan),
            Some(g) => {
                for a in (0..stays[g].len()).filter(|a| stays[g][*a]) {
                    let mut more = plan.clone();
                    more.push((g as u32, a as u32));
                    open.push(more);
                }
            }
        }
    }
    done
}

/// A set of the owner that the plan comes to and says nothing of.
fn next_set(game: &Game, stays: &[Vec<bool>], h: usize, plan: &Continuation) -> Option<usize> {
    let owner = game.infosets[h].player;
    let mut open: Vec<NodeId> = game.infosets[h].nodes.clone();
    while let Some(node) = open.pop() {
        let children = game.children(node);
        match game.nodes[node.index()].kind {
            NodeKind::Decision(g) if game.infosets[g.index()].player == owner => {
                match plan.iter().find(|(set, _)| *set == g.0) {
                    Some((_, a)) => open.push(children[*a as usize]),
                    None => return Some(g.index()),
                }
            }
            NodeKind::Decision(g) => {
                open.extend((0..children.len()).filter(|a| stays[g.index()][*a]).map(|a| children[a]));
            }
            _ => open.extend(children),
        }
    }
    None
}

/// Compares a plan with a mixture at one member, against every plan of the others.
pub(super) struct Court<'a> {
    pub(super) game: &'a Game,
    pub(super) numbers: &'a Numbers,
    pub(super) stays: &'a [Vec<bool>],
    pub(super) owner: u32,
    pub(super) plan: &'a Continuation,
    pub(super) mixture: &'a [(Continuation, Q)],
    pub(super) plays: usize,
}

impl Court<'_> {
    /// What the others do is decided set by set, as either plan comes to it. Whether it loses somewhere.
    pub(super) fn loses(&mut self, node: NodeId, strictly: bool) -> Result<bool, Rejected> {
        let mut somewhere = false;
        let mut open: Vec<BTreeMap<u32, u32>> = vec![BTreeMap::new()];
        while let Some(others) = open.pop() {
            self.plays += 1;
            if self.plays > MOST {
                return Err(no("a removal has too many plays to be checked"));
            }
            match self.margin(node, &others) {
                Ok(margin) if margin.is_positive() => somewhere = true,
                Ok(margin) if margin.is_zero() && !strictly => {}
                Ok(_) => return Err(no("a removed action's plan does not lose to its mixture")),
                Err(set) => {
                    let stays = &self.stays[set.index()];
                    for a in (0..stays.len()).filter(|a| stays[*a]) {
                        let mut more = others.clone();
                        more.insert(set.0, a as u32);
                        open.push(more);
                    }
                }
            }
        }
        Ok(somewhere)
    }

    /// By how much the mixture is better, or a set of the others that must be decided first.
    pub(super) fn margin(&self, node: NodeId, others: &BTreeMap<u32, u32>) -> Result<Q, InfosetId> {
        let mut margin = -self.pay(node, self.plan, others)?;
        for (plan, weight) in self.mixture {
            margin += &(weight * &self.pay(node, plan, others)?);
        }
        Ok(margin)
    }

    pub(super) fn pay(
        &self,
        node: NodeId,
        plan: &Continuation,
        others: &BTreeMap<u32, u32>,
    ) -> Result<Q, InfosetId> {
        let children = self.game.children(node);
        match self.game.nodes[node.index()].kind {
            NodeKind::Terminal(_) => Ok(self.numbers.payoff(self.game, node, self.owner as usize).clone()),
            NodeKind::Chance(c) => children
                .iter()
                .zip(&self.numbers.chance[c.index()])
                .map(|(child, p)| Ok(p * &self.pay(*child, plan, others)?))
                .sum(),
            NodeKind::Decision(g) if self.game.infosets[g.index()].player.0 == self.owner => {
                let act = plan.iter().find(|(set, _)| *set == g.0).map(|(_, a)| *a);
                // A plan that says nothing where it comes is taken at its first action that is left.
                let first = || self.stays[g.index()].iter().position(|s| *s).unwrap_or(0) as u32;
                self.pay(children[act.unwrap_or_else(first) as usize], plan, others)
            }
            NodeKind::Decision(g) => match others.get(&g.0) {
                Some(a) => self.pay(children[*a as usize], plan, others),
                None => Err(g),
            },
        }
    }
}
