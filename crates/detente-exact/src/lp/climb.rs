//! From a feasible tableau to an optimal one.
//!
//! The one idea: a variable that improves the objective moves until something stops it; what it
//! ends with, a direction without end or the multipliers of the rows, is the proof.

use super::cell::Cell;
use super::tableau::Tableau;

/// How a maximisation ended.
pub(super) enum Climb {
    Optimal,
    /// The nonbasic variable of this column can grow (`true`) or shrink without end.
    Unbounded(usize, bool),
    GaveUp,
}

/// What stops a moving variable.
enum Block<T> {
    Row(usize, T),
    OwnBound,
    Nothing,
}

impl<T: Cell> Tableau<T> {
    /// Improves the objective from a feasible tableau.
    pub(super) fn climb(&mut self, limit: usize) -> Climb {
        let mut steps = 0;
        while let Some((column, grow)) = self.pick_improving() {
            if !T::EXACT && steps >= limit {
                return Climb::GaveUp;
            }
            steps += 1;
            let variable = self.nonbasic[column];
            let far = if grow { &self.upper[variable] } else { &self.lower[variable] };
            let flip = far.as_ref().map(|bound| bound.sub(&self.value[variable]));
            match self.pick_blocking(column, grow, flip.as_ref()) {
                Block::Row(row, target) => {
                    self.move_basic_to(row, column, target);
                    self.pivot(row, column);
                }
                Block::OwnBound => {
                    if let Some(step) = flip {
                        self.move_nonbasic(column, &step);
                    }
                }
                Block::Nothing => return Climb::Unbounded(column, grow),
            }
        }
        Climb::Optimal
    }

    /// A column whose variable improves the objective, and whether by growing.
    pub(super) fn pick_improving(&self) -> Option<(usize, bool)> {
        let mut best: Option<(usize, bool)> = None;
        let mut best_size = 0.0;
        for (column, &variable) in self.nonbasic.iter().enumerate() {
            let cost = &self.objective[column];
            let sign = cost.sign();
            let useful = match sign {
                0 => false,
                1 => self.can_grow(variable),
                _ => self.can_shrink(variable),
            };
            if !useful {
                continue;
            }
            let better = if T::EXACT {
                best.is_none_or(|(chosen, _)| variable < self.nonbasic[chosen])
            } else {
                cost.size() > best_size
            };
            if better {
                best_size = cost.size();
                best = Some((column, sign > 0));
            }
        }
        best
    }

    /// What stops the column's variable first.
    fn pick_blocking(&self, column: usize, grow: bool, flip: Option<&T>) -> Block<T> {
        // Steps are compared by size, whatever their direction.
        let distance = |step: T| if grow { step } else { step.neg() };
        let mut nearest: Option<T> = flip.map(|step| distance(step.clone()));
        let mut block = match flip {
            Some(_) => Block::OwnBound,
            None => Block::Nothing,
        };
        for (row, &variable) in self.basic.iter().enumerate() {
            let cell = self.cell(row, column);
            let sign = cell.sign();
            if sign == 0 {
                continue;
            }
            let rises = (sign > 0) == grow;
            let bound = if rises { &self.upper[variable] } else { &self.lower[variable] };
            let Some(bound) = bound else { continue };
            let step = distance(bound.sub(&self.value[variable]).div(cell));
            let closer = match (&nearest, &block) {
                (None, _) => true,
                (Some(nearest), _) if step < *nearest => true,
                (Some(nearest), Block::Row(chosen, _)) if step == *nearest => variable < self.basic[*chosen],
                _ => false,
            };
            if closer {
                nearest = Some(step);
                block = Block::Row(row, bound.clone());
            }
        }
        block
    }

    /// The direction of an unbounded climb, over the system's variables.
    pub(super) fn ray(&self, column: usize, grow: bool) -> Vec<T> {
        let mut ray = vec![T::ZERO; self.columns];
        let oriented = |cell: &T| if grow { cell.clone() } else { cell.neg() };
        for (row, &variable) in self.basic.iter().enumerate() {
            if variable < self.columns {
                ray[variable] = oriented(self.cell(row, column));
            }
        }
        if self.nonbasic[column] < self.columns {
            ray[self.nonbasic[column]] = oriented(&T::ONE);
        }
        ray
    }

    /// The multipliers of the objective at an optimum, one per row of the system.
    pub(super) fn dual_vector(&self) -> Vec<T> {
        let mut y = vec![T::ZERO; self.basic.len()];
        for (column, &variable) in self.nonbasic.iter().enumerate() {
            if variable >= self.columns {
                y[variable - self.columns] = self.objective[column].clone();
            }
        }
        y
    }
}
