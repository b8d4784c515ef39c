//! Scores of a forecast that leaves something open: least and most over all it could have meant.
//!
//! The one idea: no strictly proper score turns an interval of probabilities into one number
//! (T. Seidenfeld, M. J. Schervish, J. B. Kadane, "Forecasting with imprecise probabilities",
//! International Journal of Approximate Reasoning 2012), so the score is an interval, too.

use crate::error::{StatsError, all_finite, length};

/// Most outcomes for which every corner of the box is looked at.
const CORNERS: usize = 12;
/// Passes of the descent over all pairs of outcomes.
const PASSES: usize = 400;

/// Returns the tightest bounds of probabilities that lie within theirs and sum to 1; `None` if there
/// are none.
pub fn narrowed(bounds: &[(f64, f64)]) -> Option<Vec<(f64, f64)>> {
    let least: f64 = bounds.iter().map(|b| b.0).sum();
    let most: f64 = bounds.iter().map(|b| b.1).sum();
    let slack = 1e-6;
    if least > 1.0 + slack || most < 1.0 - slack || bounds.iter().any(|b| b.0 > b.1) {
        return None;
    }
    let one = |&(low, high): &(f64, f64)| {
        let at_least = low.max(1.0 - (most - high)).min(high);
        (at_least, high.min(1.0 - (least - low)).max(at_least))
    };
    Some(bounds.iter().map(one).collect())
}

/// Returns the least and the most of a convex quadratic `loss` over all probabilities within bounds
/// that [`narrowed`] gave; both are attained. With more than [`CORNERS`] outcomes the most is `None`.
pub fn extremes(bounds: &[(f64, f64)], loss: &dyn Fn(&[f64]) -> f64) -> (f64, Option<f64>) {
    let most = (bounds.len() <= CORNERS)
        .then(|| corners(bounds).iter().map(|p| loss(p)).fold(f64::NEG_INFINITY, f64::max));
    (loss(&lowest(bounds, loss)), most)
}

/// The corners of the box that sum to 1: all outcomes but one stand at an end of their bounds.
fn corners(bounds: &[(f64, f64)]) -> Vec<Vec<f64>> {
    let n = bounds.len();
    let mut list = vec![];
    for open in 0..n {
        for mask in 0u32..1 << (n - 1) {
            let end = |k: usize| {
                let bit = if k < open { k } else { k - 1 };
                if mask >> bit & 1 == 1 { bounds[k].1 } else { bounds[k].0 }
            };
            let others: f64 = (0..n).filter(|k| *k != open).map(end).sum();
            let left = 1.0 - others;
            if left >= bounds[open].0 - 1e-9 && left <= bounds[open].1 + 1e-9 {
                list.push((0..n).map(|k| if k == open { left.clamp(0.0, 1.0) } else { end(k) }).collect());
            }
        }
    }
    list
}

/// The probabilities of least loss: shifts between two outcomes at a time, each to its best, until
/// none helps. For a convex quadratic that is the minimum.
fn lowest(bounds: &[(f64, f64)], loss: &dyn Fn(&[f64]) -> f64) -> Vec<f64> {
    let n = bounds.len();
    let mut p: Vec<f64> = bounds.iter().map(|b| b.0).collect();
    let mut left = 1.0 - p.iter().sum::<f64>();
    for k in 0..n {
        let more = left.clamp(0.0, bounds[k].1 - bounds[k].0);
        p[k] += more;
        left -= more;
    }
    for _ in 0..PASSES {
        let mut moved = 0.0f64;
        for (i, j) in (0..n).flat_map(|i| (0..n).filter(move |j| *j != i).map(move |j| (i, j))) {
            let room = (bounds[i].1 - p[i]).min(p[j] - bounds[j].0);
            if room <= 1e-15 {
                continue;
            }
            let at = |t: f64| {
                let mut shifted = p.clone();
                shifted[i] += t;
                shifted[j] -= t;
                loss(&shifted)
            };
            // Three values of a parabola tell where it turns.
            let (start, middle, end) = (at(0.0), at(room / 2.0), at(room));
            let bend = start - 2.0 * middle + end;
            let slope = 4.0 * middle - 3.0 * start - end;
            let t = match bend > 0.0 {
                true => (-slope / (4.0 * bend)).clamp(0.0, 1.0) * room,
                false if end < start => room,
                false => 0.0,
            };
            if t > 0.0 && at(t) < start {
                p[i] += t;
                p[j] -= t;
                moved = moved.max(t);
            }
        }
        if moved < 1e-12 {
            break;
        }
    }
    p
}

/// Returns bounds of the continuous ranked probability score over all forecasts whose distribution
/// function lies between those of two weighted samples, for what was observed.
///
/// The score is the integral of the squared distance between the distribution function and the step
/// at `observed`; so the least takes, left of it, the lower of the two functions and, right of it, the
/// higher, which is a distribution. The most takes the other of each, which need not be one: the most
/// is a bound.
///
/// # Errors
/// Samples without weight, of unequal lengths, or with numbers that are not finite.
pub fn crps_between(
    a: (&[f64], &[f64]),
    b: (&[f64], &[f64]),
    observed: f64,
) -> Result<(f64, f64), StatsError> {
    let (a, b) = (steps(a)?, steps(b)?);
    let mut places: Vec<f64> = a.iter().chain(&b).map(|s| s.0).chain([observed]).collect();
    places.sort_by(f64::total_cmp);
    let (mut i, mut j, mut up_a, mut up_b) = (0, 0, 0.0, 0.0);
    let (mut least, mut most) = (0.0, 0.0);
    for pair in places.windows(2) {
        while i < a.len() && a[i].0 <= pair[0] {
            up_a = a[i].1;
            i += 1;
        }
        while j < b.len() && b[j].0 <= pair[0] {
            up_b = b[j].1;
            j += 1;
        }
        let step = if pair[0] >= observed { 1.0 } else { 0.0 };
        let miss = |upto: f64| (upto - step) * (upto - step);
        let width = pair[1] - pair[0];
        least += width * miss(up_a).min(miss(up_b));
        most += width * miss(up_a).max(miss(up_b));
    }
    Ok((least, most))
}

/// The places where the distribution function of a weighted sample rises, and its height after each.
fn steps(sample: (&[f64], &[f64])) -> Result<Vec<(f64, f64)>, StatsError> {
    let (values, weights) = sample;
    length("weights", weights.len(), values.len())?;
    all_finite("values", values)?;
    all_finite("weights", weights)?;
    let total: f64 = weights.iter().sum();
    let bad = weights.iter().position(|w| *w < 0.0);
    if bad.is_some() || total <= 0.0 {
        return Err(StatsError::Weight { row: bad.unwrap_or(0) });
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut upto = 0.0;
    let mut list: Vec<(f64, f64)> = vec![];
    for k in order {
        upto += weights[k] / total;
        list.push((values[k], upto.min(1.0)));
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{brier_many, crps, ranked};

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn probabilities_that_must_sum_to_one_bound_each_other() {
        let bounds = narrowed(&[(0.2, 0.9), (0.0, 0.3), (0.1, 0.2)]).unwrap();
        assert!(near(bounds[0].0, 0.5) && near(bounds[0].1, 0.9), "{bounds:?}");
        assert_eq!(narrowed(&[(0.6, 0.7), (0.5, 0.6)]), None);
        assert_eq!(narrowed(&[(0.1, 0.2), (0.1, 0.2)]), None);
    }

    #[test]
    fn no_grid_point_lies_outside_the_extremes_and_some_come_near() {
        let bounds = narrowed(&[(0.1, 0.5), (0.0, 0.4), (0.2, 0.7)]).unwrap();
        for outcome in 0..3 {
            for of in [brier_many, ranked] {
                let loss = |p: &[f64]| of(p, outcome).unwrap_or(f64::NAN);
                let (least, most) = extremes(&bounds, &loss);
                let most = most.unwrap();
                let (mut low, mut high) = (f64::INFINITY, 0.0f64);
                for i in 0..=400 {
                    for j in 0..=400 {
                        let p = [f64::from(i) / 400.0, f64::from(j) / 400.0];
                        let p = [p[0], p[1], 1.0 - p[0] - p[1]];
                        if (0..3).all(|k| p[k] >= bounds[k].0 - 1e-12 && p[k] <= bounds[k].1 + 1e-12) {
                            let p = p.map(|x| x.clamp(0.0, 1.0));
                            low = low.min(loss(&p));
                            high = high.max(loss(&p));
                        }
                    }
                }
                assert!(low >= least - 1e-9 && high <= most + 1e-9, "{low} {least} {high} {most}");
                assert!(low - least < 0.01 && most - high < 0.01, "{low} {least} {high} {most}");
            }
        }
    }

    #[test]
    fn between_two_points_the_score_runs_from_the_nearer_to_the_farther() {
        let at = |y: f64| crps_between((&[1.0], &[1.0]), (&[3.0], &[1.0]), y).unwrap();
        // Whatever lies between may have stood at 2; nothing nearer than 3, nothing farther than 1.
        assert_eq!(at(2.0), (0.0, 2.0));
        assert_eq!(at(4.0), (1.0, 3.0));
    }

    #[test]
    fn samples_and_their_mixtures_lie_between() {
        let (a, b) = ([0.1, 0.4, 0.9, 0.2], [0.3, 0.5, 1.4, 0.8]);
        let (wa, wb) = ([1.0, 2.0, 0.5, 1.0], [0.5, 0.5, 2.0, 1.0]);
        for y in [-0.5, 0.25, 0.6, 2.0] {
            let (least, most) = crps_between((&a, &wa), (&b, &wb), y).unwrap();
            for share in [0.0, 0.3, 1.0] {
                let values: Vec<f64> = a.iter().chain(&b).copied().collect();
                let (ta, tb): (f64, f64) = (wa.iter().sum(), wb.iter().sum());
                let first = wa.iter().map(|w| w / ta * share);
                let weights: Vec<f64> = first.chain(wb.iter().map(|w| w / tb * (1.0 - share))).collect();
                let score = crps(&values, &weights, y).unwrap();
                assert!((least - 1e-9..=most + 1e-9).contains(&score), "{y} {share}: {least} {score} {most}");
            }
        }
        let same = crps_between((&a, &wa), (&a, &wa), 0.6).unwrap();
        let score = crps(&a, &wa, 0.6).unwrap();
        assert!(near(same.0, score) && near(same.1, score));
        assert!(crps_between((&a, &[0.0; 4]), (&b, &wb), 0.0).is_err());
    }
}
