//! Exact solutions of equations, near one in floats.
//!
//! The one idea: floats know which equations are independent and which unknowns may be chosen freely; the chosen
//! ones are rounded (or put to 0), and the others follow exactly. So a point in the middle of a face of a polytope,
//! which is what interior point methods find, becomes an exact point of that face whatever the ties.

use crate::ends::Row;
use detente_exact::Q;
use detente_exact::lp::solve_all;

/// Most cells times equations: beyond, choosing a basis takes floats too long.
const MOST: usize = 300_000_000;
/// A pivot below this part of its equation's largest coefficient is none.
const SMALL: f64 = 1e-7;
/// Unknowns that may be chosen freely are rounded to this part of one.
const PARTS: f64 = (1u64 << 26) as f64;

/// What becomes of the unknowns that may be chosen freely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Free {
    /// They are 0: a corner of the face, if it fits.
    Zero,
    /// They stay where floats have them.
    Rounded,
}

/// The values of some unknowns that solve equations, near `start`; `None` if there are too many to choose among, or
/// if their exact solution is too long. Equations that floats take to depend on others are not looked at again.
pub(crate) fn near(equations: &[Row], right: &[Q], start: &[f64], free: Free) -> Option<Vec<Q>> {
    let (height, width) = (equations.len(), start.len());
    if height.checked_mul(width)?.checked_mul(height.min(width))? > MOST {
        return None;
    }
    let basis = basis(equations, start);
    let mut values: Vec<Q> = vec![Q::ZERO; width];
    let mut place = vec![None; width];
    for (k, (_, column)) in basis.iter().enumerate() {
        place[*column] = Some(k);
    }
    if free == Free::Rounded {
        for column in (0..width).filter(|column| place[*column].is_none()) {
            values[column] = Q::from_f64(libm::round(start[column] * PARTS) / PARTS)?;
        }
    }
    let mut chosen = Vec::with_capacity(basis.len());
    let mut rest = Vec::with_capacity(basis.len());
    for (row, _) in &basis {
        let mut sum = right[*row].clone();
        let mut unknown = vec![];
        for (column, coefficient) in &equations[*row] {
            match place[*column] {
                Some(k) => unknown.push((k, coefficient.clone())),
                None => sum.sub_mul(coefficient, &values[*column]),
            }
        }
        chosen.push(unknown);
        rest.push(vec![sum]);
    }
    for ((_, column), value) in basis.iter().zip(solve_all(chosen, rest, basis.len())?) {
        values[*column] = value.into_iter().next()?;
    }
    Some(values)
}

/// Independent equations, each with an unknown that it gives; unknowns far from 0 first.
fn basis(equations: &[Row], start: &[f64]) -> Vec<(usize, usize)> {
    let width = start.len();
    let mut rows: Vec<Vec<f64>> = equations.iter().map(|row| dense(row, width)).collect();
    let mut open: Vec<usize> = (0..rows.len()).collect();
    let mut columns: Vec<usize> = (0..width).collect();
    columns.sort_by(|a, b| start[*b].abs().total_cmp(&start[*a].abs()).then(a.cmp(b)));
    let mut basis = vec![];
    for column in columns {
        let best = (0..open.len()).max_by(|a, b| {
            let size = |k: &usize| rows[open[*k]][column].abs();
            size(a).total_cmp(&size(b)).then(b.cmp(a))
        });
        let Some(best) = best.filter(|k| rows[open[*k]][column].abs() > SMALL) else { continue };
        let row = open.remove(best);
        let lead = std::mem::take(&mut rows[row]);
        for other in &open {
            let factor = rows[*other][column] / lead[column];
            if factor != 0.0 {
                rows[*other].iter_mut().zip(&lead).for_each(|(cell, by)| *cell -= factor * by);
                rows[*other][column] = 0.0;
            }
        }
        basis.push((row, column));
    }
    basis
}

/// An equation as floats, its largest coefficient 1.
fn dense(row: &Row, width: usize) -> Vec<f64> {
    let mut cells = vec![0.0; width];
    row.iter().for_each(|(column, coefficient)| cells[*column] += coefficient.to_f64());
    let largest = cells.iter().fold(0.0, |most: f64, cell| most.max(cell.abs()));
    if largest > 0.0 {
        cells.iter_mut().for_each(|cell| *cell /= largest);
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Equations with a known solution, some of them sums of others: whatever is free, all of them hold.
        #[test]
        fn solutions_solve_all_equations(
            cells in proptest::collection::vec(-3i64..4, 24),
            known in proptest::collection::vec(0i64..5, 6),
        ) {
            let row = |i: usize| -> Row { (0..6).map(|j| (j, Q::from(cells[6 * i + j]))).collect() };
            let sum: Row = (0..6).map(|j| (j, Q::from(cells[j] + cells[6 + j]))).collect();
            let equations = vec![row(0), row(1), sum, row(2), row(3)];
            let at = |row: &Row, x: &[Q]| -> Q { row.iter().map(|(j, c)| c * &x[*j]).sum() };
            let known: Vec<Q> = known.into_iter().map(|k| Q::new(k, 7)).collect();
            let right: Vec<Q> = equations.iter().map(|row| at(row, &known)).collect();
            let start: Vec<f64> = known.iter().map(Q::to_f64).collect();
            for free in [Free::Zero, Free::Rounded] {
                let found = near(&equations, &right, &start, free).expect("small");
                for (row, right) in equations.iter().zip(&right) {
                    prop_assert_eq!(&at(row, &found), right);
                }
            }
        }
    }
}
