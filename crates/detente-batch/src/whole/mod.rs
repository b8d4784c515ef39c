//! The whole set of equilibria of one draw, where the game has the shape of most models of crises:
//! a side that moves first and knows its kind, a side that answers, and what is seen by all after.
//!
//! The one idea: the conditions are few and have closed forms, so a draw needs no search. Moves that
//! are worse whatever follows go first (`reduce`). What is left is two layers (`core`): each side's
//! conditions are linear in the other's play. Every combination of what the first side uses is
//! refuted by a sign or solved as a small linear system (`mixed`); answers that are never called for
//! are a region of beliefs and replies of their own (`free`). Every sign is read off an interval, so
//! rounding is enclosed; where a sign is not sure, or the game has another shape, the draw goes to
//! the exact path and the reason is counted.

mod alike;
mod answer;
mod capped;
mod core;
mod corners;
pub(crate) mod describe;
mod forest;
mod free;
mod linear;
mod mixed;
mod reduce;
mod rows;
mod table;
mod talk;
mod ties;
pub(crate) mod tree;
mod twins;

use crate::backward::wanted;
use crate::classes::Classes;
use crate::found::{Equilibrium, Found, Play};
use crate::lanes::Block;
use crate::tape::{Program, Values, sums_to_one};
use detente_exact::Interval;
use detente_game::Game;
use std::rc::Rc;
use tree::{Kind, Numbers, Tree};

/// Why a draw goes to the exact path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A sign that rounding could have turned: a tie or nearly one.
    Close,
    /// What is left when the settled moves are taken out is not two layers.
    Shape,
    /// Too many unknowns or combinations.
    Large,
}

/// Most equilibria of one stage, and most combinations of what nested stages play.
const MOST: usize = 256;

/// A game, ready for draws of its whole set of sequential equilibria.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    tree: Tree,
    program: Program,
}

/// An equilibrium of a stage: what is played there, and which equilibria of the stages in it.
pub(crate) struct Part {
    plays: Vec<(u32, Play)>,
    payoffs: Vec<Interval>,
    nested: Vec<(usize, Rc<Part>)>,
}

/// One draw at work.
pub(crate) struct Lane<'t> {
    tree: &'t Tree,
    numbers: Numbers,
    /// Tells which numbers are the same number, where that is asked.
    same: Classing<'t>,
    /// What each node is worth to each player, payments on reaching it included; for what is settled.
    value: Vec<Interval>,
    /// The choice at each set that backward induction settles.
    choice: Vec<u8>,
    /// At such a set all actions that are as good, because play ends alike after each; else 0.
    tied: Vec<u64>,
    /// What the start of the game is chosen among, because its owner gets the same after each; else 0.
    even: u64,
}

/// What tells numbers of a lane that are the same number: the formulas and their values.
type Classing<'t> = (&'t Program, &'t Values, usize);

impl Whole {
    /// Compiles a game. `None` if its probabilities do not sum to 1 as formulas, or some menu is
    /// longer than 30. `constants` are the parameters that never have another value than their base.
    pub fn new(game: &Game, constants: &[usize]) -> Option<Whole> {
        if !sums_to_one(game) || game.infosets.iter().any(|h| h.actions.len() > 30) {
            return None;
        }
        let program = Program::new(game, &wanted(game));
        Some(Whole { tree: Tree::new(game, &program, constants), program })
    }

    /// Evaluates all formulas of a block.
    pub fn load(&self, block: &Block, values: &mut Values) {
        self.program.run(block, values);
    }

    /// The tree and the formulas on it.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// All sequential equilibria in one draw of the loaded block, proven complete.
    ///
    /// # Errors
    /// Why the draw needs the exact path.
    pub fn solve(&self, numbers: Numbers, values: &Values, lane: usize) -> Result<Found, Why> {
        let mut lane = Lane::new(&self.tree, numbers, (&self.program, values, lane))?;
        let mut parts: Vec<Vec<Rc<Part>>> = vec![];
        for k in 0..self.tree.stages.len() {
            parts.push(lane.stage(k, &parts)?);
        }
        lane.found(parts.pop())
    }
}

impl<'t> Lane<'t> {
    /// Settles what all see, by backward induction.
    fn new(tree: &'t Tree, numbers: Numbers, same: Classing<'t>) -> Result<Lane<'t>, Why> {
        let n = tree.players;
        let value = vec![Interval::ZERO; tree.nodes.len() * n];
        let (choice, tied) = (vec![0; tree.sets.len()], vec![0; tree.sets.len()]);
        let mut lane = Lane { tree, numbers, same, value, choice, tied, even: 0 };
        for x in (0..tree.nodes.len()).rev().filter(|x| tree.nodes[*x].open) {
            let node = &tree.nodes[x];
            let at = |lane: &Lane, k: usize, p: usize| lane.value[node.children[k] as usize * n + p];
            if let Kind::Decision(h) = node.kind {
                let player = tree.sets[h as usize].player;
                let values: Vec<Interval> = (0..node.children.len()).map(|k| at(&lane, k, player)).collect();
                let alike = |of: Option<usize>| {
                    best_or_tied(&values, |a, b| lane.same(node.children[a], node.children[b], of))
                };
                let best = match alike(None) {
                    // Nobody chooses before the start, so nothing else hangs on how it is mixed.
                    Err(_) if x == 0 => {
                        lane.even = alike(Some(player))?;
                        lane.even
                    }
                    best => best?,
                };
                lane.choice[h as usize] = best.trailing_zeros() as u8;
                lane.tied[h as usize] = if best.is_power_of_two() { 0 } else { best };
            }
            for p in 0..n {
                let below = match node.kind {
                    Kind::End(_) => Interval::ZERO,
                    Kind::Decision(_) if x == 0 && lane.even != 0 => {
                        let tied = (0..node.children.len()).filter(|k| lane.even >> k & 1 == 1);
                        tied.map(|k| at(&lane, k, p)).reduce(|a, b| a.hull(b)).unwrap_or(Interval::ENTIRE)
                    }
                    Kind::Decision(h) => at(&lane, usize::from(lane.choice[h as usize]), p),
                    Kind::Chance(start) => (0..node.children.len())
                        .map(|k| lane.numbers.probs[start as usize + k] * at(&lane, k, p))
                        .fold(Interval::ZERO, |a, b| a + b),
                };
                lane.value[x * n + p] = lane.numbers.paid(tree, x as u32, p) + below;
            }
        }
        Ok(lane)
    }

    /// Which of this draw's numbers are the same number.
    fn classes(&self) -> Classes {
        let (program, values, lane) = self.same;
        Classes::new(program, values, lane)
    }

    /// Whether play that is settled ends alike after two nodes, for everybody or for one player.
    fn same(&self, a: u32, b: u32, of: Option<usize>) -> bool {
        let nodes = &self.tree.nodes;
        let end = |mut x: u32| {
            while let Kind::Decision(h) = nodes[x as usize].kind {
                x = nodes[x as usize].children[usize::from(self.choice[h as usize])];
            }
            x
        };
        let (one, other) = (&nodes[end(a) as usize], &nodes[end(b) as usize]);
        let below = || one.children.iter().zip(&other.children);
        match (one.kind, other.kind) {
            (Kind::End(_), Kind::End(_)) => match of {
                None => one.alike == other.alike,
                Some(player) => one.alike_for[player] == other.alike_for[player],
            },
            (Kind::Chance(p), Kind::Chance(q)) => {
                one.children.len() == other.children.len()
                    && self.tree.same_chances(p, q, one.children.len())
                    && below().all(|(x, y)| self.same(*x, *y, of))
            }
            _ => false,
        }
    }

    /// What is played at a set that backward induction settles.
    fn settled(&self, h: usize) -> Play {
        match self.tied[h] {
            bits if bits != 0 && bits == self.even && self.tree.nodes[0].starts(h) => Play::Even(bits),
            0 => Play::Pure(u32::from(self.choice[h])),
            bits => Play::Tied(bits),
        }
    }

    /// The equilibria of a stage; where it has just one, it counts as settled from here on.
    fn stage(&mut self, k: usize, done: &[Vec<Rc<Part>>]) -> Result<Vec<Rc<Part>>, Why> {
        let tree = self.tree;
        let stage = &tree.stages[k];
        let mut found = vec![];
        let counts: Vec<usize> = stage.nested.iter().map(|j| done[*j].len()).collect();
        if counts.iter().product::<usize>() > MOST {
            return Err(Why::Large);
        }
        let mut pick = vec![0; counts.len()];
        loop {
            let nested: Vec<(usize, Rc<Part>)> =
                stage.nested.iter().zip(&pick).map(|(j, i)| (*j, done[*j][*i].clone())).collect();
            for (j, part) in &nested {
                let root = tree.stages[*j].root as usize * tree.players;
                self.value[root..root + tree.players].copy_from_slice(&part.payoffs);
            }
            for (plays, payoffs) in reduce::solve(self, stage)? {
                found.push(Rc::new(Part { plays, payoffs, nested: nested.clone() }));
            }
            if found.len() > MOST {
                return Err(Why::Large);
            }
            // Without equilibria here, there is none in the whole game: nothing to go on with.
            if !next(&mut pick, &counts) {
                break;
            }
        }
        if found.is_empty() {
            // Every finite game has one (Kreps and Wilson 1982): a shape that was read wrongly.
            return Err(Why::Shape);
        }
        Ok(found)
    }

    /// The equilibria of the whole game as numbers.
    fn found(&self, top: Option<Vec<Rc<Part>>>) -> Result<Found, Why> {
        let tree = self.tree;
        let settled = || {
            let mut all: Vec<Option<Play>> = vec![None; tree.sets.len()];
            for (h, set) in tree.sets.iter().enumerate() {
                if tree.nodes[set.nodes[0] as usize].open {
                    all[h] = Some(self.settled(h));
                }
            }
            all
        };
        let whole = Part { plays: vec![], payoffs: self.value[..tree.players].to_vec(), nested: vec![] };
        let parts = top.unwrap_or_else(|| vec![Rc::new(whole)]);
        let mut list = vec![];
        for part in parts {
            let mut plays = settled();
            gather(&part, &mut plays);
            let plays = plays.into_iter().collect::<Option<Vec<Play>>>().ok_or(Why::Shape)?;
            list.push(self.describe(plays, part.payoffs.clone()));
        }
        Ok(Found { equilibria: list })
    }

    fn describe(&self, plays: Vec<Play>, payoffs: Vec<Interval>) -> Equilibrium {
        describe::equilibrium(self.tree, &self.numbers, plays, payoffs)
    }
}

/// What is played in a part and the parts inside of it.
fn gather(part: &Part, plays: &mut [Option<Play>]) {
    for (h, play) in &part.plays {
        plays[*h as usize] = Some(play.clone());
    }
    part.nested.iter().for_each(|(_, inner)| gather(inner, plays));
}

/// Counts on to the next combination; false after the last.
pub(crate) fn next(pick: &mut [usize], counts: &[usize]) -> bool {
    for (p, count) in pick.iter_mut().zip(counts) {
        *p += 1;
        if *p < *count {
            return true;
        }
        *p = 0;
    }
    false
}

/// The position of the strictly largest value.
pub(crate) fn best(values: &[Interval]) -> Result<usize, Why> {
    let mut top = 0;
    for k in 1..values.len() {
        if values[k].lo() > values[top].lo() {
            top = k;
        }
    }
    let clear = (0..values.len()).all(|k| k == top || values[k].hi() < values[top].lo());
    if clear { Ok(top) } else { Err(Why::Close) }
}

/// The position of the strictly largest value as a bit; where others may be as large, all of them if
/// play ends alike after each.
pub(crate) fn best_or_tied(values: &[Interval], same: impl Fn(usize, usize) -> bool) -> Result<u64, Why> {
    if let Ok(top) = best(values) {
        return Ok(1 << top);
    }
    let high = values.iter().map(|v| v.lo()).fold(f64::NEG_INFINITY, f64::max);
    let near = || (0..values.len()).filter(|k| values[*k].hi() >= high);
    let first = near().next().ok_or(Why::Close)?;
    if near().all(|k| k == first || same(first, k)) {
        Ok(near().fold(0, |bits, k| bits | 1 << k))
    } else {
        Err(Why::Close)
    }
}

/// A sign that must be known.
pub(crate) fn positive(number: Interval) -> Result<bool, Why> {
    match number.sign() {
        Some(1) => Ok(true),
        Some(-1) => Ok(false),
        _ => Err(Why::Close),
    }
}
