//! The referee's look at a smaller game: may each step be taken?
//!
//! The one idea: the steps are taken again, one round after the other, each checked in the game as the rounds
//! before left it: two branches must lead to the same, end by end, and a worse action must lose.

use crate::perfect::{is_nash, never_best};
use crate::subgames::subgame_roots;
use crate::verdict::Rejected;
use detente_exact::Q;
use detente_game::change::smaller;
use detente_game::reduction::{Merged, Reduction, Step};
use detente_game::solution::Concept;
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers};

fn no(why: impl Into<String>) -> Rejected {
    Rejected { path: vec!["reduction".into()], reason: why.into() }
}

/// Takes every step again. Returns the smaller game and the new number of each set that is left. Steps that
/// may lose equilibria pass only if `weakly` allows them.
///
/// # Errors
/// The first step that may not be taken.
pub fn verify_reduction(
    game: &Game,
    numbers: &Numbers,
    concept: Concept,
    weakly: bool,
    answer: &Reduction,
) -> Result<(Game, Vec<Option<InfosetId>>), Rejected> {
    let mut left = Left {
        game,
        numbers,
        stays: game.infosets.iter().map(|h| vec![true; h.actions.len()]).collect(),
        merged: Merged::new(),
    };
    for round in &answer.rounds {
        for step in round {
            left.may(concept, weakly, step)?;
        }
        for step in round {
            match step {
                Step::Chance { node, arm, into } => {
                    left.merged.insert((*node, *arm), *into);
                }
                Step::Duplicate { set, action, .. } => left.stays[*set as usize][*action as usize] = false,
                Step::Worse(r) | Step::NeverBetter(r) => {
                    left.stays[r.set as usize][r.action as usize] = false
                }
            }
        }
    }
    smaller(game, &left.stays, &left.merged).ok_or_else(|| no("nothing is left to choose somewhere"))
}

/// Whether a profile of the whole game is a Nash equilibrium of it.
///
/// # Errors
/// It is none.
pub fn verify_lifted(game: &Game, numbers: &Numbers, profile: &[Vec<Q>]) -> Result<(), Rejected> {
    let fits = profile.len() == game.infosets.len()
        && profile.iter().zip(&game.infosets).all(|(probs, set)| {
            probs.len() == set.actions.len()
                && probs.iter().cloned().sum::<Q>() == Q::ONE
                && probs.iter().all(|p| !p.is_negative())
        });
    match fits && is_nash(game, numbers, profile) {
        true => Ok(()),
        false => Err(no("an equilibrium of the smaller game is none of the whole game")),
    }
}

struct Left<'a> {
    game: &'a Game,
    numbers: &'a Numbers,
    stays: Vec<Vec<bool>>,
    merged: Merged,
}

impl Left<'_> {
    fn may(&self, concept: Concept, weakly: bool, step: &Step) -> Result<(), Rejected> {
        match step {
            Step::Chance { node, arm, into } => {
                let at = self.game.nodes.get(*node as usize);
                let branches = at.map_or(0, |n| n.num_children);
                let here = |k: &u32| *k < branches && !self.merged.contains_key(&(*node, *k));
                let chance = matches!(at.map(|n| n.kind), Some(NodeKind::Chance(_)));
                if !chance || arm == into || !here(arm) || !here(into) {
                    return Err(no("a branch of chance is merged that is not there"));
                }
                let children = self.game.children(NodeId(*node));
                self.alike(children[*arm as usize], children[*into as usize])
            }
            Step::Duplicate { set, action, like } => {
                if !self.there(*set, *action) || !self.there(*set, *like) || action == like {
                    return Err(no("an action is removed that is not there"));
                }
                for node in &self.game.infosets[*set as usize].nodes {
                    let children = self.game.children(*node);
                    self.alike(children[*action as usize], children[*like as usize])?;
                }
                Ok(())
            }
            Step::Worse(removal) | Step::NeverBetter(removal) => {
                let strictly = matches!(step, Step::Worse(_));
                if !strictly && !weakly {
                    return Err(no("a step may lose equilibria, which was not allowed"));
                }
                if !self.there(removal.set, removal.action) {
                    return Err(no("an action is removed that is not there"));
                }
                self.asked(concept, removal.set as usize)?;
                never_best(self.game, self.numbers, &self.stays, removal, strictly)
            }
        }
    }

    fn there(&self, set: u32, action: u32) -> bool {
        self.stays.get(set as usize).and_then(|s| s.get(action as usize)) == Some(&true)
    }

    /// Whether the concept asks for the best at this set whatever the others do.
    fn asked(&self, concept: Concept, set: usize) -> Result<(), Rejected> {
        let roots = match concept {
            Concept::Sequential => return Ok(()),
            Concept::Spe => subgame_roots(self.game),
            Concept::Nash => vec![NodeId(0)],
            Concept::Qre => return Err(no("quantal response plays every action")),
        };
        match roots.iter().any(|root| !self.avoided(*root, set)) {
            true => Ok(()),
            false => Err(no("the others decide whether play comes to a set")),
        }
    }

    /// Whether the others can keep play from a set that its owner makes for.
    fn avoided(&self, node: NodeId, set: usize) -> bool {
        let mut after = self.game.children(node).iter();
        match self.game.nodes[node.index()].kind {
            NodeKind::Terminal(_) => true,
            NodeKind::Decision(h) if h.index() == set => false,
            NodeKind::Decision(h)
                if self.game.infosets[h.index()].player != self.game.infosets[set].player =>
            {
                after.any(|child| self.avoided(*child, set))
            }
            NodeKind::Decision(_) | NodeKind::Chance(_) => after.all(|child| self.avoided(*child, set)),
        }
    }

    /// The branches left, with chance's share.
    fn branches(&self, node: NodeId) -> Vec<(NodeId, Q)> {
        let children = self.game.children(node);
        let mut list: Vec<(u32, NodeId, Q)> = vec![];
        match self.game.nodes[node.index()].kind {
            NodeKind::Terminal(_) => {}
            NodeKind::Decision(h) => {
                for (a, child) in children.iter().enumerate().filter(|(a, _)| self.stays[h.index()][*a]) {
                    list.push((a as u32, *child, Q::ZERO));
                }
            }
            NodeKind::Chance(c) => {
                for (a, child) in children.iter().enumerate() {
                    if !self.merged.contains_key(&(node.0, a as u32)) {
                        list.push((a as u32, *child, self.numbers.chance[c.index()][a].clone()));
                    }
                }
                for ((at, arm), into) in &self.merged {
                    if *at == node.0
                        && let Some(entry) = list.iter_mut().find(|(a, _, _)| a == into)
                    {
                        entry.2 += &self.numbers.chance[c.index()][*arm as usize];
                    }
                }
            }
        }
        list.into_iter().map(|(_, child, p)| (child, p)).collect()
    }

    /// Two nodes after which the same sets come and the same ends.
    fn alike(&self, x: NodeId, y: NodeId) -> Result<(), Rejected> {
        let mut open = vec![(x, y)];
        while let Some((x, y)) = open.pop() {
            let (a, b) = (self.branches(x), self.branches(y));
            let fits = match (self.game.nodes[x.index()].kind, self.game.nodes[y.index()].kind) {
                (NodeKind::Terminal(o), NodeKind::Terminal(p)) => {
                    o == p
                        && (0..self.game.players.len()).all(|i| {
                            self.numbers.payoff(self.game, x, i) == self.numbers.payoff(self.game, y, i)
                        })
                }
                (NodeKind::Decision(g), NodeKind::Decision(h)) => g == h,
                (NodeKind::Chance(_), NodeKind::Chance(_)) => {
                    a.len() == b.len() && a.iter().zip(&b).all(|((_, p), (_, q))| p == q)
                }
                _ => false,
            };
            if !fits {
                return Err(no("two branches do not lead to the same"));
            }
            open.extend(a.into_iter().zip(b).map(|((c, _), (d, _))| (c, d)));
        }
        Ok(())
    }
}
