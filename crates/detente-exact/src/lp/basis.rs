//! A basis found by floats, evaluated exactly without a tableau.
//!
//! The one idea: a basis determines its point, its multipliers and its Farkas vector through square
//! equations no larger than the number of rows that bind, so those are solved instead of repeating
//! every pivot exactly. The results are candidates: the basis may be wrong, so callers check them.

use super::{Lp, peel};
use crate::Q;

/// Which variables are basic (the system's first, then the rows'), and where the others rest.
pub(super) struct Basis {
    pub(super) basic: Vec<bool>,
    /// Whether a variable rests at its upper bound when not basic.
    pub(super) at_upper: Vec<bool>,
}

impl Basis {
    /// The system's variables that are basic.
    fn columns(&self, lp: &Lp) -> Vec<usize> {
        (0..lp.lower.len()).filter(|variable| self.basic[*variable]).collect()
    }

    /// The rows that bind: those whose own variable is not basic.
    fn rows(&self, lp: &Lp) -> Vec<usize> {
        let first = lp.lower.len();
        (0..lp.rows.len()).filter(|row| !self.basic[first + row]).collect()
    }

    /// The bound a variable of the system rests at when not basic; 0 if it has none.
    fn rest(&self, lp: &Lp, variable: usize) -> Q {
        let (lower, upper) = (lp.lower[variable].as_ref(), lp.upper[variable].as_ref());
        let bound = if self.at_upper[variable] { upper.or(lower) } else { lower.or(upper) };
        bound.cloned().unwrap_or_default()
    }

    /// The point of the basis: binding rows are equations, other variables rest.
    pub(super) fn point(&self, lp: &Lp) -> Option<Vec<Q>> {
        let (columns, rows) = (self.columns(lp), self.rows(lp));
        let mut x: Vec<Q> = (0..lp.lower.len()).map(|variable| self.rest(lp, variable)).collect();
        let place = places(lp.lower.len(), &columns);
        if columns.len() != rows.len() {
            return None;
        }
        let mut equations = Equations::new(rows.len());
        let mut right: Vec<Q> = Vec::with_capacity(rows.len());
        for (k, row) in rows.iter().enumerate() {
            let row = &lp.rows[*row];
            let mut rest = row.rhs.clone();
            for (variable, coefficient) in &row.coefs {
                match place[*variable] {
                    Some(column) => equations.add(k, column, coefficient),
                    None => rest.sub_mul(coefficient, &x[*variable]),
                }
            }
            right.push(rest);
        }
        let solution = peel::solve(equations.list, right)?;
        for (variable, value) in columns.into_iter().zip(solution) {
            x[variable] = value;
        }
        Some(x)
    }

    /// The direction in which a variable that is not basic grows (or shrinks) by 1, binding rows
    /// stay as they are, and basic variables follow.
    pub(super) fn ray(&self, lp: &Lp, variable: usize, grow: bool) -> Option<Vec<Q>> {
        let (columns, rows) = (self.columns(lp), self.rows(lp));
        let place = places(lp.lower.len(), &columns);
        let one = if grow { Q::ONE } else { -Q::ONE };
        let mut ray = vec![Q::ZERO; lp.lower.len()];
        if let Some(entry) = ray.get_mut(variable) {
            *entry = one.clone();
        }
        if columns.len() != rows.len() {
            return None;
        }
        let mut equations = Equations::new(rows.len());
        let mut right = vec![Q::ZERO; rows.len()];
        for ((k, row), right) in rows.iter().enumerate().zip(&mut right) {
            if lp.lower.len() + row == variable {
                *right = one.clone();
            }
            for (other, coefficient) in &lp.rows[*row].coefs {
                match place[*other] {
                    Some(column) => equations.add(k, column, coefficient),
                    None => right.sub_mul(coefficient, &ray[*other]),
                }
            }
        }
        for (column, along) in columns.iter().zip(peel::solve(equations.list, right)?) {
            ray[*column] = along;
        }
        Some(ray)
    }

    /// The multipliers `y`, 0 outside the binding rows but for one fixed row, for which `yᵀA`
    /// agrees with `target` on the basic variables.
    fn multipliers(&self, lp: &Lp, target: &[Q], fixed: Option<(usize, Q)>) -> Option<Vec<Q>> {
        let (columns, rows) = (self.columns(lp), self.rows(lp));
        let place = places(lp.lower.len(), &columns);
        if columns.len() != rows.len() {
            return None;
        }
        let mut equations = Equations::new(columns.len());
        for (index, row) in rows.iter().enumerate() {
            for (variable, coefficient) in &lp.rows[*row].coefs {
                if let Some(column) = place[*variable] {
                    equations.add(column, index, coefficient);
                }
            }
        }
        let mut right: Vec<Q> = columns.iter().map(|variable| target[*variable].clone()).collect();
        let mut y = vec![Q::ZERO; lp.rows.len()];
        if let Some((row, multiplier)) = fixed {
            for (variable, coefficient) in &lp.rows[row].coefs {
                if let Some(column) = place[*variable] {
                    right[column].sub_mul(coefficient, &multiplier);
                }
            }
            y[row] = multiplier;
        }
        for (row, value) in rows.iter().zip(peel::solve(equations.list, right)?) {
            y[*row] = value;
        }
        Some(y)
    }

    /// The dual vector of an objective at this basis.
    pub(super) fn dual(&self, lp: &Lp, objective: &[(usize, Q)]) -> Option<Vec<Q>> {
        let mut target = vec![Q::ZERO; lp.lower.len()];
        for (variable, coefficient) in objective {
            target[*variable] += coefficient;
        }
        self.multipliers(lp, &target, None)
    }

    /// The Farkas vector that blames a basic variable, which is too small (or too large) for its
    /// bound and cannot be repaired.
    pub(super) fn refutation(&self, lp: &Lp, variable: usize, too_small: bool) -> Option<Vec<Q>> {
        let mut target = vec![Q::ZERO; lp.lower.len()];
        let one = if too_small { Q::ONE } else { -Q::ONE };
        match variable.checked_sub(lp.lower.len()) {
            Some(row) => self.multipliers(lp, &target, Some((row, -one))),
            None => {
                target[variable] = one;
                self.multipliers(lp, &target, None)
            }
        }
    }
}

/// Sparse equations, one list of unknowns and coefficients each.
struct Equations {
    list: Vec<Vec<(usize, Q)>>,
}

impl Equations {
    fn new(count: usize) -> Equations {
        Equations { list: vec![vec![]; count] }
    }

    /// Adds to the coefficient of an unknown; additions to one equation come together or sorted.
    fn add(&mut self, equation: usize, unknown: usize, coefficient: &Q) {
        let list = &mut self.list[equation];
        match list.iter_mut().find(|(other, _)| *other == unknown) {
            Some((_, sum)) => *sum += coefficient,
            None => list.push((unknown, coefficient.clone())),
        }
    }
}

/// For each of `count` variables, its place in the list.
fn places(count: usize, list: &[usize]) -> Vec<Option<usize>> {
    let mut place = vec![None; count];
    for (index, variable) in list.iter().enumerate() {
        place[*variable] = Some(index);
    }
    place
}
