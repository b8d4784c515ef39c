//! Which cells of nested stages belong to which listed component.
//!
//! The one idea: a cell below `Choose` steps says which components of nested stages are played
//! with it; a cell that says nothing about a nested stage may go with any of them.

use detente_game::certificate::{BoxStep, Certificate, Proof};
use std::collections::{BTreeMap, BTreeSet};

/// Chosen components by nested stage.
type Choices = BTreeMap<u32, u32>;

/// Returns for each component of the last stage and each stage the cells it may use.
pub fn cells(certificate: &Certificate) -> Vec<Vec<BTreeSet<u32>>> {
    let stages = &certificate.stages;
    let Some(last) = stages.last() else { return Vec::new() };
    let choices: Vec<_> = stages.iter().map(|s| leaves(&s.proof)).collect();
    let of_component = |cells: &Vec<u32>| {
        let mut used: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); stages.len()];
        used[stages.len() - 1] = cells.iter().copied().collect();
        // Nested stages come before the stages around them.
        for k in (0..stages.len()).rev() {
            let mine: Vec<u32> = used[k].iter().copied().collect();
            for n in stages[k].nested.iter().filter(|n| (**n as usize) < k) {
                let inner = &stages[*n as usize].components;
                let paths = mine.iter().filter_map(|c| choices[k].get(c)).flatten();
                let options: Option<BTreeSet<u32>> = paths.map(|p| p.get(n).copied()).collect();
                let options = options.unwrap_or_else(|| (0..inner.len() as u32).collect());
                let cells = options.iter().filter_map(|o| inner.get(*o as usize)).flatten();
                used[*n as usize].extend(cells.copied());
            }
        }
        used
    };
    last.components.iter().map(of_component).collect()
}

/// The choices on the path to each cell, once per leaf.
fn leaves(proof: &Proof) -> BTreeMap<u32, Vec<Choices>> {
    let mut found: BTreeMap<u32, Vec<Choices>> = BTreeMap::new();
    let mut stack = vec![(proof, Choices::new())];
    while let Some((proof, path)) = stack.pop() {
        match proof {
            Proof::Split { zero, positive, .. } => {
                stack.push((zero, path.clone()));
                stack.push((positive, path));
            }
            Proof::Choose { stage, options } => {
                for (option, k) in options.iter().zip(0..) {
                    let mut path = path.clone();
                    path.insert(*stage, k);
                    stack.push((option, path));
                }
            }
            Proof::Both { parts } => stack.extend(parts.iter().map(|p| (p, path.clone()))),
            Proof::Beliefs { options, .. } => {
                stack.extend(options.iter().map(|(_, p)| (p, path.clone())));
            }
            Proof::Roots { cases, .. } => stack.extend(cases.iter().map(|(_, _, p)| (p, path.clone()))),
            Proof::Dominated { then, .. }
            | Proof::MustBePositive { then, .. }
            | Proof::MustBeZero { then, .. }
            | Proof::AnyBelief { then, .. }
            | Proof::Fix { then, .. }
            | Proof::Scale { then, .. } => stack.push((then, path)),
            Proof::Boxes { boxes } => {
                for cell in roots(&boxes.root) {
                    found.entry(cell).or_default().push(path.clone());
                }
            }
            Proof::Cell { cell } | Proof::PerfectInformation { cell } => {
                found.entry(*cell).or_default().push(path);
            }
            Proof::Refuted { .. } | Proof::OutOfRange { .. } | Proof::Open { .. } => {}
        }
    }
    found
}

fn roots(step: &BoxStep) -> Vec<u32> {
    let mut cells = Vec::new();
    let mut stack = vec![step];
    while let Some(step) = stack.pop() {
        match step {
            BoxStep::Bisect(_, low, high) => stack.extend([&**low, &**high]),
            BoxStep::Shrink { then, .. } | BoxStep::Cuts { then, .. } => stack.push(then),
            BoxStep::Root { cell, .. } => cells.push(*cell),
            BoxStep::NoRoot(_)
            | BoxStep::Violated(_)
            | BoxStep::Missed
            | BoxStep::Never(_)
            | BoxStep::Open
            | BoxStep::Outside { .. } => {}
        }
    }
    cells
}
