//! A smaller game that has the same equilibria.
//!
//! The one idea: three steps lose nothing. Branches of chance that lead to the same become one; of two actions that
//! lead to the same one is enough; and an action that no equilibrium of the concept plays can go. Which
//! sets the last holds for depends on the concept: at all of them play must be best in a sequential
//! equilibrium, in a Nash equilibrium only where play comes whatever the others do.
//! Weak dominance is a step of its own, since the order matters and equilibria may be lost.

use crate::conditional::{Loses, Stays, removals};
use detente_exact::Q;
use detente_game::change::smaller;
use detente_game::reduction::{Merged, Reduction, Step};
use detente_game::solution::Concept;
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers, subgame_roots};

/// A smaller game, how it came about, and the new number of each information set that is left.
pub struct Reduced {
    pub game: Game,
    pub numbers: Numbers,
    pub reduction: Reduction,
    pub sets: Vec<Option<InfosetId>>,
    pub stays: Stays,
}

/// Reduces a game as far as it goes; with `weakly`, by weak dominance, too. `None` if the smaller game has no
/// numbers, which cannot be.
pub fn reduce(game: &Game, numbers: &Numbers, concept: Concept, weakly: bool) -> Option<Reduced> {
    let mut now = Now {
        game,
        numbers,
        stays: game.infosets.iter().map(|h| vec![true; h.actions.len()]).collect(),
        merged: Merged::new(),
    };
    let rooms = rooms(game, concept);
    let mut rounds = vec![];
    loop {
        let mut round = now.chances();
        round.extend(now.duplicates());
        if round.is_empty() {
            for h in (0..game.infosets.len()).filter(|h| rooms[*h]) {
                let worse = removals(game, numbers, &now.stays, h, Loses::Everywhere);
                round.extend(worse.into_iter().map(Step::Worse));
            }
        }
        if round.is_empty() && weakly {
            for h in (0..game.infosets.len()).filter(|h| rooms[*h]) {
                let worse = removals(game, numbers, &now.stays, h, Loses::Somewhere);
                round.extend(worse.into_iter().map(Step::NeverBetter));
            }
        }
        if round.is_empty() {
            break;
        }
        round.iter().for_each(|step| now.take(step));
        rounds.push(round);
    }
    let (smaller, sets) = smaller(game, &now.stays, &now.merged)?;
    let numbers = smaller.numbers(&numbers.params).ok()?;
    Some(Reduced { game: smaller, numbers, reduction: Reduction { rounds }, sets, stays: now.stays })
}

/// The sets at which every equilibrium of the concept plays what is best whatever is believed.
fn rooms(game: &Game, concept: Concept) -> Vec<bool> {
    let roots: Vec<NodeId> = match concept {
        Concept::Sequential => return vec![true; game.infosets.len()],
        Concept::Qre => return vec![false; game.infosets.len()],
        Concept::Nash => vec![NodeId(0)],
        Concept::Spe => subgame_roots(game),
    };
    (0..game.infosets.len()).map(|h| roots.iter().any(|root| comes(game, *root, h))).collect()
}

/// Whether play from a node comes to a set with positive probability, whatever the others do, if its owner
/// makes for it.
fn comes(game: &Game, node: NodeId, set: usize) -> bool {
    let owner = game.infosets[set].player;
    let children = game.children(node);
    match game.nodes[node.index()].kind {
        NodeKind::Terminal(_) => false,
        NodeKind::Decision(h) if h.index() == set => true,
        NodeKind::Decision(h) if game.infosets[h.index()].player == owner => {
            // With perfect recall one action of this set leads there, whichever member play is at.
            children.iter().any(|child| comes(game, *child, set))
        }
        NodeKind::Decision(_) => children.iter().all(|child| comes(game, *child, set)),
        NodeKind::Chance(_) => children.iter().any(|child| comes(game, *child, set)),
    }
}

/// The game as the steps so far have left it.
struct Now<'a> {
    game: &'a Game,
    numbers: &'a Numbers,
    stays: Stays,
    merged: Merged,
}

impl Now<'_> {
    fn take(&mut self, step: &Step) {
        match step {
            Step::Chance { node, arm, into } => {
                self.merged.insert((*node, *arm), *into);
            }
            Step::Duplicate { set, action, .. } => self.stays[*set as usize][*action as usize] = false,
            Step::Worse(removal) | Step::NeverBetter(removal) => {
                self.stays[removal.set as usize][removal.action as usize] = false;
            }
        }
    }

    /// The branches of a node that are left, with their probabilities at a move of chance.
    fn arms(&self, node: NodeId) -> Vec<(u32, NodeId, Option<Q>)> {
        let children = self.game.children(node).iter().enumerate();
        match self.game.nodes[node.index()].kind {
            NodeKind::Terminal(_) => vec![],
            NodeKind::Decision(h) => children
                .filter(|(a, _)| self.stays[h.index()][*a])
                .map(|(a, child)| (a as u32, *child, None))
                .collect(),
            NodeKind::Chance(c) => {
                let probs = &self.numbers.chance[c.index()];
                let gone = |a: usize| self.merged.get(&(node.0, a as u32));
                children
                    .filter(|(a, _)| gone(*a).is_none())
                    .map(|(a, child)| {
                        let into = |b: &usize| *b == a || gone(*b) == Some(&(a as u32));
                        let p = (0..probs.len()).filter(into).map(|b| probs[b].clone()).sum();
                        (a as u32, *child, Some(p))
                    })
                    .collect()
            }
        }
    }

    /// Whether the same follows from two nodes: the same sets, the same ends.
    fn same(&self, x: NodeId, y: NodeId) -> bool {
        let (a, b) = (self.game.nodes[x.index()].kind, self.game.nodes[y.index()].kind);
        let alike = match (a, b) {
            (NodeKind::Terminal(o), NodeKind::Terminal(p)) => {
                let pays = |n: NodeId| {
                    (0..self.game.players.len()).map(move |p| self.numbers.payoff(self.game, n, p))
                };
                o == p && pays(x).eq(pays(y))
            }
            (NodeKind::Decision(g), NodeKind::Decision(h)) => g == h,
            (NodeKind::Chance(_), NodeKind::Chance(_)) => true,
            _ => false,
        };
        let (left, right) = (self.arms(x), self.arms(y));
        alike
            && left.len() == right.len()
            && left.iter().zip(&right).all(|((_, c, p), (_, d, q))| p == q && self.same(*c, *d))
    }

    /// Branches of chance that lead to the same as an earlier one.
    fn chances(&self) -> Vec<Step> {
        let mut steps = vec![];
        for (n, node) in self.game.nodes.iter().enumerate() {
            if !matches!(node.kind, NodeKind::Chance(_)) {
                continue;
            }
            let arms = self.arms(NodeId(n as u32));
            for (k, (arm, child, _)) in arms.iter().enumerate() {
                if let Some((into, _, _)) = arms[..k].iter().find(|(_, first, _)| self.same(*first, *child)) {
                    steps.push(Step::Chance { node: n as u32, arm: *arm, into: *into });
                }
            }
        }
        // One step may make another's nodes go: the rest waits for the next round.
        steps.truncate(1);
        steps
    }

    /// Actions that lead to the same as an earlier one of their set.
    fn duplicates(&self) -> Vec<Step> {
        for (h, set) in self.game.infosets.iter().enumerate() {
            let left: Vec<usize> = (0..set.actions.len()).filter(|a| self.stays[h][*a]).collect();
            for (k, a) in left.iter().enumerate() {
                let like = |b: &&usize| {
                    set.nodes.iter().all(|n| {
                        let children = self.game.children(*n);
                        self.same(children[**b], children[*a])
                    })
                };
                if let Some(b) = left[..k].iter().find(like) {
                    return vec![Step::Duplicate { set: h as u32, action: *a as u32, like: *b as u32 }];
                }
            }
        }
        vec![]
    }
}
