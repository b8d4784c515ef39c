//! Proof that a logit equilibrium lies near a computed one.
//!
//! The one idea (Krawczyk 1969): if the interval Newton image of a box lies inside the box,
//! the equations have exactly one solution there. The unknowns are log-odds, so even a
//! probability of 1e-300 is enclosed with relative accuracy.

use super::field::{Field, Play};
use super::linear::Factored;
use detente_exact::{Interval, Q};

/// Most times the box is widened.
const WIDENINGS: usize = 12;

/// Improves log-odds at a fixed precision by Newton's method.
pub fn sharpen(field: &Field<f64>, odds: &[f64], lambda: f64) -> Vec<f64> {
    let mut y = odds.to_vec();
    let mut best = f64::INFINITY;
    for _ in 0..8 {
        let (miss, rows) = equations(field, &y, lambda);
        let right: Vec<f64> = miss.iter().map(|x| -x).collect();
        let Some(step) = Factored::new(rows).solve(&right) else { return y };
        let size = step.iter().fold(0.0f64, |m, d| m.max(d.abs()));
        if size >= best {
            return y;
        }
        best = size;
        y.iter_mut().zip(&step).for_each(|(x, d)| *x += d);
    }
    y
}

fn equations(field: &Field<f64>, y: &[f64], lambda: f64) -> (Vec<f64>, Vec<Vec<f64>>) {
    let play = field.play(y);
    let worth = field.worth(&play, None);
    let (gains, slopes) = field.advantages(&play, &worth, true);
    let miss = y.iter().zip(&gains).map(|(y, d)| y - lambda * d).collect();
    let row = |(k, s): (usize, &Vec<f64>)| {
        let mut row: Vec<f64> = s.iter().map(|d| -lambda * d).collect();
        row[k] += 1.0;
        row
    };
    (miss, slopes.iter().enumerate().map(row).collect())
}

/// Returns a box of log-odds around `odds` that holds exactly one equilibrium at `lambda`,
/// as the play it encloses; `None` if no box could be proven.
pub fn enclose(
    float: &Field<f64>,
    field: &Field<Interval>,
    odds: &[f64],
    lambda: &Q,
) -> Option<Play<Interval>> {
    let lambda_box = Interval::from_q(lambda);
    let inverse = inverse(equations(float, odds, lambda.to_f64()).1)?;
    let equations = |y: &[Interval], derive: bool| {
        let (gains, slopes) = at(field, y, derive);
        let miss: Vec<Interval> = y.iter().zip(&gains).map(|(y, d)| *y - lambda_box * *d).collect();
        // The derivative is I - λ D', row by row.
        let turned = |k: usize| -> Vec<Interval> {
            let row = |(j, s): (usize, &Interval)| {
                let kept = if j == k { Interval::ONE } else { Interval::ZERO };
                kept - lambda_box * *s
            };
            slopes[k].iter().enumerate().map(row).collect()
        };
        (miss, (0..slopes.len()).map(turned).collect())
    };
    Some(field.play(&enclosed(odds, &inverse, &equations)?))
}

/// Values of equations over a box, and their derivatives row by row if asked.
pub type Equations<'a> = &'a dyn Fn(&[Interval], bool) -> (Vec<Interval>, Vec<Vec<Interval>>);

/// A box around `start` that holds exactly one solution, by a matrix near the inverse of the derivative.
pub fn enclosed(start: &[f64], inverse: &[Vec<f64>], equations: Equations) -> Option<Vec<Interval>> {
    let n = start.len();
    let point = |x: f64| Interval::point(x).unwrap_or(Interval::ENTIRE);
    let middle: Vec<Interval> = start.iter().map(|y| point(*y)).collect();
    // What one Newton step from the middle would move: C f(m).
    let (miss, _) = equations(&middle, false);
    let shift: Vec<Interval> = inverse.iter().map(|row| sum(row, &miss)).collect();
    let mut radius: Vec<f64> = shift.iter().map(|s| 2.0 * s.magnitude() + 1e-15).collect();
    for _ in 0..WIDENINGS {
        let around = |r: f64| Interval::new(-r, r).unwrap_or(Interval::ENTIRE);
        let off: Vec<Interval> = radius.iter().map(|r| around(*r)).collect();
        let whole: Vec<Interval> = middle.iter().zip(&off).map(|(m, d)| *m + *d).collect();
        let (_, matrix) = equations(&whole, true);
        let image: Vec<Interval> = (0..n)
            .map(|i| {
                let mut rest = -shift[i];
                for j in 0..n {
                    let product = (0..n)
                        .filter(|k| inverse[i][*k] != 0.0)
                        .fold(Interval::ZERO, |t, k| t + point(inverse[i][k]) * matrix[k][j]);
                    let kept = if i == j { Interval::ONE } else { Interval::ZERO };
                    rest = rest + (kept - product) * off[j];
                }
                rest
            })
            .collect();
        if image.iter().zip(&off).all(|(i, d)| i.is_interior(*d)) {
            return Some(middle.iter().zip(&image).map(|(m, i)| *m + *i).collect());
        }
        radius.iter_mut().zip(&image).for_each(|(r, i)| *r = r.max(1.5 * i.magnitude()));
        if radius.iter().any(|r| r.is_nan() || *r >= 1.0) {
            return None;
        }
    }
    None
}

fn at(field: &Field<Interval>, y: &[Interval], derive: bool) -> (Vec<Interval>, Vec<Vec<Interval>>) {
    let play = field.play(y);
    let worth = field.worth(&play, None);
    field.advantages(&play, &worth, derive)
}

fn sum(row: &[f64], list: &[Interval]) -> Interval {
    row.iter()
        .zip(list)
        .filter(|(c, _)| **c != 0.0)
        .fold(Interval::ZERO, |t, (c, x)| t + Interval::point(*c).unwrap_or(Interval::ENTIRE) * *x)
}

/// A float inverse; `None` if the matrix is singular.
pub fn inverse(rows: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let n = rows.len();
    let factored = Factored::new(rows);
    let mut columns = Vec::with_capacity(n);
    for k in 0..n {
        let mut unit = vec![0.0; n];
        unit[k] = 1.0;
        columns.push(factored.solve(&unit)?);
    }
    Some((0..n).map(|i| columns.iter().map(|c| c[i]).collect()).collect())
}
