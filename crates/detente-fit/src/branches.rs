//! Other equilibria at the estimate: where the play jumps, and what they would do to the likelihood.
//!
//! The one idea: an estimate assumes that one equilibrium is played; how many there are, and how far the
//! likelihood moves with the choice, belongs beside it (Crisman-Cox and Gibilisco, "Estimating signaling
//! games in international relations", Political Science Research and Methods 2021).

use crate::identify::normal;
use crate::likelihood::{Problem, of_pattern};
use crate::parallel::Workers;
use detente_prob::uniform;
use serde::{Deserialize, Serialize};

/// Groups of rows in which other equilibria are looked for, and starts for each.
const LOOKED_AT: usize = 40;
const OTHER_STARTS: u64 = 12;

/// What was found of several equilibria.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Branches {
    /// False where decisions do not depend on each other in a circle: then there is one play.
    pub circular: bool,
    /// Games at the estimate in which the branch from λ = 0 folds back before λ.
    pub folded: usize,
    /// Games looked at for other equilibria, and those that have some.
    pub looked_at: usize,
    pub several: usize,
    /// Log-likelihood of the games looked at if the least and the most likely equilibrium is played.
    pub low: f64,
    pub high: f64,
    /// That of the principal branch.
    pub principal: f64,
}

/// What one game has of equilibria beside the principal branch.
struct Looked {
    folded: bool,
    /// Whether there are several, and the log-likelihood at the principal, the least and the most likely;
    /// `None` where it was not looked at.
    likelihoods: Option<(bool, f64, f64, f64)>,
}

/// Looks for other equilibria at the estimate.
pub(crate) fn branches(problem: &Problem, z: &[f64], seed: u64, workers: Workers) -> Branches {
    let mut found = Branches { circular: problem.engine.is_circular(), ..Branches::default() };
    if !found.circular {
        return found;
    }
    let starts: Vec<Vec<f64>> = (0..OTHER_STARTS)
        .map(|s| (0..50).map(|k| 4.0 * normal(uniform(seed, "other equilibria", s * 50 + k))).collect())
        .collect();
    let groups = problem.data.groups.len() as u64;
    for looked in workers.in_order(groups, |g| look(problem, z, g as usize, &starts)) {
        found.folded += usize::from(looked.folded);
        if let Some((several, principal, low, high)) = looked.likelihoods {
            found.looked_at += 1;
            found.several += usize::from(several);
            found.principal += principal;
            found.low += low;
            found.high += high;
        }
    }
    found
}

/// Looks for other equilibria of one group's game; from several starts for the first groups only.
fn look(problem: &Problem, z: &[f64], g: usize, starts: &[Vec<f64>]) -> Looked {
    let folded = problem.ends(z, g, false).is_ok_and(|(_, folded)| folded);
    let group = &problem.data.groups[g];
    let point = problem.point(z, g, false).ok().filter(|_| g < LOOKED_AT);
    let likelihoods = point.and_then(|point| {
        let list = problem.engine.several(&point, starts).ok()?;
        let log = |solved: &crate::engine::Solved| -> f64 {
            let ends = problem.engine.ends(&point, solved);
            let one = |c: &crate::data::Observed| {
                c.weight * of_pattern(&ends, &problem.data.patterns[c.pattern]).value
            };
            group.cells.iter().map(one).sum()
        };
        let logs: Vec<f64> = list.iter().map(log).collect();
        let low = logs.iter().copied().fold(f64::INFINITY, f64::min);
        let high = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Some((list.len() > 1, *logs.first()?, low, high))
    });
    Looked { folded, likelihoods }
}
