//! The ground on which flips are looked for: a model, and where its games change along each parameter.
//!
//! The one idea: the thresholds of every uncertain parameter are found once, in every game that is
//! asked about, and serve all answers.

use super::alone::{Cause, Flip};
use crate::sampler::{Sampler, stated_range};
use crate::solved::{Games, Memory, Point, solve_near};
use crate::spread::spread;
use detente_exact::Q;
use detente_game::ParamId;
use detente_model::Model;
use detente_parametric::thresholds::{Threshold, Value};
use detente_parametric::{Line, Thresholds, thresholds};
use detente_solve::{Progress, Settings};

/// Most points at which a parameter's range is solved, and most steps of one proof: thresholds guide the
/// search for flips and explain them, and a few hard points must not hold up the whole.
const TRIES: usize = 40;
const MAX_STEPS: u64 = 2_000;
/// A game of more nodes is large, and so many points must do.
const LARGE: usize = 2_000;
const FEW_TRIES: usize = 8;

/// A value at which the set of equilibria changes, or an interval around it if it is irrational.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub low: Q,
    pub high: Q,
}

/// What is varied, how it is solved, and where to look.
pub struct Ground<'a> {
    pub model: &'a Model,
    pub sampler: &'a Sampler<'a>,
    pub games: &'a Games,
    pub settings: &'a Settings,
    /// Branches known from the base values.
    pub memory: &'a Memory,
    lines: Vec<Along>,
}

/// Where one game changes along one parameter, all others at their base values.
#[derive(Clone, Debug, PartialEq)]
pub struct Along {
    pub param: ParamId,
    /// `None`: the model's own game; else the number of its variant.
    pub variant: Option<usize>,
    pub found: Thresholds,
}

impl<'a> Ground<'a> {
    /// Finds the thresholds of every uncertain parameter in every one of these games.
    pub fn new(
        model: &'a Model,
        sampler: &'a Sampler<'a>,
        games: &'a Games,
        settings: &'a Settings,
        memory: &'a Memory,
        threads: usize,
        progress: &dyn Progress,
    ) -> Ground<'a> {
        let mut jobs: Vec<(ParamId, Option<usize>, Q, Q)> = vec![];
        for (param, prior) in sampler.uncertain() {
            let Some((from, to)) = stated_range(prior).filter(|r| r.0 < r.1) else { continue };
            let sets = |v: &usize| model.variants.get_index(*v).is_some_and(|(_, v)| v.sets.contains(&param));
            for variant in games.iter().filter(|v| !v.as_ref().is_some_and(sets)) {
                jobs.push((param, *variant, from.clone(), to.clone()));
            }
        }
        let lean = Settings { max_steps: settings.max_steps.min(MAX_STEPS), ..settings.clone() };
        let found = spread(jobs.len() as u64, threads, progress, |k, progress| {
            let (param, variant, from, to) = &jobs[k as usize];
            let game = model.game_of(*variant);
            let mut base = model.game.base_params();
            for p in variant.and_then(|v| model.variants.get_index(v)).iter().flat_map(|(_, v)| &v.sets) {
                base[p.index()] = game.params[p.index()].base.clone();
            }
            let (from, to, digest) = (from.clone(), to.clone(), game.sha256());
            let settings = &lean;
            thresholds(&Line {
                digest,
                game,
                base,
                param: *param,
                from,
                to,
                settings,
                tries: if game.nodes.len() > LARGE { FEW_TRIES } else { TRIES },
                progress,
            })
        });
        let along = |(job, found): (&(ParamId, Option<usize>, Q, Q), Option<Thresholds>)| {
            Some(Along { param: job.0, variant: job.1, found: found? })
        };
        let lines = jobs.iter().zip(found).filter_map(along).collect();
        Ground { model, sampler, games, settings, memory, lines }
    }

    /// The base values with one parameter changed.
    pub fn with(&self, param: ParamId, value: &Q) -> Vec<Q> {
        let mut params = self.model.game.base_params();
        params[param.index()] = value.clone();
        params
    }

    /// Solves the model at its base values with one parameter changed.
    pub fn at(&self, param: ParamId, value: &Q, progress: &dyn Progress) -> Option<Point<'a>> {
        solve_near(
            self.model,
            &self.with(param, value),
            self.games,
            self.settings,
            Some(self.memory),
            progress,
        )
        .ok()
    }

    fn along(&self, param: ParamId) -> impl Iterator<Item = &Thresholds> {
        self.lines.iter().filter(move |along| along.param == param).map(|along| &along.found)
    }

    /// Everything that is known of where the games change.
    pub fn lines(&self) -> &[Along] {
        &self.lines
    }

    /// Where the games change along a parameter, as far as it is known.
    pub fn marks(&self, param: ParamId) -> Vec<Mark> {
        self.along(param).flat_map(|t| &t.thresholds).map(|t| mark(&t.at)).collect()
    }

    /// Adds to a flip what stands behind its values, and whether the thresholds are all known.
    pub(super) fn explain(&self, param: ParamId, flip: &mut Flip) {
        let width = (flip.range.1 - flip.range.0).abs();
        let because = |value: Option<f64>| {
            let value = value?;
            let near = |t: &&Threshold| (t.at.value - value).abs() <= 1e-9 * width;
            let hit = self.along(param).flat_map(|t| &t.thresholds).find(near)?;
            let mut words: Vec<String> = vec![];
            for reason in hit.reasons.iter().filter(|r| r.actions.len() > 1).chain(&hit.reasons) {
                if !words.contains(&reason.words) {
                    words.push(reason.words.clone());
                }
            }
            Some(Cause { exact: hit.at.exact.clone(), words })
        };
        flip.below_because = because(flip.below);
        flip.above_because = because(flip.above);
        flip.complete = self.along(param).next().is_some() && self.along(param).all(|t| t.complete);
        flip.open = self.along(param).flat_map(|t| &t.gaps).map(|gap| gap.why.clone()).next();
    }
}

fn mark(at: &Value) -> Mark {
    match (&at.exact, &at.root, &at.zero) {
        (Some(q), ..) => Mark { low: q.clone(), high: q.clone() },
        (None, Some(root), _) => Mark { low: root.low.clone(), high: root.high.clone() },
        (None, None, Some(zero)) => Mark { low: zero.low.clone(), high: zero.high.clone() },
        (None, None, None) => {
            let q = Q::from_f64(at.value).unwrap_or(Q::ZERO);
            Mark { low: q.clone(), high: q }
        }
    }
}
