//! Conditional means by one regression: what is expected of a number where an input is known.
//!
//! The one idea: one table of draws answers for every input (Strong, Oakley and Brennan, "Estimating
//! multiparameter partial expected value of perfect information from a probabilistic sensitivity analysis
//! sample: a nonparametric regression approach", 2014). The regression here is piecewise linear in the
//! input, with knots at its quantiles; generalized cross-validation chooses how many.

use crate::error::{StatsError, length};

/// Numbers of inner knots that are tried.
const KNOTS: [usize; 6] = [0, 1, 3, 7, 15, 31];

/// A regression on one input, ready for any number of outputs.
#[derive(Clone, Debug)]
pub struct Smoother {
    /// Orthonormal columns over the rows it was made of, one list per number of knots.
    bases: Vec<Basis>,
}

#[derive(Clone, Debug)]
struct Basis {
    knots: Vec<f64>,
    centre: f64,
    scale: f64,
    /// Orthonormal columns, and the triangle that makes them of the raw ones.
    columns: Vec<Vec<f64>>,
    kept: Vec<usize>,
    triangle: Vec<Vec<f64>>,
}

/// A fitted curve.
#[derive(Clone, Debug)]
pub struct Curve<'s> {
    basis: &'s Basis,
    weights: Vec<f64>,
}

impl Smoother {
    /// Prepares the regression for these values of the input.
    ///
    /// # Errors
    /// Fewer than 8 rows, or a value that is not finite.
    pub fn new(input: &[f64]) -> Result<Smoother, StatsError> {
        if input.len() < 8 {
            return Err(StatsError::TooFew { what: "rows of a regression", have: input.len(), want: 8 });
        }
        crate::error::all_finite("the input of a regression", input)?;
        let mut sorted = input.to_vec();
        sorted.sort_by(f64::total_cmp);
        let enough = |knots: &&usize| **knots == 0 || input.len() >= 8 * (**knots + 2);
        let bases = KNOTS.iter().filter(enough).map(|k| Basis::new(input, &sorted, *k)).collect();
        Ok(Smoother { bases })
    }

    /// Fits one output, and chooses the number of knots for it.
    ///
    /// # Errors
    /// Another number of rows than the input has.
    pub fn fit(&self, output: &[f64]) -> Result<Curve<'_>, StatsError> {
        let rows = self.bases.first().map_or(0, |b| b.columns.first().map_or(0, Vec::len));
        length("rows of a regression", output.len(), rows)?;
        let mean = output.iter().sum::<f64>() / rows as f64;
        let total: f64 = output.iter().map(|y| (y - mean) * (y - mean)).sum();
        let mut best: Option<(f64, Curve)> = None;
        for basis in &self.bases {
            let weights: Vec<f64> =
                basis.columns.iter().map(|c| c.iter().zip(output).map(|(a, y)| a * y).sum()).collect();
            // The first column is the constant, so the rest explain what varies around the mean.
            let explained: f64 = weights.iter().skip(1).map(|w| w * w).sum();
            let free = 1.0 - basis.columns.len() as f64 / rows as f64;
            let score = (total - explained).max(total * 1e-14) / (free * free);
            if best.as_ref().is_none_or(|(least, _)| score < *least * (1.0 - 1e-9)) {
                best = Some((score, Curve { basis, weights }));
            }
        }
        Ok(best.expect("the basis without knots always exists").1)
    }
}

impl Basis {
    fn new(input: &[f64], sorted: &[f64], count: usize) -> Basis {
        let n = sorted.len();
        let (low, high) = (sorted[0], sorted[n - 1]);
        let centre = (low + high) / 2.0;
        let scale = ((high - low) / 2.0).max(f64::MIN_POSITIVE);
        let knots: Vec<f64> = (1..=count).map(|k| (sorted[k * n / (count + 1)] - centre) / scale).collect();
        let mut basis = Basis { knots, centre, scale, columns: vec![], kept: vec![], triangle: vec![] };
        let raw: Vec<Vec<f64>> = input.iter().map(|x| basis.raw(*x)).collect();
        for k in 0..count + 2 {
            let mut column: Vec<f64> = raw.iter().map(|row| row[k]).collect();
            let size = norm(&column);
            let mut line = vec![];
            // Twice, so that rounding leaves the columns orthogonal.
            for _ in 0..2 {
                for (j, before) in basis.columns.iter().enumerate() {
                    let part: f64 = before.iter().zip(&column).map(|(a, b)| a * b).sum();
                    column.iter_mut().zip(before).for_each(|(c, b)| *c -= part * b);
                    if line.len() <= j { line.push(part) } else { line[j] += part }
                }
            }
            let left = norm(&column);
            // A knot between equal values adds nothing.
            if left > 1e-9 * size.max(1e-300) {
                column.iter_mut().for_each(|c| *c /= left);
                line.push(left);
                basis.columns.push(column);
                basis.kept.push(k);
                basis.triangle.push(line);
            }
        }
        basis
    }

    /// The constant, the input, and the input beyond each knot.
    fn raw(&self, x: f64) -> Vec<f64> {
        let t = (x - self.centre) / self.scale;
        let mut row = vec![1.0, t];
        row.extend(self.knots.iter().map(|k| (t - k).max(0.0)));
        row
    }

    /// The orthonormal columns at another value of the input.
    fn row(&self, x: f64) -> Vec<f64> {
        let raw = self.raw(x);
        let mut row: Vec<f64> = vec![];
        for (k, line) in self.kept.iter().zip(&self.triangle) {
            let before: f64 = line.iter().zip(&row).map(|(l, r)| l * r).sum();
            let last = line.last().copied().unwrap_or(1.0);
            row.push((raw[*k] - before) / last);
        }
        row
    }
}

fn norm(column: &[f64]) -> f64 {
    column.iter().map(|c| c * c).sum::<f64>().sqrt()
}

impl Curve<'_> {
    /// The conditional mean at each row that the regression was made of.
    pub fn fitted(&self) -> Vec<f64> {
        let rows = self.basis.columns.first().map_or(0, Vec::len);
        let at = |i: usize| self.basis.columns.iter().zip(&self.weights).map(|(c, w)| c[i] * w).sum();
        (0..rows).map(at).collect()
    }

    /// The conditional mean at another value of the input.
    pub fn at(&self, x: f64) -> f64 {
        self.basis.row(x).iter().zip(&self.weights).map(|(r, w)| r * w).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(n: usize) -> Vec<f64> {
        // A shuffled grid: 7 shares no factor with n.
        (0..n).map(|i| ((i * 7) % n) as f64 / n as f64).collect()
    }

    #[test]
    fn a_line_is_a_line_and_a_bend_is_found() {
        let x = grid(200);
        let line: Vec<f64> = x.iter().map(|x| 3.0 - 2.0 * x).collect();
        let smoother = Smoother::new(&x).unwrap();
        let fitted = smoother.fit(&line).unwrap().fitted();
        assert!(line.iter().zip(&fitted).all(|(a, b)| (a - b).abs() < 1e-9));
        let bend: Vec<f64> = x.iter().map(|x| (x - 0.5).max(0.0)).collect();
        let curve = smoother.fit(&bend).unwrap();
        assert!(curve.fitted().iter().zip(&bend).all(|(a, b)| (a - b).abs() < 0.01));
        assert!((curve.at(0.9) - 0.4).abs() < 0.01 && curve.at(0.2).abs() < 0.01);
    }

    #[test]
    fn noise_is_not_followed() {
        let x = grid(401);
        let noise: Vec<f64> =
            (0..401u64).map(|i| ((i.wrapping_mul(2654435761)) % 1000) as f64 / 1000.0).collect();
        let curve = Smoother::new(&x).unwrap();
        let fitted = curve.fit(&noise).unwrap().fitted();
        let spread = fitted.iter().fold(0.0f64, |s, f| s.max((f - 0.5).abs()));
        assert!(spread < 0.25, "{spread}");
    }

    #[test]
    fn equal_inputs_and_short_tables_are_no_panic() {
        let flat = Smoother::new(&[2.0; 20]).unwrap();
        let y: Vec<f64> = (0..20).map(f64::from).collect();
        assert!(flat.fit(&y).unwrap().fitted().iter().all(|f| (f - 9.5).abs() < 1e-9));
        assert!(Smoother::new(&[1.0; 3]).is_err());
        assert!(flat.fit(&[1.0]).is_err());
    }
}
