//! The nearest change of several parameters at once that changes an answer.
//!
//! The one idea (Hasofer and Lind, "Exact and invariant second-moment code format", 1974): measure
//! changes in normal scores, where each parameter's prior is a standard normal one and
//! correlations are undone. The nearest point at which the answer changes is the most plausible set
//! of assumptions that overturns it. Answers jump, so the surface is felt out along rays: if it is
//! flat near by, one over the distance along a ray is linear in the ray's direction, and its
//! gradient is the surface's normal (the step of Rackwitz and Fiessler, "Structural reliability
//! under combined random load sequences", 1978).

use super::alone::Flip;
use super::quick::Decides;
use crate::sampler::{Sampler, stated_range};
use crate::verdict::Class;
use detente_exact::Q;
use detente_model::Model;
use detente_model::model::{Cited, ParamInfo};
use detente_prob::base::three_digits;
use detente_prob::families::{normal_cdf, normal_quantile};
use serde::{Deserialize, Serialize};

/// Rays end here, in standard deviations of the joint prior.
const FARTHEST: f64 = 4.0;
/// Steps along a ray before the change is narrowed down.
const STEPS: u32 = 10;
/// Halvings of a step.
const HALVINGS: u32 = 12;
/// Halvings where the surface is felt out near a known point.
const COARSE: u32 = 8;
/// Most draws whose direction is tried.
const DRAWS: u64 = 64;
/// Parts of a step that are looked at together.
const SECTIONS: u32 = 16;
/// Moves below this many deviations are left out if the answer changes without them.
const SLIGHT: f64 = 0.1;
/// Corrections of one direction.
const ROUNDS: u32 = 4;
/// What a search may cost, in nodes of the trees of its games looked at; a point that is solved counts as so many that
/// are looked at together.
const BUDGET: u64 = 30_000_000;
const SOLVED: u64 = 64;
/// How far a direction is turned to feel the surface.
const TURN: f64 = 0.12;
/// A share this near to 0 or 1 counts as that far out.
pub(super) const EDGE: f64 = 1e-9;

/// One parameter's part in a joint change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Move {
    pub param: String,
    pub label: String,
    pub from: f64,
    /// The value at the tipped point, which was solved.
    pub to: f64,
    /// Change of the normal score: about standard deviations of the prior.
    pub deviations: f64,
    /// The range that the parameter's source allows, or what its prior leaves between 0.5 and 99.5 %.
    pub range: (f64, f64),
    /// Chance, by the prior, of a value at least as far out on the side of the move.
    pub beyond: f64,
    /// What the range rests on: its sources, or that it is assumed.
    pub source: String,
}

/// The nearest joint change that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joint {
    /// Distance of the change from the base values, in standard deviations of the joint prior. The
    /// tipped point lies at most a few parts in a hundred behind it.
    pub distance: f64,
    /// Chance that a standard normal number lies this far out on one side.
    pub tail: f64,
    /// The parameters that move, the largest first.
    pub moves: Vec<Move>,
    /// The verdict at the tipped point, where the game was solved.
    pub becomes: Class,
    /// All uncertain parameters a hair before the change, where the verdict is that at the base
    /// values, and at the tipped point.
    pub before: Vec<f64>,
    pub behind: Vec<f64>,
    /// How many points were solved.
    pub solved: u32,
}

/// The changes found one at a time, as (name, value).
pub fn starts(alone: &[Flip]) -> Vec<(&str, f64)> {
    let both = |f: &Flip| [f.below, f.above];
    alone.iter().flat_map(|f| both(f).into_iter().flatten().map(move |v| (f.param.as_str(), v))).collect()
}

/// Looks for the nearest joint change of a claim's verdict; `alone` are changes that were found one at a time.
pub fn nearest(
    model: &Model,
    sampler: &Sampler,
    alone: &[(&str, f64)],
    at_base: Class,
    verdicts: &dyn Decides,
) -> Option<Joint> {
    let mut search = Rays::new(sampler, at_base, verdicts)?;
    let n = search.base.len();
    let names = sampler.names();
    let mut starts: Vec<Vec<f64>> = vec![];
    // One direction per change found alone, and the one that they suggest together.
    let mut together = vec![0.0; n];
    for (name, value) in alone {
        let Some(k) = names.iter().position(|known| known == name) else { continue };
        let step = search.score(k, *value) - search.base[k];
        if step.abs() > EDGE {
            let unit: Vec<f64> = (0..n).map(|j| if j == k { step.signum() } else { 0.0 }).collect();
            together[k] += 1.0 / step;
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
    // Where all of these lead nowhere, the way to some draws may.
    for index in 0..DRAWS {
        if best.is_some() || search.tired() {
            break;
        }
        let values = sampler.values(1, index);
        let step: Vec<f64> = (0..n).map(|k| search.score(k, values[k]) - search.base[k]).collect();
        let start = search.turned(&step);
        search.follow(start, &mut best);
    }
    let (distance, direction) = best?;
    search.joint(model, distance, &direction)
}

/// The change of a claim's verdict toward one point of the uncertain parameters, straight on from the
/// base values; `None` if nothing changes within four standard deviations.
pub fn toward(
    model: &Model,
    sampler: &Sampler,
    values: &[f64],
    at_base: Class,
    verdicts: &dyn Decides,
) -> Option<Joint> {
    let mut search = Rays::new(sampler, at_base, verdicts)?;
    let step: Vec<f64> =
        (0..search.base.len()).map(|k| search.score(k, values[k]) - search.base[k]).collect();
    let direction = unit(&search.turned(&step))?;
    let distance = search.first(&direction, FARTHEST)?;
    search.joint(model, distance, &direction)
}

struct Rays<'a, 's> {
    sampler: &'a Sampler<'s>,
    at_base: Class,
    verdicts: &'a dyn Decides,
    /// Scores of the base values, and how independent scores make correlated ones.
    base: Vec<f64>,
    factor: Vec<Vec<f64>>,
    solved: u32,
    /// Nodes looked at so far.
    spent: u64,
}

impl<'a, 's> Rays<'a, 's> {
    fn new(sampler: &'a Sampler<'s>, at_base: Class, verdicts: &'a dyn Decides) -> Option<Rays<'a, 's>> {
        let factor = sampler.factor();
        let mut rays = Rays { sampler, at_base, verdicts, base: vec![], factor, solved: 0, spent: 0 };
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
        let params = self.sampler.params(&self.values(direction, distance));
        // Where no game has an answer the verdict is not said to change.
        self.becomes(&params).is_none()
    }

    /// The verdict at a point, if it is another than that at the base values.
    fn becomes(&mut self, params: &[Q]) -> Option<Class> {
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
    fn tired(&self) -> bool {
        self.spent > BUDGET
    }

    /// The first of these distances, in rising order, at which the verdict is another, by its place.
    fn first_of(&mut self, direction: &[f64], distances: &[f64]) -> Option<usize> {
        let known = self.stays(direction, distances);
        (0..distances.len()).find(|k| !known[*k].unwrap_or_else(|| self.is_same(direction, distances[*k])))
    }

    /// The first change along a ray, not beyond `limit`.
    fn first(&mut self, direction: &[f64], limit: f64) -> Option<f64> {
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
    fn follow(&mut self, start: Vec<f64>, best: &mut Option<(f64, Vec<f64>)>) {
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

    fn joint(&mut self, model: &Model, distance: f64, direction: &[f64]) -> Option<Joint> {
        let base = self.sampler.base_values();
        let hair = distance / f64::from(STEPS) / f64::from(1u32 << HALVINGS) * 1.01;
        let before = self.values(direction, (distance - hair).max(0.0));
        let (behind, becomes) = self.tipped(model, distance, direction)?;
        let moved: Vec<usize> = (0..base.len()).filter(|k| behind[*k] != base[*k]).collect();
        let mut moves: Vec<Move> = moved.iter().map(|k| self.part(model, *k, base[*k], behind[*k])).collect();
        moves.sort_by(|a, b| b.deviations.abs().total_cmp(&a.deviations.abs()));
        let tail = normal_cdf(-distance);
        Some(Joint { distance, tail, moves, becomes, before, behind, solved: self.solved })
    }

    /// A point just behind the change, with numbers as short as three digits allow and without
    /// moves that are not needed; solved there.
    fn tipped(&mut self, model: &Model, distance: f64, direction: &[f64]) -> Option<(Vec<f64>, Class)> {
        let base = self.sampler.base_values();
        let scores = self.scores(direction, distance);
        let mut order: Vec<usize> = (0..base.len()).collect();
        let far = |k: &usize| (scores[*k] - self.base[*k]).abs();
        order.sort_by(|a, b| far(a).total_cmp(&far(b)));
        // Only the larger ones are worth a reader's time, if a little more of them does as well.
        let slight: Vec<usize> = order.into_iter().filter(|k| far(k) < SLIGHT).collect();
        for farther in [1.03, 1.01, 1.002, 1.0] {
            let values = self.values(direction, distance * farther);
            let short = |k: usize| if values[k] == base[k] { None } else { three_digits(values[k]) };
            let mut short: Vec<Option<Q>> = (0..base.len()).map(short).collect();
            let Some(mut class) = self.becomes(&self.with(model, &short)) else { continue };
            for k in &slight {
                let left_out = short[*k].take();
                match self.becomes(&self.with(model, &short)) {
                    Some(found) => class = found,
                    None => short[*k] = left_out,
                }
            }
            let values = short.iter().zip(&base).map(|(q, b)| q.as_ref().map_or(*b, Q::to_f64));
            return Some((values.collect(), class));
        }
        let exact = self.values(direction, distance);
        let class = self.becomes(&self.sampler.params(&exact))?;
        Some((exact, class))
    }

    /// All parameters where some of the uncertain ones have these values.
    fn with(&self, model: &Model, values: &[Option<Q>]) -> Vec<Q> {
        let mut params = model.game.base_params();
        for ((place, _), value) in self.sampler.uncertain().zip(values) {
            if let Some(value) = value {
                params[place.index()] = value.clone();
            }
        }
        params
    }

    fn part(&self, model: &Model, k: usize, from: f64, to: f64) -> Move {
        let uncertain = self.sampler.uncertain().nth(k);
        let (range, beyond) = uncertain.map_or(((from, to), 0.0), |(_, prior)| {
            let range = stated_range(prior).map(|(a, b)| (a.to_f64(), b.to_f64()));
            let below = prior.cdf(to);
            (range.unwrap_or_else(|| prior.support()), if to < from { below } else { 1.0 - below })
        });
        let info =
            uncertain.and_then(|(p, _)| Some((&model.game.params[p.index()], model.params.get(p.index())?)));
        Move {
            param: self.sampler.names()[k].to_string(),
            label: info.map_or(String::new(), |(p, _)| p.label.clone()),
            from,
            to,
            deviations: self.score(k, to) - self.base[k],
            range,
            beyond,
            source: info.map_or(String::new(), |(_, i)| source(i)),
        }
    }
}

/// What a parameter's range rests on, in a few words.
fn source(info: &ParamInfo) -> String {
    let words = |c: &Cited| match &c.locator {
        Some(place) => format!("{} {place}", c.key),
        None => c.key.clone(),
    };
    let cited: Vec<String> = info.support.citations.iter().map(words).collect();
    match (cited.is_empty(), &info.support.assumed) {
        (false, _) => cited.join(", "),
        (true, Some(_)) => "assumed".into(),
        (true, None) => "without a source".into(),
    }
}

fn unit(v: &[f64]) -> Option<Vec<f64>> {
    let length = v.iter().map(|x| x * x).sum::<f64>().sqrt();
    (length > 1e-12 && length.is_finite()).then(|| v.iter().map(|x| x / length).collect())
}
