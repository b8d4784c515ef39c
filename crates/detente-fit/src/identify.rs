//! Which combinations of numbers the data can tell, in words, before any table.
//!
//! The one idea: a direction in which the expected information vanishes can be walked without
//! changing the probability of any play, so nothing about it is estimated. Payoffs are told only up
//! to what moves no choice: a number added to all of them, a factor that λ takes back.

use crate::dual::Dual;
use crate::likelihood::{Problem, of_pattern};
use crate::matrix::{echelon, inverse};
use crate::parallel::Workers;
use detente_prob::uniform;
use serde::{Deserialize, Serialize};

/// Points beside the estimate at which the rank is computed.
pub const POINTS: u64 = 64;

/// The report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identification {
    /// Number of coordinates estimated.
    pub estimated: usize,
    /// Rank of the expected information at the estimate.
    pub rank: usize,
    /// The ranks at draws of the priors: how often each was found, most frequent first.
    pub elsewhere: Vec<(usize, usize)>,
    /// Names of the coordinates.
    pub names: Vec<String>,
    /// Directions that change no probability, in the numbers themselves and ln λ.
    pub null: Vec<Vec<f64>>,
    /// Per coordinate: whether it is identified on its own.
    pub identified: Vec<bool>,
    /// What is and what is not identified.
    pub sentences: Vec<String>,
}

/// The expected information about the coordinates at a point: what complete records of as many
/// plays as the data hold would tell.
pub fn information(problem: &Problem, z: &[f64]) -> Option<Vec<Vec<f64>>> {
    let n = z.len();
    let mut sum = vec![vec![0.0; n]; n];
    for g in 0..problem.data.groups.len() {
        let (ends, _) = problem.ends(z, g, true).ok()?;
        let plays: f64 = problem.data.groups[g].cells.iter().map(|c| c.weight).sum();
        for class in &problem.data.classes {
            let log: Dual = of_pattern(&ends, class);
            let weight = plays * libm::exp(log.value);
            if weight <= 0.0 || !log.value.is_finite() {
                continue;
            }
            for i in 0..n {
                for j in 0..n {
                    sum[i][j] += weight * log.by(i) * log.by(j);
                }
            }
        }
    }
    sum.iter().flatten().all(|x| x.is_finite()).then_some(sum)
}

/// Judges what is identified at an estimate and, by rank, at draws of the priors.
pub fn identify(problem: &Problem, z: &[f64], seed: u64, workers: Workers) -> Option<Identification> {
    let names = problem.names();
    let natural = problem.natural(z);
    let null = null_space(problem, z)?;
    let rank = names.len() - null.len();
    let mut counts: Vec<(usize, usize)> = vec![];
    let elsewhere = |index: u64| null_space(problem, &drawn(problem, z, seed, index));
    for found in workers.in_order(POINTS, elsewhere).into_iter().flatten() {
        let rank = names.len() - found.len();
        match counts.iter_mut().find(|c| c.0 == rank) {
            Some(count) => count.1 += 1,
            None => counts.push((rank, 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(b.0.cmp(&a.0)));
    let identified = (0..names.len()).map(|k| null.iter().all(|v| v[k] == 0.0)).collect();
    let values: Vec<f64> = natural.iter().map(|x| x.0).collect();
    let sentences = sentences(problem, &names, &values, &null, rank, &counts);
    Some(Identification {
        estimated: names.len(),
        rank,
        elsewhere: counts,
        names,
        null,
        identified,
        sentences,
    })
}

/// Directions without information in the numbers themselves, and ln λ: readable ones.
fn null_space(problem: &Problem, z: &[f64]) -> Option<Vec<Vec<f64>>> {
    let mut information = information(problem, z)?;
    let parameters = problem.free.len();
    // λ stays a logarithm: its own coordinate. Where a bound has flattened a coordinate to nothing,
    // its own unit is all there is.
    let slopes: Vec<f64> = problem.natural(z).iter().map(|x| x.1.abs()).collect();
    let unit = |k: usize| if k < parameters && slopes[k] > 1e-150 { slopes[k] } else { 1.0 };
    for (i, row) in information.iter_mut().enumerate() {
        row.iter_mut().enumerate().for_each(|(j, x)| *x /= unit(i) * unit(j));
    }
    let (_, basis) = inverse(&information);
    // With λ as the first pivot, one direction at most speaks of λ.
    let mut order: Vec<usize> = (0..z.len()).collect();
    order.rotate_right(z.len() - parameters);
    Some(echelon(&basis, &order))
}

/// Coordinates drawn from the priors; without a prior, spread around the estimate.
pub fn drawn(problem: &Problem, z: &[f64], seed: u64, index: u64) -> Vec<f64> {
    let mut at = z.to_vec();
    for (k, free) in problem.free.iter().enumerate() {
        at[k] = match &free.prior {
            Some(prior) => free.bound.coordinate(prior.draw(seed, &free.name, index)),
            None => z[k] + normal(uniform(seed, &free.name, index)) * (1.0 + z[k].abs()),
        };
    }
    if problem.lambda.is_none() {
        let k = problem.free.len();
        at[k] = z[k] + normal(uniform(seed, "precision of choice", index));
    }
    at
}

/// The quantile of the standard normal distribution.
pub fn normal(share: f64) -> f64 {
    detente_prob::Prior::Normal { mean: 0.0, sd: 1.0 }.quantile(share)
}

fn sentences(
    problem: &Problem,
    names: &[String],
    values: &[f64],
    null: &[Vec<f64>],
    rank: usize,
    elsewhere: &[(usize, usize)],
) -> Vec<String> {
    let mut list = vec![];
    if null.is_empty() {
        list.push(match names.len() {
            1 => "The one number is identified at the estimate.".into(),
            n => format!("All {n} numbers are identified at the estimate."),
        });
    } else {
        list.push(format!(
            "Only {rank} of {} combinations are identified: {} can change together without changing \
             the probability of any play.",
            names.len(),
            if null.len() == 1 { "one set of numbers" } else { "several sets of numbers" }
        ));
    }
    let is_lambda = |k: usize| k >= problem.free.len();
    let scale = null.iter().find(|v| (0..v.len()).any(|k| is_lambda(k) && v[k] != 0.0));
    let shifts: Vec<&Vec<f64>> =
        null.iter().filter(|v| (0..v.len()).all(|k| !is_lambda(k) || v[k] == 0.0)).collect();
    for v in &shifts {
        list.push(shift(names, v));
    }
    if let Some(v) = scale {
        // A number of which nothing is known has no part in the scale.
        let mut v = v.clone();
        let silent = |s: &[f64]| s.iter().filter(|x| **x != 0.0).count() == 1;
        for s in shifts.iter().filter(|s| silent(s)) {
            s.iter().zip(&mut v).filter(|(x, _)| **x != 0.0).for_each(|(_, x)| *x = 0.0);
        }
        let shifts: Vec<&Vec<f64>> = shifts.iter().copied().filter(|s| !silent(s)).collect();
        list.push(scaled(names, values, &v, &shifts, problem.free.len()));
    }
    let others: Vec<String> = elsewhere.iter().map(|(rank, times)| format!("{rank} at {times}")).collect();
    let total: usize = elsewhere.iter().map(|c| c.1).sum();
    match elsewhere {
        [] => {}
        [(same, times)] if *same == rank => {
            list.push(format!("The rank is the same at {times} draws of the priors."));
        }
        _ => {
            let why = match elsewhere.iter().all(|c| c.0 <= rank) {
                true => "lower where choices are so sure that the data would tell less",
                false => "higher where the data would tell more than they do here",
            };
            list.push(format!(
                "The rank is {rank} at the estimate; over {total} draws of the priors it is {} ({why}).",
                others.join(", ")
            ));
        }
    }
    list
}

/// A direction without λ.
fn shift(names: &[String], v: &[f64]) -> String {
    let parts: Vec<(usize, f64)> = v.iter().copied().enumerate().filter(|(_, x)| *x != 0.0).collect();
    if let [(k, _)] = parts[..] {
        return format!("`{}` moves no probability of what was recorded: nothing is known of it.", names[k]);
    }
    if parts.iter().all(|(_, x)| (x - parts[0].1).abs() < 1e-5 * parts[0].1.abs()) {
        let list: Vec<&str> = parts.iter().map(|(k, _)| names[*k].as_str()).collect();
        return match list[..] {
            [a, b] => {
                format!("Only {a} − {b} is identified: add the same number to both and nothing changes.")
            }
            _ => format!(
                "Only differences between {} are identified: add the same number to all and nothing changes.",
                list.join(", ")
            ),
        };
    }
    let list: Vec<String> = parts.iter().map(|(k, x)| format!("{} by {}", names[*k], short(*x))).collect();
    format!("Changing {} together changes nothing.", list.join(", "))
}

/// The direction in which ln λ moves by 1.
fn scaled(names: &[String], values: &[f64], v: &[f64], shifts: &[&Vec<f64>], parameters: usize) -> String {
    let moved: Vec<usize> =
        (0..parameters).filter(|k| v[*k] != 0.0 || shifts.iter().any(|s| s[*k] != 0.0)).collect();
    // Dividing all payoffs by what λ is multiplied with, up to shifts that change nothing anyway.
    let mut rest: Vec<f64> =
        (0..parameters).map(|k| v[k] + if moved.contains(&k) { values[k] } else { 0.0 }).collect();
    for s in shifts {
        if let Some(pivot) = (0..parameters).find(|k| s[*k] != 0.0) {
            let factor = rest[pivot] / s[pivot];
            (0..parameters).for_each(|k| rest[k] -= factor * s[k]);
        }
    }
    let size = values.iter().map(|x| x.abs()).fold(1e-12, f64::max);
    let is_scale = rest.iter().all(|x| x.abs() <= 1e-4 * size);
    if !is_scale {
        let list: Vec<String> = moved.iter().map(|k| format!("{} by {}", names[*k], short(v[*k]))).collect();
        return format!("Raising ln λ by 1 and changing {} together changes nothing.", list.join(", "));
    }
    let all_names: Vec<&str> = moved.iter().map(|k| names[*k].as_str()).collect();
    let is_all = |s: &[f64]| (0..parameters).all(|k| (s[k] != 0.0) == moved.contains(&k));
    let single_shift = matches!(shifts, [s] if is_all(s));
    match (&all_names[..], single_shift) {
        ([a, b], true) => format!("Only λ·({a} − {b}) is identified."),
        ([a], _) => format!("Only λ·{a} is identified: fix one of the two."),
        (list, _) => format!(
            "Only λ times {} is identified: multiply λ by a factor, divide these by it, and nothing \
             changes. Fix λ or one of them.",
            list.join(", ")
        ),
    }
}

fn short(x: f64) -> String {
    let rounded = (x * 1e4).round() / 1e4;
    format!("{rounded}")
}
