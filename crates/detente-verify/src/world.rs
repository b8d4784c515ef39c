//! Every plan of every player, listed from the game itself and played out.
//!
//! The one idea: a plan says what to do wherever it comes itself; combinations are numbered, the last player's plans
//! run fastest, so what a player would get by another plan is found without search.

use crate::verdict::Rejected;
use detente_exact::Q;
use detente_game::device::Plan;
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers, PlayerId};
use std::collections::BTreeMap;

/// Most combinations that are played out.
const MOST: usize = 20_000;

/// Payoffs, and the outcome keys that play may end in with their probabilities.
pub(crate) type Played = (Vec<Q>, BTreeMap<usize, Q>);

/// Every combination of plans, and what it pays and ends in.
pub(crate) struct World<'a> {
    pub(crate) game: &'a Game,
    /// The owner's information set before each, and the action taken there.
    before: Vec<Option<(usize, u32)>>,
    /// Plans per player.
    pub(crate) plans: Vec<Vec<Plan>>,
    /// Combinations by number.
    pub(crate) joint: Vec<Plan>,
    pub(crate) played: BTreeMap<Plan, Played>,
}

pub(crate) fn no(why: &str) -> Rejected {
    Rejected { path: vec!["device".into()], reason: why.into() }
}

impl<'a> World<'a> {
    pub(crate) fn new(game: &'a Game, numbers: &Numbers) -> Result<World<'a>, Rejected> {
        let before = (0..game.infosets.len()).map(|h| last_own(game, h)).collect();
        let (plans, played) = (vec![], BTreeMap::new());
        let mut world = World { game, before, plans, joint: vec![vec![None; game.infosets.len()]], played };
        for p in 0..game.players.len() {
            let plans = world.plans_of(PlayerId(p as u32));
            if plans.len().saturating_mul(world.joint.len()) > MOST {
                return Err(no("the game has too many plans to be checked"));
            }
            let with = |j: &Plan| plans.iter().map(|plan| overlay(j, plan)).collect::<Vec<Plan>>();
            world.joint = world.joint.iter().flat_map(with).collect();
            world.plans.push(plans);
        }
        for plan in &world.joint {
            world.played.insert(plan.clone(), play(game, numbers, plan));
        }
        Ok(world)
    }

    /// The combinations that hold plan `i` of a player, each with the one that holds plan `to` instead.
    pub(crate) fn turned(&self, p: usize, i: usize, to: usize) -> impl Iterator<Item = (usize, usize)> {
        let stride: usize = self.plans[p + 1..].iter().map(Vec::len).product();
        let count = self.plans[p].len();
        let blocks = self.joint.len() / (stride * count);
        (0..blocks * stride).map(move |k| {
            let first = k / stride * stride * count + k % stride;
            (first + i * stride, first + to * stride)
        })
    }

    /// Every way in which a player can act at the sets that it comes to.
    fn plans_of(&self, player: PlayerId) -> Vec<Plan> {
        let mut sets: Vec<usize> =
            (0..self.game.infosets.len()).filter(|h| self.game.infosets[*h].player == player).collect();
        sets.retain(|h| !self.game.infosets[*h].nodes.is_empty());
        // An earlier own set has a member before the first of this one, so this order is by time.
        sets.sort_by_key(|h| self.game.infosets[*h].nodes[0]);
        let mut list: Vec<Plan> = vec![vec![None; self.game.infosets.len()]];
        for h in sets {
            let comes = |plan: &Plan| self.before[h].is_none_or(|(set, action)| plan[set] == Some(action));
            let count = self.game.infosets[h].actions.len() as u32;
            let split = |plan: Plan| -> Vec<Plan> {
                if !comes(&plan) {
                    return vec![plan];
                }
                let act = |a: u32| {
                    let mut next = plan.clone();
                    next[h] = Some(a);
                    next
                };
                (0..count).map(act).collect()
            };
            list = list.into_iter().flat_map(split).collect();
            if list.len() > MOST {
                break;
            }
        }
        list
    }

    /// Whether a set is `first` or one of its owner's sets after it.
    pub(crate) fn follows(&self, set: usize, first: usize) -> bool {
        let mut at = Some(set);
        while let Some(h) = at {
            if h == first {
                return true;
            }
            at = self.before[h].map(|(earlier, _)| earlier);
        }
        false
    }

    /// The part of a plan that is the player's, at the sets that are kept.
    pub(crate) fn part(&self, plan: &Plan, p: usize, keep: impl Fn(usize) -> bool) -> Plan {
        let owner = |h: usize| self.game.infosets[h].player.index();
        plan.iter().enumerate().map(|(h, a)| a.filter(|_| owner(h) == p && keep(h))).collect()
    }
}

/// The first plan, with the second's actions where it has any.
pub(crate) fn overlay(base: &Plan, over: &Plan) -> Plan {
    base.iter().zip(over).map(|(a, b)| b.or(*a)).collect()
}

/// The owner's last set and action before a set.
fn last_own(game: &Game, h: usize) -> Option<(usize, u32)> {
    let mut at = *game.infosets[h].nodes.first()?;
    while let Some((parent, arm)) = game.nodes[at.index()].parent {
        match game.nodes[parent.index()].kind {
            NodeKind::Decision(InfosetId(set))
                if game.infosets[set as usize].player == game.infosets[h].player =>
            {
                return Some((set as usize, arm));
            }
            _ => at = parent,
        }
    }
    None
}

/// Plays a combination out: payoffs, and the outcome keys that it may end in with their probabilities.
fn play(game: &Game, numbers: &Numbers, plan: &Plan) -> Played {
    let mut pays = vec![Q::ZERO; game.players.len()];
    let mut shares: BTreeMap<usize, Q> = BTreeMap::new();
    let mut open = vec![(NodeId(0), Q::ONE)];
    while let Some((node, share)) = open.pop() {
        match game.nodes[node.index()].kind {
            NodeKind::Chance(c) => {
                for (child, p) in game.children(node).iter().zip(&numbers.chance[c.index()]) {
                    open.push((*child, &share * p));
                }
            }
            NodeKind::Decision(h) => {
                if let Some(action) = plan[h.index()] {
                    open.push((game.children(node)[action as usize], share));
                }
            }
            NodeKind::Terminal(_) => {
                for (p, pay) in pays.iter_mut().enumerate() {
                    *pay += &(&share * numbers.payoff(game, node, p));
                }
                if let Some(key) = game.outcome_key(node) {
                    *shares.entry(key).or_insert(Q::ZERO) += &share;
                }
            }
        }
    }
    (pays, shares)
}
