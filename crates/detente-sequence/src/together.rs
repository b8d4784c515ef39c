//! Rounds in which all players move at once, and what their play over time amounts to.
//!
//! The one idea: whatever the game, a device that draws one of the rounds and plays it for all is a
//! coarse correlated equilibrium as far as nobody regrets: nobody would have gained by one fixed
//! plan against the others' rounds (Hart and Mas-Colell, "A simple adaptive procedure leading to
//! correlated equilibrium", 2000). The regret is measured, with everything that rounding may have
//! hidden added, so no theorem about its decline is needed. The plans of a few rounds, evenly spread over
//! all, are kept: of these a device is made that can be written out ([`crate::mixture`]).

use crate::kernel::{Kernel, best_of};
use crate::regret::{Arm, Run};

/// Most rounds whose plans are kept.
pub const KEPT: usize = 32;
/// With more slots than this, all players together, no plans are kept.
pub const KEPT_SLOTS: usize = 10_000;

/// A run of rounds, each against what the others played in the same one; later rounds weigh more.
#[derive(Clone, Debug, PartialEq)]
pub struct Together {
    pub run: Run,
    /// The weight of all rounds so far, in units of the last one's.
    pub weight: f64,
    /// Weighted sum of each player's gradients.
    pub gradient: Vec<Vec<f64>>,
    /// Weighted sum of each player's payoffs.
    pub value: Vec<f64>,
    pub kept: Kept,
}

/// Plans of some rounds: those whose number is a multiple of `step`, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// 0 where none are kept.
    pub step: u64,
    /// Probability per slot, per player, per round.
    pub plans: Vec<Vec<Vec<f64>>>,
}

impl Kept {
    fn new(kernel: &Kernel) -> Kept {
        let slots: usize = kernel.views.iter().map(|v| v.side.slots()).sum();
        Kept { step: u64::from(slots <= KEPT_SLOTS), plans: vec![] }
    }

    /// Keeps the plan of this round if its turn has come; where there are too many, every second one goes.
    fn offer(&mut self, run: &Run) {
        if self.step == 0 || !run.rounds.is_multiple_of(self.step) {
            return;
        }
        if self.plans.len() == KEPT {
            // The first is of round `step`: those in even places are no multiples of twice that.
            let mut place = 0;
            self.plans.retain(|_| {
                place += 1;
                place % 2 == 0
            });
            self.step *= 2;
            if !run.rounds.is_multiple_of(self.step) {
                return;
            }
        }
        self.plans.push(run.current());
    }
}

impl Together {
    /// Starts from equal probabilities.
    pub fn new(kernel: &Kernel) -> Together {
        let gradient = kernel.views.iter().map(|v| vec![0.0; v.side.slots()]).collect();
        let value = vec![0.0; kernel.players()];
        let (run, kept) = (Run::new(kernel, Arm::Predictive), Kept::new(kernel));
        Together { run, weight: 0.0, gradient, value, kept }
    }

    /// Plays `rounds` more rounds.
    pub fn play(&mut self, kernel: &Kernel, rounds: u64) {
        let mut now: Vec<Vec<f64>> = kernel.views.iter().map(|v| vec![0.0; v.side.slots()]).collect();
        for _ in 0..rounds {
            self.run.rounds += 1;
            self.kept.offer(&self.run);
            for (p, now) in now.iter_mut().enumerate() {
                kernel.gradient(p, self.run.reach(), now);
            }
            let kept = self.run.arm.kept(self.run.rounds as f64);
            self.weight = self.weight * kept + 1.0;
            for (p, now) in now.iter_mut().enumerate() {
                for (sum, now) in self.gradient[p].iter_mut().zip(now.iter()) {
                    *sum = *sum * kept + now;
                }
                let payoff = self.run.learn(kernel, p, now);
                self.value[p] = self.value[p] * kept + payoff;
            }
        }
    }

    /// What each player could have gained by one fixed plan, at most, in payoff units; infinite
    /// before the first round.
    pub fn regrets(&self, kernel: &Kernel) -> Vec<f64> {
        if self.weight <= 0.0 {
            return vec![f64::INFINITY; kernel.players()];
        }
        let regret = |p: usize| {
            let best = best_of(&kernel.views[p].side, self.gradient[p].clone());
            let gain = ((best - self.value[p]) / self.weight).max(0.0);
            (gain + self.hidden(kernel, p) + gain * 1e-12).next_up()
        };
        (0..kernel.players()).map(regret).collect()
    }

    /// What rounding can have hidden. Every number here is a sum of products without a division of
    /// small by small, so its error is at most that of the same sum over absolute values, once
    /// per operation that a term passes through (Higham, "Accuracy and stability of numerical
    /// algorithms", 2002, section 3.1). With the others' reach counted as 1 that is a bound.
    fn hidden(&self, kernel: &Kernel, p: usize) -> f64 {
        let sets: usize = kernel.views.iter().map(|v| v.side.sets.len()).sum();
        let menu = |v: &crate::kernel::View| (0..v.side.sets.len()).map(|k| v.side.range(k).len()).max();
        let widest = kernel.views.iter().filter_map(menu).max().unwrap_or(1);
        let view = &kernel.views[p];
        let longest = view.row.windows(2).map(|ends| ends[1] - ends[0]).max().unwrap_or(0);
        let whole: Vec<f64> = view
            .row
            .windows(2)
            .map(|ends| view.pay[ends[0] as usize..ends[1] as usize].iter().map(|w| w.abs()).sum())
            .collect();
        let operations = 4.0 * (self.run.rounds as f64 + f64::from(longest) + (sets * (widest + 4)) as f64);
        2.0 * operations * f64::EPSILON * best_of(&view.side, whole)
    }
}
