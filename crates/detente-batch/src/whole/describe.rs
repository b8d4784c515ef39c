//! What is played as numbers: probabilities, beliefs, outcomes.
//!
//! The one idea: beliefs are Bayes' rule within the smallest subgame that holds the set, since there play goes on
//! as if the subgame were the game, whether anybody gets there or not (Kreps and Wilson 1982).

use super::forest::Forest;
use super::tree::{Kind, Numbers, Stage, Tree};
use crate::found::{Equilibrium, Play};
use detente_exact::Interval;

/// Works out the numbers of one component.
pub fn equilibrium(tree: &Tree, numbers: &Numbers, plays: Vec<Play>, payoffs: Vec<Interval>) -> Equilibrium {
    let starts: Vec<usize> = tree.sets.iter().map(|s| s.start).collect();
    let mut moves = vec![Interval::ZERO; tree.actions];
    // Where only an average is fixed, all that differ end alike: the average tells the outcomes.
    let mut average = vec![Interval::ZERO; tree.actions];
    for (set, play) in tree.sets.iter().zip(&plays) {
        let places = set.start..set.start + set.actions as usize;
        play.write(&mut moves[places.clone()]);
        match play {
            Play::Split(row, _) => average[places].copy_from_slice(row),
            // All that are tied end alike: one of them tells the outcomes.
            Play::Tied(bits) | Play::Even(bits) => {
                average[set.start + bits.trailing_zeros() as usize] = Interval::ONE
            }
            Play::Heard(heard) => average[set.start + heard.answer as usize] = Interval::ONE,
            _ => play.write(&mut average[places]),
        }
    }
    let reach = reach(tree, numbers, &average);
    let mut outcomes = vec![Interval::ZERO; tree.outcomes];
    for (node, reach) in tree.nodes.iter().zip(&reach) {
        if let Kind::End(key) = node.kind {
            let sum = &mut outcomes[key as usize];
            *sum = *sum + *reach;
        }
    }
    let mut found: Vec<Vec<Interval>> =
        tree.sets.iter().map(|s| vec![Interval::ONE; s.nodes.len()]).collect();
    for stage in &tree.stages {
        let hidden = |h: &&u32| tree.sets[**h as usize].nodes.len() > 1;
        if stage.sets.iter().any(|h| hidden(&h)) {
            let within = Within { tree, stage, plays: &plays, numbers, moves: &moves };
            let reach = within.reach();
            let forest = within.forest();
            for h in stage.sets.iter().filter(hidden).map(|h| *h as usize) {
                found[h] = match &plays[h] {
                    Play::Free(region) => region.beliefs.clone(),
                    Play::Heard(heard) => heard.beliefs.clone(),
                    _ => within.believed(h, &reach, &forest),
                };
            }
        }
    }
    let mut members = vec![];
    let mut beliefs = vec![];
    for row in found {
        members.push(beliefs.len());
        beliefs.extend(row);
    }
    let tied = plays.iter().any(|p| matches!(p, Play::Tied(_) | Play::Heard(_)));
    let certain = |p: &Play| matches!(p, Play::Pure(_) | Play::Mixed(_) | Play::Tied(_));
    // A belief that is free varies too.
    let free = beliefs.iter().any(|b| b.hi() - b.lo() > 1e-9);
    let varies = free || !plays.iter().all(certain);
    Equilibrium { plays, moves, starts, beliefs, members, outcomes, payoffs, varies, tied }
}

/// How likely each node is.
fn reach(tree: &Tree, numbers: &Numbers, moves: &[Interval]) -> Vec<Interval> {
    let mut reach = vec![Interval::ZERO; tree.nodes.len()];
    reach[0] = Interval::ONE;
    for (x, node) in tree.nodes.iter().enumerate() {
        if reach[x] == Interval::ZERO {
            continue;
        }
        let row = match node.kind {
            Kind::End(_) => continue,
            Kind::Chance(start) => &numbers.probs[start as usize..],
            Kind::Decision(h) => &moves[tree.sets[h as usize].start..],
        };
        for (child, p) in node.children.iter().zip(row) {
            reach[*child as usize] = if *p == Interval::ONE { reach[x] } else { reach[x] * *p };
        }
    }
    reach
}

/// A subgame without the subgames inside of it, and what is played.
struct Within<'a> {
    tree: &'a Tree,
    stage: &'a Stage,
    plays: &'a [Play],
    numbers: &'a Numbers,
    moves: &'a [Interval],
}

/// A move by its set and position.
type Tremble = (u32, u32);

impl Within<'_> {
    /// How likely each node is once the subgame is reached.
    fn reach(&self) -> Vec<Interval> {
        let (tree, numbers, moves) = (self.tree, self.numbers, self.moves);
        let mut reach = vec![Interval::ZERO; tree.nodes.len()];
        reach[self.stage.root as usize] = Interval::ONE;
        for x in self.stage.nodes.iter().map(|x| *x as usize) {
            let node = &tree.nodes[x];
            let row = match node.kind {
                Kind::Chance(start) => &numbers.probs[start as usize..],
                Kind::Decision(h) => &moves[tree.sets[h as usize].start..],
                Kind::End(_) => continue,
            };
            for (child, p) in node.children.iter().zip(row) {
                reach[*child as usize] = if *p == Interval::ONE { reach[x] } else { reach[x] * *p };
            }
        }
        reach
    }

    /// What ties beliefs together: the moves behind each set whose replies hang on its beliefs.
    fn forest(&self) -> Forest<Tremble> {
        let mut forest = Forest::default();
        for h in self.stage.sets.iter().filter(|h| matches!(self.plays[**h as usize], Play::Free(_))) {
            let nodes = self.tree.sets[*h as usize].nodes.iter();
            let mut ways: Vec<Tremble> = nodes.flat_map(|x| self.trembles(*x)).collect();
            ways.sort_unstable();
            ways.dedup();
            forest.tie(&ways);
        }
        forest
    }

    /// The beliefs at a set: Bayes' rule where it is reached; anything where each member needs one tremble of its own
    /// to get to, and no set whose replies hang on its beliefs says how likely two of these are; else unknown.
    fn believed(&self, h: usize, reach: &[Interval], forest: &Forest<Tremble>) -> Vec<Interval> {
        let nodes = &self.tree.sets[h].nodes;
        let list: Vec<Interval> = nodes.iter().map(|x| reach[*x as usize]).collect();
        if list.iter().all(|w| *w == Interval::ZERO) {
            let unknown = || vec![Interval::ENTIRE; nodes.len()];
            let Some(trembles) = self.one_each(h) else { return unknown() };
            if forest.apart(&trembles) {
                return vec![Interval::ZERO.hull(Interval::ONE); nodes.len()];
            }
            return self.as_elsewhere(h, &trembles).unwrap_or_else(unknown);
        }
        (0..list.len()).map(|k| share(&list, k)).collect()
    }

    /// The one tremble that each member of a set needs, if it needs one and none of the others the same.
    fn one_each(&self, h: usize) -> Option<Vec<Tremble>> {
        let one = |x: &u32| match self.trembles(*x)[..] {
            [only] => Some(only),
            _ => None,
        };
        let list: Vec<Tremble> = self.tree.sets[h].nodes.iter().map(one).collect::<Option<_>>()?;
        let twice = (1..list.len()).any(|k| list[..k].contains(&list[k]));
        (!twice).then_some(list)
    }

    /// The beliefs at a set of two members that the same two trembles lead to as to one other set whose replies hang
    /// on its beliefs, and to no further one: what is believed there is believed here.
    fn as_elsewhere(&self, h: usize, trembles: &[Tremble]) -> Option<Vec<Interval>> {
        let free = |g: &&u32| matches!(self.plays[**g as usize], Play::Free(_));
        let touches = |g: &&u32| {
            let nodes = self.tree.sets[**g as usize].nodes.iter();
            nodes.flat_map(|x| self.trembles(*x)).any(|t| trembles.contains(&t))
        };
        let others: Vec<usize> =
            self.stage.sets.iter().filter(free).filter(touches).map(|g| *g as usize).collect();
        let ([g], [first, second]) = (&others[..], trembles) else { return None };
        let Play::Free(region) = &self.plays[*g] else { return None };
        let there = self.one_each(*g).filter(|list| list.len() == 2)?;
        let (a, b) = (there.iter().position(|t| t == first)?, there.iter().position(|t| t == second)?);
        let weight = |set: usize, k: usize| self.weight(self.tree.sets[set].nodes[k]);
        // Odds there, times how much likelier each member is to be got to here.
        let (here, elsewhere) = (weight(h, 0)? * weight(*g, b)?, weight(h, 1)? * weight(*g, a)?);
        let at = |belief: f64| -> Option<Interval> {
            let belief = Interval::point(belief)?;
            let (one, other) = (belief * here, (Interval::ONE - belief) * elsewhere);
            one.checked_div(one + other)
        };
        let range = region.beliefs[a];
        let (low, high) = (range.lo().max(0.0), range.hi().min(1.0));
        let own = at(low)?.hull(at(high)?);
        Some(vec![own, (Interval::ONE - own).max(Interval::ZERO)])
    }

    /// How likely a node is where every tremble on the way happens for sure; `None` where that varies.
    fn weight(&self, x: u32) -> Option<Interval> {
        let mut weight = Interval::ONE;
        let mut at = x;
        while at != self.stage.root {
            let (above, arm) = self.tree.nodes[at as usize].above?;
            let p = match self.tree.nodes[above as usize].kind {
                Kind::Chance(start) => self.numbers.probs[(start + arm) as usize],
                Kind::Decision(h) if self.plays[h as usize].used() >> arm & 1 == 1 => {
                    self.moves[self.tree.sets[h as usize].start + arm as usize]
                }
                _ => Interval::ONE,
            };
            if p.hi() - p.lo() > 1e-9 {
                return None;
            }
            weight = weight * p;
            at = above;
        }
        Some(weight)
    }

    /// The moves on the way to a node, within the subgame, that are not played.
    fn trembles(&self, x: u32) -> Vec<Tremble> {
        let mut list = vec![];
        let mut at = x;
        while at != self.stage.root {
            let Some((above, arm)) = self.tree.nodes[at as usize].above else { break };
            if let Kind::Decision(h) = self.tree.nodes[above as usize].kind
                && self.plays[h as usize].used() >> arm & 1 == 0
            {
                list.push((h, arm));
            }
            at = above;
        }
        list
    }
}

/// The share of one weight in all, where the weights vary: it grows with its own weight and falls with the others'.
fn share(list: &[Interval], k: usize) -> Interval {
    let rest = |end: fn(Interval) -> f64| {
        let mut others = (0..list.len()).filter(|j| *j != k).map(|j| Interval::point(end(list[j])));
        others.try_fold(Interval::ZERO, |sum, w| Some(sum + w?))
    };
    let part = |own: f64, rest: Option<Interval>| {
        let own = Interval::point(own)?;
        own.checked_div(own + rest?)
    };
    if list[k] == Interval::ZERO && list.iter().any(|w| w.lo() > 0.0) {
        return Interval::ZERO;
    }
    if (0..list.len()).all(|j| j == k || list[j] == Interval::ZERO) && list[k].lo() > 0.0 {
        return Interval::ONE;
    }
    match (part(list[k].lo(), rest(Interval::hi)), part(list[k].hi(), rest(Interval::lo))) {
        (Some(low), Some(high)) => low.hull(high),
        _ => Interval::ENTIRE,
    }
}
