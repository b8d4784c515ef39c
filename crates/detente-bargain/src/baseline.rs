//! What the table would say without any bargaining: weighted mean and weighted median.
//!
//! The one idea: on published tests the weighted mean does about as well as any bargaining model, so
//! every forecast stands beside it.
//! Sources: Achen, C. "Evaluating political decision-making models", in Thomson et al. (eds.), The
//! European Union Decides (2006); the median voter is Black, D. "On the rationale of group
//! decision-making", Journal of Political Economy 56 (1948).

use crate::council::Council;

/// Weights that differ by less than this share of their sum count as a tie.
const TIE: f64 = 1e-12;

/// The two baselines of one issue, in the issue's own unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Baseline {
    /// The mean position, weighted by capability times salience.
    pub mean: f64,
    /// The lowest position that no other position beats when all vote with their weights.
    pub median: f64,
    /// The highest such position; above `median` only if the weights tie exactly.
    pub median_high: f64,
    /// The sum of the weights. 0 says that nobody with capability cares about this issue; mean and
    /// median are then weighted by capability alone.
    pub weight: f64,
}

/// Returns the baselines of one issue.
pub fn baseline(council: &Council, issue: usize) -> Baseline {
    let places: Vec<f64> = (0..council.actors().len()).map(|i| council.position(i, issue)).collect();
    let weights = issue_weights(council, issue);
    let weight = (0..places.len()).map(|i| council.weight(i, issue)).sum();
    let (median, median_high) = weighted_median(&places, &weights);
    Baseline { mean: weighted_mean(&places, &weights), median, median_high, weight }
}

/// Returns the baselines of all issues, in their order.
pub fn baselines(council: &Council) -> Vec<Baseline> {
    (0..council.issues().len()).map(|issue| baseline(council, issue)).collect()
}

/// Returns capability times salience per actor, or capability alone if nobody cares.
pub(crate) fn issue_weights(council: &Council, issue: usize) -> Vec<f64> {
    let actors = council.actors().len();
    let weights: Vec<f64> = (0..actors).map(|i| council.weight(i, issue)).collect();
    if weights.iter().sum::<f64>() > 0.0 {
        return weights;
    }
    (0..actors).map(|i| council.capability(i)).collect()
}

/// Returns the weighted mean. With no weight at all it is the plain mean; of nothing it is 0.
pub fn weighted_mean(places: &[f64], weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    if total > 0.0 {
        return places.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() / total;
    }
    if places.is_empty() { 0.0 } else { places.iter().sum::<f64>() / places.len() as f64 }
}

/// Returns the lowest and the highest held position that no other beats in a weighted vote by distance.
///
/// Along a line this is the weighted median (Black 1948): half of the weight stands on either side.
/// With no weight at all every place weighs the same; of nothing it is (0, 0).
pub fn weighted_median(places: &[f64], weights: &[f64]) -> (f64, f64) {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|&a, &b| places[a].total_cmp(&places[b]));
    let total: f64 = weights.iter().sum();
    let even = total <= 0.0;
    let total = if even { places.len() as f64 } else { total };
    let weight = |i: usize| if even { 1.0 } else { weights[i] };
    let (mut below, mut low) = (0.0, None);
    for &i in &order {
        below += weight(i);
        if low.is_none() && 2.0 * below >= total * (1.0 - TIE) {
            low = Some(places[i]);
        }
        if 2.0 * below > total * (1.0 + TIE) {
            return (low.unwrap_or(places[i]), places[i]);
        }
    }
    let last = order.last().map_or(0.0, |&i| places[i]);
    (low.unwrap_or(last), last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_beats_every_held_position() {
        let places = [4.0, 7.0, 10.0, 2.0, 9.0];
        let weights = [0.3, 0.2, 0.1, 0.25, 0.4];
        let (median, high) = weighted_median(&places, &weights);
        assert_eq!(median, high);
        for other in places {
            let net: f64 =
                places.iter().zip(weights).map(|(x, w)| w * ((x - other).abs() - (x - median).abs())).sum();
            assert!(net >= -1e-12, "{other} beats {median}");
        }
    }

    #[test]
    fn exact_ties_give_both_ends() {
        assert_eq!(weighted_median(&[1.0, 5.0], &[0.5, 0.5]), (1.0, 5.0));
        assert_eq!(weighted_median(&[5.0, 1.0, 3.0], &[0.1, 0.3, 0.2]), (1.0, 3.0));
        assert_eq!(weighted_median(&[5.0], &[0.0]), (5.0, 5.0));
        assert_eq!(weighted_median(&[], &[]), (0.0, 0.0));
    }

    #[test]
    fn the_mean_needs_no_weight_to_be_a_number() {
        assert_eq!(weighted_mean(&[1.0, 2.0], &[3.0, 1.0]), 1.25);
        assert_eq!(weighted_mean(&[1.0, 2.0], &[0.0, 0.0]), 1.5);
        assert_eq!(weighted_mean(&[], &[]), 0.0);
    }
}
