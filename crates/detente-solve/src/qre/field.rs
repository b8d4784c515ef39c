//! The game as the logit equations see it: conditional payoffs of actions, and how they
//! move with the logarithms of all probabilities.
//!
//! The one idea: beliefs are shares of exponentials of summed logarithms, so nothing
//! underflows however rare a play is; and the derivative of a conditional payoff is a belief
//! part (which member) plus a continuation part (what happens below), both one walk.

use super::real::{Real, log_shares};
use detente_exact::Q;
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// A decision, its actions numbered over the whole game.
pub struct Set<R> {
    pub player: usize,
    /// Number of its first action.
    pub first: usize,
    pub actions: usize,
    pub members: Vec<Member<R>>,
}

/// A member of a set.
pub struct Member<R> {
    pub node: NodeId,
    /// Logarithm of the chance probability of its path.
    pub chance: R,
    /// Actions of others on its path.
    pub path: Vec<usize>,
}

/// The game with numbers of one kind.
pub struct Field<'a, R> {
    pub game: &'a Game,
    pub sets: Vec<Set<R>>,
    /// Number of actions in the game.
    pub actions: usize,
    chance: Vec<Vec<R>>,
    payoffs: Vec<R>,
}

/// Logarithms and probabilities of all actions.
#[derive(Clone, Debug)]
pub struct Play<R> {
    pub log: Vec<R>,
    pub prob: Vec<R>,
}

/// What follows from a play.
pub struct Worth<R> {
    /// Expected payoff per node and player.
    pub values: Vec<R>,
    /// Per set: belief in each member.
    pub beliefs: Vec<Vec<R>>,
    /// Conditional expected payoff per action, to the one who takes it.
    pub payoffs: Vec<R>,
}

impl<'a, R: Real> Field<'a, R> {
    pub fn new(game: &'a Game, numbers: &Numbers) -> Field<'a, R> {
        Field::weighted(game, numbers, &[])
    }

    /// The game with each player's payoffs multiplied by the player's weight (1 if none are given):
    /// a precision of its own is nothing else.
    pub fn weighted(game: &'a Game, numbers: &Numbers, weights: &[Q]) -> Field<'a, R> {
        let mut first = 0;
        let mut starts = vec![];
        for h in &game.infosets {
            starts.push(first);
            first += h.actions.len();
        }
        let member = |node: NodeId, player: usize| {
            let (mut chance, mut path, mut at) = (Q::ONE, vec![], node);
            while let Some((parent, arm)) = game.nodes[at.index()].parent {
                match game.nodes[parent.index()].kind {
                    NodeKind::Chance(c) => chance *= &numbers.chance[c.index()][arm as usize],
                    NodeKind::Decision(h) if game.infosets[h.index()].player.index() != player => {
                        path.push(starts[h.index()] + arm as usize);
                    }
                    _ => {}
                }
                at = parent;
            }
            path.sort_unstable();
            Member { node, chance: R::of(&chance).ln(), path }
        };
        let sets = game.infosets.iter().zip(&starts).map(|(h, first)| {
            let player = h.player.index();
            let members = h.nodes.iter().map(|n| member(*n, player)).collect();
            Set { player, first: *first, actions: h.actions.len(), members }
        });
        Field {
            game,
            sets: sets.collect(),
            actions: first,
            chance: numbers.chance.iter().map(|c| c.iter().map(R::of).collect()).collect(),
            payoffs: match weights.is_empty() {
                true => numbers.payoffs.iter().map(R::of).collect(),
                false => {
                    let owners = numbers.payoffs.iter().enumerate();
                    owners.map(|(k, q)| R::of(&(q * &weights[k % weights.len()]))).collect()
                }
            },
        }
    }

    /// Number of free log-odds: all actions but one per set.
    pub fn unknowns(&self) -> usize {
        self.sets.iter().map(|s| s.actions - 1).sum()
    }

    /// The play with these log-odds against the first action of each set.
    pub fn play(&self, odds: &[R]) -> Play<R> {
        let mut log = Vec::with_capacity(self.actions);
        let mut from = 0;
        for s in &self.sets {
            let mut y = vec![R::ZERO];
            y.extend_from_slice(&odds[from..from + s.actions - 1]);
            from += s.actions - 1;
            log.extend(log_shares(&y));
        }
        let prob = log.iter().map(|l| l.exp()).collect();
        Play { log, prob }
    }

    /// Beliefs and payoffs. `leads` says which members count at each set; all if `None`.
    pub fn worth(&self, play: &Play<R>, leads: Option<&[Vec<bool>]>) -> Worth<R> {
        let values = self.values(&play.prob);
        let mut beliefs = Vec::with_capacity(self.sets.len());
        let mut payoffs = Vec::with_capacity(self.actions);
        for (h, s) in self.sets.iter().enumerate() {
            let counts = |k: usize| leads.is_none_or(|l| l[h][k]);
            let kept: Vec<usize> = (0..s.members.len()).filter(|k| counts(*k)).collect();
            let weight = |k: &usize| {
                let m = &s.members[*k];
                m.path.iter().fold(m.chance, |sum, a| sum + play.log[*a])
            };
            let logs = log_shares(&kept.iter().map(weight).collect::<Vec<R>>());
            let mut belief = vec![R::ZERO; s.members.len()];
            for (k, l) in kept.iter().zip(logs) {
                belief[*k] = if kept.len() == 1 { R::ONE } else { l.exp() };
            }
            for a in 0..s.actions {
                let mut sum = R::ZERO;
                for k in &kept {
                    sum = sum + belief[*k] * values[self.below(s, *k, a)];
                }
                payoffs.push(sum);
            }
            beliefs.push(belief);
        }
        Worth { values, beliefs, payoffs }
    }

    /// Position in `Worth::values` of the owner's value after an action at a member.
    fn below(&self, s: &Set<R>, member: usize, action: usize) -> usize {
        let child = self.game.children(s.members[member].node)[action];
        child.index() * self.game.players.len() + s.player
    }

    fn values(&self, prob: &[R]) -> Vec<R> {
        let n = self.game.players.len();
        let mut values = vec![R::ZERO; self.game.nodes.len() * n];
        for x in (0..self.game.nodes.len()).rev() {
            if let NodeKind::Terminal(_) = self.game.nodes[x].kind {
                values[x * n..x * n + n].copy_from_slice(&self.payoffs[x * n..x * n + n]);
                continue;
            }
            for (arm, child) in self.game.children(NodeId(x as u32)).iter().enumerate() {
                let p = self.step(x, arm, prob);
                if p.is_zero() {
                    continue;
                }
                for i in 0..n {
                    values[x * n + i] = values[x * n + i] + p * values[child.index() * n + i];
                }
            }
        }
        values
    }

    fn step(&self, node: usize, arm: usize, prob: &[R]) -> R {
        match self.game.nodes[node].kind {
            NodeKind::Chance(c) => self.chance[c.index()][arm],
            NodeKind::Decision(h) => prob[self.sets[h.index()].first + arm],
            NodeKind::Terminal(_) => R::ZERO,
        }
    }

    /// Derivatives of the conditional payoffs of a set's actions by the logarithms of all
    /// probabilities, each taken alone: one row of `actions` numbers per action.
    pub fn slopes(&self, h: usize, play: &Play<R>, worth: &Worth<R>) -> Vec<Vec<R>> {
        let s = &self.sets[h];
        let n = self.game.players.len();
        let mut rows = vec![vec![R::ZERO; self.actions]; s.actions];
        for (a, row) in rows.iter_mut().enumerate() {
            let mean = worth.payoffs[s.first + a];
            let mut stack: Vec<(usize, R)> = vec![];
            for (k, m) in s.members.iter().enumerate() {
                let belief = worth.beliefs[h][k];
                if belief.is_zero() {
                    continue;
                }
                let tilt = belief * (worth.values[self.below(s, k, a)] - mean);
                m.path.iter().for_each(|b| row[*b] = row[*b] + tilt);
                stack.push((self.game.children(m.node)[a].index(), belief));
            }
            while let Some((x, weight)) = stack.pop() {
                for (arm, child) in self.game.children(NodeId(x as u32)).iter().enumerate() {
                    let share = weight * self.step(x, arm, &play.prob);
                    if share.is_zero() {
                        continue;
                    }
                    if let NodeKind::Decision(g) = self.game.nodes[x].kind {
                        let b = self.sets[g.index()].first + arm;
                        row[b] = row[b] + share * worth.values[child.index() * n + s.player];
                    }
                    if self.game.nodes[child.index()].num_children > 0 {
                        stack.push((child.index(), share));
                    }
                }
            }
        }
        rows
    }

    /// Payoff advantage of each action over the first of its set, one per unknown, and if
    /// asked its derivatives by the log-odds, row by row.
    pub fn advantages(&self, play: &Play<R>, worth: &Worth<R>, derive: bool) -> (Vec<R>, Vec<Vec<R>>) {
        let mut gains = vec![];
        let mut rows = vec![];
        for (h, s) in self.sets.iter().enumerate().filter(|(_, s)| s.actions > 1) {
            let base = worth.payoffs[s.first];
            gains.extend((1..s.actions).map(|a| worth.payoffs[s.first + a] - base));
            if derive {
                let slopes = self.slopes(h, play, worth);
                for a in 1..s.actions {
                    let row: Vec<R> = slopes[a].iter().zip(&slopes[0]).map(|(x, y)| *x - *y).collect();
                    rows.push(self.by_odds(&row, play));
                }
            }
        }
        (gains, rows)
    }

    /// Turns derivatives by logarithms into derivatives by log-odds.
    fn by_odds(&self, row: &[R], play: &Play<R>) -> Vec<R> {
        let mut out = vec![];
        for s in &self.sets {
            let own = s.first..s.first + s.actions;
            let total = row[own.clone()].iter().fold(R::ZERO, |t, x| t + *x);
            out.extend(own.skip(1).map(|a| row[a] - play.prob[a] * total));
        }
        out
    }

    /// The widest range of any player's payoff, rounded to a float.
    pub fn range(&self) -> f64 {
        let n = self.game.players.len();
        let ends: Vec<usize> = (0..self.game.nodes.len())
            .filter(|x| matches!(self.game.nodes[*x].kind, NodeKind::Terminal(_)))
            .collect();
        (0..n)
            .map(|p| {
                let all = || ends.iter().map(|x| self.payoffs[x * n + p].mid());
                all().fold(f64::NEG_INFINITY, f64::max) - all().fold(f64::INFINITY, f64::min)
            })
            .fold(0.0, f64::max)
    }
}
