//! Expectations over one game with one of its enclosed equilibria.
//!
//! The one idea: where moves vary over a component, a mean is taken at its lowest and at its highest; where all that
//! may be played has the same value, it is that value, whatever is played.

use super::evaluate::{Open, Value};
use super::formula::Forced;
use super::mean::{mean, mix, used};
use detente_batch::{Equilibrium, Play, Point};
use detente_exact::Interval;
use detente_game::{Game, NodeId, NodeKind};

/// One game with one of its equilibria.
#[derive(Clone, Copy)]
pub struct Seat<'a> {
    pub game: &'a Game,
    pub point: &'a Point<'a>,
    pub equilibrium: &'a Equilibrium,
    pub end_of_each: &'a [Option<usize>],
    /// Per node, the numbers of its chances (`detente_batch::same_chances`).
    pub chances: &'a [Vec<u32>],
}

impl Seat<'_> {
    /// Whether all play counts.
    pub(super) fn all(&self, known: &[bool]) -> bool {
        let end = |n: &usize| matches!(self.game.nodes[*n].kind, NodeKind::Terminal(_));
        (0..self.game.nodes.len()).filter(end).all(|n| known[n])
    }

    /// The expectation at a node of what is read off the end.
    pub fn expect(&self, forced: &Forced, node: usize, read: &dyn Fn(usize) -> Interval) -> Interval {
        self.walk(forced, node, read, false)
    }

    /// The same; `said` where the move that leads to the node is one that somebody makes.
    fn walk(&self, forced: &Forced, node: usize, read: &dyn Fn(usize) -> Interval, said: bool) -> Interval {
        let children = self.game.children(NodeId(node as u32));
        if let Some(k) = forced.get(node).copied().flatten() {
            return self.walk(forced, children[k as usize].index(), read, false);
        }
        match self.game.nodes[node].kind {
            NodeKind::Terminal(_) => read(node),
            NodeKind::Chance(_) => {
                let below = |k: usize| self.walk(forced, children[k].index(), read, false);
                mean((0..children.len()).map(|k| (self.point.chance(node, k), below(k))))
            }
            NodeKind::Decision(h) => {
                let h = h.index();
                let row = self.equilibrium.moves(h, children.len());
                let below = |k: usize| self.walk(forced, children[k].index(), read, true);
                match &self.equilibrium.plays[h] {
                    Play::Pure(a) => below(*a as usize),
                    Play::Heard(heard) if said => below(heard.answer as usize),
                    Play::Mixed(_) => mean(used(row).map(|k| (row[k], below(k)))),
                    Play::Tied(_) | Play::Even(_) | Play::Heard(_) | Play::Split(..) | Play::Free(_) => {
                        mix(&used(row).map(|k| (row[k], below(k))).collect::<Vec<_>>())
                    }
                }
            }
        }
    }

    /// The expectation of what outcomes alone decide.
    pub(super) fn over_outcomes(&self, read: impl Fn(usize) -> Interval) -> Interval {
        let pairs = self.equilibrium.outcomes.iter().zip(self.end_of_each);
        mean(pairs.filter(|(p, _)| p.hi() > 0.0).filter_map(|(p, end)| Some((*p, read((*end)?)))))
    }

    /// How likely a node is.
    fn reach(&self, forced: &Forced, node: usize) -> Interval {
        let mut reach = Interval::ONE;
        let mut at = NodeId(node as u32);
        while let Some((above, k)) = self.game.nodes[at.index()].parent {
            let p = match (forced.get(above.index()).copied().flatten(), self.game.nodes[above.index()].kind)
            {
                (Some(f), _) if f == k => Interval::ONE,
                (Some(_), _) => Interval::ZERO,
                (None, NodeKind::Chance(_)) => self.point.chance(above.index(), k as usize),
                (None, NodeKind::Decision(h)) => {
                    let count = self.game.nodes[above.index()].num_children as usize;
                    self.equilibrium.moves(h.index(), count)[k as usize]
                }
                (None, NodeKind::Terminal(_)) => Interval::ONE,
            };
            if p != Interval::ONE {
                reach = reach * p;
            }
            at = above;
        }
        reach
    }

    /// The mean over the members of a set, by the beliefs there.
    pub(super) fn by_beliefs(&self, h: usize, below: Vec<Interval>) -> Result<Interval, Open> {
        let beliefs = self.equilibrium.beliefs(h, below.len());
        if beliefs.iter().any(|b| !b.hi().is_finite()) {
            return Err(Open);
        }
        let pairs: Vec<(Interval, Interval)> =
            beliefs.iter().copied().zip(below).filter(|(b, _)| b.hi() > 0.0).collect();
        let sure = pairs.iter().all(|(b, _)| b.hi() - b.lo() < 1e-9);
        Ok(if sure { mean(pairs.into_iter()) } else { mix(&pairs) })
    }

    /// The mean over sets by how often they are reached; the hull if none is.
    pub(super) fn at_sets<S: Copy>(
        &self,
        forced: &Forced,
        sets: impl Iterator<Item = (usize, S)>,
        read: impl Fn(S) -> Result<Interval, Open>,
    ) -> Value {
        let mut found = vec![];
        for (h, s) in sets {
            let nodes = self.game.infosets[h].nodes.iter();
            let visits = nodes.fold(Interval::ZERO, |sum, n| sum + self.reach(forced, n.index()));
            found.push((visits, s));
        }
        if found.iter().any(|(visits, _)| visits.lo() > 0.0) {
            found.retain(|(visits, _)| *visits != Interval::ZERO);
        }
        let mut values = vec![];
        for (visits, s) in found {
            values.push((visits, read(s)?));
        }
        let hull = || values.iter().map(|v| v.1).reduce(|a, b| a.hull(b));
        let point = |v: Interval| v.hi() - v.lo() < 1e-9;
        let total = values.iter().fold(Interval::ZERO, |sum, v| sum + v.0);
        if values.len() <= 1 || total == Interval::ZERO || values.iter().any(|v| !point(v.0)) {
            return Ok(hull());
        }
        let sum = values.iter().fold(Interval::ZERO, |sum, (visits, v)| sum + *visits * *v);
        Ok(sum.checked_div(total).or_else(hull))
    }
}
