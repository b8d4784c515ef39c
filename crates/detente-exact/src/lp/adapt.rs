//! A tableau for a system that changes: a basis found elsewhere, other bounds, another objective, one more row.
//!
//! The one idea: what was pivoted stays; only the values that hang on the change are set anew.

use super::basis::Basis;
use super::cell::Cell;
use super::tableau::Tableau;
use super::{Lp, Rel, Row};
use crate::Q;

impl<T: Cell> Tableau<T> {
    /// Pivots towards a basis found elsewhere. Stops early if that basis is singular; the tableau
    /// is valid either way.
    pub(super) fn adopt(&mut self, basis: &Basis) {
        let basic = &basis.basic;
        for column in 0..self.columns {
            if !basic[self.nonbasic[column]] {
                continue;
            }
            let leaving = (0..self.basic.len())
                .find(|&row| !basic[self.basic[row]] && self.cell(row, column).sign() != 0);
            if let Some(row) = leaving {
                self.pivot(row, column);
            }
        }
        self.settle(&basis.at_upper);
    }

    /// Exchanges all bounds for those of a system with the same rows, multiplied as before.
    pub(super) fn bound_by(&mut self, lp: &Lp, scale: &[T]) {
        let at_upper: Vec<bool> = (0..self.value.len()).map(|variable| !self.can_grow(variable)).collect();
        for (variable, (lower, upper)) in lp.lower.iter().zip(&lp.upper).enumerate() {
            self.lower[variable] = lower.as_ref().map(T::from_q);
            self.upper[variable] = upper.as_ref().map(T::from_q);
        }
        for (i, (row, scale)) in lp.rows.iter().zip(scale).enumerate() {
            let rhs = T::from_q(&row.rhs).mul(scale);
            self.lower[self.columns + i] = (row.rel != Rel::Le).then(|| rhs.clone());
            self.upper[self.columns + i] = (row.rel != Rel::Ge).then_some(rhs);
        }
        self.settle(&at_upper);
    }

    /// Puts all variables that are not basic at a bound, and the basic ones where that leaves them.
    fn settle(&mut self, at_upper: &[bool]) {
        for &variable in &self.nonbasic {
            let (lower, upper) = (&self.lower[variable], &self.upper[variable]);
            let rest = if at_upper[variable] {
                upper.as_ref().or(lower.as_ref())
            } else {
                lower.as_ref().or(upper.as_ref())
            };
            self.value[variable] = rest.cloned().unwrap_or(T::ZERO);
        }
        for (row, &variable) in self.basic.iter().enumerate() {
            let mut value = T::ZERO;
            for (column, &other) in self.nonbasic.iter().enumerate() {
                value.add_mul(&self.cells[row * self.columns + column], &self.value[other]);
            }
            self.value[variable] = value;
        }
    }

    /// Exchanges the objective, where the search stands.
    pub(super) fn aim(&mut self, objective: &[(usize, Q)]) {
        self.objective = self.over_nonbasic(objective);
    }

    /// Adds a row, multiplied by `scale`, with its variable basic.
    pub(super) fn add_row(&mut self, row: &Row, scale: T) {
        let mut cells = self.over_nonbasic(&row.coefs);
        let mut value = T::ZERO;
        for (cell, &variable) in cells.iter_mut().zip(&self.nonbasic) {
            *cell = cell.mul(&scale);
            value.add_mul(cell, &self.value[variable]);
        }
        self.cells.extend(cells);
        let rhs = T::from_q(&row.rhs).mul(&scale);
        self.basic.push(self.value.len());
        self.value.push(value);
        self.lower.push((row.rel != Rel::Le).then(|| rhs.clone()));
        self.upper.push((row.rel != Rel::Ge).then_some(rhs));
    }

    /// A sum of the system's variables as a sum of those that are not basic.
    fn over_nonbasic(&self, coefs: &[(usize, Q)]) -> Vec<T> {
        let mut row_of = vec![None; self.value.len()];
        for (row, &variable) in self.basic.iter().enumerate() {
            row_of[variable] = Some(row);
        }
        let mut column_of = vec![0; self.value.len()];
        for (column, &variable) in self.nonbasic.iter().enumerate() {
            column_of[variable] = column;
        }
        let mut cells = vec![T::ZERO; self.columns];
        for (variable, coefficient) in coefs {
            let coefficient = T::from_q(coefficient);
            match row_of[*variable] {
                None => cells[column_of[*variable]].add_mul(&coefficient, &T::ONE),
                Some(row) => {
                    let line = &self.cells[row * self.columns..(row + 1) * self.columns];
                    for (cell, other) in cells.iter_mut().zip(line).filter(|(_, other)| **other != T::ZERO) {
                        cell.add_mul(&coefficient, other);
                    }
                }
            }
        }
        cells
    }
}
