//! From tables back to the game: a component as numbers a reader can use.

use super::conditions;
use crate::outcomes;
use detente_exact::Q;
use detente_game::solution::{Component, Concept, Free, FreeWhat, Num, OutcomeSet};
use detente_game::{Game, InfosetId, NodeId, NodeKind, Numbers};
use detente_matrix::{Bimatrix, Cases, Component as Found, Mixed};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Most outcome distributions that are listed as extreme points.
const LISTED: usize = 60;

/// Where one pair of choices ends: probabilities of outcome keys.
type Ends = Vec<(usize, Q)>;

/// A game of two simultaneous choices, as tables. Chance may move after both: a cell then holds what is expected.
pub struct Table<'a> {
    pub game: &'a Game,
    pub matrix: Bimatrix,
    /// The information set of each player.
    pub sets: [InfosetId; 2],
    /// The player who moves at the root.
    leader: usize,
    /// Where the cell `first * columns + second` ends.
    outcomes: Vec<Ends>,
}

impl<'a> Table<'a> {
    /// Reads the tables off a game in which two choose once, neither seeing the other's choice; `None` if it is of
    /// another kind.
    pub fn new(game: &'a Game, numbers: &Numbers) -> Option<Table<'a>> {
        let NodeKind::Decision(root) = game.nodes.first()?.kind else { return None };
        let two = game.players.len() == 2 && game.infosets.len() == 2;
        if !two || game.infosets[0].player == game.infosets[1].player {
            return None;
        }
        let leader = game.infosets[root.index()].player.index();
        let follower = InfosetId(1 - root.0);
        let mut sets = [root; 2];
        sets[1 - leader] = follower;
        let size = |p: usize| game.infosets[sets[p].index()].actions.len();
        let middle = game.children(NodeId(0));
        if game.infosets[follower.index()].nodes != middle {
            return None;
        }
        let mut payoffs = [0, 1].map(|_| vec![vec![Q::ZERO; size(1)]; size(0)]);
        let mut outcomes = vec![Ends::new(); size(0) * size(1)];
        for (a, node) in middle.iter().enumerate() {
            for (b, end) in game.children(*node).iter().enumerate() {
                let (i, j) = if leader == 0 { (a, b) } else { (b, a) };
                for (node, chance) in plays(game, numbers, *end)? {
                    outcomes[i * size(1) + j].push((game.outcome_key(node)?, chance.clone()));
                    for (p, list) in payoffs.iter_mut().enumerate() {
                        list[i][j] += &chance * numbers.payoff(game, node, p);
                    }
                }
            }
        }
        let [first, second] = payoffs;
        let matrix = Bimatrix::new(first, &second)?;
        Some(Table { game, matrix, sets, leader, outcomes })
    }

    /// One equilibrium alone.
    pub fn one(&self, pair: &[Mixed; 2], concept: Concept) -> Component {
        self.shown([&pair[0], &pair[1]], concept)
    }

    /// A component: its simplest corner, and what varies.
    pub fn component(&self, cases: &Cases, found: &Found, concept: Concept) -> Component {
        let [first, second] = &cases.strategies;
        let used = |x: &Mixed| x.iter().filter(|p| p.is_positive()).count();
        let pair = |(x, y): (u32, u32)| (&first[x as usize], &second[y as usize]);
        let size = |e: (u32, u32)| used(pair(e).0) + used(pair(e).1);
        // The fewest actions used, and of these the first ones.
        let simplest = found.extreme.iter().copied().min_by_key(|e| (size(*e), Reverse(pair(*e))));
        let (x, y) = simplest.expect("a component has an extreme equilibrium");
        let mut c = self.shown([&first[x as usize], &second[y as usize]], concept);
        if found.extreme.len() > 1 {
            c.free = self.free(cases, found, concept);
            self.spread(cases, found, &mut c);
            let pieces = conditions::pieces(self, cases, found, &c.free).unwrap_or_default();
            c.inequalities = pieces.iter().map(|p| p.keys().cloned().collect()).collect();
            c.conditions = pieces.into_iter().map(|p| p.into_values().collect()).collect();
        }
        c
    }

    /// What one pair of strategies says.
    fn shown(&self, pair: [&Mixed; 2], concept: Concept) -> Component {
        let zero = Num::exact(Q::ZERO);
        let mut profile = vec![vec![]; 2];
        let mut tremble = vec![vec![]; 2];
        for p in 0..2 {
            let set = self.sets[p].index();
            profile[set] = pair[p].iter().cloned().map(Num::exact).collect();
            let order = |q: &Q| match q.is_zero() {
                true => (1, Num::exact(Q::ONE)),
                false => (0, Num::exact(q.clone())),
            };
            tremble[set] = pair[p].iter().map(order).collect();
        }
        let mut beliefs = vec![vec![Num::exact(Q::ONE)]; 2];
        beliefs[self.sets[1 - self.leader].index()] =
            pair[self.leader].iter().cloned().map(Num::exact).collect();
        let payoff = |p: usize| -> Q {
            let values = self.matrix.against(p, pair[1 - p]);
            values.iter().zip(pair[p]).map(|(v, q)| v * q).sum()
        };
        let outcomes: Vec<Num> = self.distribution(pair).into_iter().map(Num::exact).collect();
        Component {
            profile,
            beliefs,
            reached: vec![true; 2],
            payoffs: (0..2).map(|p| Num::exact(payoff(p))).collect(),
            outcome_range: outcomes.iter().map(|n| (n.clone(), n.clone())).collect(),
            outcomes,
            outcome_set: OutcomeSet::Point,
            outcome_vertices: vec![],
            free: vec![],
            inequalities: vec![],
            conditions: vec![],
            intuitive: None,
            tremble,
            gap_nash: zero.clone(),
            gap_sequential: (concept == Concept::Sequential).then_some(zero),
        }
    }

    /// Probability per outcome key.
    fn distribution(&self, pair: [&Mixed; 2]) -> Vec<Q> {
        let mut found = vec![Q::ZERO; self.game.outcome_count()];
        for (i, p) in pair[0].iter().enumerate().filter(|(_, p)| !p.is_zero()) {
            for (j, q) in pair[1].iter().enumerate().filter(|(_, q)| !q.is_zero()) {
                for (key, chance) in &self.outcomes[i * pair[1].len() + j] {
                    found[*key] += &(p * q) * chance;
                }
            }
        }
        found
    }

    /// Ranges of what varies: probabilities, and with beliefs asked for those in the leader's choice.
    fn free(&self, cases: &Cases, found: &Found, concept: Concept) -> Vec<Free> {
        let mut list = vec![];
        for p in 0..2 {
            let corners: BTreeSet<u32> =
                found.pieces.iter().flat_map(|n| cases.pieces[*n as usize][p].iter().copied()).collect();
            for a in 0..self.matrix.size(p) {
                let all = corners.iter().map(|x| &cases.strategies[p][*x as usize][a]);
                let (Some(low), Some(high)) = (all.clone().min(), all.max()) else { continue };
                if low == high {
                    continue;
                }
                let range =
                    |what| Free { what, low: Num::exact(low.clone()), high: Num::exact(high.clone()) };
                list.push(range(FreeWhat::Action(self.sets[p].0, a as u32)));
                if p == self.leader && concept == Concept::Sequential {
                    list.push(range(FreeWhat::Belief(self.sets[1 - p].0, a as u32)));
                }
            }
        }
        list.sort_by_key(|f| match f.what {
            FreeWhat::Action(h, a) => (0, h, a),
            FreeWhat::Belief(h, a) => (1, h, a),
        });
        list
    }

    /// Where play can end: lowest and highest probabilities, and extreme distributions if few.
    fn spread(&self, cases: &Cases, found: &Found, c: &mut Component) {
        let keys = c.outcomes.len();
        let mut ends: Vec<Option<(Q, Q)>> = vec![None; keys];
        let mut points: BTreeSet<Vec<Q>> = BTreeSet::new();
        for (x, y) in &found.extreme {
            let pair = [&cases.strategies[0][*x as usize], &cases.strategies[1][*y as usize]];
            let point = self.distribution(pair);
            for (range, q) in ends.iter_mut().zip(&point) {
                match range {
                    None => *range = Some((q.clone(), q.clone())),
                    Some((low, _)) if q < low => *low = q.clone(),
                    Some((_, high)) if q > high => *high = q.clone(),
                    _ => {}
                }
            }
            if points.len() <= LISTED {
                points.insert(point);
            }
        }
        let range = |(low, high): (Q, Q)| (Num::exact(low), Num::exact(high));
        c.outcome_range = ends.into_iter().flatten().map(range).collect();
        c.outcome_set = match points.len() {
            1 => OutcomeSet::Point,
            n if n > LISTED => OutcomeSet::Enclosure,
            _ => OutcomeSet::Segment,
        };
        if c.outcome_set != OutcomeSet::Segment {
            return;
        }
        let list = extreme(points);
        if list.len() > 2 {
            c.outcome_set = OutcomeSet::Polytope;
        }
        c.outcome_vertices = list.into_iter().map(|v| v.into_iter().map(Num::exact).collect()).collect();
    }
}

/// The terminals below a node with their probabilities; `None` if somebody still decides there.
fn plays(game: &Game, numbers: &Numbers, from: NodeId) -> Option<Vec<(NodeId, Q)>> {
    let mut found = vec![];
    let mut open = vec![(from, Q::ONE)];
    while let Some((node, weight)) = open.pop() {
        match game.nodes[node.index()].kind {
            NodeKind::Decision(_) => return None,
            NodeKind::Terminal(_) => found.push((node, weight)),
            NodeKind::Chance(c) => {
                let arms = game.children(node).iter().zip(&numbers.chance[c.index()]);
                open.extend(arms.map(|(child, p)| (*child, &weight * p)));
            }
        }
    }
    Some(found)
}

/// The points that are no mixture of others; outcomes that never occur are left out of the work.
fn extreme(points: BTreeSet<Vec<Q>>) -> Vec<Vec<Q>> {
    let points: Vec<Vec<Q>> = points.into_iter().collect();
    let keys = points.first().map_or(0, Vec::len);
    let live: Vec<usize> = (0..keys).filter(|k| points.iter().any(|p| p[*k] != points[0][*k])).collect();
    let short = |p: &Vec<Q>| live.iter().map(|k| p[*k].clone()).collect::<Vec<Q>>();
    let kept: BTreeSet<Vec<Q>> = outcomes::extreme(points.iter().map(short).collect()).into_iter().collect();
    points.into_iter().rev().filter(|p| kept.contains(&short(p))).collect()
}
