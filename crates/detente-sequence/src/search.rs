//! A search for one plan with a small gap: several variants side by side, block after block.
//!
//! The one idea: all that a search knows is plain data that changes between turns only. A turn
//! gives each variant one block of rounds, then looks at the gaps in the order of the variants;
//! so neither the number of threads nor a stop between turns can change a bit of the result.

use crate::kernel::{Kernel, uniform};
use crate::regret::{Arm, Memory, Run};
use crate::sample::Tree;
use crate::together::Together;

/// One independent piece of work.
pub type Job<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Does independent pieces of work, in any order and on any number of threads.
pub trait Crew: Sync {
    /// Does all of them, and returns when all are done.
    fn each<'a>(&self, jobs: Vec<Job<'a>>);
}

/// One piece after the other, on the caller's thread.
pub struct Alone;

impl Crew for Alone {
    fn each<'a>(&self, jobs: Vec<Job<'a>>) {
        jobs.into_iter().for_each(|job| job());
    }
}

/// What a search plays on: never changed by it.
#[derive(Clone, Debug)]
pub struct Board {
    pub kernel: Kernel,
    /// Needed by [`Arm::Sampled`] alone, which without it plays whole rounds.
    pub tree: Option<Tree>,
}

/// The plan with the smallest gap so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// Its Nash gap in floats, in payoff units: the sum over players. Infinite before the first turn.
    pub gap: f64,
    /// Which variant found it, by its place, rounds of all at once after the others; `None` before the
    /// first turn.
    pub run: Option<usize>,
    /// After how many of its rounds.
    pub rounds: u64,
    /// Probability per slot, per player.
    pub plan: Vec<Vec<f64>>,
}

/// A search that can be continued: all of its state.
#[derive(Clone, Debug)]
pub struct Search {
    /// Decides the draws of the sampled variant.
    pub seed: u64,
    /// Rounds of each variant in a turn.
    pub block: u64,
    /// Rounds played by each variant; one of the sampled variant is many drawn plays in a large game.
    pub rounds: u64,
    pub runs: Vec<Run>,
    /// Rounds of all at once, where their play over time is asked for.
    pub together: Option<Together>,
    pub best: Best,
    /// The smallest gap after the first turn, from which progress is counted.
    pub first: f64,
}

/// Most rounds between two looks at the gap.
const BLOCK: u64 = 500;
/// Leaves visited by a variant in one turn, about: a tenth of a second.
const TURN: u64 = 20_000_000;

/// Leaves that drawn plays of one round visit, about.
const DRAWN: usize = 8_000;

/// Rounds in a turn for a game of this size: enough that looking at the gap costs little, few enough
/// that a large game can be stopped.
pub fn block(kernel: &Kernel) -> u64 {
    let leaves: usize = kernel.views.iter().map(|v| v.pay.len() + v.side.slots()).sum();
    (TURN / (leaves as u64).max(1)).clamp(4, BLOCK)
}

/// As many drawn plays as cost about what a whole round does: a round of the sampled variant.
fn drawn(kernel: &Kernel) -> u64 {
    let leaves: usize = kernel.views.iter().map(|v| v.pay.len() + v.side.slots()).sum();
    (leaves / DRAWN).max(1) as u64
}

impl Search {
    /// Starts every variant from equal probabilities; `together` adds rounds of all at once.
    pub fn new(board: &Board, arms: &[Arm], together: bool, seed: u64, block: u64) -> Search {
        let runs = arms.iter().map(|arm| Run::new(&board.kernel, *arm)).collect();
        let plan = board.kernel.views.iter().map(|v| uniform(&v.side)).collect();
        let best = Best { gap: f64::INFINITY, run: None, rounds: 0, plan };
        let together = together.then(|| Together::new(&board.kernel));
        Search { seed, block, rounds: 0, runs, together, best, first: f64::INFINITY }
    }

    /// Whether a state read from elsewhere has the shape of this board.
    pub fn fits(&self, board: &Board) -> bool {
        let slots: Vec<usize> = board.kernel.views.iter().map(|v| v.side.slots()).collect();
        let long = |list: &Vec<f64>, p: usize| list.len() == slots[p];
        let whole = |m: &Memory, p: usize, arm: Arm| {
            let last = if arm.predicts() { slots[p] } else { 0 };
            long(&m.regret, p) && long(&m.average, p) && long(&m.plan, p) && m.last.len() == last
        };
        let plan = &self.best.plan;
        plan.len() == slots.len()
            && plan.iter().enumerate().all(|(p, list)| long(list, p))
            && self.runs.iter().chain(self.together.iter().map(|t| &t.run)).all(|run| {
                run.memories.len() == slots.len()
                    && run.memories.iter().enumerate().all(|(p, m)| whole(m, p, run.arm))
            })
            && self.together.iter().all(|t| {
                t.value.len() == slots.len()
                    && t.gradient.len() == slots.len()
                    && t.gradient.iter().enumerate().all(|(p, list)| long(list, p))
                    && t.kept.plans.iter().all(|plan| plan.iter().enumerate().all(|(p, list)| long(list, p)))
            })
    }

    /// Gives each variant `rounds` more rounds and keeps the plan with the smallest gap.
    pub fn turn(&mut self, board: &Board, rounds: u64, crew: &dyn Crew) {
        let seed = self.seed;
        self.rounds += rounds;
        let count = self.runs.len() + usize::from(self.together.is_some());
        let mut found: Vec<Option<(f64, Vec<Vec<f64>>)>> = vec![None; count];
        let (alone, all) = found.split_at_mut(self.runs.len());
        let jobs = self.runs.iter_mut().zip(alone).map(|(run, found)| {
            Box::new(move || {
                match &board.tree {
                    Some(tree) if run.arm == Arm::Sampled => {
                        tree.play(run, &board.kernel, seed, rounds * drawn(&board.kernel))
                    }
                    _ => run.play(&board.kernel, rounds),
                }
                *found = Some(rated(board, run));
            }) as Job<'_>
        });
        let all = self.together.iter_mut().zip(all).map(|(together, found)| {
            Box::new(move || {
                together.play(&board.kernel, rounds);
                *found = Some(rated(board, &together.run));
            }) as Job<'_>
        });
        crew.each(jobs.chain(all).collect());
        let mut least = f64::INFINITY;
        for (k, found) in found.into_iter().enumerate() {
            let Some((gap, plan)) = found else { continue };
            least = least.min(gap);
            if gap < self.best.gap {
                self.best = Best { gap, run: Some(k), rounds: self.rounds, plan };
            }
        }
        if self.first == f64::INFINITY {
            self.first = least;
        }
    }

    /// The name of the variant that found the best plan, if one did.
    pub fn winner(&self) -> Option<&'static str> {
        let k = self.best.run?;
        Some(self.runs.get(k).map_or("all players at once", |run| run.arm.name()))
    }

    /// The share of the way from the first gap to `goal`, counted in orders of magnitude.
    pub fn way(&self, goal: f64) -> f64 {
        if !self.first.is_finite() || self.first <= goal || goal <= 0.0 {
            return if self.best.gap <= goal { 1.0 } else { 0.0 };
        }
        let gone = libm::log(self.first / self.best.gap.max(goal)) / libm::log(self.first / goal);
        gone.clamp(0.0, 1.0)
    }
}

/// A run's average plan, behind its gap.
fn rated(board: &Board, run: &Run) -> (f64, Vec<Vec<f64>>) {
    let plan = run.average(&board.kernel);
    (board.kernel.gap(&plan), plan)
}
