//! Regret minimisation: many cheap rounds towards an equilibrium.
//!
//! The one idea: at every information set the player mixes in proportion to what each action
//! would have gained so far (Zinkevich, Johanson, Bowling and Piccione, "Regret minimization in
//! games with incomplete information", 2007). The variants differ in how they forget and whether
//! they predict; each is an [`Arm`]. Players update in turn. What the average is worth is
//! never taken from theory: the caller asks for its gap.

use crate::kernel::{Kernel, reach_of, uniform};

/// A variant of regret minimisation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arm {
    /// Plain counterfactual regret minimisation, uniform average.
    Plain,
    /// CFR+: regrets never below 0, linear average (Tammelin, "Solving large imperfect
    /// information games using CFR+", 2014).
    Plus,
    /// Discounted: old regrets and old strategies fade (Brown and Sandholm, "Solving
    /// imperfect-information games via discounted regret minimization", 2019), with the
    /// exponents 1.5, 0 and 2.
    Discounted,
    /// Predictive CFR+, quadratic average: the last regret is expected again (Farina, Kroer and
    /// Sandholm, "Faster game solving via predictive Blackwell approachability", 2021).
    Predictive,
    /// The same with a third of the prediction, safer where it is often wrong (after Meng et al.,
    /// "Faster game solving via asymmetry of step sizes", 2025).
    Cautious,
    /// Predictive, with an averaging exponent that falls from 30 to 25 over the given number of
    /// rounds (after Zhang, McAleer and Sandholm, "Faster game solving via hyperparameter
    /// schedules", 2024).
    Scheduled(u32),
    /// Drawn plays with linear weights, see [`crate::sample`]; in whole rounds, linear CFR.
    Sampled,
}

impl Arm {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Arm::Plain => "cfr",
            Arm::Plus => "cfr+",
            Arm::Discounted => "dcfr",
            Arm::Predictive => "pcfr+",
            Arm::Cautious => "sapcfr+",
            Arm::Scheduled(_) => "hs-pcfr+",
            Arm::Sampled => "sampled",
        }
    }

    /// The variant of this name; a schedule is made for `rounds` rounds.
    pub fn named(name: &str, rounds: u32) -> Option<Arm> {
        let all = [
            Arm::Plain,
            Arm::Plus,
            Arm::Discounted,
            Arm::Predictive,
            Arm::Cautious,
            Arm::Scheduled(rounds),
            Arm::Sampled,
        ];
        all.into_iter().find(|arm| arm.name() == name)
    }

    /// Two numbers that stand for it in a file: the kind and its parameter.
    pub(crate) fn code(self) -> (u32, u32) {
        match self {
            Arm::Plain => (0, 0),
            Arm::Plus => (1, 0),
            Arm::Discounted => (2, 0),
            Arm::Predictive => (3, 0),
            Arm::Cautious => (4, 0),
            Arm::Scheduled(rounds) => (5, rounds),
            Arm::Sampled => (6, 0),
        }
    }

    /// The variant of [`code`](Arm::code); `None` for other numbers.
    pub(crate) fn from_code(kind: u32, parameter: u32) -> Option<Arm> {
        let arm = match kind {
            0 => Arm::Plain,
            1 => Arm::Plus,
            2 => Arm::Discounted,
            3 => Arm::Predictive,
            4 => Arm::Cautious,
            5 => return Some(Arm::Scheduled(parameter)),
            6 => Arm::Sampled,
            _ => return None,
        };
        (parameter == 0).then_some(arm)
    }

    /// Whether it remembers the regrets of the last round.
    pub(crate) fn predicts(self) -> bool {
        self.prediction() > 0.0
    }

    /// How much of the last regret is expected again.
    pub(crate) fn prediction(self) -> f64 {
        match self {
            Arm::Plain | Arm::Plus | Arm::Discounted | Arm::Sampled => 0.0,
            Arm::Cautious => 1.0 / 3.0,
            Arm::Predictive | Arm::Scheduled(_) => 1.0,
        }
    }

    /// By how much positive and negative regrets shrink before round `t`, counted from 1.
    pub(crate) fn fading(self, t: f64) -> (f64, f64) {
        match self {
            Arm::Plain => (1.0, 1.0),
            Arm::Sampled => ((t - 1.0) / t, (t - 1.0) / t),
            Arm::Discounted => {
                let grown = libm::pow(t - 1.0, 1.5);
                (grown / (grown + 1.0), 0.5)
            }
            _ => (1.0, 0.0),
        }
    }

    /// The share of the old average that stays at round `t`, counted from 1.
    pub(crate) fn kept(self, t: f64) -> f64 {
        let exponent = match self {
            Arm::Plain => return 1.0,
            Arm::Plus | Arm::Sampled => 1.0,
            Arm::Discounted | Arm::Predictive | Arm::Cautious => 2.0,
            Arm::Scheduled(rounds) => 30.0 - 5.0 * (t / f64::from(rounds.max(1))).min(1.0),
        };
        libm::pow((t - 1.0) / t, exponent)
    }
}

/// What one player remembers, per slot.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory {
    /// Regret so far, faded as the arm says.
    pub regret: Vec<f64>,
    /// Regret of the last round; empty for arms that do not predict.
    pub last: Vec<f64>,
    /// Weighted sum of reaches.
    pub average: Vec<f64>,
    /// Probability in the next round.
    pub plan: Vec<f64>,
}

/// A run that can be continued: all of its state.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub arm: Arm,
    pub rounds: u64,
    pub memories: Vec<Memory>,
    /// The reach of each player's plan, derived from it.
    reach: Vec<Vec<f64>>,
    /// Room for a gradient, as long as the longest side.
    scratch: Vec<f64>,
}

impl Run {
    /// Starts from equal probabilities.
    pub fn new(kernel: &Kernel, arm: Arm) -> Run {
        let memories = kernel.views.iter().map(|view| {
            let slots = view.side.slots();
            let last = if arm.predicts() { vec![0.0; slots] } else { vec![] };
            Memory { regret: vec![0.0; slots], last, average: vec![0.0; slots], plan: uniform(&view.side) }
        });
        Run::resume(kernel, arm, 0, memories.collect())
    }

    /// Goes on from a state saved earlier, made for the same kernel.
    pub fn resume(kernel: &Kernel, arm: Arm, rounds: u64, memories: Vec<Memory>) -> Run {
        let widest = kernel.views.iter().map(|v| v.side.slots()).max().unwrap_or(1);
        let reach = kernel.views.iter().zip(&memories).map(|(v, m)| reach_of(&v.side, &m.plan)).collect();
        Run { arm, rounds, memories, reach, scratch: vec![0.0; widest] }
    }

    /// Plays `rounds` more rounds.
    pub fn play(&mut self, kernel: &Kernel, rounds: u64) {
        for _ in 0..rounds {
            self.rounds += 1;
            for p in 0..kernel.players() {
                self.update(kernel, p);
            }
        }
    }

    /// The average probabilities per slot: what is offered as an answer.
    pub fn average(&self, kernel: &Kernel) -> Vec<Vec<f64>> {
        let plans = kernel.views.iter().zip(&self.memories).map(|(view, memory)| {
            let mut plan = uniform(&view.side);
            for k in 0..view.side.sets.len() {
                let range = view.side.range(k);
                let sum: f64 = memory.average[range.clone()].iter().sum();
                if sum > 0.0 {
                    range.for_each(|s| plan[s] = memory.average[s] / sum);
                }
            }
            plan
        });
        plans.collect()
    }

    /// The probabilities of the next round.
    pub fn current(&self) -> Vec<Vec<f64>> {
        self.memories.iter().map(|m| m.plan.clone()).collect()
    }

    /// The reach of each slot in the next round, per player.
    pub(crate) fn reach(&self) -> &[Vec<f64>] {
        &self.reach
    }

    /// One player's turn: average what it plays, see what it would have gained, mix anew.
    fn update(&mut self, kernel: &Kernel, p: usize) {
        let mut value = std::mem::take(&mut self.scratch);
        let slots = kernel.views[p].side.slots();
        kernel.gradient(p, &self.reach, &mut value[..slots]);
        self.learn(kernel, p, &mut value[..slots]);
        self.scratch = value;
    }

    /// The same with the gradient at hand, which is used up; returns what the player's plan got.
    pub(crate) fn learn(&mut self, kernel: &Kernel, p: usize, value: &mut [f64]) -> f64 {
        let side = &kernel.views[p].side;
        let (memory, reach) = (&mut self.memories[p], &mut self.reach[p]);
        let t = self.rounds as f64;
        let kept = self.arm.kept(t);
        for (average, reach) in memory.average.iter_mut().zip(reach.iter()) {
            *average = *average * kept + reach;
        }
        let rule = Rule { fading: self.arm.fading(t), prediction: self.arm.prediction() };
        for k in (0..side.sets.len()).rev() {
            let mean = rule.learn(side.range(k), value, memory);
            value[side.parent[k] as usize] += side.times[k] * mean;
        }
        for k in 0..side.sets.len() {
            let before = reach[side.parent[k] as usize];
            for s in side.range(k) {
                reach[s] = before * memory.plan[s];
            }
        }
        value[0]
    }
}

/// What is above 0. Unlike `f64::max` the sign of a 0 is certain: the same bits in lanes.
pub(crate) fn positive(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

/// How one round changes regrets.
struct Rule {
    fading: (f64, f64),
    prediction: f64,
}

impl Rule {
    /// Updates one set's regrets and plan; returns what the old plan was worth there.
    fn learn(&self, range: std::ops::Range<usize>, value: &[f64], memory: &mut Memory) -> f64 {
        let value = &value[range.clone()];
        let plan = &mut memory.plan[range.clone()];
        let regret = &mut memory.regret[range.clone()];
        let mut mean = 0.0;
        for (p, v) in plan.iter().zip(value) {
            mean += p * v;
        }
        let (up, down) = self.fading;
        let mut sum = 0.0;
        for ((regret, plan), value) in regret.iter_mut().zip(plan.iter_mut()).zip(value) {
            let faded = *regret * if *regret > 0.0 { up } else { down };
            let held = faded + (value - mean);
            // An arm that keeps nothing of a negative regret keeps none in the first place.
            *regret = if down == 0.0 { positive(held) } else { held };
            *plan = positive(held);
        }
        if self.prediction > 0.0 {
            for ((last, plan), value) in memory.last[range].iter_mut().zip(plan.iter_mut()).zip(value) {
                *last = value - mean;
                *plan = positive(*plan + self.prediction * *last);
            }
        }
        for p in plan.iter() {
            sum += p;
        }
        let count = plan.len() as f64;
        if sum > 0.0 {
            let share = 1.0 / sum;
            plan.iter_mut().for_each(|p| *p *= share);
        } else {
            plan.fill(1.0 / count);
        }
        mean
    }
}
