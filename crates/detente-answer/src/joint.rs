//! The nearest change of several parameters at once that changes an answer.
//!
//! The one idea (Hasofer and Lind, "Exact and invariant second-moment code format", 1974): measure
//! changes in normal scores, where each parameter's prior is a standard normal one and
//! correlations are undone. The nearest point at which the answer changes is the most plausible set
//! of assumptions that overturns it. Answers jump, so the surface is felt out along rays: if it is
//! flat near by, one over the distance along a ray is linear in the ray's direction, and its
//! gradient is the surface's normal (the step of Rackwitz and Fiessler, "Structural reliability
//! under combined random load sequences", 1978).

use crate::sampler::Sampler;
use detente_exact::Q;
use detente_prob::families::{normal_cdf, normal_quantile};
use serde::{Deserialize, Serialize};

/// Rays end here, in standard deviations of the joint prior.
const FARTHEST: f64 = 4.0;
/// Steps along a ray before the change is narrowed down.
const STEPS: u32 = 10;
/// Halvings of a step.
const HALVINGS: u32 = 12;
/// Corrections of one direction.
const ROUNDS: u32 = 4;
/// How far a direction is turned to feel the surface.
const TURN: f64 = 0.12;
/// A share this near to 0 or 1 counts as that far out.
const EDGE: f64 = 1e-9;

/// One parameter's part in a joint change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Move {
    pub param: String,
    pub from: f64,
    pub to: f64,
    /// Change of the normal score: about standard deviations of the prior.
    pub deviations: f64,
}

/// The nearest joint change that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joint {
    /// Distance from the base values in standard deviations of the joint prior.
    pub distance: f64,
    /// Chance that a standard normal number lies this far out on one side.
    pub tail: f64,
    /// Those that move by a twentieth of a deviation or more, the largest first.
    pub moves: Vec<Move>,
    /// All uncertain parameters a hair before the change, and behind it: the game was solved at
    /// both, and the answers differ.
    pub before: Vec<f64>,
    pub behind: Vec<f64>,
    /// How many points were solved.
    pub solved: u32,
}

/// Looks for the nearest joint change. `same` says whether the answer at these values of the
/// uncertain parameters is that at the base values; `alone` are changes that were found one at a
/// time, as (position, value).
pub fn nearest(
    sampler: &Sampler,
    alone: &[(usize, f64)],
    same: &mut dyn FnMut(&[Q]) -> Option<bool>,
) -> Option<Joint> {
    let mut search = Rays::new(sampler, same)?;
    let n = search.base.len();
    let mut starts: Vec<Vec<f64>> = vec![];
    // One direction per change found alone, and the one that they suggest together.
    let mut together = vec![0.0; n];
    for (k, value) in alone {
        let step = search.score(*k, *value) - search.base[*k];
        if step.abs() > EDGE {
            let unit: Vec<f64> = (0..n).map(|j| if j == *k { step.signum() } else { 0.0 }).collect();
            together[*k] += 1.0 / step;
            starts.push(search.turned(&unit));
        }
    }
    starts.insert(0, together.clone());
    for sign in [1.0, -1.0] {
        for k in 0..n {
            let mut mixed = together.clone();
            mixed[k] += sign * together.iter().map(|t| t.abs()).fold(0.5, f64::max);
            starts.push(mixed);
        }
    }
    let mut best: Option<(f64, Vec<f64>)> = None;
    for start in starts {
        search.follow(start, &mut best);
    }
    let (distance, direction) = best?;
    Some(search.joint(distance, &direction))
}

struct Rays<'a, 's> {
    sampler: &'a Sampler<'s>,
    same: &'a mut dyn FnMut(&[Q]) -> Option<bool>,
    /// Scores of the base values, and how independent scores make correlated ones.
    base: Vec<f64>,
    factor: Vec<Vec<f64>>,
    solved: u32,
}

impl<'a, 's> Rays<'a, 's> {
    fn new(sampler: &'a Sampler<'s>, same: &'a mut dyn FnMut(&[Q]) -> Option<bool>) -> Option<Rays<'a, 's>> {
        let mut rays = Rays { sampler, same, base: vec![], factor: sampler.factor(), solved: 0 };
        let values = sampler.base_values();
        rays.base = (0..values.len()).map(|k| rays.score(k, values[k])).collect();
        (!rays.base.is_empty()).then_some(rays)
    }

    /// The normal score of a parameter's value under its prior.
    fn score(&self, k: usize, value: f64) -> f64 {
        let share = self.sampler.uncertain().nth(k).map_or(0.5, |(_, prior)| prior.cdf(value));
        normal_quantile(share.clamp(EDGE, 1.0 - EDGE))
    }

    /// A direction of scores as one of independent scores.
    fn turned(&self, scores: &[f64]) -> Vec<f64> {
        let mut free = vec![0.0; scores.len()];
        for (i, row) in self.factor.iter().enumerate() {
            let known: f64 = row.iter().zip(&free).take(i).map(|(l, f)| l * f).sum();
            free[i] = if row[i] > 0.0 { (scores[i] - known) / row[i] } else { 0.0 };
        }
        free
    }

    /// The scores at a distance along a direction.
    fn scores(&self, direction: &[f64], distance: f64) -> Vec<f64> {
        let along = |row: &Vec<f64>| row.iter().zip(direction).map(|(l, d)| l * d).sum::<f64>();
        self.factor.iter().zip(&self.base).map(|(row, b)| b + distance * along(row)).collect()
    }

    fn values(&self, direction: &[f64], distance: f64) -> Vec<f64> {
        let base = self.sampler.base_values();
        let scores = self.scores(direction, distance);
        let uncertain = self.sampler.uncertain().zip(base).zip(scores.iter().zip(&self.base));
        // A parameter that does not move keeps its value, whatever its score rounds to.
        uncertain
            .map(|(((_, prior), value), (to, from))| match to == from {
                true => value,
                false => prior.quantile(normal_cdf(*to).clamp(EDGE, 1.0 - EDGE)),
            })
            .collect()
    }

    fn is_same(&mut self, direction: &[f64], distance: f64) -> bool {
        self.solved += 1;
        let params = self.sampler.params(&self.values(direction, distance));
        (self.same)(&params).unwrap_or(true)
    }

    /// The first change along a ray, not beyond `limit`.
    fn first(&mut self, direction: &[f64], limit: f64) -> Option<f64> {
        let (mut low, mut found) = (0.0, None);
        for step in 1..=STEPS {
            let at = limit * f64::from(step) / f64::from(STEPS);
            if !self.is_same(direction, at) {
                found = Some(at);
                break;
            }
            low = at;
        }
        let mut high = found?;
        for _ in 0..HALVINGS {
            let middle = (low + high) / 2.0;
            if self.is_same(direction, middle) { low = middle } else { high = middle }
        }
        Some(high)
    }

    /// Turns a direction until it meets the surface at a right angle.
    fn follow(&mut self, start: Vec<f64>, best: &mut Option<(f64, Vec<f64>)>) {
        let Some(mut direction) = unit(&start) else { return };
        for _ in 0..ROUNDS {
            // What is farther than the best so far by half is not worth a look.
            let limit = best.as_ref().map_or(FARTHEST, |b| (b.0 * 1.5).min(FARTHEST));
            let Some(distance) = self.first(&direction, limit) else { return };
            let better = best.as_ref().is_none_or(|b| distance < b.0 * 0.999);
            if better {
                *best = Some((distance, direction.clone()));
            } else if best.as_ref().is_some_and(|b| distance > b.0 * 1.001) {
                return;
            }
            let mut normal = vec![0.0; direction.len()];
            for k in 0..direction.len() {
                let mut turned = direction.clone();
                turned[k] += TURN;
                let Some(turned) = unit(&turned) else { continue };
                let near = self.first(&turned, (distance * 1.4).min(FARTHEST));
                let inverse = near.map_or(0.0, |d| 1.0 / d);
                // 1 / distance is the normal times the direction: take out the share of the old one.
                let part: f64 = turned.iter().zip(&direction).map(|(a, b)| a * b).sum();
                let own = turned[k] - part * direction[k];
                if own.abs() > 1e-6 {
                    normal[k] = (inverse - part / distance) / own;
                }
            }
            let part: f64 = normal.iter().zip(&direction).map(|(a, b)| a * b).sum();
            let next: Vec<f64> =
                normal.iter().zip(&direction).map(|(n, d)| n - part * d + d / distance).collect();
            let Some(next) = unit(&next) else { return };
            let turn: f64 = next.iter().zip(&direction).map(|(a, b)| (a - b).abs()).sum();
            if turn < 1e-3 {
                return;
            }
            direction = next;
        }
        // The last direction was not looked at yet.
        let limit = best.as_ref().map_or(FARTHEST, |b| b.0);
        if let Some(distance) = self.first(&direction, limit)
            && best.as_ref().is_none_or(|b| distance < b.0)
        {
            *best = Some((distance, direction));
        }
    }

    fn joint(&self, distance: f64, direction: &[f64]) -> Joint {
        let names = self.sampler.names();
        let base = self.sampler.base_values();
        let hair = distance / f64::from(STEPS) / f64::from(1u32 << HALVINGS) * 1.01;
        let behind = self.values(direction, distance);
        let scores = self.scores(direction, distance);
        let mut moves: Vec<Move> = (0..base.len())
            .map(|k| Move {
                param: names[k].to_string(),
                from: base[k],
                to: behind[k],
                deviations: scores[k] - self.base[k],
            })
            .filter(|m| m.deviations.abs() >= 0.05)
            .collect();
        moves.sort_by(|a, b| b.deviations.abs().total_cmp(&a.deviations.abs()));
        let before = self.values(direction, (distance - hair).max(0.0));
        Joint { distance, tail: normal_cdf(-distance), moves, before, behind, solved: self.solved }
    }
}

fn unit(v: &[f64]) -> Option<Vec<f64>> {
    let length = v.iter().map(|x| x * x).sum::<f64>().sqrt();
    (length > 1e-12 && length.is_finite()).then(|| v.iter().map(|x| x / length).collect())
}
