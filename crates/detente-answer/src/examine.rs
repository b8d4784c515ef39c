//! Everything that is asked of a model, in one go: base values, draws, evidence, witnesses, flips.

use crate::asked::{Answer, answer};
use crate::claims::{Column, Decision, decide, refuted};
use crate::draws::{Plan, take_near};
use crate::evidence::{Evidence, evidence};
use crate::fast::points::Claims;
use crate::flip::{Flip, Ground};
use crate::sampler::Sampler;
use crate::solved::{Memory, Point, all_games, on_big_stack, solve};
use crate::study::{Study, study};
use crate::tests::{TestResult, run};
use crate::undefined::{Undefined, Why};
use crate::witness::{Witness, search};
use detente_model::Model;
use detente_model::model::Claim;
use detente_solve::Progress;
use serde::{Deserialize, Serialize};

/// All findings on one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    pub asks: Vec<Answer>,
    pub claims: Vec<ClaimFindings>,
    pub evidence: Evidence,
    /// `None` if no draws were asked for, or nothing is uncertain.
    pub study: Option<Study>,
}

/// A claim at the base values, and what would change it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimFindings {
    pub base: Decision,
    /// `None`: false nowhere that was looked; it follows from the structure as far as the search sees.
    pub witness: Option<Witness>,
    /// One per uncertain parameter.
    pub flips: Vec<Flip>,
}

/// How much is computed.
#[derive(Clone, Debug)]
pub struct Depth {
    pub plan: Plan,
    /// Search for failure witnesses and flip values.
    pub robustness: bool,
}

/// Solves a model at its base values.
///
/// # Errors
/// The game has no numbers there.
pub fn at_base<'m>(model: &'m Model, plan: &Plan, progress: &dyn Progress) -> Result<Point<'m>, Undefined> {
    let params = model.game.base_params();
    on_big_stack(|| solve(model, &params, &all_games(model), &plan.settings, progress))?
}

/// Examines a model solved at its base values.
///
/// # Errors
/// Correlations that no distribution has, or no thread to work on.
pub fn examine<'m>(
    model: &'m Model,
    point: &Point<'m>,
    depth: &Depth,
    progress: &dyn Progress,
) -> Result<Findings, Undefined> {
    let sampler =
        Sampler::new(model).map_err(|e| Undefined::new(Why::NoGame, format!("There are no draws: {e}.")))?;
    let uncertain = sampler.uncertain().next().is_some();
    let memory = Memory::of(point);
    let draws = if uncertain { take_near(model, &sampler, &depth.plan, point, progress) } else { vec![] };
    on_big_stack(|| {
        let hands = point.hands();
        let out = refuted(model, &hands);
        let base: Vec<Decision> = model.claims.iter().map(|c| decide(&hands, c, &out)).collect();
        let mut witnesses: Vec<Option<Witness>> = base.iter().map(|_| None).collect();
        let mut flips: Vec<Vec<Flip>> = base.iter().map(|_| vec![]).collect();
        if depth.robustness {
            witnesses = search(model, &sampler, &draws, &depth.plan.settings, &memory, progress);
            flips = claim_flips(model, &sampler, point, &base, depth, &memory, progress);
        }
        let parts = base.into_iter().zip(witnesses).zip(flips);
        Findings {
            asks: model.asks.iter().map(|a| answer(&hands, a)).collect(),
            claims: parts.map(|((base, witness), flips)| ClaimFindings { base, witness, flips }).collect(),
            evidence: evidence(model, &hands),
            study: (!draws.is_empty()).then(|| study(model, &sampler, depth.plan.seed, &draws)),
        }
    })
}

fn claim_flips<'m>(
    model: &'m Model,
    sampler: &Sampler,
    point: &Point<'m>,
    base: &[Decision],
    depth: &Depth,
    memory: &Memory,
    progress: &dyn Progress,
) -> Vec<Vec<Flip>> {
    let games = all_games(model);
    let plan = &depth.plan;
    let ground = Ground::new(model, sampler, &games, &plan.settings, memory, plan.threads, progress);
    let classes: Vec<_> = base.iter().map(|d| d.class(Column::All)).collect();
    let claims: Vec<&Claim> = model.claims.iter().collect();
    let lanes = Claims::new(model, point, plan.settings.concept, &claims);
    let read = |point: &Point| {
        let hands = point.hands();
        let out = vec![false; hands.own().len()];
        claims.iter().map(|c| decide(&hands, c, &out).class(Column::All)).collect()
    };
    ground.flips(&classes, plan.threads, progress, read, &|points| lanes.classes(points))
}

/// Runs the tests of a model.
///
/// # Errors
/// No thread to work on.
pub fn run_tests(model: &Model, plan: &Plan, progress: &dyn Progress) -> Result<Vec<TestResult>, Undefined> {
    on_big_stack(|| model.tests.iter().map(|t| run(model, t, &plan.settings, progress)).collect())
}
