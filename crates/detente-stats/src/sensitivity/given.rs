//! Sensitivity from a sample that exists already, whatever it was drawn for.
//!
//! Two measures per input. The *first* index: the share of the output's variance between classes of the
//! input, corrected for chance (T. L. Kelley, "An unbiased correlation ratio measure", 1935). And
//! Borgonovo's *delta*: how far, on average, knowing the input moves the whole distribution of the
//! output, from 0 (not at all) to 1 (E. Borgonovo, "A new uncertainty importance measure", 2007), with
//! classes as in E. Plischke, E. Borgonovo, C. L. Smith, "Global sensitivity measures from given data"
//! (2013). Delta sees what variance does not, and needs no independence of the inputs to be meant.
//!
//! Delta does not change when the output is bent without changing its order, so it is computed on
//! ranks: no tail, however long, spoils the grid. What varies within a class of the input or within the
//! kernel's width is not seen, so delta is rather too low than too high, the more so in small samples;
//! its interval is that of the estimator. Whether a number is a finding is decided against the same
//! sample with the output shuffled.

use super::effect::{Effect, check_interval, percentiles};
use crate::error::{StatsError, all_finite, length, scaled};
use crate::random::{order, pick};
use serde::Serialize;

/// The most classes of an input.
const MOST_CLASSES: usize = 48;
/// Outputs with at most so many values are taken as kinds, not as numbers on a line.
const MOST_KINDS: usize = 20;
/// Cells of the grid for outputs on a line.
const CELLS: usize = 64;
/// The fewest draws that say anything.
const FEWEST: usize = 50;

/// How intervals and findings are decided.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenSettings {
    /// The confidence level. Default 0.95.
    pub level: f64,
    /// Bootstrap resamples for the intervals, and as many shuffles. Default 200.
    pub resamples: usize,
    /// The seed of both.
    pub seed: u64,
}

impl Default for GivenSettings {
    fn default() -> GivenSettings {
        GivenSettings { level: 0.95, resamples: 200, seed: 0 }
    }
}

/// What a sample says about one input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Given {
    /// The share of variance between classes of the input.
    pub first: Effect,
    /// How far knowing the input moves the distribution of the output.
    pub delta: Effect,
    /// The number of classes that the input was cut into.
    pub classes: usize,
}

/// Computes both measures for each column of inputs.
///
/// # Errors
/// Fewer than 50 draws, lists of different length, values that are not finite, an output that never
/// changes, or settings outside their range.
pub fn given_data(
    columns: &[Vec<f64>],
    outputs: &[f64],
    settings: &GivenSettings,
) -> Result<Vec<Given>, StatsError> {
    check_interval(settings.level, settings.resamples)?;
    let n = outputs.len();
    if n < FEWEST {
        return Err(StatsError::TooFew { what: "draws", have: n, want: FEWEST });
    }
    all_finite("the outputs", outputs)?;
    for (number, column) in columns.iter().enumerate() {
        length("a column", column.len(), n)?;
        all_finite(&format!("column {number}"), column)?;
    }
    let output = Output::new(outputs)?;
    let inputs: Vec<Classes> = columns.iter().map(|column| Classes::new(column)).collect();
    let plain: Vec<usize> = (0..n).collect();
    let whole: Vec<(f64, f64)> =
        inputs.iter().map(|input| measures(input, &output, &plain, &plain)).collect();

    let mut again = vec![(Vec::new(), Vec::new()); inputs.len()];
    let mut shuffled = again.clone();
    for number in 0..settings.resamples as u64 {
        let picks: Vec<usize> = (0..n as u64)
            .map(|k| pick(settings.seed, "bootstrap of a sample", number * n as u64 + k, n))
            .collect();
        let turned = order(settings.seed, "shuffles of a sample", number, n);
        for (place, input) in inputs.iter().enumerate() {
            let (first, delta) = measures(input, &output, &picks, &picks);
            again[place].0.push(first);
            again[place].1.push(delta);
            let (first, delta) = measures(input, &output, &plain, &turned);
            shuffled[place].0.push(first);
            shuffled[place].1.push(delta);
        }
    }
    let lists = again.iter_mut().zip(&mut shuffled);
    Ok(inputs
        .iter()
        .zip(whole)
        .zip(lists)
        .map(|((input, (first, delta)), (again, shuffled))| Given {
            first: settle(first, false, &mut again.0, &mut shuffled.0, settings.level),
            delta: settle(delta, true, &mut again.1, &mut shuffled.1, settings.level),
            classes: input.count,
        })
        .collect())
}

/// Turns an estimate, its resamples and its shuffles into an effect.
///
/// A `biased` estimate is too high by noise, and its resamples are too high by about as much again.
fn settle(estimate: f64, biased: bool, again: &mut [f64], shuffled: &mut [f64], level: f64) -> Effect {
    let excess = if biased { again.iter().sum::<f64>() / again.len() as f64 - estimate } else { 0.0 };
    let (low, high) = percentiles(again, level);
    let estimate_shifted = estimate - excess;
    // A resample is off from the estimate by its bias and its noise; the estimate from the truth alike.
    let (low, high) =
        (low - if biased { 2.0 * excess } else { 0.0 }, high - if biased { 2.0 * excess } else { 0.0 });
    let (_, chance) = percentiles(shuffled, 2.0 * level - 1.0);
    if estimate > chance {
        Effect::new(estimate_shifted, low, high)
    } else {
        Effect::Indistinct { raw: estimate_shifted, high: high.max(0.0) }
    }
}

/// An input cut into classes of about equal size; equal values are in one class.
struct Classes {
    of: Vec<usize>,
    count: usize,
}

impl Classes {
    fn new(column: &[f64]) -> Classes {
        let n = column.len();
        let mut rows: Vec<usize> = (0..n).collect();
        rows.sort_by(|&a, &b| column[a].total_cmp(&column[b]));
        let distinct = 1 + rows.windows(2).filter(|w| column[w[0]] != column[w[1]]).count();
        let most = class_count(n);
        let mut of = vec![0; n];
        let (mut class, mut begun) = (0, 0);
        for place in 1..n {
            let changes = column[rows[place]] != column[rows[place - 1]];
            // With few values each is a class; else a class ends where its share of rows is used up.
            let full = distinct <= most || place * most >= (class + 1) * n && place > begun;
            if changes && full {
                class += 1;
                begun = place;
            }
            of[rows[place]] = class;
        }
        Classes { of, count: class + 1 }
    }
}

/// The number of classes for a sample: grows slowly and stops at 48 (Plischke and others 2013, (20)).
fn class_count(n: usize) -> usize {
    let size = n as f64;
    let power = 2.0 / (7.0 + libm::tanh((1500.0 - size) / 500.0));
    (libm::pow(size, power).ceil() as usize).clamp(2, MOST_CLASSES)
}

/// The output about its mean, and the cell of each draw.
struct Output {
    values: Vec<f64>,
    cell: Vec<usize>,
    cells: usize,
    /// Cells on a line are smoothed; kinds are not.
    line: bool,
}

impl Output {
    fn new(outputs: &[f64]) -> Result<Output, StatsError> {
        let n = outputs.len();
        let (outputs, _) = scaled(outputs);
        let middle = outputs.iter().sum::<f64>() / n as f64;
        let mut rows: Vec<usize> = (0..n).collect();
        rows.sort_by(|&a, &b| outputs[a].total_cmp(&outputs[b]));
        let groups: Vec<&[usize]> = rows.chunk_by(|&a, &b| outputs[a] == outputs[b]).collect();
        if groups.len() == 1 {
            return Err(StatsError::Constant);
        }
        let line = groups.len() > MOST_KINDS;
        let cells = if line { CELLS } else { groups.len() };
        let mut cell = vec![0; n];
        let mut before = 0;
        for (kind, group) in groups.iter().enumerate() {
            // Equal outputs share the middle of their ranks.
            let middle = before + group.len() / 2;
            for &row in *group {
                cell[row] = if line { (middle * CELLS / n).min(CELLS - 1) } else { kind };
            }
            before += group.len();
        }
        Ok(Output { values: outputs.iter().map(|y| y - middle).collect(), cell, cells, line })
    }
}

/// First index and delta of the pairs (class of `xs[k]`, output of `ys[k]`).
fn measures(input: &Classes, output: &Output, xs: &[usize], ys: &[usize]) -> (f64, f64) {
    let mut counts = vec![0.0; input.count * output.cells];
    let mut sums = vec![(0.0, 0.0); input.count];
    let mut squares = 0.0;
    for (&x, &y) in xs.iter().zip(ys) {
        let class = input.of[x];
        counts[class * output.cells + output.cell[y]] += 1.0;
        let value = output.values[y];
        sums[class].0 += 1.0;
        sums[class].1 += value;
        squares += value * value;
    }
    (first_index(&sums, squares), delta(&counts, output.cells, output.line))
}

/// The correlation ratio less what chance gives it: `1 - (within / (n - k)) / (all / (n - 1))`.
fn first_index(sums: &[(f64, f64)], squares: f64) -> f64 {
    let n: f64 = sums.iter().map(|s| s.0).sum();
    let sum: f64 = sums.iter().map(|s| s.1).sum();
    let classes = sums.iter().filter(|s| s.0 > 0.0).count() as f64;
    let all = squares - sum * sum / n;
    let within = squares - sums.iter().filter(|s| s.0 > 0.0).map(|s| s.1 * s.1 / s.0).sum::<f64>();
    if all <= 0.0 || n <= classes { 0.0 } else { 1.0 - within / (n - classes) / (all / (n - 1.0)) }
}

/// Half the distance of each class's distribution to that of all, weighted by class.
fn delta(counts: &[f64], cells: usize, line: bool) -> f64 {
    let total: f64 = counts.iter().sum();
    let smooth: Vec<Vec<f64>> =
        counts.chunks_exact(cells).map(|c| if line { smoothed(c) } else { c.to_vec() }).collect();
    let all: Vec<f64> =
        (0..cells).map(|k| smooth.iter().map(|class| class[k]).sum::<f64>() / total).collect();
    let apart = |class: &Vec<f64>| {
        let size: f64 = class.iter().sum();
        class.iter().zip(&all).map(|(c, p)| (c - p * size).abs()).sum::<f64>()
    };
    smooth.iter().map(apart).sum::<f64>() / total / 2.0
}

/// A histogram blurred by a Gaussian kernel, reflected at both ends, so that its sum stays.
///
/// The width is half of B. W. Silverman's ("Density Estimation", 1986, (3.31)), which is meant for one
/// peak and hides several.
fn smoothed(counts: &[f64]) -> Vec<f64> {
    let cells = counts.len();
    let n: f64 = counts.iter().sum();
    if n < 2.0 {
        return counts.to_vec();
    }
    let mean = counts.iter().enumerate().map(|(k, c)| k as f64 * c).sum::<f64>() / n;
    let variance =
        counts.iter().enumerate().map(|(k, c)| c * (k as f64 - mean) * (k as f64 - mean)).sum::<f64>() / n;
    let quartile = |share: f64| {
        let mut upto = 0.0;
        let reached = |c: &f64| {
            upto += c;
            upto >= share * n
        };
        counts.iter().position(reached).unwrap_or(cells - 1) as f64
    };
    let middle_half = (quartile(0.75) - quartile(0.25)) / 1.34;
    let width = if middle_half > 0.0 { variance.sqrt().min(middle_half) } else { variance.sqrt() };
    let bandwidth = (0.45 * width * libm::pow(n, -0.2)).max(0.3);
    let reach = ((4.0 * bandwidth).ceil() as usize).min(cells - 1);
    let kernel: Vec<f64> =
        (0..=reach).map(|d| libm::exp(-0.5 * (d as f64 / bandwidth) * (d as f64 / bandwidth))).collect();
    let mass = kernel[0] + 2.0 * kernel[1..].iter().sum::<f64>();
    let mut out = vec![0.0; cells];
    for (k, &count) in counts.iter().enumerate().filter(|(_, c)| **c > 0.0) {
        for (distance, weight) in kernel.iter().enumerate() {
            let part = count * weight / mass;
            let up = k + distance;
            out[if up < cells { up } else { 2 * cells - 1 - up }] += part;
            if distance > 0 {
                out[if distance <= k { k - distance } else { distance - k - 1 }] += part;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_keep_equal_values_together() {
        let column: Vec<f64> = (0..1000).map(|i| f64::from(i % 3)).collect();
        assert_eq!(Classes::new(&column).count, 3);
        let lumpy: Vec<f64> = (0..1000).map(|i| f64::from(i.max(700))).collect();
        let classes = Classes::new(&lumpy);
        assert!(classes.of[..=700].iter().all(|&c| c == 0));
        let most = class_count(1000);
        let even = Classes::new(&(0..1000).map(f64::from).collect::<Vec<_>>());
        assert_eq!(even.count, most);
        let sizes: Vec<usize> = (0..most).map(|c| even.of.iter().filter(|&&o| o == c).count()).collect();
        assert!(sizes.iter().all(|s| s.abs_diff(1000 / most) <= 2), "{sizes:?}");
    }

    #[test]
    fn blurring_keeps_the_sum_and_an_even_histogram() {
        let mut spike = vec![0.0; 64];
        spike[1] = 50.0;
        spike[5] = 50.0;
        assert!((smoothed(&spike).iter().sum::<f64>() - 100.0).abs() < 1e-9);
        assert!(smoothed(&[3.0; 64]).iter().all(|c| (c - 3.0).abs() < 1e-9));
    }

    #[test]
    fn bad_samples_are_refused() {
        let settings = GivenSettings::default();
        let x: Vec<f64> = (0..60).map(f64::from).collect();
        assert_eq!(given_data(std::slice::from_ref(&x), &[1.0; 60], &settings), Err(StatsError::Constant));
        assert!(given_data(&[x[..59].to_vec()], &x, &settings).is_err());
        assert!(given_data(&[], &x[..10], &settings).is_err());
        let few = GivenSettings { resamples: 2, ..settings };
        assert!(given_data(std::slice::from_ref(&x), &x, &few).is_err());
    }
}
