//! Whether the method recovers what it is given: simulate at the estimate, fit, count.
//!
//! The one idea: an interval that is called 95 % is believed when it holds the truth in about 95 of 100
//! data sets of which the truth is known.

use crate::fit::Plan;
use crate::identify::Identification;
use crate::likelihood::Problem;
use crate::matrix::inverse;
use crate::parallel::Workers;
use crate::simulate::simulate;
use crate::spread::{Z95, observed_information, refit};
use serde::{Deserialize, Serialize};

/// Whether the method recovers what it is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelfCheck {
    pub data_sets: u64,
    pub fitted: u64,
    pub rows: Vec<Recovered>,
}

/// One number in the self-check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recovered {
    pub name: String,
    pub truth: f64,
    pub mean: f64,
    /// Share of the 95 % intervals that hold the truth; `None` where it is not identified.
    pub coverage: Option<f64>,
}

/// One data set of the self-check: the numbers found, and per number whether its interval holds the
/// truth; nothing where no interval was found.
type Checked = (Vec<f64>, Option<Vec<bool>>);

/// Simulates at the estimate, fits, and counts how often the intervals hold the truth.
pub(crate) fn self_check(
    problem: &Problem,
    z: &[f64],
    identification: &Identification,
    plan: &Plan,
    workers: Workers,
) -> SelfCheck {
    let n = z.len();
    let one = |index: u64| checked(problem, z, plan.seed, index, workers.alone());
    let list: Vec<Checked> = workers.in_order(plan.self_check, one).into_iter().flatten().collect();
    let natural = problem.natural(z);
    let fitted = list.len() as f64;
    let held: Vec<&Vec<bool>> = list.iter().filter_map(|(_, holds)| holds.as_ref()).collect();
    let row = |k: usize| {
        let hits = held.iter().filter(|holds| holds[k]).count() as f64;
        let told = identification.identified[k] && !held.is_empty();
        Recovered {
            name: identification.names[k].clone(),
            truth: natural[k].0,
            mean: match list.is_empty() {
                true => f64::NAN,
                false => list.iter().map(|(numbers, _)| numbers[k]).sum::<f64>() / fitted,
            },
            coverage: told.then(|| hits / held.len() as f64),
        }
    };
    let rows = (0..n).map(row).collect();
    SelfCheck { data_sets: plan.self_check, fitted: list.len() as u64, rows }
}

/// Simulates one data set and fits it; `None` where that finds no peak.
fn checked(problem: &Problem, z: &[f64], seed: u64, index: u64, workers: Workers) -> Option<Checked> {
    let data = simulate(problem, z, seed, &format!("self-check {index}"))?;
    let found = refit(problem, &data, z)?;
    let again = Problem {
        engine: crate::engine::Engine::new(problem.engine.game, problem.engine.shocks).ok()?,
        data: &data,
        free: problem.free.clone(),
        base: problem.base.clone(),
        lambda: problem.lambda,
    };
    let numbers = again.natural(&found).into_iter().map(|x| x.0).collect();
    let holds = observed_information(&again, &found, workers).map(|information| {
        let spread = inverse(&information).0;
        let within = |k: usize| (found[k] - z[k]).abs() <= Z95 * spread[k][k].max(0.0).sqrt();
        (0..z.len()).map(within).collect()
    });
    Some((numbers, holds))
}
