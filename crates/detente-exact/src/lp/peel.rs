//! Square sparse linear equations over `Q`: what follows by itself is peeled off, a small core is left.
//!
//! The one idea: an equation with one unknown fixes it; an unknown that occurs in one equation only can wait
//! until the others are known. Flows and plans are mostly made of such equations, so the core that needs
//! elimination is a fraction of the whole.

use super::{lift, long};
use crate::Q;
use std::collections::BTreeMap;

/// What stands on the right of an equation: a number, or several of as many systems with the same left sides.
pub(super) trait Right: Clone {
    /// Takes a multiple away.
    fn sub_mul(&mut self, factor: &Q, other: &Self);
    /// Divides by a number other than 0.
    fn over(&self, divisor: &Q) -> Self;
    /// The solution of a square system without sparse rows.
    fn core(matrix: &[Vec<Q>], right: &[Self]) -> Option<Vec<Self>>;
}

impl Right for Q {
    fn sub_mul(&mut self, factor: &Q, other: &Q) {
        Q::sub_mul(self, factor, other);
    }
    fn over(&self, divisor: &Q) -> Q {
        self / divisor
    }
    fn core(matrix: &[Vec<Q>], right: &[Q]) -> Option<Vec<Q>> {
        lift::solve(matrix, right)
    }
}

impl Right for Vec<Q> {
    fn sub_mul(&mut self, factor: &Q, other: &Vec<Q>) {
        for (mine, theirs) in self.iter_mut().zip(other).filter(|(_, q)| !q.is_zero()) {
            mine.sub_mul(factor, theirs);
        }
    }
    fn over(&self, divisor: &Q) -> Vec<Q> {
        self.iter().map(|q| q / divisor).collect()
    }
    fn core(matrix: &[Vec<Q>], right: &[Vec<Q>]) -> Option<Vec<Vec<Q>>> {
        long::solve_all(matrix, right)
    }
}

/// The solutions of square sparse equations for several right sides each, of as many unknowns: a row of numbers
/// for each unknown. `None` if the equations leave something open or exclude each other, or if there are not
/// as many as unknowns.
pub fn solve_all(
    equations: Vec<Vec<(usize, Q)>>,
    right: Vec<Vec<Q>>,
    unknowns: usize,
) -> Option<Vec<Vec<Q>>> {
    let fits = equations.len() == unknowns
        && right.len() == unknowns
        && equations.iter().flatten().all(|(column, _)| *column < unknowns);
    if fits { solve(equations, right) } else { None }
}

/// An equation that waits: the unknown that it gives, and that unknown's coefficient.
struct Waiting {
    row: usize,
    column: usize,
    coefficient: Q,
}

/// The one solution of as many equations as unknowns, given as pairs of unknown and coefficient (at most
/// one pair per unknown); `None` if there is none or more than one.
pub(super) fn solve<R: Right>(equations: Vec<Vec<(usize, Q)>>, right: Vec<R>) -> Option<Vec<R>> {
    let count = right.len();
    let mut rows: Vec<BTreeMap<usize, Q>> = equations
        .into_iter()
        .map(|row| row.into_iter().filter(|(_, coefficient)| !coefficient.is_zero()).collect())
        .collect();
    let mut right = right;
    let mut holders: Vec<Vec<usize>> = vec![vec![]; count];
    for (i, row) in rows.iter().enumerate() {
        row.keys().for_each(|column| holders[*column].push(i));
    }
    let mut known: Vec<Option<R>> = vec![None; count];
    let mut gone = vec![false; count];
    let mut waiting: Vec<Waiting> = vec![];
    let mut taken = vec![false; count];
    let mut occurrences: Vec<usize> = holders.iter().map(Vec::len).collect();
    let mut rows_open: Vec<usize> = (0..count).filter(|i| rows[*i].len() == 1).collect();
    let mut columns_open: Vec<usize> = (0..count).filter(|c| occurrences[*c] == 1).collect();
    loop {
        if let Some(i) = rows_open.pop() {
            if gone[i] || rows[i].len() != 1 {
                continue;
            }
            let (column, coefficient) = rows[i].pop_first()?;
            let value = right[i].over(&coefficient);
            (gone[i], taken[column]) = (true, true);
            for &k in holders[column].iter().filter(|k| !gone[**k]) {
                let Some(factor) = rows[k].remove(&column) else { continue };
                right[k].sub_mul(&factor, &value);
                if rows[k].len() == 1 {
                    rows_open.push(k);
                }
            }
            known[column] = Some(value);
        } else if let Some(column) = columns_open.pop() {
            if taken[column] || occurrences[column] != 1 {
                continue;
            }
            let row = *holders[column].iter().find(|k| !gone[**k] && rows[**k].contains_key(&column))?;
            let coefficient = rows[row].remove(&column)?;
            (gone[row], taken[column]) = (true, true);
            for other in rows[row].keys().copied() {
                occurrences[other] -= 1;
                if occurrences[other] == 1 {
                    columns_open.push(other);
                }
            }
            waiting.push(Waiting { row, column, coefficient });
        } else {
            break;
        }
    }
    let places: Vec<usize> = (0..count).filter(|c| !taken[*c]).collect();
    let place: BTreeMap<usize, usize> = places.iter().enumerate().map(|(k, c)| (*c, k)).collect();
    let left: Vec<usize> = (0..count).filter(|i| !gone[*i]).collect();
    if left.len() != places.len() {
        return None;
    }
    let mut matrix = vec![vec![Q::ZERO; places.len()]; left.len()];
    for (line, i) in matrix.iter_mut().zip(&left) {
        for (column, coefficient) in &rows[*i] {
            line[*place.get(column)?] = coefficient.clone();
        }
    }
    let rest: Vec<R> = left.iter().map(|i| right[*i].clone()).collect();
    for (column, value) in places.iter().zip(R::core(&matrix, &rest)?) {
        known[*column] = Some(value);
    }
    for Waiting { row, column, coefficient } in waiting.into_iter().rev() {
        let mut value = right[row].clone();
        for (other, factor) in &rows[row] {
            value.sub_mul(factor, known[*other].as_ref()?);
        }
        known[column] = Some(value.over(&coefficient));
    }
    known.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        /// The same as elimination of the whole, also where there is no one solution.
        #[test]
        fn peeling_changes_nothing(
            cells in proptest::collection::vec(prop_oneof![4 => Just(0i64), 1 => -3i64..4], 49),
            right in proptest::collection::vec(-3i64..4, 7),
        ) {
            let matrix: Vec<Vec<Q>> = cells.chunks(7).map(|c| c.iter().map(|x| Q::from(*x)).collect()).collect();
            let right: Vec<Q> = right.into_iter().map(Q::from).collect();
            let sparse = matrix.iter().map(|row| row.iter().cloned().enumerate().collect()).collect();
            prop_assert_eq!(solve(sparse, right.clone()), lift::solve(&matrix, &right));
        }
    }
}
