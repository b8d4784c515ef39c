//! Shares of draws: exact confidence bounds, weights, and ratios of sums.

use detente_prob::Prior;
use serde::{Deserialize, Serialize};

/// The share whose lower confidence bound makes a claim hold or fail.
pub const ENOUGH: f64 = 0.95;
/// Confidence of the one-sided lower bound.
pub const CONFIDENCE: f64 = 0.95;

/// What the draws say of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Finding {
    Holds,
    Fails,
    Depends,
    /// Fewer than 5 % of the draws satisfy the claim's `where`.
    Vacuous,
}

/// Fewer hits than this bound nothing.
const LEAST: f64 = 1e-3;
/// More draws than this make the exact bound and Wilson's the same to four digits.
const MOST: f64 = 50_000.0;

/// The one-sided lower 95 % bound of a share by Clopper and Pearson, "The use of confidence
/// or fiducial limits illustrated in the case of the binomial", Biometrika 1934.
///
/// `hits` and `draws` need not be whole: a weighted share passes its effective sample size.
pub fn lower_bound(hits: f64, draws: f64) -> f64 {
    if hits < LEAST || draws <= 0.0 {
        return 0.0;
    }
    if draws > MOST {
        return wilson(hits / draws, draws);
    }
    Prior::Beta { a: hits, b: (draws - hits).max(0.0) + 1.0 }.quantile(1.0 - CONFIDENCE)
}

/// The one-sided lower bound of Wilson, "Probable inference, the law of succession, and
/// statistical inference", Journal of the American Statistical Association 1927.
fn wilson(share: f64, draws: f64) -> f64 {
    const Z: f64 = 1.644_853_626_951_472_2;
    let square = Z * Z / draws;
    let spread = (share * (1.0 - share) / draws + square / (4.0 * draws)).sqrt();
    ((share + square / 2.0 - Z * spread) / (1.0 + square)).max(0.0)
}

/// Decides from the bounds of "true in all" and "false in all".
pub fn finding(holds: f64, fails: f64) -> Finding {
    if holds >= ENOUGH {
        Finding::Holds
    } else if fails >= ENOUGH {
        Finding::Fails
    } else {
        Finding::Depends
    }
}

/// The number of equally weighted draws worth as much as these (Kish, "Survey sampling", 1965).
pub fn effective_size(weights: &[f64]) -> f64 {
    let sum: f64 = weights.iter().sum();
    let squares: f64 = weights.iter().map(|w| w * w).sum();
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// Part and whole in one draw and one of its equilibria: P(X and E) and P(E).
pub type Pair = (f64, f64);

/// Lowest and highest ratio of sums when each draw may take any one of its pairs
/// (Dinkelbach, "On nonlinear fractional programming", Management Science 1967).
pub fn ratio_bounds(draws: &[Vec<Pair>]) -> Option<(f64, f64)> {
    let used: Vec<&Vec<Pair>> = draws.iter().filter(|d| d.iter().any(|p| p.1 > 0.0)).collect();
    if used.is_empty() {
        return None;
    }
    Some((extreme(&used, -1.0)?, extreme(&used, 1.0)?))
}

fn extreme(draws: &[&Vec<Pair>], sign: f64) -> Option<f64> {
    let mut ratio = if sign > 0.0 { 0.0 } else { 1.0 };
    for _ in 0..100 {
        let (mut part, mut whole) = (0.0, 0.0);
        for draw in draws {
            let worth = |p: &Pair| sign * (p.0 - ratio * p.1);
            // An equilibrium in which the event is impossible is refuted, not chosen.
            let able = draw.iter().filter(|p| p.1 > 0.0);
            let best = able.max_by(|a, b| worth(a).total_cmp(&worth(b)))?;
            part += best.0;
            whole += best.1;
        }
        let next = part / whole;
        if (next - ratio).abs() <= 1e-15 {
            return Some(next);
        }
        ratio = next;
    }
    Some(ratio)
}

/// Spearman's rank correlation; `None` where one side does not vary.
pub fn rank_correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let (x, y) = (ranks(x), ranks(y));
    let n = x.len() as f64;
    let mean = (n + 1.0) / 2.0;
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(&y) {
        xy += (a - mean) * (b - mean);
        xx += (a - mean) * (a - mean);
        yy += (b - mean) * (b - mean);
    }
    if xx > 0.0 && yy > 0.0 { Some(xy / (xx * yy).sqrt()) } else { None }
}

/// Ranks from 1, ties sharing their mean.
fn ranks(list: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.sort_by(|a, b| list[*a].total_cmp(&list[*b]));
    let mut ranks = vec![0.0; list.len()];
    let mut start = 0;
    while start < order.len() {
        let tied = order[start..].iter().take_while(|k| list[**k] == list[order[start]]).count();
        let rank = start as f64 + (tied as f64 + 1.0) / 2.0;
        order[start..start + tied].iter().for_each(|k| ranks[*k] = rank);
        start += tied;
    }
    ranks
}

/// The value below which a share of a list lies, by the nearest rank; the list must be sorted.
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get(((last as f64) * share).round() as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_clopper_and_pearsons() {
        // All of n: the bound is 0.05^(1/n).
        assert!((lower_bound(58.0, 58.0) - 0.05f64.powf(1.0 / 58.0)).abs() < 1e-9);
        assert_eq!(lower_bound(0.0, 10.0), 0.0);
        // 59 of 59 is the least that reaches 95 %.
        assert_eq!(finding(lower_bound(58.0, 58.0), 0.0), Finding::Depends);
        assert_eq!(finding(lower_bound(59.0, 59.0), 0.0), Finding::Holds);
        assert!((lower_bound(1960.0, 2000.0) - 0.974).abs() < 1e-3);
        // Where one bound takes over from the other they agree.
        assert!((lower_bound(48_000.0, 50_000.0) - wilson(0.96, 50_000.0)).abs() < 1e-4);
        assert!(lower_bound(96_000.0, 100_000.0) > 0.958);
    }

    #[test]
    fn a_pooled_posterior_is_a_ratio_of_sums() {
        let draws = vec![vec![(0.1, 0.2)], vec![(0.9, 0.9)], vec![(0.0, 0.0)]];
        let (low, high) = ratio_bounds(&draws).unwrap();
        assert!((low - 1.0 / 1.1).abs() < 1e-12 && low == high);
        let several = vec![vec![(0.1, 0.2), (0.0, 0.6)], vec![(0.9, 0.9), (0.0, 0.0)]];
        let (low, high) = ratio_bounds(&several).unwrap();
        assert!((low - 0.9 / 1.5).abs() < 1e-12 && (high - 1.0 / 1.1).abs() < 1e-12);
        assert_eq!(ratio_bounds(&[vec![(0.0, 0.0)]]), None);
    }

    #[test]
    fn ranks_share_ties() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0]), vec![2.5, 1.0, 2.5]);
        assert_eq!(rank_correlation(&[1.0, 2.0, 3.0], &[10.0, 20.0, 90.0]), Some(1.0));
        assert_eq!(rank_correlation(&[1.0, 2.0], &[5.0, 5.0]), None);
    }
}
