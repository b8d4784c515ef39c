//! Rank correlation between parameters by a Gaussian copula.
//!
//! `correlate a, b = 0.6` states Spearman's rank correlation; the normal
//! scores behind it have Pearson correlation `2 sin(pi/6 * rank)` (K. Pearson,
//! "On further methods of determining correlation", 1907). Ties change the
//! joint draw and leave every marginal prior as written.

use crate::families::{normal_cdf, normal_quantile};
use thiserror::Error;

/// Pivots below this are taken as zero: perfectly tied parameters are allowed.
const SMALLEST_PIVOT: f64 = 1e-12;

/// A joint distribution of ranks: the lower triangular factor of the score correlations.
#[derive(Clone, Debug, PartialEq)]
pub struct Copula {
    factor: Vec<Vec<f64>>,
}

/// Why correlations do not fit together.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum CopulaError {
    #[error("a correlation must lie between -1 and 1, but is {value}")]
    OutOfRange { value: f64 },
    #[error("a parameter cannot be correlated with itself")]
    Itself,
    #[error("these correlations cannot all hold at once")]
    Incompatible,
}

impl Copula {
    /// Builds the copula of `n` parameters from pairs (first, second, rank correlation).
    ///
    /// # Errors
    /// A correlation outside [-1, 1], a position twice or beyond `n`, or a set that no distribution has.
    pub fn new(n: usize, pairs: &[(usize, usize, f64)]) -> Result<Copula, CopulaError> {
        let mut scores: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(i == j)).collect()).collect();
        for &(i, j, rank) in pairs {
            if !(-1.0..=1.0).contains(&rank) {
                return Err(CopulaError::OutOfRange { value: rank });
            }
            if i == j || i >= n || j >= n {
                return Err(CopulaError::Itself);
            }
            let score = 2.0 * libm::sin(std::f64::consts::PI / 6.0 * rank);
            scores[i][j] = score;
            scores[j][i] = score;
        }
        cholesky(&scores).map(|factor| Copula { factor }).ok_or(CopulaError::Incompatible)
    }

    /// Returns the Pearson correlations of the normal scores, as a full matrix.
    pub fn scores(&self) -> Vec<Vec<f64>> {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        self.factor.iter().map(|a| self.factor.iter().map(|b| dot(a, b)).collect()).collect()
    }

    /// Ties independent uniform numbers in place; each stays uniform on its own.
    pub fn tie(&self, shares: &mut [f64]) {
        let scores: Vec<f64> = shares.iter().map(|&u| normal_quantile(u)).collect();
        for (i, (share, row)) in shares.iter_mut().zip(&self.factor).enumerate() {
            // A parameter tied to nothing before it keeps its bits.
            let alone = row[i] == 1.0;
            if !alone {
                let score: f64 = row.iter().zip(&scores).map(|(l, z)| l * z).sum();
                *share = normal_cdf(score).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
            }
        }
    }
}

/// Returns the lower triangular factor of a positive semidefinite matrix, or `None` if it is not one.
pub fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    let mut factor = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let rest = matrix[i][j] - dot;
            if i == j {
                if rest < -SMALLEST_PIVOT {
                    return None;
                }
                factor[i][i] = if rest <= SMALLEST_PIVOT { 0.0 } else { rest.sqrt() };
            } else if factor[j][j] > 0.0 {
                factor[i][j] = rest / factor[j][j];
            } else if rest.abs() > 1e-9 {
                return None;
            }
        }
    }
    Some(factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::uniform;

    #[test]
    fn ranks_correlate_as_stated_and_marginals_stay_uniform() {
        let copula = Copula::new(2, &[(0, 1, 0.6)]).unwrap();
        let n = 4000;
        let (mut product, mut mean) = (0.0, 0.0);
        for i in 0..n {
            let mut shares = [uniform(3, "a", i), uniform(3, "b", i)];
            copula.tie(&mut shares);
            product += (shares[0] - 0.5) * (shares[1] - 0.5);
            mean += shares[1];
        }
        let n = n as f64;
        assert!((product / n * 12.0 - 0.6).abs() < 0.04, "{}", product / n * 12.0);
        assert!((mean / n - 0.5).abs() < 0.02);
    }

    #[test]
    fn impossible_sets_are_refused_and_perfect_ties_allowed() {
        let bad = Copula::new(3, &[(0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9)]);
        assert_eq!(bad, Err(CopulaError::Incompatible));
        assert!(matches!(Copula::new(2, &[(0, 1, 1.5)]), Err(CopulaError::OutOfRange { .. })));
        assert!(matches!(Copula::new(2, &[(0, 1, f64::NAN)]), Err(CopulaError::OutOfRange { .. })));
        let pair = Copula::new(2, &[(0, 1, 0.5)]).unwrap().scores();
        assert!((pair[0][1] - 2.0 * (std::f64::consts::PI / 12.0).sin()).abs() < 1e-15);
        assert!((pair[1][1] - 1.0).abs() < 1e-15);
        let mut shares = [0.3, 0.8];
        Copula::new(2, &[(0, 1, 1.0)]).unwrap().tie(&mut shares);
        assert!((shares[1] - 0.3).abs() < 1e-9);
    }
}
