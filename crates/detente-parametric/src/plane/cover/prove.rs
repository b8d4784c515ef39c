//! One more proof for a box: where the game is solved, and what the proof rests on there.

use super::Cover;
use super::look::Task;
use crate::evaluate::functions;
use crate::formula::{Formula, Watch};
use crate::line::{LEAST_STEPS, LESS};
use crate::plane::{Axis, Plane, Square};
use crate::reasons::on_path;
use detente_exact::Q;
use detente_game::solution::{Solution, Status};
use detente_solve::{Known, Settings};
use detente_verify::over::{self, Found, Stop};

/// Most proofs of one map.
pub(super) const MAX_BASES: usize = 4000;

/// Where a box may be solved, as shares of its sides: off the lines on which symmetric games tie.
pub(super) const POINTS: [[(i64, i64); 2]; 9] = [
    [(46, 97), (52, 101)],
    [(17, 103), (15, 89)],
    [(87, 101), (18, 107)],
    [(15, 97), (90, 103)],
    [(83, 97), (88, 101)],
    [(48, 101), (11, 97)],
    [(50, 103), (92, 101)],
    [(9, 103), (44, 89)],
    [(94, 103), (51, 97)],
];

impl Cover {
    /// A place of the box where no proof holds yet.
    pub(super) fn uncovered(&self, task: &Task, plane: &Plane) -> Option<[Q; 2]> {
        POINTS.iter().map(|share| point(plane, &task.square, *share)).find(|at| {
            let holds = |(k, s): &(usize, i32)| self.library.sign_at(*k, at) == Some(*s);
            !task.candidates.iter().any(|(_, unsure)| unsure.iter().all(holds))
        })
    }

    /// Solves the game at a point, or else at other points of the box, and keeps the proof.
    pub(super) fn prove(
        &mut self,
        plane: &Plane,
        square: &Square,
        first: [Q; 2],
        known: &mut Option<Known>,
    ) -> Result<(), Stop> {
        if self.library.bases.len() >= MAX_BASES {
            return Err(Stop::Never("there are too many pieces".into()));
        }
        if self.failed > 24 + 4 * self.library.bases.len() {
            return Err(Stop::Never(self.failure.clone()));
        }
        let mut last = Stop::Here("no point of the box could be solved".into());
        let others = POINTS.iter().take(2).map(|share| point(plane, square, *share));
        for at in std::iter::once(first).chain(others) {
            self.solved += 1;
            match self.prove_at(plane, &at, known) {
                Ok(()) => return Ok(()),
                Err(stop) => last = stop,
            }
            self.failed += 1;
            self.failure = last.words().to_string();
            if matches!(last, Stop::Never(_)) {
                break;
            }
        }
        Err(last)
    }

    /// Solves at a point. Sizes are bounded over the whole plane, or else near the point only.
    pub(super) fn prove_at(
        &mut self,
        plane: &Plane,
        at: &[Q; 2],
        known: &mut Option<Known>,
    ) -> Result<(), Stop> {
        let mut params = plane.base.clone();
        for (axis, value) in [&plane.x, &plane.y].into_iter().zip(at) {
            params[axis.param.index()] = value.clone();
        }
        let solution = solve(plane, &params, known, &mut self.steps)?;
        let certificate = crate::line::over_certificate(plane.game, &solution);
        let mut last = Stop::Here(String::new());
        for (tight, careful) in [(None, false), (None, true), (Some(8), true), (Some(64), true)] {
            let watch = Watch::new(&at[..], &self.library.sides, tight, &self.library.atoms);
            let mut free: Vec<Option<Formula>> = vec![None; params.len()];
            for (k, axis) in [&plane.x, &plane.y].into_iter().enumerate() {
                free[axis.param.index()] = Some(Formula::variable(k, &watch));
            }
            let numbers = functions(plane.game, &params, &free).map_err(Stop::Here)?;
            let found: Result<Found<Formula>, Stop> =
                over::replay(plane.game, &numbers.chance, &numbers.payoffs, &certificate, careful);
            match found {
                Ok(found) => {
                    *known = Some(Known::new(plane.game, &solution));
                    let mut key: Vec<String> =
                        found.components.iter().map(|c| on_path(plane.game, &c.supports)).collect();
                    key.sort();
                    self.library.add(&watch.asked()?, &watch.at(), key, found);
                    return Ok(());
                }
                Err(stop @ Stop::Never(_)) => return Err(stop),
                Err(stop) => last = stop,
            }
        }
        Err(last)
    }
}

/// A short fraction near that share of a box.
pub(super) fn point(plane: &Plane, square: &Square, share: [(i64, i64); 2]) -> [Q; 2] {
    let along = |axis: &Axis, start: u32, share: (i64, i64)| {
        let low = plane.at(axis, start);
        let width = plane.at(axis, start + square.size) - &low;
        let middle = Q::new(share.0, share.1);
        let near = |by: i64| &low + &width * (&middle + Q::new(by, 200));
        Q::simplest_between(&near(-1), &near(1))
    };
    [along(&plane.x, square.x, share[0]), along(&plane.y, square.y, share[1])]
}

/// Solves at a point, in so many steps; fewer from then on if they were too few.
pub(super) fn solve(
    plane: &Plane,
    params: &[Q],
    known: &Option<Known>,
    steps: &mut u64,
) -> Result<Solution, Stop> {
    let numbers = plane.game.numbers(params).map_err(|e| Stop::Here(e.to_string()))?;
    // A proof by cases holds on ranges; one about a table does not.
    let settings = Settings { by_cases: true, max_steps: *steps, ..plane.settings.clone() };
    let solution = match known {
        Some(k) => detente_solve::solve_again(plane.game, &numbers, &settings, k, plane.progress),
        None => detente_solve::solve(plane.game, &numbers, &settings, plane.progress),
    };
    match solution.status {
        Status::ExactComplete => Ok(solution),
        _ => {
            *steps = (*steps / LESS).max(LEAST_STEPS.min(*steps));
            Err(Stop::Here(solution.unresolved.first().cloned().unwrap_or_default()))
        }
    }
}
