//! Moves that are worse whatever follows are taken out, again and again.
//!
//! The one idea: an action whose best case is worse than another's worst case, at every member of
//! its set and over all play that is left, is in no sequential equilibrium whatever is believed; what
//! is left then bounds the others closer.

use super::core::Core;
use super::tree::{Kind, Stage};
use super::{Lane, Why, capped, mixed, table, talk};
use crate::found::Play;
use detente_exact::Interval;

/// What is played at the sets of a stage, and what that is worth at its root.
pub type Answer = (Vec<(u32, Play)>, Vec<Interval>);

/// A stage while moves are taken out.
pub struct Left<'l, 't> {
    pub lane: &'l Lane<'t>,
    pub stage: &'l Stage,
    /// Actions that are left, as bits, by set of the whole game.
    pub menu: Vec<u32>,
    /// At a settled set all actions that are as good, as bits, because play ends alike; else 0.
    pub tied: Vec<u64>,
    /// What each node may be worth to each player.
    pub range: Vec<Interval>,
}

/// Returns all equilibria of a stage, the stages inside of it having the values given by the lane.
pub fn solve(lane: &Lane, stage: &Stage) -> Result<Vec<Answer>, Why> {
    let mut menu = vec![1; lane.tree.sets.len()];
    for h in &stage.sets {
        menu[*h as usize] = (1 << lane.tree.sets[*h as usize].actions) - 1;
    }
    let tied = vec![0; lane.tree.sets.len()];
    let mut left = Left { lane, stage, menu, tied, range: lane.value.clone() };
    loop {
        left.shrink();
        if left.stage.sets.iter().all(|h| left.settled(*h)) {
            let root = stage.root as usize * lane.tree.players;
            let plays = stage.sets.iter().map(|h| (*h, left.play(*h))).collect();
            return Ok(vec![(plays, left.range[root..root + lane.tree.players].to_vec())]);
        }
        if !Core::settle_reached(&mut left)? {
            break;
        }
    }
    let core = Core::new(&left)?;
    if let Some(talk) = talk::read(&core, &left) {
        return Ok(vec![talk.solve(&left)?]);
    }
    let found = match table::read(&core) {
        Some(table) => table.solve().or_else(|_| capped::solve(&table, &left))?,
        None => mixed::solve(&core)?,
    };
    found.iter().map(|e| core.answer(&left, e)).collect()
}

impl Left<'_, '_> {
    /// Whether one action is left at a set.
    pub fn settled(&self, h: u32) -> bool {
        self.menu[h as usize].is_power_of_two()
    }

    /// The action that is left.
    pub fn only(&self, h: u32) -> u32 {
        self.menu[h as usize].trailing_zeros()
    }

    /// What is played at a settled set.
    pub fn play(&self, h: u32) -> Play {
        match self.tied[h as usize] {
            0 => Play::Pure(self.only(h)),
            bits => Play::Tied(bits),
        }
    }

    /// The actions that are left.
    pub fn actions(&self, h: u32) -> Vec<u32> {
        (0..32).filter(|a| self.menu[h as usize] >> a & 1 == 1).collect()
    }

    /// Takes out actions until nothing changes.
    fn shrink(&mut self) {
        loop {
            self.bound();
            let mut changed = false;
            for h in &self.stage.sets {
                for a in self.actions(*h) {
                    let others = self.actions(*h);
                    if others.iter().any(|b| *b != a && self.worse(*h, a, *b)) {
                        self.menu[*h as usize] &= !(1 << a);
                        changed = true;
                    }
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Whether `a` is worse than `b` at every member, whatever follows.
    fn worse(&self, h: u32, a: u32, b: u32) -> bool {
        let set = &self.lane.tree.sets[h as usize];
        let n = self.lane.tree.players;
        set.nodes.iter().all(|x| {
            let children = &self.lane.tree.nodes[*x as usize].children;
            let at = |k: u32| self.range[children[k as usize] as usize * n + set.player];
            at(a).hi() < at(b).lo()
        })
    }

    /// Computes what each node may be worth under what is left.
    pub fn bound(&mut self) {
        let (tree, n) = (self.lane.tree, self.lane.tree.players);
        for x in self.stage.nodes.iter().rev() {
            let node = &tree.nodes[*x as usize];
            for p in 0..n {
                let at = |k: usize| self.range[node.children[k] as usize * n + p];
                let below = match node.kind {
                    Kind::End(_) => Interval::ZERO,
                    Kind::Chance(start) => (0..node.children.len())
                        .map(|k| self.lane.numbers.probs[start as usize + k] * at(k))
                        .fold(Interval::ZERO, |a, b| a + b),
                    Kind::Decision(h) => {
                        let menu = self.menu[h as usize];
                        let some = (0..node.children.len()).filter(|k| menu >> k & 1 == 1).map(at);
                        some.reduce(|a, b| a.hull(b)).unwrap_or(Interval::ZERO)
                    }
                };
                self.range[*x as usize * n + p] = self.lane.numbers.paid(tree, *x, p) + below;
            }
        }
    }
}
