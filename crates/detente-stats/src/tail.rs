//! Whether a few draws carry all the weight: the shape of the weights' upper tail.
//!
//! The one idea: weights whose tail is as heavy as a generalised Pareto distribution with shape
//! k > 0.7 give averages that no feasible number of draws settles (Vehtari, Simpson, Gelman, Yao
//! and Gabry, "Pareto smoothed importance sampling", Journal of Machine Learning Research 2024).

use crate::error::StatsError;

/// Above this shape an average over the weights is not to be trusted.
pub const UNSETTLED: f64 = 0.7;
/// Fewest weights in the tail from which a shape is read.
const LEAST: usize = 5;

/// The estimated shape k of the upper tail; `None` where there are too few distinct weights.
///
/// The tail holds the `min(n / 5, 3 sqrt(n))` largest weights. The estimate is that of Zhang and
/// Stephens, "A new and efficient estimation method for the generalized Pareto distribution",
/// Technometrics 2009, drawn towards 1/2 as in the paper named above.
///
/// # Errors
/// A weight that is negative or not finite.
pub fn shape(weights: &[f64]) -> Result<Option<f64>, StatsError> {
    if let Some(row) = weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
        return Err(StatsError::Weight { row });
    }
    let mut sorted = weights.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let size = (0.2 * n as f64).min(3.0 * (n as f64).sqrt()).ceil() as usize;
    if size < LEAST || size >= n {
        return Ok(None);
    }
    let (rest, tail) = sorted.split_at(n - size);
    let cut = rest[rest.len() - 1];
    let above: Vec<f64> = tail.iter().map(|w| w - cut).filter(|x| *x > 0.0).collect();
    let most = above.last().copied().unwrap_or(0.0);
    if above.len() < LEAST || most <= cut.abs() * 1e-12 {
        return Ok(None);
    }
    let raw = fit(&above);
    let m = above.len() as f64;
    Ok(Some((raw * m + 5.0) / (m + 10.0)))
}

/// The posterior mean of k over a grid of θ, for excesses in ascending order.
fn fit(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let points = 30 + n.sqrt() as usize;
    let quartile = x[((n / 4.0 + 0.5) as usize).clamp(1, x.len()) - 1];
    let most = x[x.len() - 1];
    let shape_at = |theta: f64| x.iter().map(|v| libm::log1p(-theta * v)).sum::<f64>() / n;
    let grid: Vec<f64> = (1..=points)
        .map(|j| 1.0 / most + (1.0 - (points as f64 / (j as f64 - 0.5)).sqrt()) / (3.0 * quartile))
        .collect();
    // The profile log-likelihood of each θ.
    let fits: Vec<f64> = grid
        .iter()
        .map(|t| {
            let k = shape_at(*t);
            n * (libm::log(-t / k) - k - 1.0)
        })
        .collect();
    let weight = |l: f64| 1.0 / fits.iter().map(|other| libm::exp(other - l)).sum::<f64>();
    let theta: f64 = grid.iter().zip(&fits).map(|(t, l)| t * weight(*l)).sum();
    shape_at(theta)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quantiles of a generalised Pareto distribution with shape k, at n even shares.
    fn pareto(k: f64, n: usize) -> Vec<f64> {
        let at = |i: usize| (i as f64 + 0.5) / n as f64;
        (0..n).map(|i| ((1.0 - at(i)).powf(-k) - 1.0) / k).collect()
    }

    #[test]
    fn the_shape_of_known_tails_is_found() {
        for k in [0.3, 0.5, 0.9] {
            let found = shape(&pareto(k, 20_000)).unwrap().unwrap();
            assert!((found - k).abs() < 0.08, "{k}: {found}");
        }
        // Bounded weights have a negative shape: nothing to fear.
        let even: Vec<f64> = (0..1000).map(|i| f64::from(i) / 1000.0).collect();
        assert!(shape(&even).unwrap().unwrap() < 0.0);
    }

    #[test]
    fn too_little_says_nothing() {
        assert_eq!(shape(&[1.0; 500]), Ok(None));
        assert_eq!(shape(&[0.1, 0.2]), Ok(None));
        assert_eq!(shape(&[1.0, f64::NAN]), Err(StatsError::Weight { row: 1 }));
    }
}
