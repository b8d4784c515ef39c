//! The bounded-variable simplex tableau, over floats for guessing and over `Q` for deciding.
//!
//! The one idea: each row gets a variable of its own, equal to the row's sum and bounded by the
//! right side, so a system is "these linear identities, within these bounds". Feasibility repairs
//! one violated basic variable at a time (Dutertre and de Moura, "A fast linear-arithmetic solver
//! for DPLL(T)", 2006): a row that cannot be repaired is the Farkas vector. Over `Q` ties and
//! choices follow the smallest index (Bland, "New finite pivoting rules for the simplex method",
//! 1977), so it ends; over floats the largest violation goes first, with a limit on steps.

use super::basis::Basis;
use super::cell::Cell;
use super::{Lp, Rel};
use crate::Q;

/// Variables `0..n` are the system's, `n..n+m` belong to its rows.
pub(super) struct Tableau<T> {
    pub(super) columns: usize,
    /// Row-major: basic variable `i` is the sum of `cells[i·n + j] · nonbasic[j]`.
    pub(super) cells: Vec<T>,
    pub(super) basic: Vec<usize>,
    pub(super) nonbasic: Vec<usize>,
    pub(super) lower: Vec<Option<T>>,
    pub(super) upper: Vec<Option<T>>,
    pub(super) value: Vec<T>,
    /// The objective over the nonbasic variables.
    pub(super) objective: Vec<T>,
    /// Columns where the pivot row is not 0; kept to save allocating.
    support: Vec<usize>,
    /// Pivots so far, until somebody takes the count.
    pub(super) pivots: u64,
}

/// How a search for feasibility ended.
pub(super) enum Repair {
    /// All variables are within bounds.
    Feasible,
    /// The basic variable of this row cannot reach its bound; `true` if it is too small.
    Conflict(usize, bool),
    /// The step limit was reached (floats only).
    GaveUp,
}

impl<T: Cell> Tableau<T> {
    /// All rows' variables basic, all others at a bound, or at 0 when free. Row `i` is multiplied
    /// by `scale[i]` if scales are given (positive numbers).
    pub(super) fn new(lp: &Lp, objective: &[(usize, Q)], scale: Option<&[T]>) -> Tableau<T> {
        let (n, m) = (lp.lower.len(), lp.rows.len());
        let bound = |bound: &Option<Q>| bound.as_ref().map(T::from_q);
        let mut lower: Vec<Option<T>> = lp.lower.iter().map(bound).collect();
        let mut upper: Vec<Option<T>> = lp.upper.iter().map(bound).collect();
        let mut cells = vec![T::ZERO; n * m];
        let mut value: Vec<T> = Vec::with_capacity(n + m);
        for j in 0..n {
            let start = lower[j].clone().or_else(|| upper[j].clone());
            value.push(start.unwrap_or(T::ZERO));
        }
        for (i, row) in lp.rows.iter().enumerate() {
            let scale = scale.map_or(T::ONE, |scale| scale[i].clone());
            let mut start = T::ZERO;
            for (variable, coefficient) in &row.coefs {
                let coefficient = T::from_q(coefficient).mul(&scale);
                start.add_mul(&coefficient, &value[*variable]);
                cells[i * n + variable].add_mul(&coefficient, &T::ONE);
            }
            let rhs = T::from_q(&row.rhs).mul(&scale);
            value.push(start);
            lower.push((row.rel != Rel::Le).then(|| rhs.clone()));
            upper.push((row.rel != Rel::Ge).then_some(rhs));
        }
        let mut costs = vec![T::ZERO; n];
        for (variable, coefficient) in objective {
            costs[*variable].add_mul(&T::from_q(coefficient), &T::ONE);
        }
        Tableau {
            columns: n,
            cells,
            basic: (n..n + m).collect(),
            nonbasic: (0..n).collect(),
            lower,
            upper,
            value,
            objective: costs,
            support: Vec::new(),
            pivots: 0,
        }
    }

    #[inline]
    pub(super) fn cell(&self, row: usize, column: usize) -> &T {
        &self.cells[row * self.columns + column]
    }

    /// How far a variable is beyond its bounds: positive above, negative below, else 0.
    #[inline]
    pub(super) fn violation(&self, variable: usize) -> T {
        let value = &self.value[variable];
        if let Some(lower) = &self.lower[variable]
            && value < lower
        {
            return value.sub(lower);
        }
        if let Some(upper) = &self.upper[variable]
            && value > upper
        {
            return value.sub(upper);
        }
        T::ZERO
    }

    /// Whether a nonbasic variable has room to grow.
    #[inline]
    pub(super) fn can_grow(&self, variable: usize) -> bool {
        self.upper[variable].as_ref().is_none_or(|upper| upper.sub(&self.value[variable]).sign() > 0)
    }

    /// Whether a nonbasic variable has room to shrink.
    #[inline]
    pub(super) fn can_shrink(&self, variable: usize) -> bool {
        self.lower[variable].as_ref().is_none_or(|lower| self.value[variable].sub(lower).sign() > 0)
    }

    /// Repairs violated basic variables until none is left or one cannot be.
    pub(super) fn repair(&mut self, limit: usize) -> Repair {
        let mut steps = 0;
        while let Some((row, too_small)) = self.pick_violated() {
            if !T::EXACT && steps >= limit {
                return Repair::GaveUp;
            }
            steps += 1;
            let Some(column) = self.pick_repairing(row, too_small) else {
                return Repair::Conflict(row, too_small);
            };
            let variable = self.basic[row];
            let bound = if too_small { &self.lower[variable] } else { &self.upper[variable] };
            let target = bound.clone().expect("only a bound can be violated");
            self.move_basic_to(row, column, target);
            self.pivot(row, column);
        }
        Repair::Feasible
    }

    /// A row whose basic variable is out of bounds, and whether it is too small.
    pub(super) fn pick_violated(&self) -> Option<(usize, bool)> {
        let mut best: Option<(usize, bool)> = None;
        let mut best_size = 0.0;
        for (row, &variable) in self.basic.iter().enumerate() {
            let violation = self.violation(variable);
            let sign = violation.sign();
            if sign == 0 {
                continue;
            }
            let better = if T::EXACT {
                best.is_none_or(|(chosen, _)| variable < self.basic[chosen])
            } else {
                violation.size() > best_size
            };
            if better {
                best_size = violation.size();
                best = Some((row, sign < 0));
            }
        }
        best
    }

    /// A column whose variable can move the row's basic variable the wanted way.
    fn pick_repairing(&self, row: usize, grow: bool) -> Option<usize> {
        let mut best: Option<usize> = None;
        let mut best_size = 0.0;
        for (column, &variable) in self.nonbasic.iter().enumerate() {
            let cell = self.cell(row, column);
            let sign = cell.sign();
            if sign == 0 {
                continue;
            }
            let free_to_move =
                if (sign > 0) == grow { self.can_grow(variable) } else { self.can_shrink(variable) };
            if !free_to_move {
                continue;
            }
            let better = if T::EXACT {
                best.is_none_or(|chosen| variable < self.nonbasic[chosen])
            } else {
                cell.size() > best_size
            };
            if better {
                best_size = cell.size();
                best = Some(column);
            }
        }
        best
    }

    /// Moves the column's variable so that the row's basic variable takes the target value.
    pub(super) fn move_basic_to(&mut self, row: usize, column: usize, target: T) {
        let change = target.sub(&self.value[self.basic[row]]);
        let step = change.div(self.cell(row, column));
        self.move_nonbasic(column, &step);
        self.value[self.basic[row]] = target;
    }

    /// Moves a nonbasic variable by `step` and the basic variables with it.
    pub(super) fn move_nonbasic(&mut self, column: usize, step: &T) {
        for (row, &variable) in self.basic.iter().enumerate() {
            let cell = &self.cells[row * self.columns + column];
            self.value[variable].add_mul(cell, step);
        }
        self.value[self.nonbasic[column]].add_mul(&T::ONE, step);
    }

    /// Exchanges the basic variable of the row with the nonbasic variable of the column.
    pub(super) fn pivot(&mut self, row: usize, column: usize) {
        self.pivots += 1;
        let n = self.columns;
        let inverse = T::ONE.div(self.cell(row, column));
        let minus_inverse = inverse.neg();
        self.support.clear();
        for j in 0..n {
            let cell = &mut self.cells[row * n + j];
            if j == column {
                *cell = inverse.clone();
            } else if *cell != T::ZERO {
                *cell = cell.mul(&minus_inverse);
                self.support.push(j);
            }
        }
        let (before, rest) = self.cells.split_at_mut(row * n);
        let (pivot_row, after) = rest.split_at_mut(n);
        let others = before.chunks_exact_mut(n).chain(after.chunks_exact_mut(n));
        for other in others.chain(std::iter::once(&mut self.objective[..])) {
            if other[column] == T::ZERO {
                continue;
            }
            let factor = std::mem::replace(&mut other[column], T::ZERO);
            for &j in &self.support {
                other[j].add_mul(&factor, &pivot_row[j]);
            }
            other[column] = factor.mul(&inverse);
        }
        std::mem::swap(&mut self.basic[row], &mut self.nonbasic[column]);
    }

    /// The multipliers (one per row of the system) by which a row that cannot be repaired
    /// contradicts the bounds.
    pub(super) fn conflict_vector(&self, row: usize, too_small: bool) -> Vec<T> {
        let n = self.columns;
        let mut y = vec![T::ZERO; self.basic.len()];
        // The identity "basic - sum = 0", oriented so that its least value is above 0.
        let mut set = |variable: usize, coefficient: T| {
            if variable >= n {
                y[variable - n] = coefficient;
            }
        };
        for (column, &variable) in self.nonbasic.iter().enumerate() {
            let cell = self.cell(row, column);
            set(variable, if too_small { cell.clone() } else { cell.neg() });
        }
        set(self.basic[row], if too_small { T::ONE.neg() } else { T::ONE });
        y
    }

    /// The basis reached.
    pub(super) fn basis(&self) -> Basis {
        let mut basic = vec![false; self.value.len()];
        for &variable in &self.basic {
            basic[variable] = true;
        }
        let at_upper = (0..self.value.len()).map(|variable| !self.can_grow(variable)).collect();
        Basis { basic, at_upper }
    }
}
