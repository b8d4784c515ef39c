//! Rounds in which all players move at once, and what their play over time amounts to.
//!
//! The one idea: whatever the game, a device that draws one of the rounds and plays it for all is a
//! coarse correlated equilibrium as far as nobody regrets: nobody would have gained by one fixed
//! plan against the others' rounds (Hart and Mas-Colell, "A simple adaptive procedure leading to
//! correlated equilibrium", 2000). The regret is measured, with everything that rounding may have
//! hidden added, so no theorem about its decline is needed.

use crate::kernel::{Kernel, best_of};
use crate::regret::{Arm, Run};

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
}

impl Together {
    /// Starts from equal probabilities.
    pub fn new(kernel: &Kernel) -> Together {
        let gradient = kernel.views.iter().map(|v| vec![0.0; v.side.slots()]).collect();
        let value = vec![0.0; kernel.players()];
        Together { run: Run::new(kernel, Arm::Predictive), weight: 0.0, gradient, value }
    }

    /// Plays `rounds` more rounds.
    pub fn play(&mut self, kernel: &Kernel, rounds: u64) {
        let mut now: Vec<Vec<f64>> = kernel.views.iter().map(|v| vec![0.0; v.side.slots()]).collect();
        for _ in 0..rounds {
            self.run.rounds += 1;
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
