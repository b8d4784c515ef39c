//! Actions that are never best at their own information set.
//!
//! The one idea: whoever is at a set with whatever beliefs compares continuations at its members. One that is
//! worse than a mixture of others at every member, against everything that the others may still do, is
//! never best; an action all of whose continuations are so is not played there. What is left may make
//! more actions so, hence rounds (conditional dominance: Shimoji and Watson, "Conditional dominance,
//! rationalizability, and game forms", Journal of Economic Theory, 1998).

use detente_exact::Q;
use detente_exact::lp::{Lp, Outcome, Rel, maximize};
use detente_game::beliefs::{Continuation, Removal};
use detente_game::{Game, NodeId, NodeKind, Numbers};
use std::collections::BTreeMap;

/// Most pairs of a member and a plan of the others, and most continuations, that are compared at a set.
const MOST: usize = 600;

/// Which actions stay, per information set.
pub type Stays = Vec<Vec<bool>>;

/// How an action must lose to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loses {
    /// Everywhere.
    Everywhere,
    /// Somewhere, and nowhere is it better.
    Somewhere,
}

/// Removes actions until none can be removed. Sets that are too wide are left as they are.
pub fn reduce(game: &Game, numbers: &Numbers) -> (Stays, Vec<Vec<Removal>>) {
    let mut stays: Stays = game.infosets.iter().map(|h| vec![true; h.actions.len()]).collect();
    let mut rounds = vec![];
    loop {
        let mut round = vec![];
        for h in 0..game.infosets.len() {
            round.extend(removals(game, numbers, &stays, h, Loses::Everywhere));
        }
        if round.is_empty() {
            return (stays, rounds);
        }
        for removal in &round {
            stays[removal.set as usize][removal.action as usize] = false;
        }
        rounds.push(round);
    }
}

/// The actions of one set that can go.
pub fn removals(game: &Game, numbers: &Numbers, stays: &Stays, h: usize, loses: Loses) -> Vec<Removal> {
    if stays[h].iter().filter(|s| **s).count() < 2 {
        return vec![];
    }
    let Some(table) = Table::new(game, numbers, stays, h) else { return vec![] };
    let mut list = vec![];
    for action in (0..stays[h].len()).filter(|a| stays[h][*a]) {
        let begins = |k: &usize| table.plans[*k][0].1 == action as u32;
        let (with, others): (Vec<usize>, Vec<usize>) = (0..table.plans.len()).partition(|k| begins(k));
        let proofs: Option<Vec<_>> = with.iter().map(|k| table.better(*k, &others, loses)).collect();
        if let Some(proofs) = proofs {
            list.push(Removal { set: h as u32, action: action as u32, proofs });
        }
    }
    list
}

/// What each continuation brings at each member, against each plan of the others.
struct Table {
    plans: Vec<Continuation>,
    /// `pays[k][r]`.
    pays: Vec<Vec<Q>>,
}

impl Table {
    /// `None` if it would be too wide.
    fn new(game: &Game, numbers: &Numbers, stays: &Stays, h: usize) -> Option<Table> {
        let owner = game.infosets[h].player.index();
        let mut met = vec![];
        for node in &game.infosets[h].nodes {
            sets_below(game, stays, *node, &mut met);
        }
        met.sort_unstable();
        met.dedup();
        let (own, others): (Vec<usize>, Vec<usize>) =
            met.into_iter().partition(|g| game.infosets[*g].player.index() == owner);
        let plans = continuations(game, stays, h, &own)?;
        let mut against: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new()];
        for g in others {
            let acts: Vec<usize> = (0..stays[g].len()).filter(|a| stays[g][*a]).collect();
            if against.len() * acts.len() * game.infosets[h].nodes.len() > MOST {
                return None;
            }
            let with = |plan: BTreeMap<usize, usize>| {
                let plan = &plan;
                let more = |a: &usize| {
                    let mut next = plan.clone();
                    next.insert(g, *a);
                    next
                };
                acts.iter().map(more).collect::<Vec<_>>()
            };
            against = against.into_iter().flat_map(with).collect();
        }
        let pays = plans
            .iter()
            .map(|plan| {
                let mine: BTreeMap<usize, usize> =
                    plan.iter().map(|(g, a)| (*g as usize, *a as usize)).collect();
                let at = |node: &NodeId| {
                    let node = *node;
                    let mine = &mine;
                    against.iter().map(move |theirs| pay(game, numbers, owner, node, mine, theirs))
                };
                game.infosets[h].nodes.iter().flat_map(at).collect()
            })
            .collect();
        Some(Table { plans, pays })
    }

    /// A mixture of others that is better than plan `k` everywhere, or nowhere worse and somewhere better.
    fn better(
        &self,
        k: usize,
        others: &[usize],
        loses: Loses,
    ) -> Option<(Continuation, Vec<(Continuation, Q)>)> {
        let mut lp = Lp::with_variables(others.len(), Some(Q::ZERO), None);
        lp.add_row((0..others.len()).map(|j| (j, Q::ONE)).collect(), Rel::Eq, Q::ONE);
        let margin = (loses == Loses::Everywhere).then(|| lp.add_variable(None, Some(Q::ONE)));
        for (r, pay) in self.pays[k].iter().enumerate() {
            let mut row: Vec<(usize, Q)> =
                others.iter().enumerate().map(|(j, plan)| (j, self.pays[*plan][r].clone())).collect();
            row.extend(margin.map(|margin| (margin, -Q::ONE)));
            lp.add_row(row, Rel::Ge, pay.clone());
        }
        let sum = |plan: usize| self.pays[plan].iter().cloned().sum::<Q>();
        let (objective, least): (Vec<(usize, Q)>, Q) = match margin {
            Some(margin) => (vec![(margin, Q::ONE)], Q::ZERO),
            None => (others.iter().enumerate().map(|(j, plan)| (j, sum(*plan))).collect(), sum(k)),
        };
        let Outcome::Optimal { x, value, .. } = maximize(&lp, &objective) else { return None };
        if value <= least {
            return None;
        }
        let mixture = others.iter().zip(&x).filter(|(_, w)| !w.is_zero());
        let mixture = mixture.map(|(plan, w)| (self.plans[*plan].clone(), w.clone())).collect();
        Some((self.plans[k].clone(), mixture))
    }
}

/// All sets from a node on.
fn sets_below(game: &Game, stays: &Stays, node: NodeId, met: &mut Vec<usize>) {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let children = game.children(node);
        match game.nodes[node.index()].kind {
            NodeKind::Decision(g) => {
                met.push(g.index());
                let left = children.iter().zip(&stays[g.index()]).filter(|(_, s)| **s);
                open.extend(left.map(|(child, _)| *child));
            }
            _ => open.extend(children),
        }
    }
}

/// What the owner of a set can do from there on, at the sets that it then comes to itself.
fn continuations(game: &Game, stays: &Stays, h: usize, own: &[usize]) -> Option<Vec<Continuation>> {
    let mut order: Vec<usize> = own.to_vec();
    // An earlier own set has a member before the first of a later one.
    order.sort_by_key(|g| (*g != h, game.infosets[*g].nodes[0]));
    let mut list: Vec<Continuation> = vec![vec![]];
    for g in order {
        let before = before(game, g);
        let comes = |plan: &Continuation| g == h || before.is_some_and(|b| plan.contains(&b));
        let mut next = vec![];
        for plan in list {
            if !comes(&plan) {
                next.push(plan);
                continue;
            }
            for a in (0..stays[g].len()).filter(|a| stays[g][*a]) {
                let mut more = plan.clone();
                more.push((g as u32, a as u32));
                next.push(more);
            }
        }
        if next.len() > MOST {
            return None;
        }
        list = next;
    }
    Some(list)
}

/// The owner's set and action before a set.
fn before(game: &Game, set: usize) -> Option<(u32, u32)> {
    let owner = game.infosets[set].player;
    let mut at = *game.infosets[set].nodes.first()?;
    while let Some((parent, arm)) = game.nodes[at.index()].parent {
        match game.nodes[parent.index()].kind {
            NodeKind::Decision(g) if game.infosets[g.index()].player == owner => return Some((g.0, arm)),
            _ => at = parent,
        }
    }
    None
}

/// A player's payoff from a node on if everybody plays these actions.
fn pay(
    game: &Game,
    numbers: &Numbers,
    player: usize,
    node: NodeId,
    mine: &BTreeMap<usize, usize>,
    theirs: &BTreeMap<usize, usize>,
) -> Q {
    let children = game.children(node);
    match game.nodes[node.index()].kind {
        NodeKind::Terminal(_) => numbers.payoff(game, node, player).clone(),
        NodeKind::Chance(c) => {
            let arms = children.iter().zip(&numbers.chance[c.index()]);
            arms.map(|(child, p)| p * &pay(game, numbers, player, *child, mine, theirs)).sum()
        }
        NodeKind::Decision(h) => {
            let plan = if game.infosets[h.index()].player.index() == player { mine } else { theirs };
            // A plan that does not come here says nothing; nor do others where only they would come.
            let action = plan.get(&h.index()).copied().unwrap_or(0);
            pay(game, numbers, player, children[action], mine, theirs)
        }
    }
}
