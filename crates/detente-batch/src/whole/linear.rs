//! Small square systems in interval arithmetic, by determinants.
//!
//! The one idea: with at most three unknowns Cramer's rule is as good as elimination and has no
//! pivots to choose; a determinant that may be 0 is said to be so.

use detente_exact::Interval;

/// Most unknowns.
pub const MAX: usize = 3;

/// Encloses the solution of `rows[i][0] + Σ rows[i][j] z_j = 0`, one row per unknown, unknowns from 1.
/// `None` if the system may be singular.
pub fn solve(rows: &[Vec<Interval>]) -> Option<Vec<Interval>> {
    let n = rows.len();
    let matrix: Vec<Vec<Interval>> = rows.iter().map(|r| r[1..=n].to_vec()).collect();
    let whole = determinant(&matrix);
    whole.sign().filter(|s| *s != 0)?;
    (0..n)
        .map(|j| {
            let mut with = matrix.clone();
            for (row, from) in with.iter_mut().zip(rows) {
                row[j] = -from[0];
            }
            determinant(&with).checked_div(whole)
        })
        .collect()
}

fn determinant(m: &[Vec<Interval>]) -> Interval {
    match m.len() {
        0 => Interval::ONE,
        1 => m[0][0],
        2 => m[0][0] * m[1][1] - m[0][1] * m[1][0],
        _ => {
            let minor = |a: usize, b: usize| m[1][a] * m[2][b] - m[1][b] * m[2][a];
            m[0][0] * minor(1, 2) - m[0][1] * minor(0, 2) + m[0][2] * minor(0, 1)
        }
    }
}

/// Whether some combination of the equations has no solution with all unknowns between 0 and 1.
///
/// The multipliers are floats that nearly cancel the unknowns; what they leave of them is enclosed
/// like everything else, so any multipliers may be tried (Neumaier and Shcherbina, "Safe bounds in
/// linear and mixed-integer linear programming", 2004).
pub fn refuted(rows: &[Vec<Interval>]) -> bool {
    let excludes = |row: &[Interval]| over_unit_box(row).sign().is_some_and(|s| s != 0);
    if rows.iter().any(|r| excludes(r)) {
        return true;
    }
    let unknowns = rows.first().map_or(0, |r| r.len() - 1);
    let combined = |parts: &[(usize, f64)]| {
        let mut sum = vec![Interval::ZERO; unknowns + 1];
        for (i, factor) in parts {
            let Some(factor) = Interval::point(*factor) else { return false };
            sum.iter_mut().zip(&rows[*i]).for_each(|(s, c)| *s = *s + factor * *c);
        }
        excludes(&sum)
    };
    let c = |i: usize, j: usize| rows[i][j].mid();
    for a in 0..rows.len() {
        for b in a + 1..rows.len() {
            if (1..=unknowns).any(|j| combined(&[(a, c(b, j)), (b, -c(a, j))])) {
                return true;
            }
            for d in b + 1..rows.len() {
                for j in 1..=unknowns {
                    for k in j + 1..=unknowns {
                        let minor = |p: usize, q: usize| c(p, j) * c(q, k) - c(q, j) * c(p, k);
                        if combined(&[(a, minor(b, d)), (b, -minor(a, d)), (d, minor(a, b))]) {
                            return true;
                        }
                    }
                }
            }
        }
    }
    false
}

/// Encloses `row[0] + Σ row[j] z_j` where each unknown is between 0 and 1.
pub fn over_unit_box(row: &[Interval]) -> Interval {
    row[1..].iter().fold(row[0], |sum, c| sum + c.hull(Interval::ZERO))
}

/// Encloses `row[0] + Σ row[j] z_j` at a point.
pub fn at(row: &[Interval], z: &[Interval]) -> Interval {
    row[1..].iter().zip(z).fold(row[0], |sum, (c, z)| sum + *c * *z)
}

/// Encloses the solution of a square system of any size with a right side of floats; `None` where it may be
/// singular.
///
/// A float inverse guesses; the residual and how far the inverse is from one, both rounded outward, bound
/// the error (Rump, "Verification methods: rigorous results using floating-point arithmetic", 2010).
pub fn enclosed(matrix: &[Vec<Interval>], right: &[f64]) -> Option<Vec<Interval>> {
    let n = matrix.len();
    let inverse = inverse(matrix)?;
    let guess: Vec<f64> = inverse.iter().map(|row| row.iter().zip(right).map(|(a, b)| a * b).sum()).collect();
    let point = |x: f64| Interval::point(x);
    let mut residual = vec![];
    for (row, b) in matrix.iter().zip(right) {
        let mut sum = point(*b)?;
        for (c, x) in row.iter().zip(&guess) {
            sum = sum - *c * point(*x)?;
        }
        residual.push(sum);
    }
    let (mut miss, mut error) = (0.0f64, 0.0f64);
    for (i, row) in inverse.iter().enumerate() {
        let mut total = 0.0;
        for j in 0..n {
            let mut entry = if i == j { Interval::ONE } else { Interval::ZERO };
            for (k, r) in row.iter().enumerate() {
                entry = entry - point(*r)? * matrix[k][j];
            }
            total += entry.magnitude();
        }
        miss = miss.max(total);
        let mut moved = Interval::ZERO;
        for (r, d) in row.iter().zip(&residual) {
            moved = moved + point(*r)? * *d;
        }
        error = error.max(moved.magnitude());
    }
    // A tenth is far enough from 1 that the rounding of these few sums does not count.
    if !(miss < 0.1 && error.is_finite()) {
        return None;
    }
    let bound = error * 1.2 + f64::MIN_POSITIVE;
    guess.iter().map(|x| Interval::new((x - bound).next_down(), (x + bound).next_up())).collect()
}

/// A float inverse, by elimination with row pivots.
fn inverse(matrix: &[Vec<Interval>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    let mut rows: Vec<Vec<f64>> = matrix
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let unit = (0..n).map(|j| f64::from(u8::from(i == j)));
            row.iter().map(|c| c.mid()).chain(unit).collect()
        })
        .collect();
    for column in 0..n {
        let pivot = (column..n).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, pivot);
        let lead = rows[column][column];
        if lead == 0.0 || !lead.is_finite() {
            return None;
        }
        rows[column].iter_mut().for_each(|c| *c /= lead);
        let chosen = rows[column].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != column) {
            let factor = row[column];
            row.iter_mut().zip(&chosen).for_each(|(c, l)| *c -= factor * l);
        }
    }
    Some(rows.into_iter().map(|row| row[n..].to_vec()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_of_five_encloses_its_solution_and_a_singular_one_is_refused() {
        let point = |x: f64| Interval::point(x).expect("a number");
        // Vandermonde of 1 to 5; the solution is 1, 2, 3, 4, 5.
        let matrix: Vec<Vec<Interval>> =
            (1..=5).map(|x| (0..5).map(|k| point(f64::from(x).powi(k))).collect()).collect();
        let right: Vec<f64> =
            (1..=5).map(|x| (0..5).map(|k| f64::from(k + 1) * f64::from(x).powi(k)).sum()).collect();
        let found = enclosed(&matrix, &right).expect("regular");
        for (k, x) in found.iter().enumerate() {
            assert!(x.contains(k as f64 + 1.0) && x.width() < 1e-9, "{x:?}");
        }
        let same = vec![vec![point(1.0), point(2.0)], vec![point(2.0), point(4.0)]];
        assert_eq!(enclosed(&same, &[1.0, 2.0]), None);
    }
}
