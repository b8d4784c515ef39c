//! Small dense linear systems in floats: enough to follow a path.

/// A factored matrix, rows scaled and pivoted.
pub struct Factored {
    size: usize,
    entries: Vec<f64>,
    order: Vec<usize>,
    scale: Vec<f64>,
    /// The sign of the determinant; 0 if a pivot vanished.
    pub sign: i32,
    /// The logarithm of the determinant's size.
    pub size_log: f64,
}

impl Factored {
    /// Factors a square matrix given by rows (Gauss elimination with partial pivoting).
    pub fn new(rows: Vec<Vec<f64>>) -> Factored {
        let n = rows.len();
        let scale: Vec<f64> = rows
            .iter()
            .map(|r| r.iter().fold(0.0, |m: f64, x| m.max(x.abs())))
            .map(|m| if m > 0.0 && m.is_finite() { 1.0 / m } else { 1.0 })
            .collect();
        let mut a: Vec<f64> =
            rows.iter().zip(&scale).flat_map(|(r, s)| r.iter().map(move |x| x * s)).collect();
        let mut order: Vec<usize> = (0..n).collect();
        let mut sign = 1;
        let mut size_log: f64 = scale.iter().map(|s| -libm::log(*s)).sum();
        for c in 0..n {
            let best = (c..n).max_by(|i, j| a[i * n + c].abs().total_cmp(&a[j * n + c].abs()));
            let best = best.expect("there is a row left");
            if best != c {
                (0..n).for_each(|k| a.swap(c * n + k, best * n + k));
                order.swap(c, best);
                sign = -sign;
            }
            let pivot = a[c * n + c];
            if pivot == 0.0 || !pivot.is_finite() {
                return Factored { size: n, entries: a, order, scale, sign: 0, size_log: f64::NEG_INFINITY };
            }
            if pivot < 0.0 {
                sign = -sign;
            }
            size_log += libm::log(pivot.abs());
            let (top, rest) = a.split_at_mut((c + 1) * n);
            let row = &top[c * n..];
            for lower in rest.chunks_exact_mut(n) {
                let factor = lower[c] / pivot;
                lower[c] = factor;
                if factor != 0.0 {
                    for k in c + 1..n {
                        lower[k] -= factor * row[k];
                    }
                }
            }
        }
        Factored { size: n, entries: a, order, scale, sign, size_log }
    }

    /// Solves for one right side; `None` if the matrix is singular.
    pub fn solve(&self, right: &[f64]) -> Option<Vec<f64>> {
        if self.sign == 0 {
            return None;
        }
        let n = self.size;
        let mut x: Vec<f64> = self.order.iter().map(|i| right[*i] * self.scale[*i]).collect();
        for i in 0..n {
            let sum: f64 = (0..i).map(|k| self.entries[i * n + k] * x[k]).sum();
            x[i] -= sum;
        }
        for i in (0..n).rev() {
            let sum: f64 = (i + 1..n).map(|k| self.entries[i * n + k] * x[k]).sum();
            x[i] = (x[i] - sum) / self.entries[i * n + i];
        }
        x.iter().all(|v| v.is_finite()).then_some(x)
    }
}

/// Euclidean length.
pub fn norm(x: &[f64]) -> f64 {
    libm::sqrt(x.iter().map(|v| v * v).sum())
}

/// Scalar product.
pub fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(a, b)| a * b).sum()
}
