//! The log-likelihood of observed plays, with its gradient and the scores of rows.
//!
//! The one idea: the estimation moves in coordinates without bounds, in which a parameter that must
//! stay between two ends cannot leave them, and λ is a logarithm.

use crate::data::Data;
use crate::dual::{Dual, log_sum};
use crate::engine::{Engine, Point};
use crate::shocks::Shocks;
use detente_exact::Q;
use detente_game::{Game, ParamId};
use detente_prob::Prior;

/// What is estimated, of which game, from which data.
pub struct Problem<'a> {
    pub engine: Engine<'a>,
    pub data: &'a Data,
    pub free: Vec<Free>,
    /// The values of all parameters that neither a column gives nor the fit moves.
    pub base: Vec<f64>,
    /// λ if it is fixed; `None` if it is estimated, as the last coordinate, by its logarithm.
    pub lambda: Option<f64>,
}

/// A parameter that is estimated.
#[derive(Clone, Debug, PartialEq)]
pub struct Free {
    pub param: ParamId,
    pub name: String,
    pub bound: Bound,
    pub prior: Option<Prior>,
}

/// Where a number may lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    Free,
    Above(f64),
    Below(f64),
    Between(f64, f64),
}

impl Bound {
    /// The support of a prior; everywhere without one.
    pub fn of(prior: Option<&Prior>) -> Bound {
        match prior.map_or((f64::NEG_INFINITY, f64::INFINITY), Prior::support) {
            (lo, hi) if lo.is_finite() && hi.is_finite() => Bound::Between(lo, hi),
            (lo, _) if lo.is_finite() => Bound::Above(lo),
            (_, hi) if hi.is_finite() => Bound::Below(hi),
            _ => Bound::Free,
        }
    }

    /// From a coordinate to the number.
    pub fn number(self, z: &Dual) -> Dual {
        match self {
            Bound::Free => z.clone(),
            Bound::Above(lo) => z.exponential().plus(&Dual::of(lo)),
            Bound::Below(hi) => Dual::of(hi).minus(&z.exponential()),
            Bound::Between(lo, hi) => {
                let share = Dual::of(1.0).over(&Dual::of(1.0).plus(&z.through(-z.value, -1.0).exponential()));
                share.through(lo + (hi - lo) * share.value, hi - lo)
            }
        }
    }

    /// From a number to the coordinate; a number at an end is moved a little inside.
    pub fn coordinate(self, x: f64) -> f64 {
        match self {
            Bound::Free => x,
            Bound::Above(lo) => libm::log((x - lo).max(1e-9)),
            Bound::Below(hi) => libm::log((hi - x).max(1e-9)),
            Bound::Between(lo, hi) => {
                let share = ((x - lo) / (hi - lo)).clamp(1e-6, 1.0 - 1e-6);
                libm::log(share / (1.0 - share))
            }
        }
    }
}

/// The log-likelihood at a point.
#[derive(Clone, Debug)]
pub struct Evaluated {
    pub log_likelihood: f64,
    pub gradient: Vec<f64>,
    /// Groups on a branch other than the principal one.
    pub folded: usize,
}

/// Why a problem cannot be set up.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemError {
    #[error("there is no parameter `{name}`; there are {known}")]
    NoParam { name: String, known: String },
    #[error("`{name}` is to be estimated, but a column of the data gives it")]
    Given { name: String },
    #[error("λ must be a positive number, not {0}")]
    Lambda(f64),
    #[error("{0}")]
    Engine(String),
}

impl<'a> Problem<'a> {
    /// Sets a problem up: the parameters called `names` are estimated, each within the support of
    /// its prior, and λ too unless it is given.
    ///
    /// # Errors
    /// A name that no parameter has or that a column gives, a λ that is none, or an error model
    /// that does not suit the game.
    pub fn new(
        game: &'a Game,
        data: &'a Data,
        shocks: Shocks,
        names: &[String],
        lambda: Option<f64>,
    ) -> Result<Problem<'a>, ProblemError> {
        if let Some(x) = lambda.filter(|x| !(x.is_finite() && *x > 0.0)) {
            return Err(ProblemError::Lambda(x));
        }
        let mut free = vec![];
        for name in names {
            let known = || game.params.iter().map(|p| p.name.clone()).collect::<Vec<_>>().join(", ");
            let param = game
                .find_param(name)
                .ok_or_else(|| ProblemError::NoParam { name: name.clone(), known: known() })?;
            if data.covariates.contains(&param) {
                return Err(ProblemError::Given { name: name.clone() });
            }
            let prior = game.params[param.index()].prior.clone();
            free.push(Free { param, name: name.clone(), bound: Bound::of(prior.as_ref()), prior });
        }
        let base = game.base_params().iter().map(Q::to_f64).collect();
        let engine = Engine::new(game, shocks).map_err(ProblemError::Engine)?;
        Ok(Problem { engine, data, free, base, lambda })
    }

    /// Number of coordinates.
    pub fn dimensions(&self) -> usize {
        self.free.len() + usize::from(self.lambda.is_none())
    }

    /// Names of the coordinates.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.free.iter().map(|f| f.name.clone()).collect();
        if self.lambda.is_none() {
            names.push("lambda".into());
        }
        names
    }

    /// The numbers behind coordinates, λ last if it is estimated, each with its derivative by its
    /// own coordinate.
    pub fn natural(&self, z: &[f64]) -> Vec<(f64, f64)> {
        let one = |bound: Bound, z: f64| {
            let d = bound.number(&Dual::variable(z, 0, 1));
            (d.value, d.by(0))
        };
        let mut list: Vec<(f64, f64)> = self.free.iter().zip(z).map(|(f, z)| one(f.bound, *z)).collect();
        if self.lambda.is_none() {
            list.push(one(Bound::Above(0.0), z[self.free.len()]));
        }
        list
    }

    /// The game's numbers for a group of rows.
    ///
    /// # Errors
    /// In words: a formula without a value, or probabilities that are none.
    pub fn point(&self, z: &[f64], group: usize, derive: bool) -> Result<Point, String> {
        let n = z.len();
        let variable = |k: usize| if derive { Dual::variable(z[k], k, n) } else { Dual::of(z[k]) };
        let mut params: Vec<Dual> = self.base.iter().map(|x| Dual::of(*x)).collect();
        let covariates = &self.data.groups[group].covariates;
        for (p, x) in self.data.covariates.iter().zip(covariates) {
            params[p.index()] = Dual::of(*x);
        }
        for (k, f) in self.free.iter().enumerate() {
            params[f.param.index()] = f.bound.number(&variable(k));
        }
        let lambda = match self.lambda {
            Some(x) => Dual::of(x),
            None => variable(self.free.len()).exponential(),
        };
        self.engine.point(&params, lambda)
    }

    /// Logarithms of the probabilities of all ends for a group, and whether the branch folds.
    ///
    /// # Errors
    /// In words: no numbers, or no equilibrium, there.
    pub fn ends(&self, z: &[f64], group: usize, derive: bool) -> Result<(Vec<Dual>, bool), String> {
        let point = self.point(z, group, derive)?;
        let solved = self.engine.solve(&point)?;
        Ok((self.engine.ends(&point, &solved), solved.folded))
    }

    /// The log-likelihood and its gradient; `None` where it has none.
    pub fn evaluate(&self, z: &[f64]) -> Option<Evaluated> {
        let mut total = Evaluated { log_likelihood: 0.0, gradient: vec![0.0; z.len()], folded: 0 };
        self.scores(z, &mut |_, log, weight| {
            total.log_likelihood += weight * log.value;
            for k in 0..z.len() {
                total.gradient[k] += weight * log.by(k);
            }
        })
        .map(|folded| total.folded = folded)?;
        let finite = total.log_likelihood.is_finite() && total.gradient.iter().all(|g| g.is_finite());
        finite.then_some(total)
    }

    /// Calls `each` with every row's cluster, log-probability with derivatives, and weight.
    /// Returns how many groups are on a folded branch; `None` where there is no likelihood.
    pub fn scores(&self, z: &[f64], each: &mut dyn FnMut(usize, &Dual, f64)) -> Option<usize> {
        let mut folded = 0;
        for g in 0..self.data.groups.len() {
            let (ends, fold) = self.ends(z, g, true).ok()?;
            folded += usize::from(fold);
            let mut known: Vec<Option<Dual>> = vec![None; self.data.patterns.len()];
            for cell in &self.data.groups[g].cells {
                let log = known[cell.pattern]
                    .get_or_insert_with(|| of_pattern(&ends, &self.data.patterns[cell.pattern]));
                each(cell.cluster, log, cell.weight);
            }
        }
        Some(folded)
    }
}

/// The log-probability of a set of ends.
pub fn of_pattern(ends: &[Dual], pattern: &[usize]) -> Dual {
    match pattern {
        [one] => ends[*one].clone(),
        list => log_sum(&list.iter().map(|k| ends[*k].clone()).collect::<Vec<Dual>>()),
    }
}
