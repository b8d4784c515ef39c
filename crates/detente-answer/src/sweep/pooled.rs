//! Probabilities given an event, pooled over draws: Σ P(X and E) / Σ P(E).
//!
//! Each draw may be in any one of its equilibria, and the question is how low and how high the ratio
//! can get. The highest ratio is where Σ max (part − r · whole) is zero (Dinkelbach, "On nonlinear
//! fractional programming", 1967). Only draws with several equilibria bend that curve, so it is kept
//! at 1025 values of r as exact sums. The curve is convex: between two of them its chord lies
//! outside, so the answer is rounded outward, by far less than 1/1024.

use crate::shares::Pair;
use detente_stats::merge::ExactSum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Steps of the ratio from 0 to 1.
const STEPS: u16 = 1024;

/// The two curves, each as its changes from one step to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    low: BTreeMap<u16, (ExactSum, ExactSum)>,
    high: BTreeMap<u16, (ExactSum, ExactSum)>,
}

impl Pool {
    /// Adds a draw: part and whole in each of its equilibria. One in which the event is impossible
    /// is refuted, not chosen.
    pub fn add(&mut self, pairs: &[Pair]) {
        let able: Vec<Pair> = pairs.iter().copied().filter(|p| p.1 > 0.0).collect();
        if able.is_empty() {
            return;
        }
        for (curve, sign) in [(&mut self.low, -1.0), (&mut self.high, 1.0)] {
            let best = |step: u16| best(&able, sign, f64::from(step) / f64::from(STEPS));
            let first = best(0);
            put(curve, 0, able[first], 1.0);
            changes(curve, &able, (0, first), (STEPS, best(STEPS)), &best);
        }
    }

    /// Adds the draws of another pool.
    pub fn merge(&mut self, other: &Pool) {
        for (own, others) in [(&mut self.low, &other.low), (&mut self.high, &other.high)] {
            for (step, (part, whole)) in others {
                let place = own.entry(*step).or_default();
                place.0.merge(part);
                place.1.merge(whole);
            }
        }
    }

    /// The lowest and the highest ratio; `None` where the event is impossible in every draw.
    pub fn bounds(&self) -> Option<(f64, f64)> {
        Some((root(&self.low)?, root(&self.high)?))
    }
}

/// The equilibrium with the largest (sign 1) or smallest (sign -1) part − r · whole.
fn best(pairs: &[Pair], sign: f64, ratio: f64) -> usize {
    let worth = |p: &Pair| sign * (p.0 - ratio * p.1);
    let mut chosen = 0;
    for (k, pair) in pairs.iter().enumerate() {
        if worth(pair) > worth(&pairs[chosen]) {
            chosen = k;
        }
    }
    chosen
}

/// Writes down where the best equilibrium changes between two steps.
fn changes(
    curve: &mut BTreeMap<u16, (ExactSum, ExactSum)>,
    pairs: &[Pair],
    from: (u16, usize),
    to: (u16, usize),
    best: &dyn Fn(u16) -> usize,
) {
    if from.1 == to.1 {
        return;
    }
    if to.0 - from.0 == 1 {
        put(curve, to.0, pairs[from.1], -1.0);
        put(curve, to.0, pairs[to.1], 1.0);
        return;
    }
    let middle = (from.0 + to.0) / 2;
    let there = (middle, best(middle));
    changes(curve, pairs, from, there, best);
    changes(curve, pairs, there, to, best);
}

fn put(curve: &mut BTreeMap<u16, (ExactSum, ExactSum)>, step: u16, pair: Pair, sign: f64) {
    let place = curve.entry(step).or_default();
    place.0.add(sign * pair.0);
    place.1.add(sign * pair.1);
}

/// Where a falling curve is zero, rounded to the side on which its chords lie.
fn root(curve: &BTreeMap<u16, (ExactSum, ExactSum)>) -> Option<f64> {
    let (mut part, mut whole) = (ExactSum::new(), ExactSum::new());
    let mut ends = vec![];
    for (step, change) in curve {
        part.merge(&change.0);
        whole.merge(&change.1);
        ends.push((f64::from(*step) / f64::from(STEPS), part.value(), whole.value()));
    }
    // The stretch on which one line reaches zero: the last step at which the curve is not below it.
    let above = |end: &&(f64, f64, f64)| end.1 - end.0 * end.2 >= 0.0;
    let k = ends.iter().rposition(|end| above(&end))?;
    let (start, part, whole) = ends[k];
    let alone = part / whole;
    let Some(next) = ends.get(k + 1).filter(|next| alone > next.0 - 1.0 / f64::from(STEPS)) else {
        return Some(alone);
    };
    // The bend lies within the step before `next`: take the chord over that step.
    let left = (next.0 - 1.0 / f64::from(STEPS)).max(start);
    let (a, b) = (part - left * whole, next.1 - next.0 * next.2);
    Some(left + (next.0 - left) * a / (a - b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shares::ratio_bounds;
    use detente_prob::uniform;

    fn draws(n: u64, most: u64) -> Vec<Vec<Pair>> {
        let number = |k: u64, what: &str| uniform(5, what, k);
        (0..n)
            .map(|i| {
                let count = 1 + (number(i, "count") * most as f64) as u64;
                (0..count)
                    .map(|k| {
                        let whole = number(i * 10 + k, "whole");
                        (whole * number(i * 10 + k, "part"), whole)
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn pooled_ratios_enclose_those_of_all_draws_closely() {
        for most in [1, 2, 4] {
            for n in [1, 3, 300] {
                let list = draws(n, most);
                let (low, high) = ratio_bounds(&list).unwrap();
                let mut pool = Pool::default();
                list.iter().for_each(|d| pool.add(d));
                let (under, over) = pool.bounds().unwrap();
                assert!(under <= low + 1e-12 && high <= over + 1e-12, "{under} {low} {high} {over}");
                assert!(low - under < 1e-3 && over - high < 1e-3, "{under} {low} {high} {over}");
                if most == 1 {
                    assert!((low - under).abs() < 1e-12 && (over - high).abs() < 1e-12);
                }
            }
        }
    }

    #[test]
    fn parts_merge_to_the_same_bits_in_any_order() {
        let list = draws(200, 3);
        let pool = |part: &[Vec<Pair>]| {
            let mut pool = Pool::default();
            part.iter().for_each(|d| pool.add(d));
            pool
        };
        let whole = pool(&list);
        let mut merged = pool(&list[120..]);
        merged.merge(&pool(&list[..30]));
        merged.merge(&pool(&list[30..120]));
        assert_eq!(merged, whole);
        assert_eq!(Pool::default().bounds(), None);
        let mut impossible = Pool::default();
        impossible.add(&[(0.0, 0.0)]);
        assert_eq!(impossible.bounds(), None);
    }
}
