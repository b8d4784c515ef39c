//! Rounds that look at a few plays of the tree instead of all of it.
//!
//! The one idea: for one player at a time, follow all of its actions but draw one outcome of
//! chance and one action of each other set (external sampling; Lanctot, Waugh, Zinkevich and
//! Bowling, "Monte Carlo sampling for regret minimization in extensive games", 2009). Rounds
//! weigh in proportion to their number (linear weights, Brown and Sandholm 2019). A draw depends
//! on the seed, the round, the player and the place alone, so it can be made in any order.

use crate::form::Form;
use crate::kernel::{Kernel, reach_of};
use crate::regret::Run;
use detente_game::{Game, NodeKind, Numbers};
use detente_prob::philox::philox4x32;
use detente_prob::stream::key;

/// What happens at a node.
#[derive(Clone, Copy, Debug)]
enum Spot {
    /// Payoffs start at this place of `pay`.
    End(u32),
    /// Position in `chance`.
    Chance(u32),
    /// The player, and its first slot here.
    Move(u32, u32),
}

/// The game as a tree in floats.
#[derive(Clone, Debug)]
pub struct Tree {
    players: usize,
    spots: Vec<Spot>,
    /// Children of node `x`: `children[first[x]..first[x + 1]]`.
    first: Vec<u32>,
    children: Vec<u32>,
    /// Probabilities of each chance move, added up.
    chance: Vec<Vec<f64>>,
    pay: Vec<f64>,
}

/// What a draw is for: the last word of its address.
const CHANCE: u32 = 0;
const MOVE: u32 = 1;
const AVERAGE: u32 = 2;

/// Slots for which averaging once costs about as much as a sampled round.
const PASS: usize = 256;

/// A node on the way, and where its children stand among the nodes visited.
struct Visit {
    node: u32,
    after: u32,
    count: u32,
}

impl Tree {
    /// Lays out a game whose slots are those of `form`; `class` maps them to the slots of the kernel
    /// that is played on (see [`crate::merge::Merged`]).
    pub fn new(game: &Game, numbers: &Numbers, form: &Form, class: &[Vec<u32>]) -> Tree {
        let players = game.players.len();
        let mut start = vec![(0u32, 0u32); game.infosets.len()];
        for (p, side) in form.sides.iter().enumerate() {
            for (k, set) in side.sets.iter().enumerate() {
                start[set.index()] = (p as u32, class[p][side.start[k] as usize]);
            }
        }
        let mut tree = Tree {
            players,
            spots: Vec::with_capacity(game.nodes.len()),
            first: Vec::with_capacity(game.nodes.len() + 1),
            children: Vec::with_capacity(game.children.len()),
            chance: numbers.chance.iter().map(|probs| added_up(probs)).collect(),
            pay: vec![],
        };
        for (x, node) in game.nodes.iter().enumerate() {
            tree.first.push(tree.children.len() as u32);
            let from = node.first_child as usize;
            let children = &game.children[from..from + node.num_children as usize];
            tree.children.extend(children.iter().map(|c| c.0));
            tree.spots.push(match node.kind {
                NodeKind::Chance(c) => Spot::Chance(c.0),
                NodeKind::Decision(h) => Spot::Move(start[h.index()].0, start[h.index()].1),
                NodeKind::Terminal(_) => {
                    let at = tree.pay.len() as u32;
                    let pay = &numbers.payoffs[x * players..(x + 1) * players];
                    tree.pay.extend(pay.iter().map(|q| q.to_f64()));
                    Spot::End(at)
                }
            });
        }
        tree.first.push(tree.children.len() as u32);
        tree
    }

    /// Plays `rounds` more rounds of a run on `kernel`, whose slots this tree uses.
    pub fn play(&self, run: &mut Run, kernel: &Kernel, seed: u64, rounds: u64) {
        let slots: usize = kernel.views.iter().map(|v| v.side.slots()).sum();
        let mut draws = Draws { key: key(seed, "external sampling"), round: 0, player: 0 };
        let mut room = Room::default();
        for _ in 0..rounds {
            run.rounds += 1;
            draws.round = run.rounds;
            for p in 0..self.players {
                draws.player = p as u32;
                self.walk(run, &draws, &mut room);
                self.learn(run, &mut room, p);
            }
            // A share of the rounds enters the average whole: each with the same chance.
            if draws.at(0, AVERAGE) * (slots as f64) < PASS as f64 {
                average(run, kernel);
            }
        }
    }

    /// Lists the nodes that one player's turn looks at, parents first.
    fn walk(&self, run: &Run, draws: &Draws, room: &mut Room) {
        room.visits.clear();
        room.visits.push(Visit { node: 0, after: 0, count: 0 });
        let mut next = 0;
        while next < room.visits.len() {
            let node = room.visits[next].node;
            let from = self.first[node as usize] as usize;
            let children = &self.children[from..self.first[node as usize + 1] as usize];
            let after = room.visits.len() as u32;
            let drawn = match self.spots[node as usize] {
                Spot::End(_) => {
                    next += 1;
                    continue;
                }
                Spot::Move(q, _) if q == draws.player => children,
                Spot::Move(q, start) => {
                    let start = start as usize;
                    let plan = &run.memories[q as usize].plan[start..start + children.len()];
                    let k = drawn(draws.at(start as u32, MOVE + (q << 8)), plan);
                    &children[k..k + 1]
                }
                Spot::Chance(c) => {
                    let u = draws.at(node, CHANCE);
                    let k = self.chance[c as usize].partition_point(|sum| *sum <= u);
                    let k = k.min(children.len() - 1);
                    &children[k..k + 1]
                }
            };
            room.visits.extend(drawn.iter().map(|c| Visit { node: *c, after: 0, count: 0 }));
            room.visits[next].after = after;
            room.visits[next].count = drawn.len() as u32;
            next += 1;
        }
    }

    /// Values from the ends up; regrets of the player grow; its plan follows at the sets visited.
    fn learn(&self, run: &mut Run, room: &mut Room, p: usize) {
        let weight = run.rounds as f64;
        let memory = &mut run.memories[p];
        room.worth.clear();
        room.worth.resize(room.visits.len(), 0.0);
        room.touched.clear();
        for (i, visit) in room.visits.iter().enumerate().rev() {
            let after = visit.after as usize..(visit.after + visit.count) as usize;
            room.worth[i] = match self.spots[visit.node as usize] {
                Spot::End(at) => self.pay[at as usize + p],
                Spot::Move(q, start) if q as usize == p => {
                    let slots = start as usize..start as usize + after.len();
                    let mut mean = 0.0;
                    for (s, child) in slots.clone().zip(after.clone()) {
                        mean += memory.plan[s] * room.worth[child];
                    }
                    for (s, child) in slots.clone().zip(after) {
                        memory.regret[s] += weight * (room.worth[child] - mean);
                    }
                    room.touched.push(slots);
                    mean
                }
                _ => room.worth[after.start],
            };
        }
        for slots in room.touched.drain(..) {
            let regret = &memory.regret[slots.clone()];
            let sum: f64 = regret.iter().map(|r| r.max(0.0)).sum();
            let equal = 1.0 / slots.len() as f64;
            for (plan, regret) in memory.plan[slots].iter_mut().zip(regret) {
                *plan = if sum > 0.0 { regret.max(0.0) / sum } else { equal };
            }
        }
    }
}

/// Buffers of one walk, kept to be filled again.
#[derive(Default)]
struct Room {
    visits: Vec<Visit>,
    worth: Vec<f64>,
    touched: Vec<std::ops::Range<usize>>,
}

/// The address of a draw but for its place.
struct Draws {
    key: [u32; 2],
    round: u64,
    player: u32,
}

impl Draws {
    /// A number in [0, 1) for this place.
    fn at(&self, place: u32, what: u32) -> f64 {
        let round = [self.round as u32, (self.round >> 32) as u32];
        let words = philox4x32([round[0], round[1] ^ (self.player << 20), place, what], self.key);
        let bits = u64::from(words[0]) << 32 | u64::from(words[1]);
        (bits >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// The action of a plan that a number in [0, 1) draws.
fn drawn(u: f64, plan: &[f64]) -> usize {
    let mut sum = 0.0;
    for (k, p) in plan.iter().enumerate() {
        sum += p;
        if u < sum {
            return k;
        }
    }
    // Rounding left the sum below 1: the last action that is played.
    plan.iter().rposition(|p| *p > 0.0).unwrap_or(0)
}

fn added_up(probs: &[detente_exact::Q]) -> Vec<f64> {
    let mut sum = 0.0;
    let added = probs.iter().map(|q| {
        sum += q.to_f64();
        sum
    });
    added.collect()
}

/// Adds the reach of the present plans to the averages.
fn average(run: &mut Run, kernel: &Kernel) {
    let weight = run.rounds as f64;
    for (memory, view) in run.memories.iter_mut().zip(&kernel.views) {
        let reach = reach_of(&view.side, &memory.plan);
        for (average, reach) in memory.average.iter_mut().zip(reach) {
            *average += weight * reach;
        }
    }
}
