//! Rays from the base values, in the space of normal scores.
//!
//! The one idea: answers jump, so the surface at which they change is felt out along rays. If it is flat near
//! by, one over the distance along a ray is linear in the ray's direction, and its gradient is the surface's
//! normal (the step of Rackwitz and Fiessler, "Structural reliability under combined random load sequences",
//! 1978).

use super::{BUDGET, EDGE, FARTHEST};
use crate::flip::quick::Decides;
use crate::sampler::Sampler;
use crate::verdict::Class;
use detente_exact::Q;
use detente_prob::families::{normal_cdf, normal_quantile};

/// Steps along a ray before the change is narrowed down.
pub(super) const STEPS: u32 = 10;
/// Halvings of a step.
pub(super) const HALVINGS: u32 = 12;
/// Halvings where the surface is felt out near a known point.
const COARSE: u32 = 8;
/// Parts of a step that are looked at together.
const SECTIONS: u32 = 16;
/// Corrections of one direction.
const ROUNDS: u32 = 4;
/// A point that is solved costs as much as so many that are looked at together.
const SOLVED: u64 = 64;
/// How far a direction is turned to feel the surface.
const TURN: f64 = 0.12;

/// A search at work.
pub(super) struct Rays<'a, 's> {
    pub(super) sampler: &'a Sampler<'s>,
    pub(super) at_base: Class,
    pub(super) verdicts: &'a dyn Decides,
    /// Scores of the base values, and how independent scores make correlated ones.
    pub(super) base: Vec<f64>,
    pub(super) factor: Vec<Vec<f64>>,
    pub(super) solved: u32,
    /// Nodes looked at so far.
    pub(super) spent: u64,
}

impl<'a, 's> Rays<'a, 's> {
    pub(super) fn new(
        sampler: &'a Sampler<'s>,
        at_base: Class,
        verdicts: &'a dyn Decides,
    ) -> Option<Rays<'a, 's>> {
        let factor = sampler.factor();
        let mut rays = Rays { sampler, at_base, verdicts, base: vec![], factor, solved: 0, spent: 0 };
        let values = sampler.base_values();
        rays.base = (0..values.len()).map(|k| rays.score(k, values[k])).collect();
        (!rays.base.is_empty()).then_some(rays)
    }

    /// The normal score of a parameter's value under its prior.
    pub(super) fn score(&self, k: usize, value: f64) -> f64 {
        let share = self.sampler.uncertain().nth(k).map_or(0.5, |(_, prior)| prior.cdf(value));
        normal_quantile(share.clamp(EDGE, 1.0 - EDGE))
    }

    /// A direction of scores as one of independent scores.
    pub(super) fn turned(&self, scores: &[f64]) -> Vec<f64> {
        let mut free = vec![0.0; scores.len()];
        for (i, row) in self.factor.iter().enumerate() {
            let known: f64 = row.iter().zip(&free).take(i).map(|(l, f)| l * f).sum();
            free[i] = if row[i] > 0.0 { (scores[i] - known) / row[i] } else { 0.0 };
        }
        free
    }

    /// The scores at a distance along a direction.
    pub(super) fn scores(&self, direction: &[f64], distance: f64) -> Vec<f64> {
        let along = |row: &Vec<f64>| row.iter().zip(direction).map(|(l, d)| l * d).sum::<f64>();
        self.factor.iter().zip(&self.base).map(|(row, b)| b + distance * along(row)).collect()
    }

    pub(super) fn values(&self, direction: &[f64], distance: f64) -> Vec<f64> {
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
}

impl Rays<'_, '_> {
    fn is_same(&mut self, direction: &[f64], distance: f64) -> bool {
        let params = self.sampler.params(&self.values(direction, distance));
        // Where no game has an answer the verdict is not said to change.
        self.becomes(&params).is_none()
    }

    /// The verdict at a point, if it is another than that at the base values.
    pub(super) fn becomes(&mut self, params: &[Q]) -> Option<Class> {
        self.solved += 1;
        self.spent += SOLVED * self.verdicts.nodes();
        self.verdicts.exact(params).filter(|class| *class != self.at_base)
    }

    /// Whether the verdict stays, at several distances; `None` where it takes the exact path to know.
    fn stays(&mut self, direction: &[f64], distances: &[f64]) -> Vec<Option<bool>> {
        if !self.verdicts.is_quick() {
            return vec![None; distances.len()];
        }
        let points: Vec<Vec<f64>> = distances.iter().map(|d| self.values(direction, *d)).collect();
        self.stays_at(&points)
    }

    fn stays_at(&mut self, points: &[Vec<f64>]) -> Vec<Option<bool>> {
        self.solved += points.len() as u32;
        self.spent += points.len() as u64 * self.verdicts.nodes();
        self.verdicts.quick(points).into_iter().map(|c| c.map(|c| c == self.at_base)).collect()
    }

    /// Whether the search has cost so much that it ends with what it has.
    pub(super) fn tired(&self) -> bool {
        self.spent > BUDGET
    }

    /// The first of these distances, in rising order, at which the verdict is another, by its place.
    fn first_of(&mut self, direction: &[f64], distances: &[f64]) -> Option<usize> {
        let known = self.stays(direction, distances);
        (0..distances.len()).find(|k| !known[*k].unwrap_or_else(|| self.is_same(direction, distances[*k])))
    }

    /// The first change along a ray, not beyond `limit`.
    pub(super) fn first(&mut self, direction: &[f64], limit: f64) -> Option<f64> {
        let at = |step: u32| limit * f64::from(step) / f64::from(STEPS);
        let steps: Vec<f64> = (1..=STEPS).map(at).collect();
        let found = self.first_of(direction, &steps)?;
        let low = if found == 0 { 0.0 } else { steps[found - 1] };
        Some(self.halved(direction, low, steps[found], HALVINGS))
    }

    /// The changes along rays near a distance at which another ray has one.
    fn near(&mut self, directions: &[Vec<f64>], around: f64) -> Vec<Option<f64>> {
        let (low, high) = (around * 0.8, (around * 1.3).min(FARTHEST));
        let ends = |d: &Vec<f64>| [low, high].map(|at| (d.clone(), at));
        let ends: Vec<(Vec<f64>, f64)> = directions.iter().flat_map(ends).collect();
        let mut known = vec![None; ends.len()];
        if self.verdicts.is_quick() {
            let points: Vec<Vec<f64>> = ends.iter().map(|(d, at)| self.values(d, *at)).collect();
            known = self.stays_at(&points);
        }
        let one = |(direction, known): (&Vec<f64>, &[Option<bool>])| {
            if !known[0].unwrap_or_else(|| self.is_same(direction, low)) {
                return Some(self.halved(direction, 0.0, low, COARSE));
            }
            let stays = known[1].unwrap_or_else(|| self.is_same(direction, high));
            (!stays).then(|| self.halved(direction, low, high, COARSE))
        };
        directions.iter().zip(known.chunks(2)).map(one).collect()
    }

    /// Narrows a change down between a distance at which the verdict stays and one at which it does not.
    fn halved(&mut self, direction: &[f64], mut low: f64, mut high: f64, times: u32) -> f64 {
        let mut left = times;
        while left > 0 && self.verdicts.is_quick() {
            // Four halvings at once.
            let part = (high - low) / f64::from(SECTIONS);
            let inner: Vec<f64> = (1..SECTIONS).map(|k| low + f64::from(k) * part).collect();
            let found = self.first_of(direction, &inner).unwrap_or(inner.len());
            let end = if found < inner.len() { inner[found] } else { high };
            (low, high) = (low + found as f64 * part, end);
            left = left.saturating_sub(SECTIONS.ilog2());
        }
        for _ in 0..left {
            let middle = (low + high) / 2.0;
            if self.is_same(direction, middle) { low = middle } else { high = middle }
        }
        high
    }

    /// Turns a direction until it meets the surface at a right angle.
    pub(super) fn follow(&mut self, start: Vec<f64>, best: &mut Option<(f64, Vec<f64>)>) {
        let Some(mut direction) = unit(&start) else { return };
        for _ in 0..ROUNDS {
            if self.tired() {
                return;
            }
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
            let turned = |k: usize| {
                let mut turned = direction.clone();
                turned[k] += TURN;
                Some((k, unit(&turned)?))
            };
            let (places, turned): (Vec<usize>, Vec<Vec<f64>>) =
                (0..direction.len()).filter_map(turned).unzip();
            let found = self.near(&turned, distance);
            for ((k, turned), near) in places.into_iter().zip(&turned).zip(found) {
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
}

/// A direction of length 1.
pub(super) fn unit(v: &[f64]) -> Option<Vec<f64>> {
    let length = v.iter().map(|x| x * x).sum::<f64>().sqrt();
    (length > 1e-12 && length.is_finite()).then(|| v.iter().map(|x| x / length).collect())
}
