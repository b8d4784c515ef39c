//! Claims ranked by how little overturns them.
//!
//! The one idea: along each parameter the set of equilibria changes only at proven thresholds, so
//! a claim's verdict is looked at on both sides of each of them; between them only a probability
//! can cross a bar. Then the nearest joint change is looked for, starting from these.

use crate::claims::{Column, decide};
use crate::flips::{Flip, Mark, Marks, Search};
use crate::joint::{Joint, nearest};
use crate::sampler::{Sampler, stated_range};
use crate::solved::{Games, Memory, Point, needed, solve_near};
use crate::undefined::{Undefined, Why};
use crate::verdict::Class;
use detente_exact::Q;
use detente_exact::poly::RealRoot;
use detente_game::ParamId;
use detente_model::Model;
use detente_model::model::Claim;
use detente_parametric::{Line, Thresholds, thresholds};
use detente_solve::{Progress, Settings};
use serde::Serialize;

/// What stands behind a tipping value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cause {
    /// The value as a fraction, if it is a threshold and rational.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<Q>,
    /// Who is indifferent there; empty where a probability crosses a bar.
    pub words: Vec<String>,
}

/// Where one parameter alone overturns a claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tipping {
    #[serde(flatten)]
    pub flip: Flip,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below_because: Option<Cause>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above_because: Option<Cause>,
    /// Whether the set of equilibria is proven to change at listed values only.
    pub complete: bool,
}

/// A claim and what overturns it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fragile {
    pub claim: String,
    pub label: String,
    pub class: Class,
    /// One per uncertain parameter.
    pub alone: Vec<Tipping>,
    /// `None`: nothing was found within four standard deviations.
    pub joint: Option<Joint>,
}

impl Fragile {
    /// Distance of the nearest change that was found, in standard deviations.
    pub fn distance(&self) -> f64 {
        self.joint.as_ref().map_or(f64::INFINITY, |j| j.distance)
    }
}

/// Examines these claims of a model, the most fragile first.
///
/// # Errors
/// Correlations that cannot hold together, or no game at the base values.
pub fn fragility(
    model: &Model,
    claims: &[&Claim],
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Vec<Fragile>, Undefined> {
    let sampler =
        Sampler::new(model).map_err(|e| Undefined::new(Why::NoGame, format!("There are no draws: {e}.")))?;
    let mut games: Games = needed(claims.iter().map(|c| &c.body), std::iter::empty());
    games.insert(None);
    let base = model.game.base_params();
    let point = solve_near(model, &base, &games, settings, None, progress)?;
    let memory = Memory::of(&point);
    let verdicts = |point: &Point| -> Vec<Class> {
        let hands = point.hands();
        let out = vec![false; hands.own().len()];
        claims.iter().map(|c| decide(&hands, c, &out).class(Column::All)).collect()
    };
    let at_base = verdicts(&point);
    let (found, marks) = lines(model, &sampler, &games, settings, progress);
    let search =
        Search { model, games: &games, settings, memory: Some(&memory), marks: Some(&marks), progress };
    let flips = search.flips(&sampler, &at_base, verdicts);
    let order: Vec<ParamId> = sampler.uncertain().map(|(p, _)| p).collect();
    let mut list = vec![];
    for (k, claim) in claims.iter().enumerate() {
        let starts: Vec<(usize, f64)> = flips[k]
            .iter()
            .enumerate()
            .flat_map(|(p, f)| [f.below, f.above].into_iter().flatten().map(move |v| (p, v)))
            .collect();
        let mut same = |params: &[Q]| -> Option<bool> {
            if !progress.keep_going(0.0) {
                return None;
            }
            let point = solve_near(model, params, &games, settings, Some(&memory), progress).ok()?;
            let hands = point.hands();
            let out = vec![false; hands.own().len()];
            Some(decide(&hands, claim, &out).class(Column::All) == at_base[k])
        };
        let joint = nearest(&sampler, &starts, &mut same);
        let alone = flips[k].iter().zip(&order).map(|(f, p)| tipping(f, *p, &found)).collect();
        list.push(Fragile {
            claim: claim.name.clone(),
            label: claim.support.label.clone(),
            class: at_base[k],
            alone,
            joint,
        });
    }
    list.sort_by(|a, b| a.distance().total_cmp(&b.distance()));
    Ok(list)
}

/// The thresholds of every uncertain parameter in every game that is asked about.
fn lines(
    model: &Model,
    sampler: &Sampler,
    games: &Games,
    settings: &Settings,
    progress: &dyn Progress,
) -> (Vec<(ParamId, Thresholds)>, Marks) {
    let mut found = vec![];
    let mut marks = Marks::new();
    for (param, prior) in sampler.uncertain() {
        let Some((from, to)) = stated_range(prior).filter(|r| r.0 < r.1) else { continue };
        for variant in games {
            let game = model.game_of(*variant);
            let mut base = model.game.base_params();
            if let Some((_, v)) = variant.and_then(|v| model.variants.get_index(v)) {
                if v.sets.contains(&param) {
                    continue;
                }
                for p in &v.sets {
                    base[p.index()] = v.game.params[p.index()].base.clone();
                }
            }
            let line = Line {
                digest: game.sha256(),
                game,
                base,
                param,
                from: from.clone(),
                to: to.clone(),
                settings,
                progress,
            };
            let t = thresholds(&line);
            let list = marks.entry(param).or_default();
            for threshold in &t.thresholds {
                list.push(mark(&threshold.at));
            }
            found.push((param, t));
        }
    }
    (found, marks)
}

fn mark(at: &detente_parametric::thresholds::Value) -> Mark {
    match (&at.exact, &at.root) {
        (Some(q), _) => Mark { low: q.clone(), high: q.clone() },
        (None, Some(root)) => Mark { low: root.low.clone(), high: root.high.clone() },
        (None, None) => {
            let q = Q::from_f64(at.value).unwrap_or(Q::ZERO);
            let root = RealRoot::Rational(q);
            Mark { low: root.lo().clone(), high: root.hi().clone() }
        }
    }
}

fn tipping(flip: &Flip, param: ParamId, found: &[(ParamId, Thresholds)]) -> Tipping {
    let own = || found.iter().filter(|(p, _)| *p == param).map(|(_, t)| t);
    let width = (flip.range.1 - flip.range.0).abs();
    let because = |value: Option<f64>| {
        let value = value?;
        let near =
            |t: &&detente_parametric::thresholds::Threshold| (t.at.value - value).abs() <= 1e-9 * width;
        let hit = own().flat_map(|t| &t.thresholds).find(near)?;
        let mut words: Vec<String> = vec![];
        for reason in hit.reasons.iter().filter(|r| r.actions.len() > 1).chain(&hit.reasons) {
            if !words.contains(&reason.words) {
                words.push(reason.words.clone());
            }
        }
        Some(Cause { exact: hit.at.exact.clone(), words })
    };
    Tipping {
        flip: flip.clone(),
        below_because: because(flip.below),
        above_because: because(flip.above),
        complete: own().all(|t| t.complete),
    }
}
