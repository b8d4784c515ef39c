//! Which single change brings an outcome across a line, and how small it can be.
//!
//! The one idea: pull one number of one actor at a time, away from its value in small steps, until the
//! goal is met; then close in on the change from the last step that missed.
//!
//! Bargaining models jump, so an even smaller change between two steps may exist; what is returned does
//! meet the goal, and a change half a closing step smaller does not.

use crate::council::{Council, SalienceRule};
use crate::forecast::{Forecast, ForecastError, Model, forecast};
use thiserror::Error;

/// Where an outcome is wanted, in the issue's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wanted {
    AtLeast(f64),
    AtMost(f64),
}

/// An outcome that somebody wants on one issue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goal {
    pub issue: usize,
    pub wanted: Wanted,
}

impl Goal {
    /// Returns whether an outcome meets the goal.
    pub fn met(&self, outcome: &[f64]) -> bool {
        outcome.get(self.issue).is_some_and(|place| match self.wanted {
            Wanted::AtLeast(line) => *place >= line,
            Wanted::AtMost(line) => *place <= line,
        })
    }
}

/// A number of an actor that can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    Capability,
    /// On that issue.
    Position(usize),
    /// On that issue.
    Salience(usize),
}

/// How far and how finely to look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeverOptions {
    /// Steps in each direction over the whole room of a number.
    pub steps: usize,
    /// Halvings after the first step that meets the goal.
    pub halvings: usize,
    /// A capability is tried up to this multiple of itself, and down to none.
    pub most_capability: f64,
}

impl Default for LeverOptions {
    fn default() -> LeverOptions {
        LeverOptions { steps: 20, halvings: 12, most_capability: 4.0 }
    }
}

/// A single change that meets the goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    pub actor: usize,
    pub quantity: Quantity,
    /// In the units of the council.
    pub from: f64,
    pub to: f64,
    /// The size of the change: in parts of the scale for a position, of the full salience for a salience,
    /// of the actor's own capability for a capability. A convention, not a price.
    pub size: f64,
    /// The outcome on every issue after the change.
    pub outcome: Vec<f64>,
}

/// What pulling every lever shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Levers {
    /// The answer without any change.
    pub base: Forecast,
    /// Whether the goal is met already; then there are no levers.
    pub met_already: bool,
    /// The smallest change first.
    pub levers: Vec<Lever>,
    /// Numbers whose change alone does not meet the goal within the steps that were tried.
    pub without_effect: Vec<(usize, Quantity)>,
}

/// Why levers cannot be looked for.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum LeverError {
    #[error(transparent)]
    Forecast(#[from] ForecastError),
    #[error("the goal names issue number {issue}, counted from 0, but there are {issues}")]
    NoIssue { issue: usize, issues: usize },
    #[error("the goal's line is not a number")]
    Line,
}

/// Looks for the smallest change of every single number of the actors listed that meets the goal.
///
/// # Errors
/// [`LeverError`] if the goal or the model does not fit the council.
pub fn levers(
    council: &Council,
    model: &Model,
    goal: &Goal,
    actors: &[usize],
    options: &LeverOptions,
) -> Result<Levers, LeverError> {
    let issues = council.issues().len();
    let kinds = || {
        let each = [Quantity::Position, Quantity::Salience].map(|kind| (0..issues).map(kind));
        std::iter::once(Quantity::Capability).chain(each.into_iter().flatten())
    };
    let numbers: Vec<(usize, Quantity)> =
        actors.iter().flat_map(|&actor| kinds().map(move |kind| (actor, kind))).collect();
    levers_on(council, model, goal, &numbers, options)
}

/// As [`levers`], for these numbers only: an actor and which of its numbers.
///
/// # Errors
/// As [`levers`].
pub fn levers_on(
    council: &Council,
    model: &Model,
    goal: &Goal,
    numbers: &[(usize, Quantity)],
    options: &LeverOptions,
) -> Result<Levers, LeverError> {
    let issues = council.issues().len();
    if goal.issue >= issues {
        return Err(LeverError::NoIssue { issue: goal.issue, issues });
    }
    let (Wanted::AtLeast(line) | Wanted::AtMost(line)) = goal.wanted;
    if line.is_nan() {
        return Err(LeverError::Line);
    }
    let base = forecast(council, model)?;
    let met_already = goal.met(&base.outcome);
    let mut found = Levers { base, met_already, levers: Vec::new(), without_effect: Vec::new() };
    if met_already {
        return Ok(found);
    }
    let sound = |&(actor, quantity): &(usize, Quantity)| match quantity {
        Quantity::Capability => actor < council.actors().len(),
        Quantity::Position(k) | Quantity::Salience(k) => actor < council.actors().len() && k < issues,
    };
    for (actor, quantity) in numbers.iter().copied().filter(sound) {
        match pull(council, model, goal, (actor, quantity), options)? {
            Some(lever) => found.levers.push(lever),
            None => found.without_effect.push((actor, quantity)),
        }
    }
    // The sort is stable: of equal sizes the earlier actor stands first.
    found.levers.sort_by(|a, b| a.size.total_cmp(&b.size));
    Ok(found)
}

/// Returns the present value of a number, its least and its most, and the unit of its size.
fn room(council: &Council, actor: usize, quantity: Quantity, options: &LeverOptions) -> [f64; 4] {
    let data = council.data();
    match quantity {
        Quantity::Capability => {
            let own = council.capability(actor);
            [own, 0.0, own * options.most_capability.max(1.0), own]
        }
        Quantity::Position(k) => {
            let scale = &council.issues()[k];
            [council.position(actor, k), scale.low, scale.high, scale.high - scale.low]
        }
        Quantity::Salience(k) => {
            let (own, full) = (data.salience[actor][k], data.full_salience);
            let others: f64 = data.salience[actor].iter().sum::<f64>() - own;
            let most = match data.salience_rule {
                SalienceRule::Shares => (full - others).max(own),
                SalienceRule::Each => full,
            };
            [own, 0.0, most, full]
        }
    }
}

/// Returns the answer with that number changed; `None` if nobody would be left with any capability.
fn changed(
    council: &Council,
    model: &Model,
    (actor, quantity): (usize, Quantity),
    value: f64,
) -> Result<Option<Forecast>, ForecastError> {
    let mut data = council.data().clone();
    match quantity {
        Quantity::Capability => data.capability[actor] = value,
        Quantity::Position(k) => data.position[actor][k] = value,
        Quantity::Salience(k) => data.salience[actor][k] = value,
    }
    match Council::new(data) {
        Ok(council) => forecast(&council, model).map(Some),
        Err(_) => Ok(None),
    }
}

fn pull(
    council: &Council,
    model: &Model,
    goal: &Goal,
    which: (usize, Quantity),
    options: &LeverOptions,
) -> Result<Option<Lever>, ForecastError> {
    let [from, least, most, unit] = room(council, which.0, which.1, options);
    let step = (most - least) / options.steps.max(1) as f64;
    if step.is_nan() || step <= 0.0 {
        return Ok(None);
    }
    let met = |value: f64| -> Result<Option<Forecast>, ForecastError> {
        Ok(changed(council, model, which, value)?.filter(|answer| goal.met(&answer.outcome)))
    };
    // Outwards in both directions at once, so that the first hit is the nearest on the grid.
    for count in 1..=options.steps.max(1) {
        let reach = step * count as f64;
        let mut best: Option<Lever> = None;
        for direction in [1.0, -1.0] {
            let value = (from + direction * reach).clamp(least, most);
            let missed = (from + direction * (reach - step)).clamp(least, most);
            if value == missed {
                continue;
            }
            let Some(mut answer) = met(value)? else { continue };
            let (mut inside, mut outside) = (missed, value);
            for _ in 0..options.halvings {
                let middle = inside + (outside - inside) / 2.0;
                match met(middle)? {
                    Some(nearer) => (outside, answer) = (middle, nearer),
                    None => inside = middle,
                }
            }
            let size = (outside - from).abs() / unit;
            if best.as_ref().is_none_or(|old| size < old.size) {
                let (actor, quantity) = which;
                best = Some(Lever { actor, quantity, from, to: outside, size, outcome: answer.outcome });
            }
        }
        if best.is_some() {
            return Ok(best);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::council::{Actor, CouncilData, Issue};
    use crate::spatial::SpatialOptions;
    use crate::{forecast::Reading, standard_models};

    fn council() -> Council {
        Council::new(CouncilData {
            issues: vec![Issue::new("a", 0.0, 100.0)],
            actors: vec![Actor::new("x"), Actor::new("y"), Actor::new("z")],
            capability: vec![1.0, 1.0, 2.0],
            position: vec![vec![0.0], vec![50.0], vec![100.0]],
            salience: vec![vec![40.0], vec![40.0], vec![20.0]],
            full_salience: 100.0,
            salience_rule: SalienceRule::Shares,
        })
        .expect("sound")
    }

    #[test]
    fn levers_of_the_mean_have_closed_forms() {
        // The mean is 50, all weights are equal: to reach 60, a position moves by 30; the weight of the
        // third must solve (20 + 100 w) / (0.8 + w) = 60, so w = 0.7 instead of 0.4.
        let goal = Goal { issue: 0, wanted: Wanted::AtLeast(60.0) };
        let found = levers(&council(), &Model::Mean, &goal, &[0, 1, 2], &LeverOptions::default());
        let found = found.expect("fits");
        assert!((found.base.outcome[0] - 50.0).abs() < 1e-12 && !found.met_already);
        let size = |actor, quantity| {
            found.levers.iter().find(|l| (l.actor, l.quantity) == (actor, quantity)).map(|l| l.size)
        };
        let near =
            |size: Option<f64>, exact: f64| size.is_some_and(|s| (s - exact).abs() < 1e-3 && s >= exact);
        assert!(near(size(0, Quantity::Position(0)), 0.3), "{found:?}");
        assert!(near(size(2, Quantity::Salience(0)), 0.15), "{found:?}");
        assert!(near(size(2, Quantity::Capability), 0.75), "{found:?}");
        assert!(found.without_effect.contains(&(2, Quantity::Position(0))));
        assert!(found.levers.windows(2).all(|pair| pair[0].size <= pair[1].size));
        assert!(found.levers.iter().all(|lever| goal.met(&lever.outcome)));
    }

    #[test]
    fn every_model_has_levers_that_hold() {
        let goal = Goal { issue: 0, wanted: Wanted::AtMost(20.0) };
        for named in standard_models() {
            let found = levers(&council(), &named.model, &goal, &[0, 1, 2], &LeverOptions::default());
            let found = found.expect("fits");
            for lever in &found.levers {
                let again = changed(&council(), &named.model, (lever.actor, lever.quantity), lever.to);
                let outcome = again.expect("fits").expect("sound").outcome;
                assert_eq!(outcome, lever.outcome, "{}", named.slug);
                assert!(goal.met(&outcome));
            }
        }
    }

    #[test]
    fn a_goal_met_needs_no_lever_and_a_strange_one_is_refused() {
        let model = Model::Spatial(SpatialOptions::default(), Reading::Winner);
        let goal = Goal { issue: 0, wanted: Wanted::AtMost(100.0) };
        let found = levers(&council(), &model, &goal, &[0], &LeverOptions::default()).expect("fits");
        assert!(found.met_already && found.levers.is_empty());
        let strange = Goal { issue: 3, ..goal };
        assert!(levers(&council(), &model, &strange, &[0], &LeverOptions::default()).is_err());
        let strange = Goal { issue: 0, wanted: Wanted::AtLeast(f64::NAN) };
        assert_eq!(
            levers(&council(), &model, &strange, &[0], &LeverOptions::default()),
            Err(LeverError::Line)
        );
    }
}
