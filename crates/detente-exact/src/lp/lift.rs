//! Square linear equations over `Q`, solved digit by digit where coefficients are short.
//!
//! The one idea: solve modulo one prime, then lift the answer to higher powers of that prime, each
//! step at the cost of one float-sized solve (Dixon, "Exact solution of linear equations using
//! p-adic expansions", 1982). No fraction grows on the way, and the answer is proved by size: a
//! fraction that solves the equations modulo a number larger than both sides can get solves them.

use dashu_int::ops::{Abs, DivRem};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use crate::Q;

/// A prime just below 2^31, so that products of residues fit `u64`.
pub(super) const PRIME: u64 = 2_147_483_647;

/// Numbers of digits after which an answer is looked for; beyond the last the solver gives up.
const CHECKPOINTS: [usize; 11] = [2, 4, 7, 11, 16, 24, 36, 54, 80, 120, 180];

/// Whole coefficients are below this, so that residuals fit `i128`.
const LARGEST: i64 = 1 << 56;

/// The solution of `matrix · x = rhs` with as many equations as unknowns. `None` if the matrix is
/// singular, or if it is too large for both ways of solving.
pub(super) fn solve(matrix: &[Vec<Q>], rhs: &[Q]) -> Option<Vec<Q>> {
    if rhs.is_empty() {
        return Some(Vec::new());
    }
    lifted(matrix, rhs).or_else(|| super::eliminate::solve(matrix, rhs))
}

/// The solution digit by digit. `None` if the matrix is singular (also: modulo the prime), if
/// numbers are too large, or if the answer is very long.
fn lifted(matrix: &[Vec<Q>], rhs: &[Q]) -> Option<Vec<Q>> {
    let size = rhs.len();
    let mut whole: Vec<i64> = Vec::with_capacity(size * size);
    let mut residual: Vec<i128> = Vec::with_capacity(size);
    for (row, right) in matrix.iter().zip(rhs) {
        let scale = common_denominator(row.iter().chain([right]))?;
        for coefficient in row {
            whole.push(scaled(coefficient, &scale)?);
        }
        residual.push(i128::from(scaled(right, &scale)?));
    }
    let factors = Factors::new(whole.iter().map(|c| residue(i128::from(*c))).collect(), size)?;
    let limits = Limits {
        coefficient: UBig::from(whole.iter().map(|c| c.unsigned_abs()).max().unwrap_or(0)) * UBig::from(size),
        right: UBig::from(residual.iter().map(|r| r.unsigned_abs()).max().unwrap_or(0)),
    };
    let mut sums = vec![UBig::ZERO; size];
    let mut modulus = UBig::ONE;
    let mut steps = 0;
    for checkpoint in CHECKPOINTS {
        while steps < checkpoint {
            let digits = factors.solve(&residual);
            take_digits(&mut residual, &whole, &digits);
            for (sum, digit) in sums.iter_mut().zip(&digits) {
                *sum += &modulus * *digit;
            }
            modulus *= PRIME;
            steps += 1;
        }
        if let Some(answer) = reconstruct(&sums, &modulus, &limits) {
            return Some(answer);
        }
    }
    None
}

/// `residual = (residual - matrix · digits) / PRIME`, exact by choice of the digits.
fn take_digits(residual: &mut [i128], whole: &[i64], digits: &[u64]) {
    for (rest, row) in residual.iter_mut().zip(whole.chunks_exact(digits.len())) {
        for (coefficient, digit) in row.iter().zip(digits) {
            *rest -= i128::from(*coefficient) * i128::from(*digit);
        }
        *rest /= i128::from(PRIME);
    }
}

fn common_denominator<'a>(numbers: impl Iterator<Item = &'a Q>) -> Option<Q> {
    let mut common = Q::ONE;
    for number in numbers {
        if !number.is_integer() {
            let den = number.denominator();
            common = &common / crate::rational::numerator_gcd(&common, &den) * den;
            if common > Q::from(LARGEST) {
                return None;
            }
        }
    }
    Some(common)
}

fn scaled(number: &Q, scale: &Q) -> Option<i64> {
    (number * scale).to_i64().filter(|whole| whole.unsigned_abs() < LARGEST.unsigned_abs())
}

/// The matrix modulo the prime as lower and upper triangular factors, rows permuted.
pub(super) struct Factors {
    size: usize,
    cells: Vec<u64>,
    order: Vec<usize>,
    /// Inverses of the diagonal of the upper factor.
    inverses: Vec<u64>,
}

impl Factors {
    /// Of the residues of a matrix, row by row; `None` if it is singular modulo the prime.
    pub(super) fn new(mut cells: Vec<u64>, size: usize) -> Option<Factors> {
        let mut order: Vec<usize> = (0..size).collect();
        let mut inverses = Vec::with_capacity(size);
        for k in 0..size {
            let pivot = (k..size).find(|row| cells[row * size + k] != 0)?;
            if pivot != k {
                order.swap(k, pivot);
                let (upper, lower) = cells.split_at_mut(pivot * size);
                upper[k * size..(k + 1) * size].swap_with_slice(&mut lower[..size]);
            }
            let inverse = inverse(cells[k * size + k]);
            inverses.push(inverse);
            let (upper, lower) = cells.split_at_mut((k + 1) * size);
            let pivot_row = &upper[k * size..];
            for row in lower.chunks_exact_mut(size) {
                if row[k] == 0 {
                    continue;
                }
                let factor = row[k] * inverse % PRIME;
                row[k] = factor;
                let minus = PRIME - factor;
                for j in k + 1..size {
                    row[j] = (row[j] + minus * pivot_row[j]) % PRIME;
                }
            }
        }
        Some(Factors { size, cells, order, inverses })
    }

    /// The solution modulo the prime.
    fn solve(&self, right: &[i128]) -> Vec<u64> {
        self.solve_residues(&right.iter().map(|r| residue(*r)).collect::<Vec<u64>>())
    }

    /// The same where the right side is given modulo the prime.
    pub(super) fn solve_residues(&self, right: &[u64]) -> Vec<u64> {
        let size = self.size;
        let mut x: Vec<u64> = self.order.iter().map(|row| right[*row]).collect();
        for i in 0..size {
            let row = &self.cells[i * size..i * size + i];
            let known = row.iter().zip(&x).fold(0, |sum, (c, x)| (sum + c * x) % PRIME);
            x[i] = (x[i] + PRIME - known) % PRIME;
        }
        for i in (0..size).rev() {
            let row = &self.cells[i * size + i + 1..(i + 1) * size];
            let known = row.iter().zip(&x[i + 1..]).fold(0, |sum, (c, x)| (sum + c * x) % PRIME);
            x[i] = (x[i] + PRIME - known) % PRIME * self.inverses[i] % PRIME;
        }
        x
    }
}

fn residue(value: i128) -> u64 {
    value.rem_euclid(i128::from(PRIME)) as u64
}

/// The inverse modulo the prime, by Fermat's little theorem.
fn inverse(value: u64) -> u64 {
    let (mut base, mut exponent, mut result) = (value, PRIME - 2, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    result
}

/// How large the two sides of an equation can get: the left per unit of the largest numerator, the
/// right per unit of the denominator.
pub(super) struct Limits {
    pub(super) coefficient: UBig,
    pub(super) right: UBig,
}

/// Fractions with a common denominator that agree with the residues and are proved by size.
pub(super) fn reconstruct(sums: &[UBig], modulus: &UBig, limits: &Limits) -> Option<Vec<Q>> {
    let bound = root(modulus);
    let mut common = UBig::ONE;
    let mut numerators: Vec<IBig> = Vec::with_capacity(sums.len());
    for sum in sums {
        let shifted = (sum * &common) % modulus;
        let (numerator, extra) = fraction(&shifted, modulus, &bound)?;
        if extra != UBig::ONE {
            common *= &extra;
            if common > bound {
                return None;
            }
            for earlier in &mut numerators {
                *earlier *= &extra;
            }
        }
        numerators.push(numerator);
    }
    // matrix · numerators and common · rhs agree modulo `modulus`; if their difference must be
    // smaller than that, they are equal.
    let largest = numerators.iter().map(|n| UBig::try_from(n.abs()).unwrap_or_default()).max()?;
    if &limits.coefficient * largest + &limits.right * &common >= *modulus {
        return None;
    }
    let answer = |numerator: IBig| Q::from_rbig(RBig::from_parts(numerator, common.clone()));
    Some(numerators.into_iter().map(answer).collect())
}

/// A number whose square is at most half the modulus, within a factor of two.
fn root(modulus: &UBig) -> UBig {
    use dashu_int::ops::BitTest;
    UBig::ONE << (modulus.bit_len().saturating_sub(2) / 2)
}

/// The fraction `n / d` with `n ≡ d · value`, both at most `bound` in size, by Euclid's algorithm
/// stopped half way (Wang, 1981).
fn fraction(value: &UBig, modulus: &UBig, bound: &UBig) -> Option<(IBig, UBig)> {
    if value <= bound {
        return Some((IBig::from(value.clone()), UBig::ONE));
    }
    let below = modulus - value;
    if below <= *bound {
        return Some((-IBig::from(below), UBig::ONE));
    }
    let (mut r0, mut r1) = (modulus.clone(), value.clone());
    let (mut t0, mut t1) = (IBig::ZERO, IBig::ONE);
    while r1 > *bound {
        let (quotient, rest) = (&r0).div_rem(&r1);
        let next = &t0 - IBig::from(quotient) * &t1;
        (r0, r1) = (r1, rest);
        (t0, t1) = (t1, next);
    }
    let (sign, den) = t1.into_parts();
    (den != UBig::ZERO && den <= *bound).then(|| (IBig::from_parts(sign, r1), den))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn product(matrix: &[Vec<Q>], x: &[Q]) -> Vec<Q> {
        matrix.iter().map(|row| row.iter().zip(x).map(|(a, b)| a * b).sum()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn answers_solve(cells in vec((-9i64..10, 1i64..5), 90), right in vec(-99i64..100, 9), size in 1usize..10) {
            let matrix: Vec<Vec<Q>> = (0..size)
                .map(|i| cells[i * size..(i + 1) * size].iter().map(|(p, q)| Q::new(*p, *q)).collect())
                .collect();
            let rhs: Vec<Q> = right[..size].iter().map(|r| Q::from(*r)).collect();
            if let Some(x) = solve(&matrix, &rhs) {
                prop_assert_eq!(product(&matrix, &x), rhs);
            }
            // A solution known beforehand is the one found.
            let chosen: Vec<Q> = right[..size].iter().map(|r| Q::new(*r, 7)).collect();
            if let Some(x) = solve(&matrix, &product(&matrix, &chosen)) {
                prop_assert_eq!(x, chosen);
            }
        }
    }

    #[test]
    fn singular_and_long() {
        let row = |numbers: &[i64]| numbers.iter().map(|n| Q::from(*n)).collect::<Vec<_>>();
        assert_eq!(solve(&[row(&[1, 2]), row(&[2, 4])], &row(&[1, 2])), None);
        assert_eq!(
            solve(&[row(&[0, 2]), row(&[3, 0])], &row(&[1, 1])),
            Some(vec![Q::new(1, 3), Q::new(1, 2)])
        );
        // The Hilbert matrix of order 12: its inverse has 17 digits and floats see it as singular.
        let hilbert: Vec<Vec<Q>> = (1..=12).map(|i| (0..12).map(|j| Q::new(1, i + j)).collect()).collect();
        let ones = vec![Q::ONE; 12];
        let x = solve(&hilbert, &ones).unwrap();
        assert_eq!(product(&hilbert, &x), ones);
        assert_eq!(x.iter().sum::<Q>(), Q::from(144));
    }

    /// Two digits hold some fraction that fits, but not the true one: only its size shows that.
    #[test]
    fn short_answers_are_not_believed_too_early() {
        let (a, b) = (Q::from((1i64 << 50) + 1), Q::from((1i64 << 49) + 3));
        for k in 0..50 {
            let right = &b + Q::from(k);
            assert_eq!(solve(&[vec![a.clone()]], std::slice::from_ref(&right)), Some(vec![&right / &a]));
        }
    }
}
