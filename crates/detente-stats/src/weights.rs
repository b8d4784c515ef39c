//! Draws that count unequally: how many equal draws they are worth, and their quantiles.

use crate::error::{StatsError, all_finite, length};

/// Returns the effective sample size `(sum w)^2 / sum w^2` (L. Kish, "Survey Sampling", 1965).
///
/// # Errors
/// A weight is negative or not finite, or all are zero.
pub fn effective_size(weights: &[f64]) -> Result<f64, StatsError> {
    check(weights)?;
    // Dividing by the largest first keeps tiny weights from vanishing when squared.
    let most = weights.iter().copied().fold(0.0, f64::max);
    let sum: f64 = weights.iter().map(|w| w / most).sum();
    let squares: f64 = weights.iter().map(|w| (w / most) * (w / most)).sum();
    Ok(sum * sum / squares)
}

/// Returns the weights behind logarithms of weights, scaled so that the largest is 1.
///
/// A logarithm of minus infinity is a weight of zero.
///
/// # Errors
/// A logarithm is NaN or plus infinity, or all are minus infinity.
pub fn from_logs(logs: &[f64]) -> Result<Vec<f64>, StatsError> {
    if let Some(row) = logs.iter().position(|l| l.is_nan() || *l == f64::INFINITY) {
        return Err(StatsError::Weight { row });
    }
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return Err(StatsError::Weight { row: 0 });
    }
    Ok(logs.iter().map(|l| libm::exp(l - most)).collect())
}

/// Returns for each share the smallest value with at least that share of the weight at or below it.
///
/// # Errors
/// Lists of different length, values that are not finite, bad weights, shares outside [0, 1].
pub fn quantiles(values: &[f64], weights: &[f64], shares: &[f64]) -> Result<Vec<f64>, StatsError> {
    length("weights", weights.len(), values.len())?;
    all_finite("values", values)?;
    check(weights)?;
    if shares.iter().any(|s| !(0.0..=1.0).contains(s)) {
        return Err(StatsError::Setting { what: "a share", range: "between 0 and 1" });
    }
    let mut order: Vec<usize> = (0..values.len()).filter(|&i| weights[i] > 0.0).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
    let mut upto = Vec::with_capacity(order.len());
    let mut sum = 0.0;
    for &i in &order {
        sum += weights[i];
        upto.push(sum);
    }
    // Rounding of the sum may not push a share of exactly k/n onto the next value.
    let slack = sum * f64::EPSILON * order.len() as f64;
    let at = |share: f64| {
        let place = upto.partition_point(|&u| u < share * sum - slack);
        values[order[place.min(order.len() - 1)]]
    };
    Ok(shares.iter().map(|&s| at(s)).collect())
}

/// Checks weights.
fn check(weights: &[f64]) -> Result<(), StatsError> {
    if let Some(row) = weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
        return Err(StatsError::Weight { row });
    }
    if weights.iter().all(|&w| w == 0.0) {
        return Err(StatsError::Weight { row: 0 });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effective_size_runs_from_one_to_all() {
        assert_eq!(effective_size(&[2.0; 8]), Ok(8.0));
        assert_eq!(effective_size(&[0.0, 5.0, 0.0]), Ok(1.0));
        assert!((effective_size(&[3.0, 1.0]).unwrap() - 1.6).abs() < 1e-15);
        assert_eq!(effective_size(&[1e-300, 1e-300]), Ok(2.0));
        assert_eq!(effective_size(&[1.0, -1.0]), Err(StatsError::Weight { row: 1 }));
        assert_eq!(effective_size(&[0.0]), Err(StatsError::Weight { row: 0 }));
        assert_eq!(effective_size(&[]), Err(StatsError::Weight { row: 0 }));
    }

    #[test]
    fn logs_far_below_zero_still_weigh() {
        let weights = from_logs(&[-1000.0, -1000.0 + 2f64.ln(), f64::NEG_INFINITY]).unwrap();
        assert!((weights[0] - 0.5).abs() < 1e-12 && weights[1] == 1.0 && weights[2] == 0.0);
        assert!(from_logs(&[f64::NEG_INFINITY]).is_err());
        assert!(from_logs(&[0.0, f64::NAN]).is_err());
    }

    #[test]
    fn whole_weights_are_repeated_values() {
        let repeated = [1.0, 2.0, 2.0, 2.0, 5.0, 5.0];
        for share in [0.0, 0.1, 1.0 / 6.0, 0.2, 0.5, 4.0 / 6.0, 0.7, 1.0] {
            let plain = quantiles(&repeated, &[1.0; 6], &[share]).unwrap();
            let weighted = quantiles(&[5.0, 9.0, 1.0, 2.0], &[2.0, 0.0, 1.0, 3.0], &[share]).unwrap();
            assert_eq!(plain, weighted, "{share}");
        }
        assert_eq!(quantiles(&[3.0, 1.0], &[0.1, 0.1], &[0.5]), Ok(vec![1.0]));
        assert!(quantiles(&[1.0], &[1.0, 2.0], &[0.5]).is_err());
    }
}
