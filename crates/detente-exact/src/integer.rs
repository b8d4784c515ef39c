//! A tableau of whole numbers over one common denominator, pivoted without fractions.
//!
//! The one idea: every entry of a simplex tableau is a ratio of two determinants with the same
//! denominator, so each pivot multiplies, subtracts, and divides by the last denominator without
//! remainder (Edmonds, "Systems of distinct representatives and linear algebra", 1967; Bareiss,
//! "Sylvester's identity and multistep integer-preserving Gaussian elimination", 1968). Entries
//! are `i128` until one outgrows it; then all become big integers and stay so.

use crate::Q;
use dashu_int::ops::{Abs, Gcd};
use dashu_int::{IBig, Sign, UBig};
use dashu_ratio::RBig;
use std::cmp::Ordering;

/// A condensed tableau. Row `r` says: `denominator * basic_r + sum of entry * nonbasic = last entry`.
#[derive(Clone, Debug)]
pub struct Integers {
    rows: usize,
    /// Entries per row, the right side included.
    width: usize,
    cells: Cells,
}

#[derive(Clone, Debug)]
enum Cells {
    Small(Vec<i128>, i128),
    Big(Vec<IBig>, IBig),
}

/// A number of the tableau, for comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The entry in this row and column.
    At(usize, usize),
    /// The common denominator: what a basic variable has in its own row.
    Denominator,
    /// Zero: what a basic variable has in other rows.
    Zero,
}

/// What solving a system of equations found.
#[derive(Clone, Debug, PartialEq)]
pub enum Solved {
    /// The one solution.
    One(Vec<Q>),
    /// No solution.
    None,
    /// More than one solution.
    Many,
}

impl Integers {
    /// The tableau of these rows, the last entry of each being its right side. Each row is scaled
    /// by a positive number to coprime whole numbers, which scales its basic variable.
    ///
    /// Rows must have the same, nonzero length; shorter ones are filled with zeros.
    pub fn new(rows: &[Vec<Q>]) -> Integers {
        let width = rows.iter().map(Vec::len).max().unwrap_or(1);
        if let Some(cells) = small_rows(rows, width) {
            return Integers { rows: rows.len(), width, cells: Cells::Small(cells, 1) };
        }
        let mut big = Vec::with_capacity(rows.len() * width);
        for row in rows {
            let mut scaled = whole(row);
            scaled.resize(width, IBig::ZERO);
            big.extend(scaled);
        }
        let small: Option<Vec<i128>> = big.iter().map(|x| i128::try_from(x).ok()).collect();
        let cells = match small {
            Some(list) => Cells::Small(list, 1),
            None => Cells::Big(big, IBig::ONE),
        };
        Integers { rows: rows.len(), width, cells }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns without the right side.
    pub fn columns(&self) -> usize {
        self.width - 1
    }

    /// The sign of an entry; column [`Integers::columns`] is the right side.
    pub fn sign(&self, row: usize, column: usize) -> i32 {
        let at = row * self.width + column;
        match &self.cells {
            Cells::Small(cells, _) => cells[at].signum() as i32,
            Cells::Big(cells, _) => sign(&cells[at]),
        }
    }

    /// An entry over the denominator.
    pub fn ratio(&self, row: usize, column: usize) -> Q {
        let at = row * self.width + column;
        match &self.cells {
            Cells::Small(cells, den) => fraction(IBig::from(cells[at]), IBig::from(*den)),
            Cells::Big(cells, den) => fraction(cells[at].clone(), den.clone()),
        }
    }

    /// Compares `a` over the entry at `b` with `c` over the entry at `d`; both divisors are positive.
    pub fn compare(&self, (a, b): (Entry, (usize, usize)), (c, d): (Entry, (usize, usize))) -> Ordering {
        let at = |(row, column): (usize, usize)| row * self.width + column;
        match &self.cells {
            Cells::Small(cells, den) => {
                let of = |x: Entry| match x {
                    Entry::At(row, column) => cells[at((row, column))],
                    Entry::Denominator => *den,
                    Entry::Zero => 0,
                };
                let (a, b, c, d) = (of(a), cells[at(b)], of(c), cells[at(d)]);
                match (a.checked_mul(d), c.checked_mul(b)) {
                    (Some(left), Some(right)) => left.cmp(&right),
                    _ => (IBig::from(a) * IBig::from(d)).cmp(&(IBig::from(c) * IBig::from(b))),
                }
            }
            Cells::Big(cells, den) => {
                let zero = IBig::ZERO;
                let of = |x: Entry| match x {
                    Entry::At(row, column) => &cells[at((row, column))],
                    Entry::Denominator => den,
                    Entry::Zero => &zero,
                };
                (of(a) * &cells[at(d)]).cmp(&(of(c) * &cells[at(b)]))
            }
        }
    }

    /// Exchanges the basic variable of a row with the nonbasic one of a column.
    ///
    /// # Panics
    /// If the entry there is 0.
    pub fn pivot(&mut self, row: usize, column: usize) {
        assert!(self.sign(row, column) != 0, "a pivot is not 0");
        if let Cells::Small(cells, den) = &mut self.cells {
            if let Some(new) = pivot_small(cells, *den, self.width, row, column) {
                *cells = new.0;
                *den = new.1;
                return;
            }
            let big = cells.iter().map(|x| IBig::from(*x)).collect();
            self.cells = Cells::Big(big, IBig::from(*den));
        }
        if let Cells::Big(cells, den) = &mut self.cells {
            pivot_big(cells, den, self.width, row, column);
        }
    }
}

/// The pivot over `i128`; `None` if a product does not fit.
fn pivot_small(
    cells: &[i128],
    den: i128,
    width: usize,
    row: usize,
    column: usize,
) -> Option<(Vec<i128>, i128)> {
    let lead = &cells[row * width..(row + 1) * width];
    let pivot = lead[column];
    let flip = pivot.signum();
    let mut new = Vec::with_capacity(cells.len());
    for (other, line) in cells.chunks_exact(width).enumerate() {
        if other == row {
            new.extend(lead.iter().map(|x| x * flip));
            new[row * width + column] = den * flip;
            continue;
        }
        let factor = line[column];
        for (k, x) in line.iter().enumerate() {
            let value = match k == column {
                true => -factor,
                false => x.checked_mul(pivot)?.checked_sub(factor.checked_mul(lead[k])?)? / den,
            };
            new.push(value * flip);
        }
    }
    Some((new, pivot * flip))
}

fn pivot_big(cells: &mut [IBig], den: &mut IBig, width: usize, row: usize, column: usize) {
    let lead: Vec<IBig> = cells[row * width..(row + 1) * width].to_vec();
    let pivot = lead[column].clone();
    let flip = sign(&pivot) < 0;
    for (other, line) in cells.chunks_exact_mut(width).enumerate() {
        if other == row {
            line[column] = den.clone();
        } else {
            let factor = line[column].clone();
            for (k, x) in line.iter_mut().enumerate() {
                *x = match k == column {
                    true => -&factor,
                    false if sign(&factor) == 0 || sign(&lead[k]) == 0 => &*x * &pivot / &*den,
                    false => (&*x * &pivot - &factor * &lead[k]) / &*den,
                };
            }
        }
        if flip {
            line.iter_mut().for_each(|x| *x = -&*x);
        }
    }
    *den = pivot.abs();
}

/// Solves equations, the last entry of each row being its right side.
pub fn solve(rows: &[Vec<Q>]) -> Solved {
    let mut table = Integers::new(rows);
    let unknowns = table.columns();
    // Which row gives each unknown.
    let mut home = vec![None; unknowns];
    let mut used = vec![false; table.rows()];
    for column in 0..unknowns {
        let free = (0..table.rows()).find(|r| !used[*r] && table.sign(*r, column) != 0);
        if let Some(row) = free {
            table.pivot(row, column);
            used[row] = true;
            home[column] = Some(row);
        }
    }
    if (0..table.rows()).any(|r| !used[r] && table.sign(r, unknowns) != 0) {
        return Solved::None;
    }
    let home: Option<Vec<usize>> = home.into_iter().collect();
    match home {
        Some(home) => Solved::One(home.into_iter().map(|r| table.ratio(r, unknowns)).collect()),
        None => Solved::Many,
    }
}

/// The sign of the determinant of a square matrix; 1 for the empty one.
pub fn determinant_sign(matrix: &[Vec<Q>]) -> i32 {
    let size = matrix.len();
    if size == 0 {
        return 1;
    }
    let mut table = Integers::new(matrix);
    // The tableau has no right side here; its last column is one of the matrix.
    debug_assert_eq!(table.width, size);
    let mut used = vec![false; size];
    let mut place = Vec::with_capacity(size);
    let mut result = 1;
    for column in 0..size {
        let Some(row) = (0..size).find(|r| !used[*r] && table.sign(*r, column) != 0) else { return 0 };
        // The entry is the minor's determinant over positive denominators, up to the order of rows.
        result *= table.sign(row, column);
        table.pivot(row, column);
        used[row] = true;
        place.push(row);
    }
    let crossings =
        (0..size).flat_map(|i| (0..i).map(move |j| (j, i))).filter(|(j, i)| place[*j] > place[*i]);
    if crossings.count() % 2 == 1 { -result } else { result }
}

fn sign(x: &IBig) -> i32 {
    match x.sign() {
        _ if *x == IBig::ZERO => 0,
        Sign::Positive => 1,
        Sign::Negative => -1,
    }
}

fn fraction(num: IBig, den: IBig) -> Q {
    let (_, den) = den.into_parts();
    Q::from_rbig(RBig::from_parts(num, den))
}

/// Rows of short whole numbers, which need no common denominator.
fn small_rows(rows: &[Vec<Q>], width: usize) -> Option<Vec<i128>> {
    let mut cells = Vec::with_capacity(rows.len() * width);
    for row in rows {
        let start = cells.len();
        for q in row {
            cells.push(i128::from(q.to_i64()?));
        }
        cells.resize(start + width, 0);
        let divisor = cells[start..].iter().fold(0u64, |d, x| match x.unsigned_abs() as u64 {
            0 => d,
            x if d == 0 => x,
            x => d.gcd(x),
        });
        if divisor > 1 {
            cells[start..].iter_mut().for_each(|x| *x /= i128::from(divisor));
        }
    }
    Some(cells)
}

/// A row times the positive number that makes it coprime whole numbers.
fn whole(row: &[Q]) -> Vec<IBig> {
    let parts: Vec<(IBig, UBig)> = row.iter().map(|q| q.to_rbig().into_parts()).collect();
    let mut common = UBig::ONE;
    for (_, den) in &parts {
        let shared = (&common).gcd(den);
        common = common / shared * den;
    }
    let common = IBig::from(common);
    let mut list: Vec<IBig> = parts.into_iter().map(|(num, den)| num * (&common / IBig::from(den))).collect();
    let mut divisor = UBig::ZERO;
    for x in list.iter().filter(|x| **x != IBig::ZERO) {
        let (_, size) = x.clone().into_parts();
        divisor = if divisor == UBig::ZERO { size } else { divisor.gcd(size) };
    }
    if divisor > UBig::ONE {
        let divisor = IBig::from(divisor);
        list.iter_mut().for_each(|x| *x = &*x / &divisor);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn determinant(m: &[Vec<Q>]) -> Q {
        if m.is_empty() {
            return Q::ONE;
        }
        let minor = |skip: usize| -> Vec<Vec<Q>> {
            let keep = |row: &Vec<Q>| (0..row.len()).filter(|j| *j != skip).map(|j| row[j].clone()).collect();
            m[1..].iter().map(keep).collect()
        };
        let sign = |j: usize| if j.is_multiple_of(2) { Q::ONE } else { -Q::ONE };
        (0..m.len()).map(|j| sign(j) * &m[0][j] * determinant(&minor(j))).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn answers_solve_and_signs_are_right(
            cells in proptest::collection::vec(-3i64..4, 30),
            size in 1usize..6,
            long in proptest::bool::ANY,
        ) {
            // Long fractions leave i128 at once.
            let unit = if long { Q::from_f64(0.1).unwrap() * Q::from_f64(0.3).unwrap() } else { Q::ONE };
            let row = |i: usize| (0..size).map(|j| Q::from(cells[i * size + j]) * &unit).collect::<Vec<Q>>();
            let matrix: Vec<Vec<Q>> = (0..size).map(row).collect();
            let det = determinant(&matrix);
            prop_assert_eq!(determinant_sign(&matrix), det.signum());
            let rows: Vec<Vec<Q>> = (0..size)
                .map(|i| row(i).into_iter().chain([Q::from(cells[29 - i])]).collect())
                .collect();
            match solve(&rows) {
                Solved::One(x) => {
                    prop_assert!(!det.is_zero());
                    for r in &rows {
                        let value: Q = r.iter().zip(&x).map(|(a, b)| a * b).sum();
                        prop_assert_eq!(&value, &r[size]);
                    }
                }
                _ => prop_assert!(det.is_zero()),
            }
        }
    }

    #[test]
    fn systems_without_one_solution() {
        let row = |list: &[i64]| list.iter().map(|x| Q::from(*x)).collect::<Vec<Q>>();
        assert_eq!(solve(&[row(&[1, 1, 1]), row(&[2, 2, 2])]), Solved::Many);
        assert_eq!(solve(&[row(&[1, 1, 1]), row(&[2, 2, 3])]), Solved::None);
        let more = solve(&[row(&[1, 1, 1]), row(&[1, -1, 0]), row(&[3, 1, 2])]);
        assert_eq!(more, Solved::One(vec![Q::new(1, 2), Q::new(1, 2)]));
    }
}
