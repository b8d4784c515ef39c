//! What a player gains by playing otherwise: in the whole game, in a subgame, at one set.
//!
//! The one idea: the best continuation goes over the player's own sets, last ones first, with the weights
//! that chance and the others put on the nodes.

use super::{Gap, LocalGap, View};
use crate::numbers::Number;
use crate::subgames::subgame_roots;
use detente_exact::Q;
use detente_game::{NodeId, NodeKind};
use std::collections::BTreeMap;

/// An own set met on a walk, by position, and the action taken there; `None` before the first.
type Own = Option<(usize, usize)>;

impl<S: Number> View<'_, S> {
    /// Gain of a player's best continuation from these weighted nodes over following the profile.
    fn gain(&self, player: usize, starts: Vec<(NodeId, S)>) -> S {
        let players = self.game.players.len();
        let follow = starts
            .iter()
            .fold(S::zero(), |s, (n, w)| s.add(&w.mul(&self.values[n.index() * players + player])));
        self.best_response(player, starts).sub(&follow)
    }

    /// Value of a player's best continuation from weighted nodes, by dynamic programming over
    /// the player's own sets, last ones first.
    pub(crate) fn best_response(&self, player: usize, starts: Vec<(NodeId, S)>) -> S {
        let players = self.game.players.len();
        // Own sets in the order met: a set's predecessor comes before it. `slot` finds them.
        let mut slot: BTreeMap<usize, usize> = BTreeMap::new();
        let mut met: Vec<(Own, Vec<S>)> = Vec::new();
        let mut outside = S::zero();
        let mut stack: Vec<(NodeId, S, Own)> = starts.into_iter().rev().map(|(n, w)| (n, w, None)).collect();
        while let Some((node, weight, own)) = stack.pop() {
            if weight.is_zero() {
                continue;
            }
            let children = self.game.children(node);
            match self.game.nodes[node.index()].kind {
                NodeKind::Terminal(_) => {
                    let share = weight.mul(&self.payoffs[node.index() * players + player]);
                    let sum = match own {
                        Some((k, a)) => &mut met[k].1[a],
                        None => &mut outside,
                    };
                    *sum = sum.add(&share);
                }
                NodeKind::Chance(c) => {
                    for (child, p) in children.iter().zip(&self.chance[c.index()]) {
                        stack.push((*child, weight.mul(p), own));
                    }
                }
                NodeKind::Decision(h) if self.game.infosets[h.index()].player.index() == player => {
                    let k = *slot.entry(h.index()).or_insert_with(|| {
                        met.push((own, vec![S::zero(); children.len()]));
                        met.len() - 1
                    });
                    for (a, child) in children.iter().enumerate() {
                        stack.push((*child, weight.clone(), Some((k, a))));
                    }
                }
                NodeKind::Decision(h) => {
                    for (child, p) in children.iter().zip(&self.probs[h.index()]) {
                        stack.push((*child, weight.mul(p), own));
                    }
                }
            }
        }
        for k in (0..met.len()).rev() {
            let best = met[k].1.iter().cloned().reduce(|a, b| a.max(&b)).unwrap_or(S::zero());
            let sum = match met[k].0 {
                Some((above, a)) => &mut met[above].1[a],
                None => &mut outside,
            };
            *sum = sum.add(&best);
        }
        outside
    }

    /// Largest gain of each player over the whole game.
    pub(crate) fn player_gaps(&self) -> Vec<Gap> {
        let players = 0..self.game.players.len();
        players.map(|p| Gap::new(&self.gain(p, vec![(NodeId(0), S::one())]))).collect()
    }

    /// Largest gain in any subgame.
    pub(super) fn subgame_gap(&self) -> Gap {
        let zero = Gap { exact: Some(Q::ZERO), low: 0.0, high: 0.0 };
        subgame_roots(self.game).into_iter().fold(zero, |worst, root| {
            (0..self.game.players.len())
                .map(|p| Gap::new(&self.gain(p, vec![(root, S::one())])))
                .fold(worst, Gap::max)
        })
    }

    pub(super) fn local_gap(&self, h: usize, belief: &[S]) -> LocalGap {
        let set = &self.game.infosets[h];
        let players = self.game.players.len();
        let owner = set.player.index();
        let action_value = |a: usize| {
            set.nodes.iter().zip(belief).filter(|(_, m)| !m.is_zero()).fold(S::zero(), |s, (n, m)| {
                let child = self.game.children(*n)[a];
                s.add(&m.mul(&self.values[child.index() * players + owner]))
            })
        };
        let values: Vec<S> = (0..set.actions.len()).map(action_value).collect();
        let follow = values.iter().zip(&self.probs[h]).fold(S::zero(), |s, (v, p)| s.add(&v.mul(p)));
        let best = values.into_iter().reduce(|a, b| a.max(&b)).unwrap_or(S::zero());
        let one_shot = Gap::new(&best.sub(&follow));
        let starts = set.nodes.iter().copied().zip(belief.iter().cloned()).collect();
        let continuation = Gap::new(&self.gain(owner, starts));
        let stake = self.stake(owner, &set.nodes);
        let relative = if continuation.high <= 0.0 { 0.0 } else { (continuation.high / stake).next_up() };
        LocalGap { infoset: h as u32, one_shot, continuation, stake, relative }
    }

    /// Range of a player's payoff over the terminals below these nodes, rounded down.
    fn stake(&self, player: usize, nodes: &[NodeId]) -> f64 {
        let players = self.game.players.len();
        let mut range: Option<(&Q, &Q)> = None;
        let mut stack = nodes.to_vec();
        while let Some(node) = stack.pop() {
            if let NodeKind::Terminal(_) = self.game.nodes[node.index()].kind {
                let u = &self.numbers.payoffs[node.index() * players + player];
                range = Some(range.map_or((u, u), |(low, high)| (low.min(u), high.max(u))));
            }
            stack.extend(self.game.children(node));
        }
        range.map_or(0.0, |(low, high)| (high - low).to_f64_down())
    }
}
