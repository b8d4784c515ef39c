//! What is proven of a quantal response answer.
//!
//! The one idea: at a precision, an equilibrium is proven to lie within the printed radii; a
//! limit is checked for what every limit must be, a sequential equilibrium.

use crate::assess::{AssessmentReport, check_assessment, check_logit};
use crate::verdict::Verdict;
use detente_game::solution::{Component, Concept, Num, Solution, Status};
use detente_game::{Game, Numbers};

/// Largest radius of a probability that counts as certified.
const RADIUS: f64 = 1e-9;
/// Largest gain from a deviation, in payoff units, at which a limit counts as certified.
const GAP: f64 = 1e-9;

/// Checks that quantal response data stands where it belongs.
pub fn check(game: &Game, solution: &Solution) -> Result<(), String> {
    match (&solution.certificate.logit, solution.concept) {
        (Some(_), Concept::Qre) if solution.components.len() > 1 => {
            Err("one precision and one point speak of one equilibrium".into())
        }
        (Some(_), Concept::Qre) | (None, _) => Ok(()),
        (Some(_), _) => Err(format!("a precision says nothing about this concept in `{}`", game.title)),
    }
}

/// Recomputes one quantal response equilibrium or limit.
///
/// # Errors
/// A printed number is wrong, or a claimed proof fails.
pub fn report(
    game: &Game,
    numbers: &Numbers,
    solution: &Solution,
    component: &Component,
    open: &mut Vec<String>,
) -> Result<AssessmentReport, String> {
    let unproven = solution.status == Status::Numeric;
    match &solution.certificate.logit {
        Some(logit) => match check_logit(game, numbers, component, logit) {
            Err(why) if unproven => {
                open.push(why);
                check_assessment(game, numbers, component, Concept::Qre)
            }
            other => other,
        },
        None if unproven => {
            open.push("the limit of the logit path is not proven".into());
            check_assessment(game, numbers, component, Concept::Qre)
        }
        None => check_assessment(game, numbers, component, Concept::Sequential),
    }
}

/// The strongest status that the reports allow.
pub fn proven(solution: &Solution, verdict: &mut Verdict) -> Status {
    if !verdict.open.is_empty() {
        return Status::Numeric;
    }
    match &solution.certificate.logit {
        Some(_) => {
            let within = |n: &Num| match (&n.exact, n.radius) {
                (Some(_), _) => true,
                (None, Some(radius)) => radius <= RADIUS,
                (None, None) => false,
            };
            if solution.components.iter().flat_map(|c| &c.profile).flatten().all(within) {
                return Status::Certified;
            }
            verdict.open.push(format!("a probability is not proven within {RADIUS:e}"));
            Status::Numeric
        }
        None => {
            let gap = |r: &AssessmentReport| r.gap_sequential.as_ref().map_or(f64::INFINITY, |g| g.high);
            let widest = verdict.components.iter().map(gap).fold(0.0, f64::max);
            if widest <= GAP {
                return Status::Certified;
            }
            verdict.open.push(format!("a deviation from the limit may gain {widest:e}"));
            Status::Numeric
        }
    }
}
