//! Which single number of an actor brings a settlement across a line, theory by theory.
//!
//! The one idea: a change that works in one theory is a remark about the theory; one that works in all is
//! a lever. So changes are ranked by how many theories they work in, then by the most that any of them
//! asks for.

use super::draws::spread_out;
use super::listed;
use crate::council::Session;
use detente_bargain::forecast::{Model, forecast};
use detente_bargain::levers::{Goal, Lever, LeverOptions, Quantity, Wanted, levers_on};
use detente_bargain::{Council, CouncilData, SalienceRule};
use detente_solve::Progress;
use serde::Serialize;

/// How far and how finely to look: coarser than by default, since every theory is asked.
const LOOK: LeverOptions = LeverOptions { steps: 10, halvings: 8, most_capability: 4.0 };

/// Which line, and every number that reaches it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pulls {
    /// By theory: where the settlement is wanted, in words such as `at most 50`; `None` where a theory
    /// has no answer.
    pub wanted: Vec<Option<String>>,
    /// By theory: whether it settles there already.
    pub met: Vec<bool>,
    /// The most telling first.
    pub pulls: Vec<Pull>,
}

/// A number of an actor, and how far it must go in each theory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pull {
    pub actor: String,
    /// `capability`, `position` or `salience`.
    pub quantity: &'static str,
    pub from: f64,
    /// By theory: the value that reaches the line; `None` if no value alone does, or it is met already.
    pub to: Vec<Option<f64>>,
    /// In how many theories it works.
    pub works: usize,
    /// The largest of the changes, in parts of the scale, of the full salience, of the actor's capability.
    pub size: f64,
}

/// Returns what brings each theory's settlement to the other side of the nearest inner mark of the scale
/// (of its middle, if it has none); `None` if nothing does. Stopped early, it knows what it found until then.
pub fn across(
    session: &Session,
    at: usize,
    council: &Council,
    issue: usize,
    marks: &[(f64, String)],
    (threads, progress): (usize, &dyn Progress),
) -> Option<Pulls> {
    let scale = &council.issues()[issue];
    let mut lines: Vec<f64> =
        marks.iter().map(|m| m.0).filter(|x| *x > scale.low && *x < scale.high).collect();
    if lines.is_empty() {
        lines.push(scale.low + (scale.high - scale.low) / 2.0);
    }
    let goals = listed(session, at).into_iter().map(|v| {
        let place = forecast(council, &session.voices[at][v].named.model).ok()?.outcome[issue];
        let line = *lines.iter().min_by(|a, b| (place - **a).abs().total_cmp(&(place - **b).abs()))?;
        let beyond = (scale.high - scale.low) * 1e-6;
        let wanted = if place >= line { Wanted::AtMost(line - beyond) } else { Wanted::AtLeast(line) };
        Some(Goal { issue, wanted })
    });
    let goals: Vec<Option<Goal>> = goals.collect();
    let found = reach(session, at, council, &goals, &everybody(council), (threads, progress));
    (!found.pulls.is_empty()).then_some(found)
}

/// Returns the same goal for every theory.
pub fn goals(session: &Session, at: usize, goal: Goal) -> Vec<Option<Goal>> {
    vec![Some(goal); listed(session, at).len()]
}

/// Returns which numbers of these actors bring the goal about, theory by theory.
pub fn pulls(
    session: &Session,
    at: usize,
    council: &Council,
    goal: Goal,
    actors: &[usize],
    (threads, progress): (usize, &dyn Progress),
) -> Pulls {
    reach(session, at, council, &goals(session, at, goal), actors, (threads, progress))
}

fn everybody(council: &Council) -> Vec<usize> {
    (0..council.actors().len()).collect()
}

fn reach(
    session: &Session,
    at: usize,
    council: &Council,
    goals: &[Option<Goal>],
    actors: &[usize],
    (threads, progress): (usize, &dyn Progress),
) -> Pulls {
    let voices = listed(session, at);
    let issue = goals.iter().flatten().map(|g| g.issue).next().unwrap_or(0);
    let kinds = [Quantity::Capability, Quantity::Position(issue), Quantity::Salience(issue)];
    let numbers: Vec<(usize, Quantity)> = actors.iter().flat_map(|a| kinds.map(|kind| (*a, kind))).collect();
    let jobs: Vec<(usize, (usize, Quantity))> =
        numbers.iter().flat_map(|n| (0..voices.len()).map(|v| (v, *n))).collect();
    let alone = alone(council, issue);
    let tried: Vec<Option<Option<Lever>>> = spread_out(jobs.len() as u64, threads, progress, |k| {
        let (voice, (actor, quantity)) = jobs[k as usize];
        let theory = &session.voices[at][voices[voice]].named.model;
        let goal = goals[voice].as_ref()?;
        // Saliences have room only up to what other issues leave, so they need the whole council.
        let single = match quantity {
            Quantity::Capability => Some(Quantity::Capability),
            Quantity::Position(_) => Some(Quantity::Position(0)),
            Quantity::Salience(_) => None,
        };
        let found = match (&alone, single.filter(|_| issue_by_issue(theory))) {
            (Some(alone), Some(quantity)) => {
                let goal = Goal { issue: 0, wanted: goal.wanted };
                levers_on(alone, theory, &goal, &[(actor, quantity)], &LOOK).ok()?
            }
            _ => levers_on(council, theory, goal, &[(actor, quantity)], &LOOK).ok()?,
        };
        if found.met_already { None } else { Some(found.levers.into_iter().next()) }
    });
    let met = goals.iter().zip(&voices).map(|(goal, v)| {
        let answer = forecast(council, &session.voices[at][*v].named.model);
        goal.as_ref().zip(answer.ok()).is_some_and(|(goal, answer)| goal.met(&answer.outcome))
    });
    let mut pulls = Vec::new();
    for ((actor, quantity), row) in numbers.iter().zip(tried.chunks(voices.len().max(1))) {
        let levers: Vec<Option<&Lever>> = row.iter().map(|l| l.as_ref().and_then(Option::as_ref)).collect();
        let works = levers.iter().flatten().count();
        if works == 0 {
            continue;
        }
        let (word, from) = match quantity {
            Quantity::Capability => ("capability", council.capability(*actor)),
            Quantity::Position(k) => ("position", council.position(*actor, *k)),
            Quantity::Salience(k) => ("salience", council.data().salience[*actor][*k]),
        };
        pulls.push(Pull {
            actor: council.actors()[*actor].name.clone(),
            quantity: word,
            from,
            to: levers.iter().map(|l| l.map(|l| l.to)).collect(),
            works,
            size: levers.iter().flatten().map(|l| l.size).fold(0.0, f64::max),
        });
    }
    pulls.sort_by(|a, b| b.works.cmp(&a.works).then(a.size.total_cmp(&b.size)));
    let words = |goal: &Goal| match goal.wanted {
        Wanted::AtLeast(line) => format!("at least {}", rounded(line)),
        Wanted::AtMost(line) => format!("at most {}", rounded(line)),
    };
    Pulls { wanted: goals.iter().map(|g| g.as_ref().map(words)).collect(), met: met.collect(), pulls }
}

/// Does the theory settle each issue as if there were no other?
fn issue_by_issue(theory: &Model) -> bool {
    matches!(theory, Model::Mean | Model::Median | Model::ExpectedUtility(_))
}

/// Returns the council with that issue alone, for theories to which the others do not matter.
///
/// Only where saliences are shares: where each issue is rated by itself, their number counts.
fn alone(council: &Council, issue: usize) -> Option<Council> {
    let data = council.data();
    let one = |rows: &[Vec<f64>]| rows.iter().map(|row| vec![row[issue]]).collect();
    if data.salience_rule != SalienceRule::Shares {
        return None;
    }
    Council::new(CouncilData {
        issues: vec![data.issues[issue].clone()],
        actors: data.actors.clone(),
        capability: data.capability.clone(),
        position: one(&data.position),
        salience: one(&data.salience),
        full_salience: data.full_salience,
        salience_rule: SalienceRule::Shares,
    })
    .ok()
}

fn rounded(value: f64) -> String {
    format!("{}", (value * 1000.0).round() / 1000.0)
}
