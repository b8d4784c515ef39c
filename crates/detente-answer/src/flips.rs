//! Where an answer flips when one parameter moves and all others stay at their base values.
//!
//! A coarse walk outward from the base value finds the first step at which the
//! answer changes; bisection on the exactly solved game narrows it to three
//! significant digits, and a short number inside that is the tipping value itself is named
//! exactly. Where proven thresholds are known, the walk looks on both sides of each of them. A flip
//! and its return between two steps go unseen.

use crate::sampler::{Sampler, range_of};
use crate::solved::{Games, Memory, Point, solve_near};
use detente_exact::Q;
use detente_game::ParamId;
use detente_model::Model;
use detente_prob::Prior;
use detente_prob::base::three_digits;
use detente_solve::{Progress, Settings};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Steps of the walk on each side of the base value.
const STEPS: u32 = 12;
/// Most halvings of a step.
const HALVINGS: u32 = 20;
/// A number is a tipping value if the answer changes within this share of the range around it.
const CLOSE: f64 = 1e-12;

/// Where one parameter alone changes an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flip {
    pub param: String,
    pub base: f64,
    /// The range in which it was varied.
    pub range: (f64, f64),
    /// Nearest flip below and above the base value, to three significant digits; `None`: none in range.
    pub below: Option<f64>,
    pub above: Option<f64>,
    /// Distance of the nearer one from the base value, in standard deviations of the prior.
    pub deviations: Option<f64>,
}

impl Flip {
    /// The flip that is nearer to the base value.
    pub fn nearest(&self) -> Option<f64> {
        let list = [self.below, self.above].into_iter().flatten();
        list.min_by(|a, b| (a - self.base).abs().total_cmp(&(b - self.base).abs()))
    }
}

/// A value at which the set of equilibria changes, or an interval around it if it is irrational.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub low: Q,
    pub high: Q,
}

/// The known thresholds of each parameter.
pub type Marks = BTreeMap<ParamId, Vec<Mark>>;

/// What is varied, and how it is solved.
pub struct Search<'a> {
    pub model: &'a Model,
    pub games: &'a Games,
    pub settings: &'a Settings,
    /// Branches known from the base values.
    pub memory: Option<&'a Memory>,
    /// Values on both sides of which to look.
    pub marks: Option<&'a Marks>,
    pub progress: &'a dyn Progress,
}

impl Search<'_> {
    /// Solves the model at its base values with one parameter changed.
    pub fn at(&self, param: ParamId, value: &Q) -> Option<Point<'_>> {
        let mut params = self.model.game.base_params();
        params[param.index()] = value.clone();
        solve_near(self.model, &params, self.games, self.settings, self.memory, self.progress).ok()
    }

    /// Returns, per answer that `read` gives, the flips of every uncertain parameter.
    ///
    /// `read` gives the same number of answers at every point; `base` are those at the base values.
    pub fn flips<T: PartialEq>(
        &self,
        sampler: &Sampler,
        base: &[T],
        read: impl Fn(&Point) -> Vec<T>,
    ) -> Vec<Vec<Flip>> {
        let mut all: Vec<Vec<Flip>> = base.iter().map(|_| vec![]).collect();
        for (param, prior) in sampler.uncertain() {
            let info = &self.model.game.params[param.index()];
            let (lo, hi) = range_of(prior);
            let mut found: Vec<[Option<f64>; 2]> = vec![[None, None]; base.len()];
            for (side, end) in [lo, hi].into_iter().enumerate() {
                let steps = self.with_marks(param, steps(prior, &info.base, end), &info.base, end);
                self.walk(param, &info.base, &steps, base, &read, |k, at| {
                    found[k][side] = Some(at);
                });
            }
            for (list, [below, above]) in all.iter_mut().zip(found) {
                let base = info.base.to_f64();
                let mut flip =
                    Flip { param: info.name.clone(), base, range: (lo, hi), below, above, deviations: None };
                let sd = prior.sd();
                flip.deviations = flip.nearest().filter(|_| sd > 0.0).map(|at| (at - base).abs() / sd);
                list.push(flip);
            }
        }
        all
    }

    /// Adds a step on both sides of each mark between the base value and the end.
    fn with_marks(&self, param: ParamId, mut steps: Vec<Q>, base: &Q, end: f64) -> Vec<Q> {
        let marks = self.marks.and_then(|m| m.get(&param)).into_iter().flatten();
        let Some(end) = Q::from_f64(end) else { return steps };
        let hair = Q::from_f64(CLOSE * 1e3).unwrap_or(Q::ZERO) * (&end - base).abs();
        for mark in marks {
            for side in [&mark.low - &hair, &mark.high + &hair] {
                let beyond = (&side - base) * (&end - &side);
                if beyond.is_positive() {
                    steps.push(side);
                }
            }
        }
        steps.sort_by_key(|step| (step - base).abs());
        steps.dedup();
        steps
    }

    fn walk<T: PartialEq>(
        &self,
        param: ParamId,
        start: &Q,
        steps: &[Q],
        base: &[T],
        read: &impl Fn(&Point) -> Vec<T>,
        mut found: impl FnMut(usize, f64),
    ) {
        let mut open: Vec<usize> = (0..base.len()).collect();
        let mut last = start.clone();
        for step in steps {
            if open.is_empty() || !self.progress.keep_going(0.0) {
                return;
            }
            let Some(point) = self.at(param, step) else { continue };
            let answers = read(&point);
            let (flipped, same): (Vec<usize>, Vec<usize>) =
                open.iter().partition(|k| answers.get(**k) != Some(&base[**k]));
            for k in flipped {
                found(
                    k,
                    self.narrow(param, last.clone(), step.clone(), |p| read(p).get(k) == Some(&base[k])),
                );
            }
            open = same;
            last = step.clone();
        }
    }

    /// Bisects between a point where the answer is as at the base and one where it is not.
    fn narrow(&self, param: ParamId, mut same: Q, mut other: Q, is_same: impl Fn(&Point) -> bool) -> f64 {
        let width = (&other - &same).abs();
        for _ in 0..HALVINGS {
            let middle = (&same + &other) / Q::from(2);
            if three_digits(same.to_f64()) == three_digits(other.to_f64()) {
                break;
            }
            match self.at(param, &middle) {
                Some(point) if is_same(&point) => same = middle,
                _ => other = middle,
            }
        }
        if let Some(exact) = self.tipping(param, &same, &other, &width, &is_same) {
            return exact.to_f64();
        }
        // A bracket as narrow as a mark's says more than three digits.
        let narrow = (&same - &other).abs().to_f64() <= CLOSE * 1e6 * same.to_f64().abs().max(1e-9);
        let middle = ((same + other) / Q::from(2)).to_f64();
        if narrow {
            return middle;
        }
        three_digits(middle).map_or(middle, |q| q.to_f64())
    }

    /// The shortest number between the two, if the answer changes exactly there: it is as at the
    /// base a hair before it, and another a hair behind.
    fn tipping(
        &self,
        param: ParamId,
        same: &Q,
        other: &Q,
        width: &Q,
        is_same: &impl Fn(&Point) -> bool,
    ) -> Option<Q> {
        let (low, high) = if same < other { (same, other) } else { (other, same) };
        let toward = if same < other { Q::ONE } else { -Q::ONE };
        let hair = Q::from_f64(CLOSE)? * width * toward;
        let marks = self.marks.and_then(|m| m.get(&param)).into_iter().flatten();
        let known = marks.filter(|m| m.low == m.high && *low <= m.low && m.low <= *high);
        let known: Vec<Option<Q>> = known.map(|m| Some(m.low.clone())).collect();
        let short = [shortest_decimal(low, high), simplest_fraction(low, high)];
        known.into_iter().chain(short).flatten().find(|at| {
            let holds = |value: Q| self.at(param, &value).is_some_and(|p| is_same(&p));
            let fails = |value: Q| self.at(param, &value).is_some_and(|p| !is_same(&p));
            holds(at - &hair) && fails(at + &hair)
        })
    }
}

/// The decimal with the fewest places from `low` to `high`; `None` if it needs more than six.
fn shortest_decimal(low: &Q, high: &Q) -> Option<Q> {
    let mut unit = Q::ONE;
    for _ in 0..=6 {
        let up = (low / &unit).ceil() * &unit;
        if up <= *high {
            // Of several, the one nearest to zero: it may itself be zero.
            let down = (high / &unit).floor() * &unit;
            let zero = !low.is_positive() && !high.is_negative();
            return Some(if zero {
                Q::ZERO
            } else if low.is_negative() {
                down
            } else {
                up
            });
        }
        unit /= Q::from(10);
    }
    None
}

/// The fraction with the smallest denominator from `low` to `high`, if that is at most 100.
fn simplest_fraction(low: &Q, high: &Q) -> Option<Q> {
    (1..=100i64).find_map(|d| {
        let up = (low * Q::from(d)).ceil() / Q::from(d);
        (up <= *high).then_some(up)
    })
}

/// The values looked at between the base value and one end, outward.
fn steps(prior: &Prior, base: &Q, end: f64) -> Vec<Q> {
    let start = base.to_f64();
    if let Prior::Discrete { values, .. } = prior {
        let beyond = |v: &f64| if end < start { *v < start } else { *v > start };
        let mut list: Vec<f64> = values.iter().copied().filter(beyond).collect();
        list.sort_by(|a, b| (a - start).abs().total_cmp(&(b - start).abs()));
        return list.into_iter().filter_map(Q::from_f64).collect();
    }
    let step = |k: u32| start + (end - start) * f64::from(k) / f64::from(STEPS);
    let value = |k: u32| if k == STEPS { Q::from_f64(end) } else { three_digits(step(k)) };
    let inside = |q: &Q| (q.to_f64() - start) * (end - start) > 0.0;
    (1..=STEPS).filter_map(value).filter(inside).collect()
}
