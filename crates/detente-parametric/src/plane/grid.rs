//! A polynomial in two variables over boxes, by its Bernstein coefficients.
//!
//! The one idea: over a box a polynomial is a mean of its Bernstein coefficients, with weights that
//! are positive inside; so coefficients of one sign prove the sign all over the box's inside, and
//! cutting the box brings them to the polynomial's values, quadratically (Farouki and Rajan,
//! "On the numerical condition of polynomials in Bernstein form", 1987).

use detente_exact::poly::MPoly;
use detente_exact::{Interval, Q};

/// Coefficients over a plane: by the power of x, then of y.
#[derive(Clone, Debug)]
pub struct Grid(Vec<Vec<Interval>>);

impl Grid {
    /// The coefficients over the plane with these sides. Only variables 0 and 1 may occur.
    pub fn new(poly: &MPoly, sides: &[(Q, Q); 2]) -> Grid {
        let (n, m) = (usize::from(poly.degree_in(0)), usize::from(poly.degree_in(1)));
        let mut power = vec![vec![Q::ZERO; m + 1]; n + 1];
        for (monomial, c) in poly.terms() {
            power[usize::from(monomial.exponent(0))][usize::from(monomial.exponent(1))] = c.clone();
        }
        // First along x, one column after the other, then along y.
        for j in 0..=m {
            let mut column: Vec<Q> = power.iter().map(|row| row[j].clone()).collect();
            to_bernstein(&mut column, &sides[0]);
            power.iter_mut().zip(column).for_each(|(row, c)| row[j] = c);
        }
        power.iter_mut().for_each(|row| to_bernstein(row, &sides[1]));
        Grid(power.iter().map(|row| row.iter().map(Interval::from_q).collect()).collect())
    }

    /// The coefficients over a part, given by shares of the sides.
    pub fn within(&self, x: (f64, f64), y: (f64, f64)) -> Grid {
        let mut part = self.0.clone();
        for row in &mut part {
            restrict(row, y);
        }
        let mut column = Vec::with_capacity(part.len());
        for j in 0..part[0].len() {
            column.clear();
            column.extend(part.iter().map(|row| row[j]));
            restrict(&mut column, x);
            part.iter_mut().zip(&column).for_each(|(row, c)| row[j] = *c);
        }
        Grid(part)
    }

    /// The sign all over the inside of the box, if this shows it.
    pub fn sign(&self) -> Option<i32> {
        let all = || self.0.iter().flatten();
        if all().all(|c| c.lo() >= 0.0) && all().any(|c| c.lo() > 0.0) {
            return Some(1);
        }
        (all().all(|c| c.hi() <= 0.0) && all().any(|c| c.hi() < 0.0)).then_some(-1)
    }

    /// All values over the box.
    pub fn range(&self) -> Interval {
        let mut all = self.0.iter().flatten().copied();
        let first = all.next().unwrap_or(Interval::ZERO);
        all.fold(first, Interval::hull)
    }
}

/// From powers of the variable to Bernstein coefficients between two ends.
fn to_bernstein(coefs: &mut [Q], (from, to): &(Q, Q)) {
    let n = coefs.len() - 1;
    // Taylor's shift to the start, one Horner step after the other.
    for k in 0..n {
        for i in (k..n).rev() {
            let next = &coefs[i + 1] * from;
            coefs[i] += next;
        }
    }
    let width = to - from;
    let mut scale = Q::ONE;
    for c in coefs.iter_mut() {
        *c *= &scale;
        scale *= &width;
    }
    let power = coefs.to_vec();
    for (i, c) in coefs.iter_mut().enumerate() {
        *c = Q::ZERO;
        let mut share = Q::ONE;
        for (k, p) in power.iter().enumerate().take(i + 1) {
            *c += p * &share;
            // C(i, k + 1) / C(n, k + 1) from the one before.
            if k < i {
                share *= Q::new((i - k) as i64, (n - k) as i64);
            }
        }
    }
}

/// De Casteljau's cut at both ends of a part.
fn restrict(coefs: &mut [Interval], (from, to): (f64, f64)) {
    let n = coefs.len();
    let exact = |v: f64| Interval::point(v).unwrap_or(Interval::ENTIRE);
    let (a, b) = (exact(from), exact(to));
    if to < 1.0 {
        // The left part: coefficient k is the first of round k.
        for k in 1..n {
            for i in (k..n).rev() {
                coefs[i] = mean(coefs[i - 1], coefs[i], b);
            }
        }
    }
    if from > 0.0 {
        let share = a.checked_div(b).unwrap_or(Interval::ENTIRE);
        for k in 1..n {
            for i in 0..n - k {
                coefs[i] = mean(coefs[i], coefs[i + 1], share);
            }
        }
    }
}

fn mean(low: Interval, high: Interval, share: Interval) -> Interval {
    low + (high - low) * share
}

#[cfg(test)]
mod tests {
    use super::*;

    /// x^2 - 2 y + x y - 1/2.
    fn sample() -> MPoly {
        let (x, y) = (MPoly::variable(0), MPoly::variable(1));
        let square = &(&x * &x) - &y.scale(&Q::from(2));
        &(&square + &(&x * &y)) - &MPoly::constant(Q::new(1, 2))
    }

    #[test]
    fn the_range_holds_every_value_and_is_close() {
        let sides = [(Q::new(-1, 2), Q::from(2)), (Q::from(1), Q::from(3))];
        let grid = Grid::new(&sample(), &sides);
        for (i, j) in [(0, 0), (1, 3), (2, 2), (3, 1), (0, 3)] {
            let (from, to) = (f64::from(i) / 4.0, f64::from(i + 1) / 4.0);
            let (low, high) = (f64::from(j) / 4.0, f64::from(j + 1) / 4.0);
            let part = grid.within((from, to), (low, high)).range();
            let mut seen: Option<(f64, f64)> = None;
            for a in 0..=8 {
                for b in 0..=8 {
                    let x = -0.5 + 2.5 * (from + (to - from) * f64::from(a) / 8.0);
                    let y = 1.0 + 2.0 * (low + (high - low) * f64::from(b) / 8.0);
                    let value = x * x - 2.0 * y + x * y - 0.5;
                    assert!(part.lo() <= value + 1e-12 && value - 1e-12 <= part.hi());
                    let s = seen.unwrap_or((value, value));
                    seen = Some((s.0.min(value), s.1.max(value)));
                }
            }
            let (low, high) = seen.unwrap_or_default();
            assert!(part.width() < (high - low) * 1.3 + 1e-9, "{part} against {low} to {high}");
        }
    }

    #[test]
    fn a_curve_through_a_corner_leaves_the_sign_inside() {
        let grid = Grid::new(&MPoly::variable(0), &[(Q::ZERO, Q::ONE), (Q::ZERO, Q::ONE)]);
        assert_eq!(grid.sign(), Some(1));
        assert_eq!(grid.within((0.0, 0.5), (0.0, 1.0)).sign(), Some(1));
        let moved = Grid::new(&MPoly::variable(0), &[(Q::from(-1), Q::ONE), (Q::ZERO, Q::ONE)]);
        assert_eq!(moved.sign(), None);
        assert_eq!(moved.within((0.0, 0.5), (0.0, 1.0)).sign(), Some(-1));
    }
}
