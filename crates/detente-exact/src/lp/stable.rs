//! Float pivoting that goes on for thousands of steps: the dual simplex method, and both ratio tests with a
//! tolerance.
//!
//! The one idea: of the rows (or columns) that block at about the same step, the one with the largest cell is
//! pivoted on, as small pivots are what makes floats drift (Harris, "Pivot selection methods of the Devex LP code",
//! 1973).

use super::climb::Climb;
use super::tableau::{Repair, Tableau};

/// How far a bound or a sign may be overstepped to find a larger pivot.
const GIVE: f64 = 1e-9;
/// Cells below this are no pivots.
const SMALL: f64 = 1e-8;

impl Tableau<f64> {
    /// Repairs violated basic variables, keeping the objective's multipliers as they should be at an optimum:
    /// of the columns that can repair a row, one whose cost per unit is about the least.
    pub(super) fn repair_dual(&mut self, limit: usize) -> Repair {
        for _ in 0..limit {
            let Some((row, too_small)) = self.pick_violated() else { return Repair::Feasible };
            let Some(column) = self.pick_cheapest(row, too_small) else {
                return Repair::Conflict(row, too_small);
            };
            self.leave(row, column, too_small);
        }
        Repair::GaveUp
    }

    /// The row's basic variable goes to a bound, and the column's takes its place.
    fn leave(&mut self, row: usize, column: usize, too_small: bool) {
        let variable = self.basic[row];
        let bound = if too_small { &self.lower[variable] } else { &self.upper[variable] };
        if let Some(target) = *bound {
            self.move_basic_to(row, column, target);
            self.pivot(row, column);
        }
    }

    /// A column whose variable can move the row's basic variable the wanted way at about the least cost.
    fn pick_cheapest(&self, row: usize, grow: bool) -> Option<usize> {
        let moving = |(column, variable): (usize, &usize)| {
            let cell = *self.cell(row, column);
            let free =
                if (cell > 0.0) == grow { self.can_grow(*variable) } else { self.can_shrink(*variable) };
            (cell.abs() > SMALL && free).then(|| (column, cell.abs(), self.objective[column].abs()))
        };
        let candidates: Vec<(usize, f64, f64)> =
            self.nonbasic.iter().enumerate().filter_map(moving).collect();
        let least =
            candidates.iter().map(|(_, size, cost)| (cost + GIVE) / size).fold(f64::INFINITY, f64::min);
        let near = candidates.into_iter().filter(|(_, size, cost)| cost / size <= least);
        near.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(column, ..)| column)
    }

    /// Improves the objective from a feasible tableau.
    pub(super) fn climb_stably(&mut self, limit: usize) -> Climb {
        for _ in 0..limit {
            let Some((column, grow)) = self.pick_improving() else { return Climb::Optimal };
            if !self.step(column, grow) {
                return Climb::Unbounded(column, grow);
            }
        }
        Climb::GaveUp
    }

    /// Moves the column's variable until something blocks it; whether something does.
    fn step(&mut self, column: usize, grow: bool) -> bool {
        let blocking = |(row, variable): (usize, &usize)| {
            let cell = *self.cell(row, column);
            let rises = (cell > 0.0) == grow;
            let bound = if rises { self.upper[*variable] } else { self.lower[*variable] };
            let bound = bound.filter(|_| cell.abs() > SMALL)?;
            let room = if rises { bound - self.value[*variable] } else { self.value[*variable] - bound };
            Some((row, cell.abs(), room.max(0.0), bound))
        };
        let rows: Vec<(usize, f64, f64, f64)> = self.basic.iter().enumerate().filter_map(blocking).collect();
        let least = rows.iter().map(|(_, size, room, _)| (room + GIVE) / size).fold(f64::INFINITY, f64::min);
        let variable = self.nonbasic[column];
        let far = if grow { self.upper[variable] } else { self.lower[variable] };
        let flip = far.map(|bound| bound - self.value[variable]);
        if let Some(step) = flip.filter(|step| step.abs() <= least) {
            self.move_nonbasic(column, &step);
            return true;
        }
        let near = rows.into_iter().filter(|(_, size, room, _)| room / size <= least);
        let Some((row, .., bound)) = near.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))) else {
            return false;
        };
        self.move_basic_to(row, column, bound);
        self.pivot(row, column);
        true
    }

    /// Lets a basic variable go to the bound that it violates, as somebody knows better than this tableau;
    /// whether that was possible.
    pub(super) fn send(&mut self, variable: usize, too_small: bool) -> bool {
        let Some(row) = self.basic.iter().position(|other| *other == variable) else { return false };
        let Some(column) = self.pick_cheapest(row, too_small) else { return false };
        self.leave(row, column, too_small);
        true
    }

    /// Lets a variable that is not basic grow or shrink, as somebody knows that this improves the objective;
    /// whether that was possible.
    pub(super) fn call(&mut self, variable: usize, grow: bool) -> bool {
        let column = self.nonbasic.iter().position(|other| *other == variable);
        column.is_some_and(|column| self.step(column, grow))
    }
}
