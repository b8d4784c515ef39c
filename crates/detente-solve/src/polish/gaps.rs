//! What a player could gain by deviating, exactly or between sure bounds.
//!
//! The one idea: with perfect recall the best deviation from some weighted nodes walks down
//! through chance and the others, collects the deviator's next decisions set by set, and
//! takes the best action at each; what lies below is the same question again.

use detente_exact::Scalar;
use detente_game::{Game, NodeId, NodeKind, Numbers};
use std::collections::BTreeMap;

/// A profile with the expected payoffs that follow from it.
pub struct View<'a, S> {
    game: &'a Game,
    probs: &'a [Vec<S>],
    chance: Vec<Vec<S>>,
    payoffs: Vec<S>,
    values: Vec<S>,
}

/// Largest gain of any player from a deviation over the whole game.
pub fn nash<S: Scalar>(game: &Game, numbers: &Numbers, probs: &[Vec<S>]) -> S {
    let view = View::new(game, numbers, probs);
    let gains = (0..game.players.len()).map(|p| view.gain(p, vec![(NodeId(0), S::one())]));
    gains.fold(S::zero(), |worst, g| worst.max(&g))
}

/// Largest gain at any information set from a deviation over the whole continuation of its
/// owner, given beliefs.
pub fn sequential<S: Scalar>(game: &Game, numbers: &Numbers, probs: &[Vec<S>], beliefs: &[Vec<S>]) -> S {
    let view = View::new(game, numbers, probs);
    game.infosets.iter().zip(beliefs).fold(S::zero(), |worst, (h, belief)| {
        let starts = h.nodes.iter().copied().zip(belief.iter().cloned()).collect();
        worst.max(&view.gain(h.player.index(), starts))
    })
}

fn is_zero<S: Scalar>(x: &S) -> bool {
    x.sign_certain() == Some(0)
}

impl<'a, S: Scalar> View<'a, S> {
    pub fn new(game: &'a Game, numbers: &Numbers, probs: &'a [Vec<S>]) -> View<'a, S> {
        let chance = numbers.chance.iter().map(|c| c.iter().map(S::from_q).collect()).collect();
        let payoffs = numbers.payoffs.iter().map(S::from_q).collect();
        let mut view = View { game, probs, chance, payoffs, values: vec![] };
        let n = game.players.len();
        let mut values = vec![S::zero(); game.nodes.len() * n];
        for x in (0..game.nodes.len()).rev() {
            let node = NodeId(x as u32);
            let Some(steps) = view.steps(node) else {
                values[x * n..x * n + n].clone_from_slice(&view.payoffs[x * n..x * n + n]);
                continue;
            };
            for (child, q) in game.children(node).iter().zip(steps).filter(|(_, q)| !is_zero(*q)) {
                for p in 0..n {
                    let share = q.mul(&values[child.index() * n + p]);
                    values[x * n + p] = values[x * n + p].add(&share);
                }
            }
        }
        view.values = values;
        view
    }

    /// Probabilities of a node's children; `None` at the end of play.
    fn steps(&self, node: NodeId) -> Option<&[S]> {
        match self.game.nodes[node.index()].kind {
            NodeKind::Terminal(_) => None,
            NodeKind::Chance(c) => Some(&self.chance[c.index()]),
            NodeKind::Decision(h) => Some(&self.probs[h.index()]),
        }
    }

    fn gain(&self, player: usize, starts: Vec<(NodeId, S)>) -> S {
        let follow = self.follow(player, &starts);
        self.best(player, starts).sub(&follow)
    }

    /// Value of play as it is from weighted nodes.
    pub fn follow(&self, player: usize, starts: &[(NodeId, S)]) -> S {
        let n = self.game.players.len();
        starts.iter().fold(S::zero(), |sum, (x, w)| sum.add(&w.mul(&self.values[x.index() * n + player])))
    }

    /// The probability with which chance and the others lead to a node.
    pub fn likelihood(&self, node: NodeId, player: usize) -> S {
        let (mut weight, mut at) = (S::one(), node);
        while let Some((parent, arm)) = self.game.nodes[at.index()].parent {
            let own = match self.game.nodes[parent.index()].kind {
                NodeKind::Decision(h) => self.game.infosets[h.index()].player.index() == player,
                _ => false,
            };
            if let Some(steps) = self.steps(parent).filter(|_| !own) {
                weight = weight.mul(&steps[arm as usize]);
            }
            at = parent;
        }
        weight
    }

    /// Value of the best continuation from weighted nodes.
    pub fn best(&self, player: usize, starts: Vec<(NodeId, S)>) -> S {
        let n = self.game.players.len();
        let mut total = S::zero();
        let mut own: BTreeMap<usize, Vec<(NodeId, S)>> = BTreeMap::new();
        let mut stack = starts;
        while let Some((x, weight)) = stack.pop() {
            if is_zero(&weight) {
                continue;
            }
            match self.game.nodes[x.index()].kind {
                NodeKind::Decision(h) if self.game.infosets[h.index()].player.index() == player => {
                    own.entry(h.index()).or_default().push((x, weight));
                }
                NodeKind::Terminal(_) => {
                    total = total.add(&weight.mul(&self.payoffs[x.index() * n + player]));
                }
                _ => {
                    let steps = self.steps(x).unwrap_or(&[]);
                    for (child, q) in self.game.children(x).iter().zip(steps) {
                        stack.push((*child, weight.mul(q)));
                    }
                }
            }
        }
        for (h, members) in own {
            let action = |a: usize| {
                let after = members.iter().map(|(x, w)| (self.game.children(*x)[a], w.clone()));
                self.best(player, after.collect())
            };
            let best = (0..self.game.infosets[h].actions.len()).map(action).reduce(|a, b| a.max(&b));
            total = total.add(&best.unwrap_or(S::zero()));
        }
        total
    }
}
