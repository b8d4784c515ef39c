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
