//! Large linear programs in floats, by the library that is good at them.
//!
//! The one idea: an interior point method takes the same few dozen steps whatever the ties, and each step is one
//! factorisation (Goulart and Chen, "Clarabel: An interior-point solver for conic programs with quadratic
//! objectives", 2024). It ends in the middle of all best plans, with multipliers in the middle of all that prove
//! them so; nothing here is believed before exact sums have looked at it.

use crate::flow::Flow;
use clarabel::algebra::CscMatrix;
use clarabel::solver::{
    DefaultInfo, DefaultSettings, DefaultSolver, IPSolver, NonnegativeConeT, SolverStatus, ZeroConeT,
};
use std::sync::Arc;

/// Asked now and then, with the share of the work that is done: may the search go on?
pub type Going = Arc<dyn Fn(f64) -> bool + Send + Sync>;

/// A condition in floats: the sum is at most 0.
pub(crate) type FloatRow = Vec<(usize, f64)>;

/// Where floats ended.
pub(crate) struct Inside {
    /// The plan, per sequence.
    pub plan: Vec<f64>,
    /// What is left of each condition.
    pub slack: Vec<f64>,
    /// The multiplier of each condition.
    pub multipliers: Vec<f64>,
    /// What each sequence would cost.
    pub costs: Vec<f64>,
    /// Whether the search was allowed to go on to its end.
    pub ended: bool,
}

/// The plan that makes a number largest under conditions; in the middle of all plans if the number is 0.
/// `None` if floats fail.
pub(crate) fn inside(flow: &Flow, rows: &[FloatRow], number: &[f64], going: &Going) -> Option<Inside> {
    let (forks, count) = (flow.forks.len(), flow.sequences - 1);
    let height = forks + rows.len() + count;
    // Sequence 0 is always 1: what it brings stands on the right.
    let mut right = vec![0.0; height];
    let mut entries: (Vec<usize>, Vec<usize>, Vec<f64>) = Default::default();
    let mut enter = |row: usize, sequence: usize, value: f64| match sequence.checked_sub(1) {
        None => right[row] -= value,
        Some(column) => {
            entries.0.push(row);
            entries.1.push(column);
            entries.2.push(value);
        }
    };
    for (k, (before, first, many)) in flow.forks.iter().enumerate() {
        (*first..first + many).for_each(|s| enter(k, s, 1.0));
        enter(k, *before, -1.0);
    }
    for (k, row) in rows.iter().enumerate() {
        row.iter().for_each(|(s, value)| enter(forks + k, *s, *value));
    }
    (0..count).for_each(|column| enter(forks + rows.len() + column, column + 1, -1.0));
    let matrix = CscMatrix::new_from_triplets(height, count, entries.0, entries.1, entries.2);
    let aim: Vec<f64> = number[1..].iter().map(|c| -c).collect();
    let cones = [ZeroConeT(forks), NonnegativeConeT(rows.len() + count)];
    let still = CscMatrix::<f64>::zeros((count, count));
    let mut solver = DefaultSolver::new(&still, &aim, &matrix, &right, &cones, settings()).ok()?;
    let asked = going.clone();
    solver
        .set_termination_callback(move |info: &DefaultInfo<f64>| !asked(f64::from(info.iterations) / STEPS));
    solver.solve();
    let found = &solver.solution;
    let ended = match found.status {
        SolverStatus::CallbackTerminated => false,
        SolverStatus::PrimalInfeasible | SolverStatus::DualInfeasible | SolverStatus::Unsolved => {
            return None;
        }
        _ => true,
    };
    let sound = found.x.iter().chain(&found.z).all(|v| v.is_finite());
    let plan = [1.0].iter().chain(&found.x).copied().collect();
    let costs = [0.0].iter().chain(&found.z[forks + rows.len()..]).copied().collect();
    sound.then(|| Inside {
        plan,
        slack: found.s[forks..forks + rows.len()].to_vec(),
        multipliers: found.z[forks..forks + rows.len()].to_vec(),
        costs,
        ended,
    })
}

/// About as many steps as a large program takes.
const STEPS: f64 = 50.0;

/// One thread, so that the same bits come out everywhere on a machine; no look at the clock.
fn settings() -> DefaultSettings<f64> {
    DefaultSettings {
        verbose: false,
        max_threads: 1,
        direct_solve_method: "faer".into(),
        tol_gap_abs: 1e-11,
        tol_gap_rel: 1e-11,
        tol_feas: 1e-11,
        ..DefaultSettings::default()
    }
}
