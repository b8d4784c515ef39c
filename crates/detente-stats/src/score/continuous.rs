//! The continuous ranked probability score of a sample from a forecast.
//!
//! `CRPS = E|X - y| - E|X - X'| / 2` for independent draws X, X' of the forecast and the observed y
//! (Gneiting and Raftery 2007, eq. 21). It has the unit of y, and for a point forecast it is the
//! absolute error.

use crate::error::{StatsError, all_finite, length};

/// Returns the score of a weighted sample taken as the whole forecast.
///
/// Equal weights give the form known as "NRG" or the empirical distribution's score.
///
/// # Errors
/// An empty sample, values that are not finite, weights that are negative or all zero.
pub fn crps(values: &[f64], weights: &[f64], observed: f64) -> Result<f64, StatsError> {
    length("weights", weights.len(), values.len())?;
    let (distance, spread) = parts(values, weights, observed)?;
    Ok(distance - spread / 2.0)
}

/// Returns the score corrected for the size of the sample: unbiased for the forecast it is drawn from.
///
/// C. A. T. Ferro, "Fair scores for ensemble forecasts" (2014). May be negative for a single sample.
///
/// # Errors
/// As [`crps`], and a sample of one.
pub fn crps_fair(values: &[f64], observed: f64) -> Result<f64, StatsError> {
    if values.len() < 2 {
        return Err(StatsError::TooFew { what: "values", have: values.len(), want: 2 });
    }
    let (distance, spread) = parts(values, &vec![1.0; values.len()], observed)?;
    let n = values.len() as f64;
    Ok(distance - spread / 2.0 * n / (n - 1.0))
}

/// Returns the mean distance to the observed value and the mean distance of two draws.
fn parts(values: &[f64], weights: &[f64], observed: f64) -> Result<(f64, f64), StatsError> {
    all_finite("values", values)?;
    all_finite("observed", &[observed])?;
    let bad = weights.iter().position(|w| !(w.is_finite() && *w >= 0.0));
    let total: f64 = weights.iter().sum();
    if bad.is_some() || total <= 0.0 {
        return Err(StatsError::Weight { row: bad.unwrap_or(0) });
    }
    let distance = values.iter().zip(weights).map(|(x, w)| w * (x - observed).abs()).sum::<f64>() / total;
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
    // Between two neighbours the distribution function is constant, F say; E|X - X'| is the integral
    // of 2 F (1 - F).
    let mut upto = 0.0;
    let mut spread = 0.0;
    for pair in order.windows(2) {
        upto += weights[pair[0]];
        let share = upto / total;
        spread += 2.0 * share * (1.0 - share) * (values[pair[1]] - values[pair[0]]);
    }
    Ok((distance, spread))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: [f64; 6] = [0.3, 1.2, -0.7, 2.5, 0.3, 1.9];

    fn near(a: Result<f64, StatsError>, b: f64) -> bool {
        (a.unwrap() - b).abs() < 1e-12
    }

    /// `properscoring` 0.1 `crps_ensemble` and `scoringrules` 0.10.0 `crps_ensemble` ("nrg", "fair").
    #[test]
    fn reference_numbers() {
        assert!(near(crps(&SAMPLE, &[1.0; 6], 0.9), 0.347_222_222_222_222_1));
        assert!(near(crps_fair(&SAMPLE, 0.9), 0.226_666_666_666_666_46));
        assert!(near(crps(&SAMPLE, &[1.0, 2.0, 3.0, 1.0, 1.0, 2.0], 0.9), 0.383_999_999_999_999_9));
        assert!(near(crps(&SAMPLE, &[1.0; 6], -4.0), 4.313_888_888_888_889));
        assert!(near(crps(&SAMPLE, &[1.0; 6], 9.0), 7.480_555_555_555_556));
    }

    #[test]
    fn a_point_forecast_scores_its_distance() {
        assert!(near(crps(&[2.0], &[1.0], 5.5), 3.5));
        assert!(near(crps(&[2.0, 9.0], &[1.0, 0.0], 5.5), 3.5));
    }

    /// Of a uniform forecast on [0, 1] and an outcome y inside: y^2 - y + 1/3.
    #[test]
    fn a_fine_sample_of_the_uniform_distribution_meets_its_closed_form() {
        let sample: Vec<f64> = (0..1000).map(|k| (f64::from(k) + 0.5) / 1000.0).collect();
        for y in [0.0, 0.3, 0.5, 1.0] {
            let score = crps(&sample, &vec![1.0; 1000], y).unwrap();
            assert!((score - (y * y - y + 1.0 / 3.0)).abs() < 1e-6, "{y}");
        }
    }

    #[test]
    fn bad_samples_are_refused() {
        assert!(crps(&[], &[], 0.0).is_err());
        assert!(crps(&[1.0], &[1.0, 1.0], 0.0).is_err());
        assert!(crps(&[1.0, 2.0], &[1.0, -1.0], 0.0).is_err());
        assert!(crps(&[f64::NAN], &[1.0], 0.0).is_err());
        assert!(crps(&[1.0], &[1.0], f64::INFINITY).is_err());
        assert!(crps_fair(&[1.0], 0.0).is_err());
    }
}
