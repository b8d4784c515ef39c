//! Plays drawn from the model at known numbers, for bootstraps and the self-check.
//!
//! The one idea: a method that recovers numbers from data it has made itself, with the error bars it
//! promises, may be believed on data whose numbers nobody knows.

use crate::data::{Data, Observed};
use crate::likelihood::{Problem, of_pattern};
use detente_prob::uniform;

/// Draws new records of complete plays for the covariates of the data; a row of whole weight w > 1
/// stands for w plays, any other row for one play of its weight. `None` where the model gives no
/// probabilities.
pub fn simulate(problem: &Problem, z: &[f64], seed: u64, stream: &str) -> Option<Data> {
    let mut data = problem.data.clone();
    data.patterns = data.classes.clone();
    let mut counter = 0;
    for g in 0..data.groups.len() {
        let (ends, _) = problem.ends(z, g, false).ok()?;
        let shares: Vec<f64> = data.classes.iter().map(|c| libm::exp(of_pattern(&ends, c).value)).collect();
        let mut draw = || {
            let mut left = uniform(seed, stream, counter);
            counter += 1;
            let fits = |p: &f64| {
                left -= p;
                left < 0.0
            };
            // Rounding may leave a hair at the end.
            shares.iter().position(fits).unwrap_or(shares.len() - 1)
        };
        let mut cells: Vec<Observed> = vec![];
        for cell in &problem.data.groups[g].cells {
            let whole = cell.weight.fract() == 0.0 && cell.weight > 1.0;
            let (times, weight) = if whole { (cell.weight as u64, 1.0) } else { (1, cell.weight) };
            let mut counts = vec![0.0; shares.len()];
            (0..times).for_each(|_| counts[draw()] += weight);
            for (pattern, weight) in counts.iter().enumerate().filter(|(_, w)| **w > 0.0) {
                cells.push(Observed { pattern, weight: *weight, ..cell.clone() });
            }
        }
        data.groups[g].cells = cells;
    }
    Some(data)
}

/// Draws rows, or whole clusters where there are some, with replacement.
pub fn resample(data: &Data, seed: u64, stream: &str) -> Data {
    let mut counter = 0;
    let mut pick = |n: usize| {
        counter += 1;
        ((uniform(seed, stream, counter) * n as f64) as usize).min(n - 1)
    };
    let mut next = data.clone();
    if data.clusters.len() > 1 {
        let mut times = vec![0.0; data.clusters.len()];
        (0..data.clusters.len()).for_each(|_| times[pick(data.clusters.len())] += 1.0);
        for cell in next.groups.iter_mut().flat_map(|g| &mut g.cells) {
            cell.weight *= times[cell.cluster];
        }
    } else {
        // A row of weight w is w rows alike.
        let list: Vec<(usize, usize)> = data
            .groups
            .iter()
            .enumerate()
            .flat_map(|(g, group)| (0..group.cells.len()).map(move |c| (g, c)))
            .collect();
        let whole = |w: f64| if w.fract() == 0.0 { w as usize } else { 1 };
        let mut upto = vec![];
        let mut total = 0;
        for (g, c) in &list {
            total += whole(data.groups[*g].cells[*c].weight);
            upto.push(total);
        }
        for cell in next.groups.iter_mut().flat_map(|g| &mut g.cells) {
            cell.weight = if cell.weight.fract() == 0.0 { 0.0 } else { -cell.weight };
        }
        for _ in 0..total {
            let chosen = pick(total);
            let place = upto.partition_point(|u| *u <= chosen);
            let (g, c) = list[place.min(list.len() - 1)];
            let unit = data.groups[g].cells[c].weight;
            let cell = &mut next.groups[g].cells[c];
            match unit.fract() == 0.0 {
                true => cell.weight += 1.0,
                false => cell.weight = cell.weight.max(0.0) + unit,
            }
        }
        next.groups.iter_mut().flat_map(|g| &mut g.cells).for_each(|c| c.weight = c.weight.max(0.0));
    }
    for group in &mut next.groups {
        group.cells.retain(|c| c.weight > 0.0);
    }
    next.groups.retain(|g| !g.cells.is_empty());
    next.plays = next.groups.iter().flat_map(|g| &g.cells).map(|c| c.weight).sum();
    next
}
