//! Small symmetric matrices: eigenvalues, inverses, null spaces.
//!
//! The one idea: everything is read off the eigenvalues, so a direction of which the data say
//! nothing is seen as such and never divided by.

/// Eigenvalues in ascending order, each with its unit vector (the cyclic Jacobi method; Golub and
/// Van Loan, "Matrix Computations", section 8.5).
pub fn eigen(matrix: &[Vec<f64>]) -> Vec<(f64, Vec<f64>)> {
    let n = matrix.len();
    let mut a = matrix.to_vec();
    let mut v: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(i == j)).collect()).collect();
    for _ in 0..100 {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j] * a[i][j]).sum();
        let diagonal: f64 = (0..n).map(|i| a[i][i] * a[i][i]).sum();
        if off <= 1e-32 * diagonal || off == 0.0 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut v, p, q);
            }
        }
    }
    let mut list: Vec<(f64, Vec<f64>)> =
        (0..n).map(|k| (a[k][k], v.iter().map(|row| row[k]).collect())).collect();
    list.sort_by(|x, y| x.0.total_cmp(&y.0));
    list
}

fn rotate(a: &mut [Vec<f64>], v: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let sign = if theta >= 0.0 { 1.0 } else { -1.0 };
    let t = sign / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for row in a.iter_mut() {
        let (x, y) = (row[p], row[q]);
        (row[p], row[q]) = (c * x - s * y, s * x + c * y);
    }
    for k in 0..a.len() {
        let (x, y) = (a[p][k], a[q][k]);
        (a[p][k], a[q][k]) = (c * x - s * y, s * x + c * y);
    }
    for row in v.iter_mut() {
        let (x, y) = (row[p], row[q]);
        (row[p], row[q]) = (c * x - s * y, s * x + c * y);
    }
}

/// Smallest share of the largest eigenvalue that counts as more than rounding.
pub const RANK: f64 = 1e-9;

/// The inverse over the directions that count, and a basis of those that do not. The matrix is
/// judged after scaling its diagonal to 1, so that units do not matter.
pub fn inverse(matrix: &[Vec<f64>]) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let n = matrix.len();
    let scale = scales(matrix);
    let scaled = |i: usize| (0..n).map(|j| matrix[i][j] / (scale[i] * scale[j])).collect();
    let list = eigen(&(0..n).map(scaled).collect::<Vec<Vec<f64>>>());
    let most = list.iter().map(|e| e.0).fold(0.0, f64::max);
    let mut inverse = vec![vec![0.0; n]; n];
    let mut null = vec![];
    for (value, vector) in &list {
        if *value <= RANK * most {
            null.push(vector.iter().zip(&scale).map(|(x, s)| x / s).collect());
            continue;
        }
        for i in 0..n {
            for j in 0..n {
                inverse[i][j] += vector[i] * vector[j] / value / (scale[i] * scale[j]);
            }
        }
    }
    (inverse, null)
}

fn scales(matrix: &[Vec<f64>]) -> Vec<f64> {
    let most = (0..matrix.len()).map(|i| matrix[i][i].abs()).fold(0.0, f64::max);
    // A diagonal entry that is nothing beside the others stays nothing.
    let scale =
        |d: f64| if d.abs() > 1e-14 * most && d != 0.0 { d.abs().sqrt() } else { most.sqrt().max(1.0) };
    (0..matrix.len()).map(|i| scale(matrix[i][i])).collect()
}

/// `a · b`.
pub fn product(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let columns = b.first().map_or(0, Vec::len);
    let cell = |row: &Vec<f64>, j: usize| row.iter().zip(b).map(|(x, other)| x * other[j]).sum();
    a.iter().map(|row| (0..columns).map(|j| cell(row, j)).collect()).collect()
}

/// The basis of the same space in reduced echelon form, pivots taken in the order `first`: sparse
/// vectors that can be read.
pub fn echelon(basis: &[Vec<f64>], first: &[usize]) -> Vec<Vec<f64>> {
    let mut rows = basis.to_vec();
    let mut done = 0;
    for &c in first {
        let size = |r: &Vec<f64>| r.iter().map(|x| x.abs()).fold(0.0, f64::max);
        let Some(best) = (done..rows.len()).max_by(|i, j| rows[*i][c].abs().total_cmp(&rows[*j][c].abs()))
        else {
            break;
        };
        if rows[best][c].abs() <= 1e-6 * size(&rows[best]).max(f64::MIN_POSITIVE) {
            continue;
        }
        rows.swap(done, best);
        let pivot = rows[done][c];
        rows[done].iter_mut().for_each(|x| *x /= pivot);
        let lead = rows[done].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(k, _)| *k != done) {
            let factor = row[c];
            row.iter_mut().zip(&lead).for_each(|(x, l)| *x -= factor * l);
        }
        done += 1;
    }
    for row in &mut rows {
        let most = row.iter().map(|x| x.abs()).fold(0.0, f64::max);
        row.iter_mut().filter(|x| x.abs() <= 1e-6 * most).for_each(|x| *x = 0.0);
    }
    rows
}

/// Solves a square system (Gauss elimination with partial pivoting); `None` if it is singular.
pub fn solve(mut rows: Vec<Vec<f64>>, mut right: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let n = rows.len();
    for c in 0..n {
        let best = (c..n).max_by(|i, j| rows[*i][c].abs().total_cmp(&rows[*j][c].abs()))?;
        rows.swap(c, best);
        right.swap(c, best);
        let pivot = rows[c][c];
        if pivot == 0.0 || !pivot.is_finite() {
            return None;
        }
        for r in c + 1..n {
            let factor = rows[r][c] / pivot;
            if factor == 0.0 {
                continue;
            }
            for k in c..n {
                rows[r][k] -= factor * rows[c][k];
            }
            for k in 0..right[c].len() {
                right[r][k] -= factor * right[c][k];
            }
        }
    }
    for c in (0..n).rev() {
        for k in 0..right[c].len() {
            let rest: f64 = (c + 1..n).map(|j| rows[c][j] * right[j][k]).sum();
            right[c][k] = (right[c][k] - rest) / rows[c][c];
        }
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvalues_and_null_spaces_of_known_matrices() {
        let list = eigen(&[vec![2.0, 1.0], vec![1.0, 2.0]]);
        assert!((list[0].0 - 1.0).abs() < 1e-14 && (list[1].0 - 3.0).abs() < 1e-14);
        // Only x − y counts: the null space is (1, 1, 0), whatever the units.
        let m = [vec![1e6, -1e6, 0.0], vec![-1e6, 1e6, 0.0], vec![0.0, 0.0, 1e-3]];
        let (inverse, null) = inverse(&m);
        assert_eq!(null.len(), 1);
        let read = echelon(&null, &[0, 1, 2]);
        assert!((read[0][0] - 1.0).abs() < 1e-9 && (read[0][1] - 1.0).abs() < 1e-9 && read[0][2] == 0.0);
        assert!((inverse[2][2] - 1e3).abs() < 1e-6);
    }

    #[test]
    fn a_system_is_solved() {
        let found = solve(vec![vec![0.0, 2.0], vec![4.0, 1.0]], vec![vec![2.0], vec![9.0]]).unwrap();
        assert_eq!(found, vec![vec![2.0], vec![1.0]]);
        assert_eq!(solve(vec![vec![1.0, 1.0], vec![1.0, 1.0]], vec![vec![0.0], vec![0.0]]), None);
    }
}
