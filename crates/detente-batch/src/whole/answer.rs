//! What was found in the two layers, as play at every set, with beliefs and worth.
//!
//! The one idea: sets that count as one share an average, so each of them may take what the others
//! leave; a reply that is never called for keeps its ranges, and beliefs over its members.

use super::Why;
use super::core::{Core, Given, Layers, Member, Reply};
use super::reduce::{Answer, Left};
use super::tree::Kind;
use crate::found::{Play, Region};
use detente_exact::Interval;

impl Core {
    /// What is played, by set, and what it is worth at the stage's root.
    pub fn answer(&self, left: &Left, layers: &Layers) -> Result<Answer, Why> {
        let (tree, n) = (left.lane.tree, left.lane.tree.players);
        let mut plays = vec![];
        for h in left.stage.sets.iter().filter(|h| left.settled(**h)) {
            plays.push((*h, left.play(*h)));
        }
        for (group, twins) in self.groups.iter().zip(&self.twins) {
            let used: Vec<(u32, Interval)> =
                group.iter().map(|g| (self.moves[*g].action, layers.moves[*g])).collect();
            let whole = twins.iter().fold(Interval::ZERO, |sum, t| sum + t.chance);
            for twin in twins {
                let found = play(tree.sets[twin.set as usize].actions, &used);
                if layers.spread[group[0]].is_some() {
                    let mut range = vec![Interval::ZERO; tree.sets[twin.set as usize].actions as usize];
                    for g in group {
                        let own = layers.spread[*g].unwrap_or(Interval::ZERO);
                        range[self.moves[*g].action as usize] = own;
                    }
                    let Play::Mixed(row) = found else { return Err(Why::Shape) };
                    plays.push((twin.set, Play::Split(row, range)));
                    continue;
                }
                plays
                    .push((twin.set, if twins.len() > 1 { split(found, twin.chance, whole) } else { found }));
            }
        }
        for (reply, given) in self.replies.iter().zip(&layers.replies) {
            let whole = tree.sets[reply.set as usize].actions;
            let pairs = |row: &[Interval]| -> Vec<(u32, Interval)> {
                reply.actions.iter().copied().zip(row.iter().copied()).collect()
            };
            plays.push((
                reply.set,
                match given {
                    Given::Sure(row) => play(whole, &pairs(row)),
                    Given::Split(row, ranges) => {
                        let spread = |row: &[Interval]| {
                            let mut all = vec![Interval::ZERO; whole as usize];
                            pairs(row).iter().for_each(|(a, p)| all[*a as usize] = *p);
                            all
                        };
                        Play::Split(spread(row), spread(ranges))
                    }
                    Given::Free(free) => {
                        let mut moves = vec![Interval::ZERO; whole as usize];
                        pairs(&free.actions).iter().for_each(|(a, p)| moves[*a as usize] = *p);
                        let beliefs = reply.beliefs(&free.beliefs);
                        let blur = free.blur + reply.blur(&free.beliefs);
                        Play::Free(Box::new(Region { moves, beliefs, tight: free.tight, blur }))
                    }
                },
            ));
        }
        plays.sort_by_key(|p| p.0);
        let payoffs = (0..n).map(|p| self.worth(left, &plays, left.stage.root, p)).collect();
        Ok((plays, payoffs))
    }

    /// What a node is worth where this is played.
    pub(super) fn worth(&self, left: &Left, plays: &[(u32, Play)], x: u32, player: usize) -> Interval {
        let (tree, n) = (left.lane.tree, left.lane.tree.players);
        let node = &tree.nodes[x as usize];
        if node.open || left.stage.nodes.binary_search(&x).is_err() {
            return left.range[x as usize * n + player];
        }
        let below = |k: usize| self.worth(left, plays, node.children[k], player);
        let sum = match node.kind {
            Kind::End(_) => Interval::ZERO,
            Kind::Chance(start) => (0..node.children.len())
                .map(|k| left.lane.numbers.probs[start as usize + k] * below(k))
                .fold(Interval::ZERO, |a, b| a + b),
            Kind::Decision(h) => match plays.binary_search_by_key(&h, |p| p.0).map(|k| &plays[k].1) {
                Ok(Play::Pure(a)) => below(*a as usize),
                Ok(Play::Tied(bits)) => below(bits.trailing_zeros() as usize),
                Ok(Play::Heard(heard)) => below(heard.answer as usize),
                Ok(Play::Mixed(row) | Play::Split(row, _)) => {
                    let used = row.iter().enumerate().filter(|(_, p)| p.hi() > 0.0);
                    used.map(|(k, p)| *p * below(k)).fold(Interval::ZERO, |a, b| a + b)
                }
                // Never reached: its weight is exactly 0.
                _ => Interval::ZERO,
            },
        };
        left.lane.numbers.paid(tree, x, player) + sum
    }
}

impl Reply {
    /// The range of the belief in each member over corners given as weights of the ways. Where several
    /// sets count as one way, each of them may have all of its weight.
    fn beliefs(&self, corners: &[Vec<Interval>]) -> Vec<Interval> {
        let mut range: Vec<Option<Interval>> = vec![None; self.members.len()];
        for corner in corners {
            for only in self.takers() {
                let weights: Vec<Interval> =
                    self.members.iter().map(|m| self.weight(m, corner, &only)).collect();
                let whole = weights.iter().fold(Interval::ZERO, |a, b| a + *b);
                for (r, w) in range.iter_mut().zip(&weights) {
                    let found = w.checked_div(whole).unwrap_or(Interval::ENTIRE);
                    *r = Some(r.map_or(found, |r| r.hull(found)));
                }
            }
        }
        range.into_iter().map(|r| r.unwrap_or(Interval::ENTIRE)).collect()
    }

    /// How far the beliefs at the corners may be from the true ones.
    fn blur(&self, corners: &[Vec<Interval>]) -> f64 {
        let one = |corner: &Vec<Interval>| {
            let found = self.beliefs(std::slice::from_ref(corner));
            // A range over several takers is no blur: their ends are attained.
            let exact = self.takers().len() > 1;
            found.into_iter().map(|b| if exact { 1e-12 } else { b.hi() - b.lo() }).fold(0.0, f64::max)
        };
        corners.iter().map(one).fold(0.0, f64::max)
    }

    /// A member's weight at a corner, if of each way only this set may have it.
    fn weight(&self, m: &Member, corner: &[Interval], only: &[Option<u32>]) -> Interval {
        let Some(taker) = only[m.way] else { return corner[m.way] * m.chance };
        if m.from != Some(taker) {
            return Interval::ZERO;
        }
        let of = |all: bool| {
            let list = self.members.iter().filter(|o| o.way == m.way && (all || o.from == m.from));
            list.fold(Interval::ZERO, |sum, o| sum + o.chance)
        };
        (corner[m.way] * of(true) * m.chance).checked_div(of(false)).unwrap_or(Interval::ENTIRE)
    }

    /// All choices of one set for every way that several sets share.
    fn takers(&self) -> Vec<Vec<Option<u32>>> {
        let mut list = vec![vec![]];
        for way in 0..self.ways.len() {
            let mut sets: Vec<Option<u32>> =
                self.members.iter().filter(|m| m.way == way).map(|m| m.from).collect();
            sets.sort_unstable();
            sets.dedup();
            if sets.len() <= 1 {
                sets = vec![None];
            }
            list = list.iter().flat_map(|l: &Vec<_>| sets.iter().map(|s| [&l[..], &[*s]].concat())).collect();
        }
        list
    }
}

/// What one of several sets in the same position may play, if the average is fixed.
fn split(average: Play, chance: Interval, whole: Interval) -> Play {
    let Play::Mixed(row) = average else { return average };
    let range = row.iter().map(|p| {
        if *p == Interval::ZERO {
            return Interval::ZERO;
        }
        let mass = whole * *p;
        let own = |mass: Interval| mass.checked_div(chance).unwrap_or(Interval::ENTIRE);
        let low = own(mass - (whole - chance)).max(Interval::ZERO);
        low.hull(own(mass).min(Interval::ONE))
    });
    let range = range.collect();
    Play::Split(row, range)
}

/// A menu's play: one action for sure, or probabilities.
fn play(actions: u32, used: &[(u32, Interval)]) -> Play {
    if let Some((a, _)) = used.iter().find(|(_, p)| *p == Interval::ONE) {
        return Play::Pure(*a);
    }
    let mut row = vec![Interval::ZERO; actions as usize];
    used.iter().for_each(|(a, p)| row[*a as usize] = *p);
    Play::Mixed(row)
}
