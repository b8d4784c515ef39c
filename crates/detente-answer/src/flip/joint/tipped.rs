//! The point that is printed of a joint change: just behind it, with short numbers, solved.
//!
//! The one idea: moves that are not needed are left out and the others rounded, as long as the answer is still
//! another one there.

use super::rays::{HALVINGS, Rays, STEPS};
use super::{FARTHEST, Joint, Move};
use crate::sampler::stated_range;
use crate::verdict::Class;
use detente_exact::Q;
use detente_model::Model;
use detente_model::model::{Cited, ParamInfo};
use detente_prob::base::three_digits;
use detente_prob::families::normal_cdf;

/// Moves below this many deviations are left out if the answer changes without them.
const SLIGHT: f64 = 0.1;

impl Rays<'_, '_> {
    pub(super) fn joint(&mut self, model: &Model, distance: f64, direction: &[f64]) -> Option<Joint> {
        let base = self.sampler.base_values();
        // A step is at most this long, and halved so often.
        let hair = FARTHEST / f64::from(STEPS) / f64::from(1u32 << HALVINGS) * 1.01;
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
