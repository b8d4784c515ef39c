//! One run at the base values, turn by turn: what pictures and sentences of a council are made of.

use super::listed;
use crate::council::Session;
use detente_bargain::Council;
use detente_bargain::forecast::{Model, fits};
use detente_bargain::spatial::{self, Ending};
use serde::Serialize;

/// A run of the spatial model, and the weights at the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Course {
    /// The theory that was run, by its word.
    pub theory: String,
    pub actors: Vec<String>,
    /// `[actor][issue]`: share of all capability times salience.
    pub weights: Vec<Vec<f64>>,
    /// `[state][actor][issue]`; state 0 is the input.
    pub positions: Vec<Vec<Vec<f64>>>,
    pub turns: Vec<CourseTurn>,
    pub settled: bool,
}

/// What happened between two states.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CourseTurn {
    pub presses: Vec<Press>,
    pub steps: Vec<Step>,
}

/// A challenge: who hopes to gain most from whom.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Press {
    pub by: usize,
    pub to: usize,
    /// The probability of winning, as the challenger sees it.
    pub odds: f64,
    /// What the challenger expects to gain.
    pub gain: f64,
    /// What the challenger thinks that the other side would gain.
    pub rival_gain: f64,
}

/// An offer that an actor took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    pub actor: usize,
    pub with: usize,
    /// Whether it was the actor's own offer.
    pub own: bool,
}

/// Runs the first spatial theory that the council lists; `None` if it lists none, or if there are more
/// actors than it can be asked for.
pub fn course(session: &Session, at: usize, council: &Council) -> Option<Course> {
    let voices = &session.voices[at];
    let (word, options) = listed(session, at).into_iter().find_map(|v| match &voices[v].named.model {
        theory @ Model::Spatial(options, _) if fits(council, theory).is_ok() => {
            Some((voices[v].word.clone(), options))
        }
        _ => None,
    })?;
    let run = spatial::run(council, options).ok()?;
    let turns = run.turns.iter().map(|turn| CourseTurn {
        presses: turn
            .challenges
            .iter()
            .map(|c| {
                let seen = c.estimates.iter().find(|e| e.viewer == c.initiator && e.gainer == c.target);
                let rival_gain = seen.map_or(0.0, |e| e.gain);
                Press { by: c.initiator, to: c.target, odds: c.probability, gain: c.gain, rival_gain }
            })
            .collect(),
        steps: turn
            .moves()
            .into_iter()
            .map(|m| Step { actor: m.actor, with: m.with, own: m.own_initiative })
            .collect(),
    });
    let count = council.actors().len();
    let issues = council.issues().len();
    let all: Vec<f64> = (0..issues).map(|k| (0..count).map(|a| council.weight(a, k)).sum()).collect();
    let share = |a: usize, k: usize| if all[k] > 0.0 { council.weight(a, k) / all[k] } else { 0.0 };
    Some(Course {
        theory: word,
        actors: council.actors().iter().map(|a| a.name.clone()).collect(),
        weights: (0..count).map(|a| (0..issues).map(|k| share(a, k)).collect()).collect(),
        turns: turns.collect(),
        settled: run.ending == Ending::Settled,
        positions: run.positions,
    })
}
