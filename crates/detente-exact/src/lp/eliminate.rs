//! Square linear equations over `Q` with long coefficients, solved by elimination.
//!
//! The one idea: the sparsest equation goes first (Markowitz, "The elimination form of the inverse
//! and its application to linear programming", 1957), so that few long fractions are ever made.
//! Draws of parameters are 53-bit fractions; their products are too long for [`super::lift`].

use crate::Q;

/// Most equations that are eliminated; beyond, fractions grow longer than pivoting makes them.
const LARGEST: usize = 40;

/// The solution of `matrix · x = rhs` with as many equations as unknowns; `None` if the matrix is
/// singular, or has more than [`LARGEST`] rows.
pub(super) fn solve(matrix: &[Vec<Q>], rhs: &[Q]) -> Option<Vec<Q>> {
    let size = rhs.len();
    if size > LARGEST || matrix.len() != size {
        return None;
    }
    let with_right = |(row, right): (&Vec<Q>, &Q)| row.iter().chain([right]).cloned().collect();
    let mut rows: Vec<Vec<Q>> = matrix.iter().zip(rhs).map(with_right).collect();
    let mut open: Vec<bool> = vec![true; size];
    let mut order: Vec<(usize, usize)> = Vec::with_capacity(size);
    for _ in 0..size {
        let (row, column) = pivot(&rows, &open, size)?;
        open[column] = false;
        // Rows before `order.len()` are done; the pivot joins them.
        let at = order.len();
        rows.swap(at, row);
        order.push((at, column));
        let inverse = rows[at][column].recip();
        let (done, below) = rows.split_at_mut(at + 1);
        let lead = &done[at];
        for other in below {
            if other[column].is_zero() {
                continue;
            }
            let factor = &other[column] * &inverse;
            for (k, cell) in other.iter_mut().enumerate() {
                if k == size || open[k] {
                    cell.sub_mul(&lead[k], &factor);
                }
            }
            other[column] = Q::ZERO;
        }
    }
    let mut x = vec![Q::ZERO; size];
    for (row, column) in order.into_iter().rev() {
        let mut right = rows[row][size].clone();
        for (k, value) in x.iter().enumerate() {
            if k != column {
                right.sub_mul(&rows[row][k], value);
            }
        }
        x[column] = right / &rows[row][column];
    }
    Some(x)
}

/// The next pivot: in the open row with the fewest entries, the one in the shortest column, the
/// shorter number on ties. Rows that are done come first and are those with closed columns.
fn pivot(rows: &[Vec<Q>], open: &[bool], size: usize) -> Option<(usize, usize)> {
    let done = open.iter().filter(|o| !**o).count();
    let columns = || (0..size).filter(|k| open[*k]);
    let entries = |row: &Vec<Q>| columns().filter(|k| !row[*k].is_zero()).count();
    let row = (done..size).min_by_key(|r| entries(&rows[*r]))?;
    let height = |k: usize| (done..size).filter(|r| !rows[*r][k].is_zero()).count();
    let column =
        columns().filter(|k| !rows[row][*k].is_zero()).min_by_key(|k| (height(*k), rows[row][*k].bits()))?;
    Some((row, column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn answers_solve(cells in vec(-3i64..4, 49), right in vec(-99i64..100, 7), size in 1usize..8) {
            let tenth = Q::from_f64(0.1).unwrap();
            let matrix: Vec<Vec<Q>> = (0..size)
                .map(|i| cells[i * size..(i + 1) * size].iter().map(|c| Q::from(*c) * &tenth).collect())
                .collect();
            let chosen: Vec<Q> = right[..size].iter().map(|r| Q::new(*r, 7)).collect();
            let product = |x: &[Q]| -> Vec<Q> {
                matrix.iter().map(|row| row.iter().zip(x).map(|(a, b)| a * b).sum()).collect()
            };
            let rhs = product(&chosen);
            match solve(&matrix, &rhs) {
                Some(x) => prop_assert_eq!(x, chosen),
                // A singular matrix sends some other vector to zero: its determinant vanishes.
                None => prop_assert!(determinant(matrix.clone()).is_zero()),
            }
        }
    }

    fn determinant(m: Vec<Vec<Q>>) -> Q {
        if m.is_empty() {
            return Q::ONE;
        }
        let minor = |skip: usize| -> Vec<Vec<Q>> {
            let keep = |row: &Vec<Q>| (0..row.len()).filter(|j| *j != skip).map(|j| row[j].clone()).collect();
            m[1..].iter().map(keep).collect()
        };
        let sign = |j: usize| if j.is_multiple_of(2) { Q::ONE } else { -Q::ONE };
        (0..m.len()).filter(|j| !m[0][*j].is_zero()).map(|j| sign(j) * &m[0][j] * determinant(minor(j))).sum()
    }
}
