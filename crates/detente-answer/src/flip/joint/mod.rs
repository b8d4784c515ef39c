//! The nearest change of several parameters at once that changes an answer.
//!
//! The one idea (Hasofer and Lind, "Exact and invariant second-moment code format", 1974): measure
//! changes in normal scores, where each parameter's prior is a standard normal one and
//! correlations are undone. The nearest point at which the answer changes is the most plausible set
//! of assumptions that overturns it. It is felt out along rays (`rays`), and what is printed of it is a point
//! with short numbers that was solved (`tipped`).

mod rays;
mod tipped;

use self::rays::{Rays, unit};
use super::alone::Flip;
use super::quick::Decides;
use crate::sampler::Sampler;
use crate::verdict::Class;
use detente_model::Model;
use serde::{Deserialize, Serialize};

/// Rays end here, in standard deviations of the joint prior.
const FARTHEST: f64 = 4.0;
/// Most draws whose direction is tried.
const DRAWS: u64 = 64;
/// What a search may cost, in nodes of the trees of its games looked at.
const BUDGET: u64 = 30_000_000;
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

/// What a search for the nearest joint change ends with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nearest {
    /// `None`: nothing was found within four standard deviations.
    pub joint: Option<Joint>,
    /// The budget at which the search ended with what it had, in nodes of game trees looked at; `None`: it came to
    /// its own end.
    pub stopped: Option<u64>,
}

/// Looks for the nearest joint change of a claim's verdict; `alone` are changes that were found one at a time.
pub fn nearest(
    model: &Model,
    sampler: &Sampler,
    alone: &[(&str, f64)],
    at_base: Class,
    verdicts: &dyn Decides,
) -> Nearest {
    let Some(mut search) = Rays::new(sampler, at_base, verdicts) else { return Nearest::default() };
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
    // What was found is made ready to print even when the budget is used up.
    let stopped = search.tired().then_some(BUDGET);
    let joint = best.and_then(|(distance, direction)| search.joint(model, distance, &direction));
    Nearest { joint, stopped }
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
