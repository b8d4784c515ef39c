//! Square linear equations over `Q` with coefficients of any size and several right sides, digit by digit.
//!
//! The one idea: as in [`super::lift`], but over big whole numbers, with one factorisation for all right
//! sides, and on until the answer must have been seen: by Cramer's rule and Hadamard's bound it has no more
//! digits than the products of the rows' lengths.

use super::lift::{Factors, Limits, PRIME, reconstruct};
use crate::Q;
use dashu_int::ops::{BitTest, Gcd, UnsignedAbs};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

/// The solutions, a row of numbers for each unknown; `None` if the matrix is singular (also: modulo the
/// prime).
pub(super) fn solve_all(matrix: &[Vec<Q>], right: &[Vec<Q>]) -> Option<Vec<Vec<Q>>> {
    let size = matrix.len();
    let count = right.first().map_or(0, Vec::len);
    if size == 0 {
        return Some(vec![]);
    }
    let scales: Vec<IBig> = matrix.iter().map(|row| IBig::from(common(row.iter()))).collect();
    let mut whole: Vec<Vec<(usize, IBig)>> = Vec::with_capacity(size);
    let mut cells = vec![0u64; size * size];
    for (i, row) in matrix.iter().enumerate() {
        let filled = row.iter().enumerate().filter(|(_, q)| !q.is_zero());
        let list: Vec<(usize, IBig)> = filled.map(|(j, q)| (j, scaled(q, &scales[i]))).collect();
        list.iter().for_each(|(j, n)| cells[i * size + j] = residue(n));
        whole.push(list);
    }
    let factors = Factors::new(cells, size)?;
    let bits: usize = whole.iter().map(|row| length_bits(row)).sum();
    let coefficient =
        whole.iter().map(|row| row.iter().map(|(_, n)| n.unsigned_abs()).sum::<UBig>()).max()?;
    let mut answer = vec![vec![Q::ZERO; count]; size];
    for k in 0..count {
        // The common denominator of a right side is taken out and put back.
        let column: Vec<Q> = right.iter().zip(&scales).map(|(row, scale)| &row[k] * &number(scale)).collect();
        if column.iter().all(Q::is_zero) {
            continue;
        }
        let out = common(column.iter());
        let out_signed = IBig::from(out.clone());
        let residual: Vec<IBig> = column.iter().map(|q| scaled(q, &out_signed)).collect();
        let largest = residual.iter().map(UnsignedAbs::unsigned_abs).max()?;
        let most = 2 * bits + largest.bit_len() + 64;
        let limits = Limits { coefficient: coefficient.clone(), right: largest };
        let solved = lifted(&factors, &whole, residual, &limits, most)?;
        for (row, q) in answer.iter_mut().zip(solved) {
            row[k] = q / number(&out_signed);
        }
    }
    Some(answer)
}

/// The solution of one system; `most` bits prove any answer.
fn lifted(
    factors: &Factors,
    whole: &[Vec<(usize, IBig)>],
    mut residual: Vec<IBig>,
    limits: &Limits,
    most: usize,
) -> Option<Vec<Q>> {
    let mut sums = vec![UBig::ZERO; residual.len()];
    let mut modulus = UBig::ONE;
    let (mut steps, mut next) = (0usize, 2usize);
    loop {
        while steps < next {
            let digits = factors.solve_residues(&residual.iter().map(residue).collect::<Vec<u64>>());
            for (rest, row) in residual.iter_mut().zip(whole) {
                let taken: IBig =
                    row.iter().filter(|(j, _)| digits[*j] != 0).map(|(j, n)| n * digits[*j]).sum();
                *rest = (&*rest - taken) / PRIME;
            }
            for (sum, digit) in sums.iter_mut().zip(&digits) {
                *sum += &modulus * *digit;
            }
            modulus *= PRIME;
            steps += 1;
        }
        if let Some(answer) = reconstruct(&sums, &modulus, limits) {
            return Some(answer);
        }
        if modulus.bit_len() > most {
            return None;
        }
        next += next / 2 + 1;
    }
}

/// The bits of a row's sum of squares, halved, and one more: no determinant is longer than the rows together.
fn length_bits(row: &[(usize, IBig)]) -> usize {
    row.iter().map(|(_, n)| n * n).sum::<IBig>().unsigned_abs().bit_len().div_ceil(2) + 1
}

/// The least common multiple of denominators.
fn common<'a>(numbers: impl Iterator<Item = &'a Q>) -> UBig {
    let mut common = UBig::ONE;
    for number in numbers.filter(|q| !q.is_integer()) {
        let (_, below) = number.to_rbig().into_parts();
        let shared = (&common).gcd(&below);
        common *= below / shared;
    }
    common
}

/// A number times a multiple of its denominator.
fn scaled(number: &Q, scale: &IBig) -> IBig {
    let (above, below) = number.to_rbig().into_parts();
    above * (scale / IBig::from(below))
}

fn number(whole: &IBig) -> Q {
    Q::from_rbig(RBig::from(whole.clone()))
}

fn residue(value: &IBig) -> u64 {
    let size = value.clone().unsigned_abs() % PRIME;
    if size != 0 && *value < IBig::ZERO { PRIME - size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Chosen solutions with long fractions come back from their right sides.
        #[test]
        fn answers_solve(cells in vec((-9i64..10, 1i64..1_000_000_007), 49), chosen in vec((-99i64..100, 1i64..99), 14), size in 1usize..8) {
            let long = |(n, d): &(i64, i64)| Q::new(*n, *d) * Q::new(*d + 2, 1 << 50);
            let matrix: Vec<Vec<Q>> = (0..size).map(|i| cells[i * 7..i * 7 + size].iter().map(long).collect()).collect();
            let x: Vec<Vec<Q>> = chosen.chunks(2).take(size).map(|c| c.iter().map(long).collect()).collect();
            let product = |x: &[Vec<Q>]| -> Vec<Vec<Q>> {
                let sum = |row: &Vec<Q>, k: usize| row.iter().zip(x).map(|(a, b)| a * &b[k]).sum::<Q>();
                matrix.iter().map(|row| vec![sum(row, 0), sum(row, 1)]).collect()
            };
            let right = product(&x);
            match solve_all(&matrix, &right) {
                Some(found) => prop_assert_eq!(found, x),
                None => prop_assert_eq!(crate::integer::determinant_sign(&matrix), 0),
            }
        }
    }
}
