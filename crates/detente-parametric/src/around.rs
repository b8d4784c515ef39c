//! One proof around a point, in any number of parameters.
//!
//! The one idea: the proof found at the point is replayed over functions of all parameters at once;
//! it holds wherever its conditions keep the signs that they have at the point.

use crate::evaluate::functions;
use crate::formula::{Atoms, Formula, Watch};
use crate::line::over_certificate;
use detente_exact::Q;
use detente_exact::poly::MPoly;
use detente_game::solution::{Solution, Status};
use detente_game::{Game, ParamId};
use detente_solve::{Progress, Settings};
use detente_verify::over::{self, Found, Stop};
use std::rc::Rc;

/// A proof and where it holds.
pub struct Around {
    /// The irrational steps, one variable each, after the parameters.
    pub atoms: Rc<Atoms>,
    /// The point: the free parameters, then the steps' values there.
    pub at: Vec<Q>,
    /// What must keep its sign; none is 0 at the point.
    pub conditions: Vec<MPoly>,
    pub found: Found<Formula>,
    /// Probabilities of chance, laid out as in [`detente_game::Numbers`].
    pub chance: Vec<Vec<Formula>>,
    pub solution: Solution,
}

/// Solves a game at a point and replays the proof over these parameters, in this order; `ranges` are
/// those in which they matter.
///
/// # Errors
/// A [`Stop`] that says why there is no such proof.
pub fn around(
    game: &Game,
    params: &[Q],
    free: &[ParamId],
    ranges: &[(Q, Q)],
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Around, Stop> {
    let numbers = game.numbers(params).map_err(|e| Stop::Here(e.to_string()))?;
    // A proof by cases holds on ranges; one about a table does not.
    let settings = Settings { by_cases: true, ..settings.clone() };
    let solution = detente_solve::solve(game, &numbers, &settings, progress);
    if solution.status != Status::ExactComplete {
        let why = solution.unresolved.first().cloned();
        return Err(Stop::Never(why.unwrap_or_else(|| "not all equilibria are known".into())));
    }
    let certificate = over_certificate(game, &solution);
    let at: Vec<Q> = free.iter().map(|p| params[p.index()].clone()).collect();
    let mut last = Stop::Here(String::new());
    for (tight, careful) in [(None, true), (None, false), (Some(8), true), (Some(64), true)] {
        let atoms = Atoms::new(free.len());
        let watch = Watch::new(&at, ranges, tight, &atoms);
        let mut open: Vec<Option<Formula>> = vec![None; params.len()];
        for (k, p) in free.iter().enumerate() {
            open[p.index()] = Some(Formula::variable(k, &watch));
        }
        let numbers = functions(game, params, &open).map_err(Stop::Here)?;
        let replayed = over::replay(game, &numbers.chance, &numbers.payoffs, &certificate, careful);
        let conditions = watch.asked()?;
        match replayed {
            Ok(found) => {
                let at = watch.at();
                return Ok(Around { atoms, at, conditions, found, chance: numbers.chance, solution });
            }
            Err(stop @ Stop::Never(_)) => return Err(stop),
            Err(stop) => last = stop,
        }
    }
    Err(last)
}
