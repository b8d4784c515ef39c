//! What overturns an answer: one parameter alone, several together, and how far nothing does.
//!
//! The one idea: along each parameter the set of equilibria changes only at proven thresholds, so
//! an answer is looked at on both sides of each of them ([`alone`]); between them only a probability
//! can cross a bar. From there the nearest joint change is looked for ([`joint`]), and a ball around
//! the base values is proven to hold none ([`bound`]). Whatever is printed as a flip was solved exactly, or proven
//! by enclosures where many points are looked at together.

pub mod alone;
pub mod bound;
pub mod ground;
pub mod joint;
pub mod quick;

pub use alone::{Cause, Flip};
pub use ground::{Along, Ground};
pub use joint::{Joint, Move, Nearest};

use self::bound::Proofs;
use self::quick::Verdicts;
use crate::claims::{Column, decide};
use crate::fast::points::Claims;
use crate::sampler::Sampler;
use crate::solved::{Games, Memory, Point, needed, solve_near};
use crate::spread::spread;
use crate::undefined::{Undefined, Why};
use crate::verdict::Class;
use detente_exact::Q;
use detente_model::Model;
use detente_model::model::Claim;
use detente_solve::{Progress, Settings};
use serde::{Deserialize, Serialize};

/// What a claim is decided over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// The equilibria of games.
    #[default]
    Equilibria,
    /// The theories that a council lists.
    Theories,
}

/// A claim and what overturns it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fragile {
    pub claim: String,
    pub label: String,
    /// What the class is taken over.
    #[serde(default)]
    pub over: Over,
    /// At the base values, over all equilibria or theories.
    pub class: Class,
    /// One per uncertain parameter.
    pub alone: Vec<Flip>,
    /// `None`: nothing was found within four standard deviations.
    pub joint: Option<Joint>,
    /// The budget at which the search for joint changes ended, in nodes of game trees looked at: a nearer one may
    /// exist. `None`: it came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<u64>,
    /// The distance within which the verdict is proven to stay, but for values at which somebody is
    /// exactly indifferent; `None` where nothing is proven.
    pub steady: Option<f64>,
    /// Why nothing is proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unproven: Option<String>,
}

impl Fragile {
    /// Distance of the nearest change that was found, in standard deviations.
    pub fn distance(&self) -> f64 {
        self.joint.as_ref().map_or(f64::INFINITY, |j| j.distance)
    }

    /// The parameter that overturns the claim alone with the least change.
    pub fn weakest(&self) -> Option<&Flip> {
        nearest(&self.alone)
    }
}

/// The flip with the least change, in standard deviations of its prior.
pub fn nearest(flips: &[Flip]) -> Option<&Flip> {
    let far = |f: &&Flip| f.deviations.unwrap_or(f64::MAX);
    flips.iter().filter(|f| f.nearest().is_some()).min_by(|a, b| far(a).total_cmp(&far(b)))
}

/// Examines these claims of a model, in their order; `threads` change nothing but the time.
///
/// # Errors
/// Correlations that cannot hold together, or no game at the base values.
pub fn fragility(
    model: &Model,
    claims: &[&Claim],
    settings: &Settings,
    threads: usize,
    progress: &dyn Progress,
) -> Result<Vec<Fragile>, Undefined> {
    let games: Games = needed(claims.iter().map(|c| &c.body), std::iter::empty());
    let base = model.game.base_params();
    let point = solve_near(model, &base, &games, settings, None, progress)?;
    fragility_near(model, &point, claims, settings, threads, progress)
}

/// As [`fragility`], where the model is solved at its base values already.
///
/// # Errors
/// Correlations that cannot hold together.
pub fn fragility_near<'m>(
    model: &'m Model,
    point: &Point<'m>,
    claims: &[&Claim],
    settings: &Settings,
    threads: usize,
    progress: &dyn Progress,
) -> Result<Vec<Fragile>, Undefined> {
    let sampler =
        Sampler::new(model).map_err(|e| Undefined::new(Why::NoGame, format!("There are no draws: {e}.")))?;
    let games: Games = needed(claims.iter().map(|c| &c.body), std::iter::empty());
    let memory = Memory::of(point);
    let ground = Ground::new(model, &sampler, &games, settings, &memory, threads, progress);
    Ok(fragility_on(&ground, point, claims, threads, progress))
}

/// As [`fragility_near`], where the thresholds are known already.
pub fn fragility_on(
    ground: &Ground,
    point: &Point,
    claims: &[&Claim],
    threads: usize,
    progress: &dyn Progress,
) -> Vec<Fragile> {
    let Ground { model, sampler, games, settings, memory, .. } = *ground;
    let at_base = classes(point, claims);
    let lanes = Claims::new(model, point, settings.concept, claims);
    let quick = |points: &[Vec<Q>]| lanes.classes(points);
    let flips = ground.flips(&at_base, threads, progress, |p| classes(p, claims), &quick);
    let joints = spread(claims.len() as u64, threads, progress, |k, progress| {
        let k = k as usize;
        let verdicts = Verdicts::new(model, sampler, claims[k], settings, memory, progress);
        joint::nearest(model, sampler, &joint::starts(&flips[k]), at_base[k], &verdicts)
    });
    let found = claims.iter().zip(at_base).zip(flips).zip(joints.into_iter().chain(std::iter::repeat(None)));
    let proofs = Proofs::new(model, sampler, games, settings, progress);
    let list = found.map(|(((claim, class), alone), joint)| {
        let joint::Nearest { joint, stopped } = joint.unwrap_or_default();
        // What was found limits what can be proven.
        let steady = proofs.steady(claim, point, joint.as_ref().map_or(f64::INFINITY, |j| j.distance));
        Fragile {
            claim: claim.name.clone(),
            label: claim.support.label.clone(),
            over: Over::Equilibria,
            class,
            alone,
            joint,
            stopped,
            steady: steady.as_ref().ok().copied(),
            unproven: steady.err(),
        }
    });
    list.collect()
}

/// The verdicts over all equilibria, whatever the observations say.
fn classes(point: &Point, claims: &[&Claim]) -> Vec<Class> {
    let hands = point.hands();
    let out = vec![false; hands.own().len()];
    claims.iter().map(|c| decide(&hands, c, &out).class(Column::All)).collect()
}
