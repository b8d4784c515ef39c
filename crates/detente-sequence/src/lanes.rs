//! Eight draws of a game's payoffs, iterated together.
//!
//! The one idea: draws of one tree have the same slots and leaves and differ in weights only, so
//! every number of a run becomes eight, side by side; what is looked up is looked up once for
//! all eight. Each lane does the operations of a run of its own in the same order, and so
//! ends with the same bits (`tests/lanes.rs`).

use crate::form::{Form, Side};
use crate::kernel::uniform;
use crate::merge::rows;
use crate::regret::{Arm, Memory, positive};

/// Draws that are iterated together.
pub const LANES: usize = 8;

/// One number of every draw.
pub type Lane = [f64; LANES];

const ONE: Lane = [1.0; LANES];
const ZERO: Lane = [0.0; LANES];

/// One player's view of all draws (see [`crate::kernel::View`]).
#[derive(Clone, Debug)]
struct View {
    side: Side,
    row: Vec<u32>,
    others: Vec<u32>,
    pay: Vec<Lane>,
}

/// The draws in floats: one view per player.
#[derive(Clone, Debug)]
pub struct Lanes {
    views: Vec<View>,
}

impl Lanes {
    /// Lays out up to [`LANES`] forms of one tree; where there are fewer, the first fills the rest.
    /// `None` without a form, with too many, or where they are not of one tree.
    pub fn new(forms: &[&Form]) -> Option<Lanes> {
        let first = *forms.first()?;
        let alike = |form: &&&Form| form.sides == first.sides && form.leaves == first.leaves;
        if forms.len() > LANES || !forms.iter().all(|form| alike(&form)) {
            return None;
        }
        Some(Lanes { views: (0..first.players()).map(|p| view(forms, p)).collect() })
    }

    /// What each slot of player `p` adds when the others reach with `reach`.
    fn gradient(&self, p: usize, reach: &[Vec<Lane>], gradient: &mut [Lane]) {
        let view = &self.views[p];
        let others: Vec<&[Lane]> =
            (0..reach.len()).filter(|q| *q != p).map(|q| reach[q].as_slice()).collect();
        if let [other] = others[..] {
            for (gradient, ends) in gradient.iter_mut().zip(view.row.windows(2)) {
                let run = ends[0] as usize..ends[1] as usize;
                let mut sum = ZERO;
                for (slot, pay) in view.others[run.clone()].iter().zip(&view.pay[run]) {
                    let reach = &other[*slot as usize];
                    for l in 0..LANES {
                        sum[l] += pay[l] * reach[l];
                    }
                }
                *gradient = sum;
            }
            return;
        }
        let width = others.len();
        for (gradient, ends) in gradient.iter_mut().zip(view.row.windows(2)) {
            let mut sum = ZERO;
            for e in ends[0] as usize..ends[1] as usize {
                let mut product = view.pay[e];
                for (other, slot) in others.iter().zip(&view.others[e * width..(e + 1) * width]) {
                    let reach = &other[*slot as usize];
                    for l in 0..LANES {
                        product[l] *= reach[l];
                    }
                }
                for l in 0..LANES {
                    sum[l] += product[l];
                }
            }
            *gradient = sum;
        }
    }
}

fn view(forms: &[&Form], p: usize) -> View {
    let (first, players) = (forms[0], forms[0].players());
    let mut view = View { side: first.sides[p].clone(), row: vec![0], others: vec![], pay: vec![] };
    for row in rows(first, p) {
        for l in row {
            let at = l as usize * players;
            let weights: Lane =
                std::array::from_fn(|lane| forms.get(lane).unwrap_or(&first).weights[at + p].to_f64());
            // An entry that is 0 in some lanes adds nothing there.
            if weights != ZERO {
                view.pay.push(weights);
                view.others.extend((0..players).filter(|q| *q != p).map(|q| first.leaves[at + q]));
            }
        }
        view.row.push(view.pay.len() as u32);
    }
    view
}

/// What one player remembers in every lane (see [`Memory`]).
#[derive(Clone, Debug)]
struct Memories {
    regret: Vec<Lane>,
    last: Vec<Lane>,
    average: Vec<Lane>,
    plan: Vec<Lane>,
}

/// Runs of one variant on all draws.
#[derive(Clone, Debug)]
pub struct LaneRun {
    pub arm: Arm,
    pub rounds: u64,
    memories: Vec<Memories>,
    reach: Vec<Vec<Lane>>,
    scratch: Vec<Lane>,
}

impl LaneRun {
    /// Starts from equal probabilities.
    pub fn new(lanes: &Lanes, arm: Arm) -> LaneRun {
        let sides = || lanes.views.iter().map(|v| &v.side);
        let memories: Vec<Memories> = sides()
            .map(|side| {
                let slots = side.slots();
                let plan = uniform(side).into_iter().map(|p| [p; LANES]).collect();
                let last = if arm.predicts() { vec![ZERO; slots] } else { vec![] };
                Memories { regret: vec![ZERO; slots], last, average: vec![ZERO; slots], plan }
            })
            .collect();
        let mut reach: Vec<Vec<Lane>> = sides().map(|side| vec![ONE; side.slots()]).collect();
        for ((side, memory), reach) in sides().zip(&memories).zip(&mut reach) {
            follow(side, &memory.plan, reach);
        }
        let widest = sides().map(Side::slots).max().unwrap_or(1);
        LaneRun { arm, rounds: 0, memories, reach, scratch: vec![ZERO; widest] }
    }

    /// Plays `rounds` more rounds of every draw.
    pub fn play(&mut self, lanes: &Lanes, rounds: u64) {
        for _ in 0..rounds {
            self.rounds += 1;
            for p in 0..lanes.views.len() {
                self.update(lanes, p);
            }
        }
    }

    /// The state of one lane: that of a run of its own.
    pub fn lane(&self, lane: usize) -> Vec<Memory> {
        let pick = |list: &[Lane]| list.iter().map(|all| all[lane]).collect();
        let one = |m: &Memories| Memory {
            regret: pick(&m.regret),
            last: pick(&m.last),
            average: pick(&m.average),
            plan: pick(&m.plan),
        };
        self.memories.iter().map(one).collect()
    }

    fn update(&mut self, lanes: &Lanes, p: usize) {
        let side = &lanes.views[p].side;
        let value = &mut self.scratch[..side.slots()];
        lanes.gradient(p, &self.reach, value);
        let (memory, reach) = (&mut self.memories[p], &mut self.reach[p]);
        let t = self.rounds as f64;
        let kept = self.arm.kept(t);
        for (average, reach) in memory.average.iter_mut().zip(reach.iter()) {
            for l in 0..LANES {
                average[l] = average[l] * kept + reach[l];
            }
        }
        let rule = Rule { fading: self.arm.fading(t), prediction: self.arm.prediction() };
        for k in (0..side.sets.len()).rev() {
            let mean = rule.learn(side.range(k), value, memory);
            let before = &mut value[side.parent[k] as usize];
            for l in 0..LANES {
                before[l] += side.times[k] * mean[l];
            }
        }
        follow(side, &memory.plan, reach);
    }
}

/// Reach from a plan, slot after slot.
fn follow(side: &Side, plan: &[Lane], reach: &mut [Lane]) {
    for k in 0..side.sets.len() {
        let before = reach[side.parent[k] as usize];
        for s in side.range(k) {
            for l in 0..LANES {
                reach[s][l] = before[l] * plan[s][l];
            }
        }
    }
}

/// How one round changes regrets; the operations are those of a single run.
struct Rule {
    fading: (f64, f64),
    prediction: f64,
}

impl Rule {
    fn learn(&self, range: std::ops::Range<usize>, value: &[Lane], memory: &mut Memories) -> Lane {
        let value = &value[range.clone()];
        let plan = &mut memory.plan[range.clone()];
        let regret = &mut memory.regret[range.clone()];
        let mut mean = ZERO;
        for (plan, value) in plan.iter().zip(value) {
            for l in 0..LANES {
                mean[l] += plan[l] * value[l];
            }
        }
        let (up, down) = self.fading;
        let mut sum = ZERO;
        for ((regret, plan), value) in regret.iter_mut().zip(plan.iter_mut()).zip(value) {
            for l in 0..LANES {
                let faded = regret[l] * if regret[l] > 0.0 { up } else { down };
                let held = faded + (value[l] - mean[l]);
                regret[l] = if down == 0.0 { positive(held) } else { held };
                plan[l] = positive(held);
            }
        }
        if self.prediction > 0.0 {
            for ((last, plan), value) in memory.last[range].iter_mut().zip(plan.iter_mut()).zip(value) {
                for l in 0..LANES {
                    last[l] = value[l] - mean[l];
                    plan[l] = positive(plan[l] + self.prediction * last[l]);
                }
            }
        }
        for plan in plan.iter() {
            for l in 0..LANES {
                sum[l] += plan[l];
            }
        }
        let equal = 1.0 / plan.len() as f64;
        let share: Lane = std::array::from_fn(|l| 1.0 / sum[l]);
        for plan in plan.iter_mut() {
            for l in 0..LANES {
                plan[l] = if sum[l] > 0.0 { plan[l] * share[l] } else { equal };
            }
        }
        mean
    }
}
