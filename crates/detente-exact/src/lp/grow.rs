//! A program that is solved again and again, with rows added and objectives exchanged.
//!
//! The one idea: floats go on from the basis where they ended, and only the last basis is evaluated exactly. A
//! row that is added leaves the multipliers as they are, so the dual simplex method repairs it (Lemke, "The
//! dual method of solving the linear programming problem", 1954); another objective leaves the point as it is.

use super::climb::Climb;
use super::float::row_scale;
use super::solve::{moved_by, nearby, part};
use super::tableau::{Repair, Tableau};
use super::{Lp, Outcome, Rel, Row, dual_bound, maximize};
use crate::Q;

/// A system, an objective, and where floats stand.
pub struct Growing {
    lp: Lp,
    objective: Vec<(usize, Q)>,
    /// Over bounds that are moved a little, each by its own amount: ties would let a search walk in place.
    tableau: Tableau<f64>,
    /// What each row was multiplied by.
    scale: Vec<f64>,
    /// Cells that pivots may still touch; `None` if nobody counts.
    left: Option<u64>,
}

/// Most pivots that exact numbers ask of floats before the program is solved from scratch.
const PATIENCE: usize = 60;
/// The same where somebody counts: each of them evaluates a large basis.
const LITTLE_PATIENCE: usize = 8;

impl Growing {
    /// Starts from a system; the objective is 0.
    pub fn new(lp: Lp) -> Growing {
        let scale: Vec<f64> = lp.rows.iter().map(row_scale).collect();
        let mut tableau = Tableau::<f64>::new(&nearby(&lp), &[], Some(&scale));
        // Where this gives up, the next search goes on.
        let _ = tableau.repair(limit(&lp));
        Growing { lp, objective: vec![], tableau, scale, left: None }
    }

    /// The system as it stands.
    pub fn lp(&self) -> &Lp {
        &self.lp
    }

    /// Exchanges the objective.
    pub fn aim(&mut self, objective: Vec<(usize, Q)>) {
        self.objective = objective;
        self.tableau.aim(&self.moved_objective());
    }

    /// Lets pivots touch so many cells from here on; then [`Growing::believed`] and [`Growing::proven`] give up.
    pub fn allow(&mut self, cells: u64) {
        self.left = Some(cells);
    }

    /// Adds a row.
    pub fn add_row(&mut self, coefs: Vec<(usize, Q)>, rel: Rel, rhs: Q) {
        let row = Row { coefs, rel, rhs };
        let moved = moved_by(&row, self.lp.rows.len());
        let scale = row_scale(&row);
        self.tableau.add_row(&moved, scale);
        self.scale.push(scale);
        self.lp.rows.push(row);
    }

    /// A point that floats believe to be nearly the best: to look at, not to prove anything with. `None` if
    /// they find none.
    pub fn believed(&mut self) -> Option<Vec<f64>> {
        self.search().or_else(|| {
            if self.left.is_some() {
                return None;
            }
            self.refresh();
            self.search()
        })
    }

    /// Steps before a search gives up.
    fn most(&self) -> usize {
        let cells = self.tableau.cells.len().max(1) as u64;
        let allowed = self.left.map_or(u64::MAX, |left| left / cells);
        limit(&self.lp).min(usize::try_from(allowed).unwrap_or(usize::MAX))
    }

    /// Takes the pivots since the last time off what is left.
    fn count(&mut self) {
        let touched = std::mem::take(&mut self.tableau.pivots) * self.tableau.cells.len() as u64;
        self.left = self.left.map(|left| left.saturating_sub(touched));
    }

    fn search(&mut self) -> Option<Vec<f64>> {
        let found = self.searched();
        self.count();
        found
    }

    fn searched(&mut self) -> Option<Vec<f64>> {
        let most = self.most();
        if !matches!(self.tableau.repair_dual(most), Repair::Feasible)
            && !matches!(self.tableau.repair(most), Repair::Feasible)
        {
            return None;
        }
        match self.tableau.climb_stably(most) {
            Climb::Optimal => Some(self.tableau.value[..self.lp.lower.len()].to_vec()),
            Climb::Unbounded(..) | Climb::GaveUp => None,
        }
    }

    /// The objective with every cost moved a little, each by its own amount: ties among costs let the dual
    /// method walk in place.
    fn moved_objective(&self) -> Vec<(usize, Q)> {
        let size = self.objective.iter().map(|(_, c)| c.abs()).max().unwrap_or(Q::ZERO);
        let parts = (0..self.lp.lower.len()).map(|variable| (variable, &size * &part(variable)));
        self.objective.iter().cloned().chain(parts).collect()
    }

    /// Starts the floats afresh: after thousands of pivots their numbers have drifted.
    fn refresh(&mut self) {
        self.tableau = Tableau::<f64>::new(&nearby(&self.lp), &self.moved_objective(), Some(&self.scale));
    }

    /// The best value with its proof: from the basis that the floats ended in, or from scratch where that proves
    /// nothing.
    pub fn optimum(&mut self) -> Outcome {
        self.proven().unwrap_or_else(|| maximize(&self.lp, &self.objective))
    }

    /// The best value with its proof, if the basis that the floats ended in proves one.
    pub fn proven(&mut self) -> Option<Outcome> {
        if let Some(found) = self.certified() {
            return Some(found);
        }
        if self.left.is_some() {
            return None;
        }
        self.refresh();
        self.search().and_then(|_| self.certified())
    }

    /// What the floats' basis proves, after the few pivots that exact numbers ask for.
    fn certified(&mut self) -> Option<Outcome> {
        self.tableau.bound_by(&self.lp, &self.scale);
        self.tableau.aim(&self.objective);
        let most = self.most();
        if matches!(self.tableau.repair_dual(most), Repair::Feasible) {
            let _ = self.tableau.climb_stably(most);
        }
        let patience = if self.left.is_some() { LITTLE_PATIENCE } else { PATIENCE };
        let found = (0..patience).find_map(|_| match self.of_basis() {
            Step::Done(outcome) => Some(Some(outcome)),
            Step::On => None,
            Step::Stuck => Some(None),
        });
        self.tableau.bound_by(&nearby(&self.lp), &self.scale);
        self.tableau.aim(&self.moved_objective());
        self.count();
        found.flatten()
    }

    /// Evaluates the basis exactly. Where a bound is violated or the objective can be improved by less than
    /// floats see, they are told to pivot.
    fn of_basis(&mut self) -> Step {
        let basis = self.tableau.basis();
        let count = self.lp.lower.len();
        let Some(x) = basis.point(&self.lp) else { return Step::Stuck };
        if let Some((variable, too_small)) = violated(&self.lp, &x) {
            return if self.tableau.send(variable, too_small) { Step::On } else { Step::Stuck };
        }
        let Some(dual) = basis.dual(&self.lp, &self.objective) else { return Step::Stuck };
        let value: Q = self.objective.iter().map(|(variable, c)| c * &x[*variable]).sum();
        if dual_bound(&self.lp, &self.objective, &dual).as_ref() == Some(&value) {
            return Step::Done(Outcome::Optimal { x, value, dual });
        }
        // A multiplier of the wrong sign: its row need not bind. A cost that is left: its variable may move.
        let mut costs = vec![Q::ZERO; count];
        self.objective.iter().for_each(|(variable, c)| costs[*variable] += c);
        for (row, y) in self.lp.rows.iter().zip(&dual).filter(|(_, y)| !y.is_zero()) {
            row.coefs.iter().for_each(|(variable, c)| costs[*variable].sub_mul(c, y));
        }
        let rows = self.lp.rows.iter().zip(&dual).enumerate();
        let wrong = rows.filter_map(|(i, (row, y))| match row.rel {
            Rel::Le if y.is_negative() => Some((count + i, false, y.abs())),
            Rel::Ge if y.is_positive() => Some((count + i, true, y.abs())),
            _ => None,
        });
        let free = (0..count).filter(|variable| !basis.basic[*variable] && !costs[*variable].is_zero());
        let left = free.filter_map(|variable| {
            let grow = costs[variable].is_positive();
            let room = if grow { &self.lp.upper[variable] } else { &self.lp.lower[variable] };
            (room.as_ref() != Some(&x[variable])).then(|| (variable, grow, costs[variable].abs()))
        });
        let most = wrong.chain(left).max_by(|a, b| a.2.cmp(&b.2));
        let moved = most.is_some_and(|(variable, grow, _)| self.tableau.call(variable, grow));
        if moved { Step::On } else { Step::Stuck }
    }
}

/// What exact numbers say of a basis.
enum Step {
    Done(Outcome),
    On,
    Stuck,
}

/// The variable, of the system or of a row, that is furthest out of bounds, and whether it is too small.
fn violated(lp: &Lp, x: &[Q]) -> Option<(usize, bool)> {
    let mut worst: Option<(Q, usize, bool)> = None;
    let mut look = |variable: usize, short: Q, too_small: bool| {
        if short.is_positive() && worst.as_ref().is_none_or(|(most, ..)| short > *most) {
            worst = Some((short, variable, too_small));
        }
    };
    for (variable, value) in x.iter().enumerate() {
        if let Some(lower) = &lp.lower[variable] {
            look(variable, lower - value, true);
        }
        if let Some(upper) = &lp.upper[variable] {
            look(variable, value - upper, false);
        }
    }
    for (i, row) in lp.rows.iter().enumerate() {
        let value = row.value(x);
        if row.rel != Rel::Le {
            look(lp.lower.len() + i, &row.rhs - &value, true);
        }
        if row.rel != Rel::Ge {
            look(lp.lower.len() + i, &value - &row.rhs, false);
        }
    }
    worst.map(|(_, variable, too_small)| (variable, too_small))
}

/// Steps before a float search gives up.
fn limit(lp: &Lp) -> usize {
    1_000 + 4 * (lp.lower.len() + lp.rows.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// Rows one by one and objectives in turn give the values that a fresh start gives.
        #[test]
        fn growing_gives_what_a_fresh_start_gives(
            cells in proptest::collection::vec(-3i64..4, 40),
            right in proptest::collection::vec(0i64..5, 8),
            aims in proptest::collection::vec(-3i64..4, 10),
        ) {
            let mut lp = Lp::with_variables(5, Some(Q::ZERO), None);
            lp.add_row((0..5).map(|j| (j, Q::ONE)).collect(), Rel::Eq, Q::ONE);
            let mut growing = Growing::new(lp);
            for (i, rhs) in right.iter().enumerate() {
                let aim = &aims[5 * (i % 2)..5 * (i % 2) + 5];
                let aim: Vec<(usize, Q)> = aim.iter().map(|c| Q::from(*c)).enumerate().collect();
                growing.aim(aim.clone());
                let _ = growing.believed();
                let row = (0..5).map(|j| (j, Q::from(cells[5 * i + j]))).collect();
                growing.add_row(row, Rel::Le, Q::from(*rhs));
                let _ = growing.believed();
                let found = growing.optimum();
                match (found, maximize(growing.lp(), &aim)) {
                    (Outcome::Optimal { x, value, dual }, Outcome::Optimal { value: fresh, .. }) => {
                        prop_assert!(growing.lp().holds(&x));
                        prop_assert_eq!(&value, &fresh);
                        prop_assert_eq!(dual_bound(growing.lp(), &aim, &dual), Some(fresh));
                    }
                    (one, other) => prop_assert_eq!(
                        std::mem::discriminant(&one), std::mem::discriminant(&other)
                    ),
                }
            }
        }
    }
}
