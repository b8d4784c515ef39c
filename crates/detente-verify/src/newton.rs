//! One solution of a square system near a point, proven.
//!
//! The one idea (Krawczyk 1969): if C is a matrix near the inverse of the derivative and
//! m - C f(m) + (I - C f'(Y)) (Y - m) lies inside the box Y around m, the box holds exactly one solution. All
//! numbers are outward-rounded intervals, so what follows from the box follows from the solution.

use detente_exact::Interval;

/// Most times a box is widened.
const WIDENINGS: usize = 16;

/// Values of the system's functions over a box, and their derivatives row by row if asked.
pub type System<'a> = &'a dyn Fn(&[Interval], bool) -> (Vec<Interval>, Vec<Vec<Interval>>);

/// A box around `start` with exactly one solution.
pub fn solution_near(start: &[f64], at: System) -> Option<Vec<Interval>> {
    let n = start.len();
    let middle: Vec<Interval> = start.iter().map(|y| point(*y)).collect();
    let (miss, rows) = at(&middle, true);
    let inverse =
        crate::floats::inverted(rows.iter().map(|r| r.iter().map(|x| x.mid()).collect()).collect())?;
    let shift: Vec<Interval> = (0..n).map(|i| -dot(&inverse[i], &miss)).collect();
    let mut radius: Vec<f64> = shift.iter().map(|s| 2.0 * s.magnitude() + 1e-15).collect();
    for _ in 0..WIDENINGS {
        let off: Vec<Interval> =
            radius.iter().map(|r| Interval::new(-r, *r)).collect::<Option<Vec<Interval>>>()?;
        let whole: Vec<Interval> = middle.iter().zip(&off).map(|(m, d)| *m + *d).collect();
        let (_, slopes) = at(&whole, true);
        let image: Vec<Interval> =
            (0..n).map(|i| shift[i] + contraction(i, &inverse[i], &slopes, &off)).collect();
        if image.iter().zip(&off).all(|(i, d)| i.is_interior(*d)) {
            return Some(middle.iter().zip(&image).map(|(m, i)| *m + *i).collect());
        }
        for (r, i) in radius.iter_mut().zip(&image) {
            *r = r.max(1.5 * i.magnitude());
            if r.is_nan() || *r >= 1.0 {
                return None;
            }
        }
    }
    None
}

fn point(x: f64) -> Interval {
    Interval::point(x).unwrap_or(Interval::ENTIRE)
}

/// Row i of (I - C f'(Y)) (Y - m).
fn contraction(i: usize, inverse: &[f64], slopes: &[Vec<Interval>], off: &[Interval]) -> Interval {
    let mut row: Vec<Interval> =
        (0..off.len()).map(|j| if i == j { Interval::ONE } else { Interval::ZERO }).collect();
    for (c, slope) in inverse.iter().zip(slopes).filter(|(c, _)| **c != 0.0) {
        let c = point(-c);
        for (entry, s) in row.iter_mut().zip(slope).filter(|(_, s)| s.sign() != Some(0)) {
            *entry = *entry + c * *s;
        }
    }
    row.iter().zip(off).fold(Interval::ZERO, |sum, (r, d)| sum + *r * *d)
}

fn dot(row: &[f64], list: &[Interval]) -> Interval {
    row.iter().zip(list).filter(|(c, _)| **c != 0.0).fold(Interval::ZERO, |sum, (c, x)| sum + point(*c) * *x)
}
