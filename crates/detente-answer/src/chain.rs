//! Play as a chain of chances: strategies with ranges, replaced moves, expectations.
//!
//! One backward pass gives the expectation at every node. At a set whose
//! probabilities vary, each pass takes the best and the worst split of the
//! unit of probability; that is sound, and tight where one set varies.

use crate::range::Range;
use detente_exact::Q;
use detente_game::solution::{Component, FreeWhat};
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers};
use detente_model::question::Intervention;

/// Strategies and beliefs, each number a point or a range.
#[derive(Clone, Debug)]
pub struct Strategies {
    pub moves: Vec<Vec<Range>>,
    /// Empty where the concept defines no beliefs.
    pub beliefs: Vec<Vec<Range>>,
    /// Probabilities of chance, where they are looked at over a range of parameters; else those of the
    /// game at its point.
    pub chance: Option<Vec<Vec<Range>>>,
}

impl Strategies {
    /// The point that shows a component.
    pub fn shown(component: &Component) -> Strategies {
        let list = |rows: &[Vec<detente_game::solution::Num>]| {
            rows.iter().map(|r| r.iter().map(Range::of).collect()).collect()
        };
        Strategies { moves: list(&component.profile), beliefs: list(&component.beliefs), chance: None }
    }

    /// A box that holds the whole component.
    pub fn whole(component: &Component) -> Strategies {
        let mut all = Strategies::shown(component);
        for free in &component.free {
            let range = Range::of(&free.low).hull(&Range::of(&free.high));
            let (list, h, k) = match free.what {
                FreeWhat::Action(h, k) => (&mut all.moves, h, k),
                FreeWhat::Belief(h, k) => (&mut all.beliefs, h, k),
            };
            if let Some(place) = list.get_mut(h as usize).and_then(|row| row.get_mut(k as usize)) {
                *place = place.hull(&range);
            }
        }
        all
    }
}

/// Moves and draws that `do` replaces: per node, the branch that is forced.
pub struct Forced {
    branch: Vec<Option<u32>>,
    /// A set or draw whose menu lacks the forced arm.
    lacking: Vec<NodeId>,
}

impl Forced {
    /// Works out which branch is forced at each node.
    pub fn new(game: &Game, interventions: &[Intervention]) -> Forced {
        let mut forced = Forced { branch: vec![None; game.nodes.len()], lacking: vec![] };
        if interventions.is_empty() {
            return forced;
        }
        for (n, node) in game.nodes.iter().enumerate() {
            let (event, arms) = match node.kind {
                NodeKind::Decision(h) => (game.infosets[h.index()].event, &game.infosets[h.index()].actions),
                NodeKind::Chance(c) => (game.chances[c.index()].event, &game.chances[c.index()].arms),
                NodeKind::Terminal(_) => continue,
            };
            if let Some(i) = interventions.iter().find(|i| i.event == event) {
                match arms.iter().position(|a| *a == i.arm) {
                    Some(k) => forced.branch[n] = Some(k as u32),
                    None => forced.lacking.push(NodeId(n as u32)),
                }
            }
        }
        forced
    }

    /// Whether `do` decides what happens at this node.
    pub fn is_forced(&self, node: NodeId) -> bool {
        self.branch[node.index()].is_some()
    }
}

/// A game whose moves are chances.
pub struct Chain<'a> {
    pub game: &'a Game,
    pub numbers: &'a Numbers,
    pub strategies: &'a Strategies,
    pub forced: &'a Forced,
}

impl Chain<'_> {
    /// Returns the probability of each branch of an inner node.
    pub fn branches(&self, node: NodeId) -> Vec<Range> {
        let count = self.game.nodes[node.index()].num_children as usize;
        if let Some(k) = self.forced.branch[node.index()] {
            let mut list = vec![Range::ZERO; count];
            list[k as usize] = Range::Point(Q::ONE);
            return list;
        }
        match self.game.nodes[node.index()].kind {
            NodeKind::Decision(h) => self.strategies.moves[h.index()].clone(),
            NodeKind::Chance(c) => match &self.strategies.chance {
                Some(ranges) => ranges[c.index()].clone(),
                None => self.numbers.chance[c.index()].iter().map(|p| Range::Point(p.clone())).collect(),
            },
            NodeKind::Terminal(_) => vec![],
        }
    }

    /// Returns the expectation at every node of a number known at the ends of play.
    pub fn expectations(&self, at_end: impl Fn(NodeId) -> Q) -> Vec<Range> {
        self.at_nodes(at_end, |_| true)
    }

    /// The same, at some nodes: with each all that may follow it.
    fn at_nodes(&self, at_end: impl Fn(NodeId) -> Q, wanted: impl Fn(usize) -> bool) -> Vec<Range> {
        let mut values = vec![Range::ZERO; self.game.nodes.len()];
        for n in (0..self.game.nodes.len()).rev().filter(|n| wanted(*n)) {
            let node = NodeId(n as u32);
            let children = self.game.children(node);
            values[n] = match self.game.nodes[n].kind {
                NodeKind::Terminal(_) => Range::Point(at_end(node)),
                _ if self.forced.branch[n].is_some() => {
                    let k = self.forced.branch[n].unwrap_or(0) as usize;
                    values[children[k].index()].clone()
                }
                NodeKind::Decision(h) => {
                    let below = children.iter().map(|c| &values[c.index()]);
                    mix(self.strategies.moves[h.index()].iter().zip(below))
                }
                NodeKind::Chance(c) if self.strategies.chance.is_some() => {
                    let below = children.iter().map(|child| &values[child.index()]);
                    let ranges = self.strategies.chance.iter().flat_map(|rows| &rows[c.index()]);
                    mix(ranges.zip(below))
                }
                NodeKind::Chance(c) => {
                    let probs = self.numbers.chance[c.index()].iter();
                    let mut sum = Range::ZERO;
                    for (p, child) in probs.zip(children) {
                        let value = &values[child.index()];
                        if !value.is_zero() {
                            sum = sum.plus(&value.times(&Range::Point(p.clone())));
                        }
                    }
                    sum
                }
            };
        }
        values
    }

    /// Returns the expectation at the root; nodes that no play comes to are not looked at.
    pub fn expectation(&self, at_end: impl Fn(NodeId) -> Q) -> Range {
        let mut possible = vec![false; self.game.nodes.len()];
        possible[0] = true;
        for n in 0..self.game.nodes.len() {
            if possible[n] {
                let children = self.game.children(NodeId(n as u32));
                let open = |k: usize| match (self.forced.branch[n], self.game.nodes[n].kind) {
                    (Some(forced), _) => forced as usize == k,
                    (None, NodeKind::Decision(h)) => {
                        self.strategies.moves[h.index()].get(k).is_some_and(|weight| !weight.is_zero())
                    }
                    _ => true,
                };
                children
                    .iter()
                    .enumerate()
                    .filter(|(k, _)| open(*k))
                    .for_each(|(_, c)| possible[c.index()] = true);
            }
        }
        self.at_nodes(at_end, |n| possible[n]).swap_remove(0)
    }

    /// Returns the probability of reaching each node.
    pub fn reach(&self) -> Vec<Range> {
        let mut reach = vec![Range::ZERO; self.game.nodes.len()];
        reach[0] = Range::Point(Q::ONE);
        for n in 0..self.game.nodes.len() {
            if reach[n].is_zero() {
                continue;
            }
            let node = NodeId(n as u32);
            for (p, child) in self.branches(node).iter().zip(self.game.children(node)) {
                reach[child.index()] = reach[n].times(p);
            }
        }
        reach
    }

    /// Returns a node that play may reach and whose menu lacks a forced arm.
    pub fn missing_arm(&self) -> Option<NodeId> {
        if self.forced.lacking.is_empty() {
            return None;
        }
        let reach = self.reach();
        self.forced.lacking.iter().copied().find(|n| !reach[n.index()].is_zero())
    }
}

/// Returns the sums of weight times value over all weights in their ranges that sum to one.
pub fn mix<'a>(pairs: impl Iterator<Item = (&'a Range, &'a Range)>) -> Range {
    let pairs: Vec<(&Range, &Range)> = pairs.filter(|(w, _)| !w.is_zero()).collect();
    if pairs.iter().all(|(w, _)| w.point().is_some()) {
        let mut sum = Range::ZERO;
        for (w, v) in pairs.iter().filter(|(_, v)| !v.is_zero()) {
            sum = sum.plus(&w.times(v));
        }
        return sum;
    }
    let mut low: Vec<(&Range, &Q)> = pairs.iter().map(|(w, v)| (*w, v.low())).collect();
    low.sort_by(|a, b| a.1.cmp(b.1));
    let mut high: Vec<(&Range, &Q)> = pairs.iter().map(|(w, v)| (*w, v.high())).collect();
    high.sort_by(|a, b| b.1.cmp(a.1));
    Range::new(fill(&low), fill(&high))
}

/// Gives every value its least weight, then the rest of the unit in the order of the list.
fn fill(list: &[(&Range, &Q)]) -> Q {
    let least: Q = list.iter().map(|(w, _)| w.low().clone()).sum();
    let mut rest = Q::ONE - least;
    let mut sum = Q::ZERO;
    for (weight, value) in list {
        let room = weight.high() - weight.low();
        let extra = if rest.is_positive() { rest.clone().min(room) } else { Q::ZERO };
        rest -= &extra;
        sum += (weight.low() + &extra) * *value;
    }
    sum
}

/// Returns the positions of sets of a decision, ascending.
pub fn sets_of(game: &Game, event: detente_game::EventId) -> Vec<InfosetId> {
    let all = game.infosets.iter().enumerate();
    all.filter(|(_, h)| h.event == event).map(|(i, _)| InfosetId(i as u32)).collect()
}
