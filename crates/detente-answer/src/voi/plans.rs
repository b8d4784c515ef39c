//! One player against others whose behaviour is given: every plan it has, and the best of them.
//!
//! The one idea: a plan's payoff is a sum over the sequences of own moves that it holds, each with a
//! weight that the others and chance decide (the sequence form; von Stengel, "Efficient computation of
//! behavior strategies", 1996). So means of weights over draws are weights again, and the best plan
//! under doubt is found by looking ahead, without listing plans.

use detente_game::{EventId, Game, InfosetId, NodeId, NodeKind, PlayerId};
use std::collections::BTreeMap;

/// A player's decisions, with what it knows there.
pub struct Plans {
    player: PlayerId,
    sets: Vec<Set>,
    /// Sequence of own moves before each node.
    before: Vec<usize>,
    sequences: usize,
}

/// A decision in one state of knowledge.
struct Set {
    infoset: InfosetId,
    /// The sequence of own moves that leads here, and the one that its first action makes.
    before: usize,
    first: usize,
    actions: usize,
}

/// The action chosen in each of the player's sets, by position.
pub type Chosen = Vec<usize>;

impl Plans {
    /// The plans of a player that also learns these facts, unnoticed by the others.
    pub fn new(game: &Game, player: PlayerId, facts: &[EventId]) -> Plans {
        let mut plans = Plans { player, sets: vec![], before: vec![0; game.nodes.len()], sequences: 1 };
        let mut known: Vec<Vec<Option<u32>>> = vec![vec![None; facts.len()]; game.nodes.len()];
        let mut places: BTreeMap<(InfosetId, Vec<Option<u32>>), usize> = BTreeMap::new();
        for (n, node) in game.nodes.iter().enumerate() {
            let children = game.children(NodeId(n as u32));
            let (before, knows) = (plans.before[n], known[n].clone());
            let own = match node.kind {
                NodeKind::Decision(h) if game.infosets[h.index()].player == player => Some(h),
                _ => None,
            };
            let first = own.map(|h| {
                let at = *places.entry((h, knows.clone())).or_insert_with(|| {
                    let first = plans.sequences;
                    plans.sequences += children.len();
                    plans.sets.push(Set { infoset: h, before, first, actions: children.len() });
                    plans.sets.len() - 1
                });
                plans.sets[at].first
            });
            for (k, child) in children.iter().enumerate() {
                plans.before[child.index()] = first.map_or(before, |f| f + k);
                let mut knows = knows.clone();
                if let NodeKind::Chance(c) = node.kind {
                    let chance = &game.chances[c.index()];
                    if let Some(place) = facts.iter().position(|f| *f == chance.event) {
                        knows[place] = Some(chance.arms[k]);
                    }
                }
                known[child.index()] = knows;
            }
        }
        plans
    }

    /// How many states of knowledge the player decides in.
    pub fn decisions(&self) -> usize {
        self.sets.len()
    }

    /// The weight of every sequence: the player's payoff at the ends that it leads to without further
    /// own moves, times the probability that chance and the others lead there.
    ///
    /// `moves` tells how likely an action is at a set, `chance` an arm at a node, and `paid` what an end brings.
    pub fn weights(
        &self,
        game: &Game,
        moves: &dyn Fn(usize, usize) -> f64,
        chance: &dyn Fn(usize, usize) -> f64,
        paid: &dyn Fn(usize) -> f64,
    ) -> Vec<f64> {
        let mut weights = vec![0.0; self.sequences];
        let mut reach = vec![0.0; game.nodes.len()];
        reach[0] = 1.0;
        for (n, node) in game.nodes.iter().enumerate() {
            if reach[n] == 0.0 {
                continue;
            }
            for (k, child) in game.children(NodeId(n as u32)).iter().enumerate() {
                reach[child.index()] = reach[n]
                    * match node.kind {
                        NodeKind::Decision(h) if game.infosets[h.index()].player == self.player => 1.0,
                        NodeKind::Decision(h) => moves(h.index(), k),
                        NodeKind::Chance(_) => chance(n, k),
                        NodeKind::Terminal(_) => 0.0,
                    };
            }
            if let NodeKind::Terminal(_) = node.kind {
                weights[self.before[n]] += reach[n] * paid(n);
            }
        }
        weights
    }

    /// The best plan and its payoff; of equal actions the first.
    pub fn best(&self, weights: &[f64]) -> (f64, Chosen) {
        let mut total = weights.to_vec();
        let mut chosen = vec![0; self.sets.len()];
        // A later set never leads to an earlier one.
        for (k, set) in self.sets.iter().enumerate().rev() {
            let values = &total[set.first..set.first + set.actions];
            let mut best = 0;
            for (a, value) in values.iter().enumerate() {
                if *value > values[best] {
                    best = a;
                }
            }
            chosen[k] = best;
            total[set.before] += total[set.first + best];
        }
        (total[0], chosen)
    }

    /// The payoff of a plan.
    pub fn value(&self, weights: &[f64], plan: &[usize]) -> f64 {
        let mut total = weights.to_vec();
        for (set, a) in self.sets.iter().zip(plan).rev() {
            total[set.before] += total[set.first + a];
        }
        total[0]
    }

    /// A plan in words: the decisions that it reaches, and what it does there.
    pub fn words(&self, game: &Game, plan: &[usize]) -> Vec<(String, String)> {
        let mut reached = vec![false; self.sequences];
        reached[0] = true;
        let mut list = vec![];
        for (set, a) in self.sets.iter().zip(plan) {
            if reached[set.before] {
                reached[set.first + a] = true;
                let action = game.action_name(set.infoset, *a).to_string();
                list.push((detente_game::names::set_name(game, set.infoset), action));
            }
        }
        list
    }
}
