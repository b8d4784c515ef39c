//! Draws of the parameters, each addressed by (seed, index) alone.

use detente_exact::Q;
use detente_game::ParamId;
use detente_model::Model;
use detente_model::model::ParamKind;
use detente_prob::base::three_digits;
use detente_prob::copula::cholesky;
use detente_prob::{Copula, CopulaError, Prior, Sobol, TooManyDimensions, uniform};

/// Where draws lie: both kinds depend on (seed, index) alone.
#[derive(Clone, Debug)]
pub enum Points {
    /// Independent random numbers.
    Random,
    /// Scrambled Sobol' points, which fill the space more evenly.
    Sobol(Box<Sobol>),
}

/// Draws all uncertain parameters of a model.
pub struct Sampler<'m> {
    base: Vec<Q>,
    uncertain: Vec<(ParamId, &'m str, &'m Prior)>,
    copula: Option<Copula>,
}

impl<'m> Sampler<'m> {
    /// Prepares the priors and rank correlations of a model.
    ///
    /// # Errors
    /// Correlations that no joint distribution has.
    pub fn new(model: &'m Model) -> Result<Sampler<'m>, CopulaError> {
        let mut uncertain = vec![];
        for (k, param) in model.game.params.iter().enumerate() {
            let drawn = model.params.get(k).is_none_or(|i| i.kind == ParamKind::Prior);
            if let Some(prior) = param.prior.as_ref().filter(|_| drawn) {
                uncertain.push((ParamId(k as u32), param.name.as_str(), prior));
            }
        }
        let place = |p: ParamId| uncertain.iter().position(|u| u.0 == p);
        let pairs: Vec<(usize, usize, f64)> = model
            .correlations
            .iter()
            .filter_map(|c| Some((place(c.left)?, place(c.right)?, c.rank)))
            .collect();
        let copula = if pairs.is_empty() { None } else { Some(Copula::new(uncertain.len(), &pairs)?) };
        Ok(Sampler { base: model.game.base_params(), uncertain, copula })
    }

    /// The parameters that are drawn.
    pub fn uncertain(&self) -> impl Iterator<Item = (ParamId, &'m Prior)> + '_ {
        self.uncertain.iter().map(|(p, _, prior)| (*p, *prior))
    }

    /// Their names.
    pub fn names(&self) -> Vec<&'m str> {
        self.uncertain.iter().map(|u| u.1).collect()
    }

    /// Their base values.
    pub fn base_values(&self) -> Vec<f64> {
        self.uncertain.iter().map(|u| self.base[u.0.index()].to_f64()).collect()
    }

    /// How independent normal scores make those of the parameters: a lower triangular matrix.
    pub fn factor(&self) -> Vec<Vec<f64>> {
        let n = self.uncertain.len();
        let alone = || (0..n).map(|i| (0..n).map(|j| f64::from(i == j)).collect()).collect();
        self.copula.as_ref().and_then(|c| cholesky(&c.scores())).unwrap_or_else(alone)
    }

    /// Sobol' points for these parameters.
    ///
    /// # Errors
    /// More parameters than there are dimensions.
    pub fn sobol(&self, seed: u64) -> Result<Points, TooManyDimensions> {
        Sobol::new(self.uncertain.len(), seed).map(|points| Points::Sobol(Box::new(points)))
    }

    /// Draw `index`: the values of the uncertain parameters, in order.
    pub fn values(&self, seed: u64, index: u64) -> Vec<f64> {
        self.values_at(&Points::Random, seed, index)
    }

    /// As [`Sampler::values`], with these points.
    pub fn values_at(&self, points: &Points, seed: u64, index: u64) -> Vec<f64> {
        let mut shares: Vec<f64> = match points {
            Points::Random => self.uncertain.iter().map(|(_, name, _)| uniform(seed, name, index)).collect(),
            Points::Sobol(points) => points.point(index),
        };
        if let Some(copula) = &self.copula {
            copula.tie(&mut shares);
        }
        self.quantiles(&shares)
    }

    /// The values at these shares of the priors, each on its own.
    pub fn quantiles(&self, shares: &[f64]) -> Vec<f64> {
        self.uncertain.iter().zip(shares).map(|((_, _, prior), u)| prior.quantile(*u)).collect()
    }

    /// Correlations of the parameters' normal scores; `None` if none is declared.
    pub fn scores(&self) -> Option<Vec<Vec<f64>>> {
        self.copula.as_ref().map(Copula::scores)
    }

    /// All parameters where the uncertain ones have these values: each float is taken exactly.
    pub fn params(&self, values: &[f64]) -> Vec<Q> {
        let mut params = self.base.clone();
        for ((p, ..), value) in self.uncertain.iter().zip(values) {
            if let Some(q) = Q::from_f64(*value) {
                params[p.index()] = q;
            }
        }
        params
    }
}

/// The range in which a parameter is varied: the ends of its support where the prior puts
/// weight right up to them, else the 0.5 % and the 99.5 % quantile. At an end that no draw
/// reaches, such as the zero of a lognormal, a game is degenerate and a flip means nothing.
pub fn range_of(prior: &Prior) -> (f64, f64) {
    match prior {
        Prior::Uniform { .. } | Prior::Discrete { .. } => prior.support(),
        Prior::Truncated { prior, lo, hi } => {
            let (low, high) = range_of(prior);
            (low.max(*lo), high.min(*hi))
        }
        _ => (prior.quantile(0.005), prior.quantile(0.995)),
    }
}

/// [`range_of`] as exact numbers: ends of the support as they are written, quantiles to three
/// digits. `None` where an end is no number.
pub fn stated_range(prior: &Prior) -> Option<(Q, Q)> {
    let (support, range) = (prior.support(), range_of(prior));
    let exact = |end: f64, support: f64| match end == support {
        true => Q::parse(&format!("{end}")),
        false => three_digits(end),
    };
    Some((exact(range.0, support.0)?, exact(range.1, support.1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_stop_short_of_ends_that_no_draw_reaches() {
        assert_eq!(range_of(&Prior::Uniform { lo: 0.2, hi: 0.4 }), (0.2, 0.4));
        let (low, high) = range_of(&Prior::Lognormal { mu: -1.3, sigma: 0.4 });
        assert!(low > 0.05 && high < 1.0, "{low} {high}");
        let cut =
            Prior::Truncated { prior: Box::new(Prior::Normal { mean: 0.0, sd: 1.0 }), lo: -0.5, hi: 9.0 };
        let (low, high) = range_of(&cut);
        assert!(low == -0.5 && high < 3.0, "{low} {high}");
    }
}
