//! Where an answer flips when one parameter moves and all others stay at their base values.
//!
//! A coarse walk outward from the base value finds the first step at which the
//! answer changes; bisection on the exactly solved game narrows it to three
//! significant digits, and a short number inside that is the tipping value itself is named
//! exactly. Where proven thresholds are known, the walk looks on both sides of each of them. A flip
//! and its return between two steps go unseen.
//!
//! Many points are looked at together where that is possible (`quick`), so a few points too many are
//! asked for; what is left open is solved one by one.

use super::ground::{Ground, Mark};
use crate::sampler::range_of;
use crate::solved::Point;
use crate::spread::spread;
use detente_exact::Q;
use detente_game::ParamId;
use detente_prob::Prior;
use detente_prob::base::three_digits;
use detente_solve::Progress;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Steps of the walk on each side of the base value.
const STEPS: u32 = 12;
/// Most halvings of a step, and how many are looked at together.
const HALVINGS: u32 = 20;
const TOGETHER: u32 = 5;
/// A number is a tipping value if the answer changes within this share of the range around it.
const CLOSE: f64 = 1e-12;

/// What stands behind a tipping value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// The value as a fraction, if it is a threshold and rational.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<Q>,
    /// Who is indifferent there; empty where a probability crosses a bar.
    pub words: Vec<String>,
}

/// Where one parameter alone changes an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flip {
    pub param: String,
    pub base: f64,
    /// The range in which it was varied.
    pub range: (f64, f64),
    /// Nearest flip below and above the base value, to three significant digits where it is not
    /// known exactly; `None`: none in range.
    pub below: Option<f64>,
    pub above: Option<f64>,
    /// Distance of the nearer one from the base value, in standard deviations of the prior.
    pub deviations: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below_because: Option<Cause>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above_because: Option<Cause>,
    /// Whether the set of equilibria is proven to change at known values only, so that between them
    /// nothing but a number crossing its bar could have been missed.
    pub complete: bool,
    /// Where it is not: why some of the range is without proof, such as a budget that was used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<String>,
}

impl Flip {
    /// The flip that is nearer to the base value.
    pub fn nearest(&self) -> Option<f64> {
        let list = [self.below, self.above].into_iter().flatten();
        list.min_by(|a, b| (a - self.base).abs().total_cmp(&(b - self.base).abs()))
    }

    /// What stands behind the nearer one.
    pub fn because(&self) -> Option<&Cause> {
        let near = self.nearest()?;
        if self.below == Some(near) { self.below_because.as_ref() } else { self.above_because.as_ref() }
    }
}

/// Answers at many points; `None` where it takes the exact path to know.
pub type Quick<'q, T> = &'q (dyn Fn(&[Vec<Q>]) -> Vec<Option<Vec<T>>> + Sync);

impl Ground<'_> {
    /// Returns, per answer that `read` gives, the flips of every uncertain parameter.
    ///
    /// `read` gives the same number of answers at every point, and `quick` the same answers at points where all
    /// parameters have these values; `base` are those at the base values.
    pub fn flips<T: PartialEq + Clone + Sync>(
        &self,
        base: &[T],
        threads: usize,
        progress: &dyn Progress,
        read: impl Fn(&Point) -> Vec<T> + Sync,
        quick: Quick<T>,
    ) -> Vec<Vec<Flip>> {
        let params: Vec<(ParamId, &Prior)> = self.sampler.uncertain().collect();
        let rows = spread(params.len() as u64, threads, progress, |k, progress| {
            let (param, prior) = params[k as usize];
            let known = RefCell::new(BTreeMap::new());
            let (marks, read) = (self.marks(param), &read);
            Walk { ground: self, param, marks, base, read, quick, known, progress }.flips(prior)
        });
        let mut all: Vec<Vec<Flip>> = base.iter().map(|_| vec![]).collect();
        for flip in rows.into_iter().flatten().flat_map(|row| row.into_iter().enumerate()) {
            all[flip.0].push(flip.1);
        }
        all
    }
}

/// A walk along one parameter.
struct Walk<'a, 'g, T> {
    ground: &'a Ground<'g>,
    param: ParamId,
    marks: Vec<Mark>,
    /// The answers at the base values.
    base: &'a [T],
    read: &'a dyn Fn(&Point) -> Vec<T>,
    quick: Quick<'a, T>,
    /// Answers by the parameter's value; `None` where there is no game, or not all equilibria are known.
    known: RefCell<BTreeMap<Q, Option<Vec<T>>>>,
    progress: &'a dyn Progress,
}

impl<T: PartialEq + Clone> Walk<'_, '_, T> {
    /// Looks at many values together, as far as that answers them.
    fn look(&self, values: &[Q]) {
        let mut known = self.known.borrow_mut();
        let new: Vec<&Q> = values.iter().filter(|v| !known.contains_key(*v)).collect();
        let points: Vec<Vec<Q>> = new.iter().map(|v| self.ground.with(self.param, v)).collect();
        for (value, found) in new.into_iter().zip((self.quick)(&points)) {
            if found.is_some() {
                known.insert(value.clone(), found);
            }
        }
    }

    /// The answers at a value; `None` where there is no game, or where not all equilibria are known: what is
    /// open there must not pass for a change.
    fn answers(&self, value: &Q) -> Option<Vec<T>> {
        let known = self.known.borrow().get(value).cloned();
        known.unwrap_or_else(|| {
            let point = self.ground.at(self.param, value, self.progress).filter(Point::complete);
            let found = point.map(|p| (self.read)(&p));
            self.known.borrow_mut().insert(value.clone(), found.clone());
            found
        })
    }

    /// Whether an answer is at a value what it is at the base values; `None` as in [`Walk::answers`].
    fn same(&self, k: usize, value: &Q) -> Option<bool> {
        self.answers(value).map(|answers| answers.get(k) == Some(&self.base[k]))
    }

    /// One flip per answer.
    fn flips(&self, prior: &Prior) -> Vec<Flip> {
        let info = &self.ground.model.game.params[self.param.index()];
        let (lo, hi) = range_of(prior);
        let mut found: Vec<[Option<f64>; 2]> = vec![[None, None]; self.base.len()];
        for (side, end) in [lo, hi].into_iter().enumerate() {
            let steps = self.with_marks(steps(prior, &info.base, end), &info.base, end);
            self.walk(&info.base, &steps, |k, at| found[k][side] = Some(at));
        }
        let sd = prior.sd();
        let start = info.base.to_f64();
        let flip = |[below, above]: [Option<f64>; 2]| {
            let mut flip = Flip {
                param: info.name.clone(),
                base: start,
                range: (lo, hi),
                below,
                above,
                deviations: None,
                below_because: None,
                above_because: None,
                complete: false,
                open: None,
            };
            flip.deviations = flip.nearest().filter(|_| sd > 0.0).map(|at| (at - start).abs() / sd);
            self.ground.explain(self.param, &mut flip);
            flip
        };
        found.into_iter().map(flip).collect()
    }

    /// Adds a step on both sides of each mark between the base value and the end.
    fn with_marks(&self, mut steps: Vec<Q>, base: &Q, end: f64) -> Vec<Q> {
        let Some(end) = Q::from_f64(end) else { return steps };
        let hair = Q::from_f64(CLOSE * 1e3).unwrap_or(Q::ZERO) * (&end - base).abs();
        for mark in &self.marks {
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

    fn walk(&self, start: &Q, steps: &[Q], mut found: impl FnMut(usize, f64)) {
        let mut open: Vec<usize> = (0..self.base.len()).collect();
        let mut last = start.clone();
        self.look(steps);
        for step in steps {
            if open.is_empty() || !self.progress.keep_going(0.0) {
                return;
            }
            let Some(answers) = self.answers(step) else { continue };
            let (flipped, same): (Vec<usize>, Vec<usize>) = open
                .iter()
                .partition(|k| answers.get(**k) != Some(&self.base[**k]) && !self.alone(**k, start, step));
            for k in flipped {
                found(k, self.narrow(k, last.clone(), step.clone()));
            }
            open = same;
            last = step.clone();
        }
    }

    /// Whether an answer is as at the base values again a hair behind a step: then somebody is indifferent at
    /// that value alone, by chance of where the steps fall, and nothing flips. Values in a list stand apart.
    fn alone(&self, k: usize, start: &Q, step: &Q) -> bool {
        let prior = &self.ground.model.game.params[self.param.index()].prior;
        if matches!(prior, Some(Prior::Discrete { .. })) {
            return false;
        }
        let hair = Q::from_f64(CLOSE * 1e3).unwrap_or(Q::ZERO) * (step - start);
        let behind = step + &hair;
        self.look(std::slice::from_ref(&behind));
        self.same(k, &behind) == Some(true)
    }

    /// Bisects between a point where the answer is as at the base and one where it is not.
    fn narrow(&self, k: usize, mut same: Q, mut other: Q) -> f64 {
        let width = (&other - &same).abs();
        for halving in 0..HALVINGS {
            if three_digits(same.to_f64()) == three_digits(other.to_f64()) {
                break;
            }
            if halving % TOGETHER == 0 {
                let part = (&other - &same) / Q::from(1 << TOGETHER);
                let inner = (1..1i64 << TOGETHER).map(|j| &same + &part * Q::from(j));
                self.look(&inner.collect::<Vec<Q>>());
            }
            // Where the middle gives no answer, a point beside it may.
            let inside = [(1i64, 2i64), (4, 9), (5, 9)]
                .map(|(n, d)| &same + (&other - &same) * (Q::from(n) / Q::from(d)));
            let told = inside.into_iter().find_map(|at| Some((self.same(k, &at)?, at)));
            match told {
                Some((true, at)) => same = at,
                Some((false, at)) => other = at,
                None => return other.to_f64(),
            }
        }
        if let Some(exact) = self.tipping(k, &same, &other, &width) {
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
    fn tipping(&self, k: usize, same: &Q, other: &Q, width: &Q) -> Option<Q> {
        let (low, high) = if same < other { (same, other) } else { (other, same) };
        let toward = if same < other { Q::ONE } else { -Q::ONE };
        let hair = Q::from_f64(CLOSE)? * width * toward;
        let known = self.marks.iter().filter(|m| m.low == m.high && *low <= m.low && m.low <= *high);
        let known: Vec<Option<Q>> = known.map(|m| Some(m.low.clone())).collect();
        let short = [shortest_decimal(low, high), simplest_fraction(low, high)];
        known.into_iter().chain(short).flatten().find(|at| {
            let (before, behind) = (at - &hair, at + &hair);
            self.look(&[before.clone(), behind.clone()]);
            self.same(k, &before) == Some(true) && self.same(k, &behind) == Some(false)
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
