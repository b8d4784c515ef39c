//! Krawczyk's test in outward-rounded floats: fast, and as sure as the exact one.
//!
//! The one idea: every bound is rounded away from what it bounds, so a test that succeeds
//! here is a proof; one that fails says nothing, and exact numbers are asked instead.

use crate::enclosure::Range;
use detente_exact::{Interval, Q};

/// A polynomial with enclosed coefficients.
#[derive(Clone, Debug)]
pub struct Floats {
    terms: Vec<(Interval, Vec<usize>)>,
    /// Whether every unknown has power 1 in every term.
    multilinear: bool,
}

impl Floats {
    pub fn new(terms: &[(Q, Vec<usize>)]) -> Floats {
        let multilinear = terms.iter().all(|(_, f)| f.windows(2).all(|w| w[0] < w[1]));
        Floats { terms: terms.iter().map(|(c, f)| (Interval::from_q(c), f.clone())).collect(), multilinear }
    }

    fn natural(&self, x: &[Interval]) -> Interval {
        self.terms.iter().fold(Interval::ZERO, |sum, (c, factors)| {
            sum + factors.iter().fold(*c, |product, k| product * x[*k])
        })
    }

    /// The sign that the polynomial has all over the box, if it shows.
    pub fn sign(&self, x: &[Interval]) -> Option<i32> {
        self.natural(x).sign().or_else(|| self.range(x).sign())
    }

    /// A range that holds the polynomial's values over the box.
    pub fn range(&self, x: &[Interval]) -> Interval {
        const MAX_CORNERS: usize = 10;
        let natural = self.natural(x);
        if !self.multilinear {
            return natural;
        }
        let mut wide: Vec<usize> = self.terms.iter().flat_map(|(_, f)| f).copied().collect();
        wide.sort_unstable();
        wide.dedup();
        wide.retain(|k| !x[*k].is_point());
        if wide.len() > MAX_CORNERS {
            return natural;
        }
        // Linear in each unknown, the polynomial has its extremes at corners.
        let range = self.at_corners(&wide, x).into_iter().reduce(Interval::hull);
        range.and_then(|r| r.intersect(natural)).unwrap_or(natural)
    }

    /// The values at all corners of the box: first a coefficient per set of wide unknowns, then each unknown
    /// becomes its lower or its upper end, for all sets at once.
    fn at_corners(&self, wide: &[usize], x: &[Interval]) -> Vec<Interval> {
        let mut values = vec![Interval::ZERO; 1 << wide.len()];
        for (c, factors) in &self.terms {
            let (mut set, mut coefficient) = (0, *c);
            for k in factors {
                match wide.binary_search(k) {
                    Ok(bit) => set |= 1 << bit,
                    Err(_) => coefficient = coefficient * x[*k],
                }
            }
            values[set] = values[set] + coefficient;
        }
        for (bit, k) in wide.iter().enumerate() {
            let (low, high) = (point(x[*k].lo()), point(x[*k].hi()));
            for without in (0..values.len()).filter(|set| set >> bit & 1 == 0) {
                let with = without | 1 << bit;
                let (rest, slope) = (values[without], values[with]);
                values[without] = rest + slope * low;
                values[with] = rest + slope * high;
            }
        }
        values
    }
}

fn point(x: f64) -> Interval {
    Interval::point(x).unwrap_or(Interval::ENTIRE)
}

/// A square system: functions and their derivatives.
pub struct System<'a> {
    pub functions: Vec<&'a Floats>,
    pub jacobian: Vec<Vec<&'a Floats>>,
}

impl System<'_> {
    /// Krawczyk's image of a box; `None` if the middle's derivative cannot be inverted.
    fn image(&self, x: &[Interval]) -> Option<Vec<Interval>> {
        let n = x.len();
        let mid: Vec<Interval> = x.iter().map(|r| point(r.mid())).collect();
        let slope = self.jacobian.iter().map(|row| row.iter().map(|d| d.range(&mid).mid()).collect());
        let inverse: Vec<Vec<Interval>> =
            inverted(slope.collect())?.iter().map(|row| row.iter().map(|v| point(*v)).collect()).collect();
        let at_mid: Vec<Interval> = self.functions.iter().map(|f| f.range(&mid)).collect();
        let slopes: Vec<Vec<Interval>> =
            self.jacobian.iter().map(|row| row.iter().map(|d| d.range(x)).collect()).collect();
        let row = |i: usize| {
            let mut sum = (0..n).fold(mid[i], |sum, k| sum - inverse[i][k] * at_mid[k]);
            for j in 0..n {
                let unit = if i == j { Interval::ONE } else { Interval::ZERO };
                let entry = (0..n).fold(unit, |entry, k| entry - inverse[i][k] * slopes[k][j]);
                sum = sum + entry * (x[j] - mid[j]);
            }
            sum
        };
        Some((0..n).map(row).collect())
    }

    /// What a box shares with its Krawczyk image, a few times over; `None` if nothing is left.
    pub fn contracted(&self, x: &[Interval]) -> Option<Vec<Interval>> {
        const ROUNDS: usize = 4;
        let mut x = x.to_vec();
        for _ in 0..ROUNDS {
            let Some(image) = self.image(&x) else { break };
            let next: Option<Vec<Interval>> = x.iter().zip(&image).map(|(a, b)| a.intersect(*b)).collect();
            let next = next?;
            if next == x {
                break;
            }
            x = next;
        }
        Some(x)
    }

    /// A small box around the one root of `listed`; `None` if floats cannot prove that there
    /// is exactly one.
    pub fn tightened(&self, listed: &[Range]) -> Option<Vec<Interval>> {
        const ROUNDS: usize = 6;
        // A box within the listed one that floats can write; what is proven of it and of the
        // listed box's outer box holds for the listed one.
        let outer: Vec<Interval> = listed.iter().map(Range::outward).collect();
        let image = self.image(&outer)?;
        let inside = image.iter().zip(listed).all(|(k, l)| {
            let ends = Q::from_f64(k.lo()).zip(Q::from_f64(k.hi()));
            ends.is_some_and(|(low, high)| l.low < low && high < l.high)
        });
        if !inside {
            return None;
        }
        let mut tight = image;
        for _ in 0..ROUNDS {
            let Some(next) = self.image(&tight) else { break };
            let next: Option<Vec<Interval>> = next.iter().zip(&tight).map(|(n, t)| n.intersect(*t)).collect();
            let next = next?;
            if next == tight {
                break;
            }
            tight = next;
        }
        Some(tight)
    }
}

/// A float inverse by Gauss and Jordan with the largest pivot; need not be exact,
/// because the tests that use it hold for any matrix.
pub fn inverted(mut rows: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let n = rows.len();
    for (k, row) in rows.iter_mut().enumerate() {
        row.extend((0..n).map(|j| if j == k { 1.0 } else { 0.0 }));
    }
    for k in 0..n {
        let best = (k..n).max_by(|a, b| rows[*a][k].abs().total_cmp(&rows[*b][k].abs()))?;
        rows.swap(k, best);
        let pivot = rows[k][k];
        if !(pivot.abs() > 0.0 && pivot.is_finite()) {
            return None;
        }
        rows[k].iter_mut().for_each(|x| *x /= pivot);
        let row = rows[k].clone();
        for (_, other) in rows.iter_mut().enumerate().filter(|(i, _)| *i != k) {
            let factor = other[k];
            if factor != 0.0 {
                other.iter_mut().zip(&row).skip(k).for_each(|(x, r)| *x -= factor * r);
            }
        }
    }
    let inverse: Vec<Vec<f64>> = rows.into_iter().map(|row| row[n..].to_vec()).collect();
    inverse.iter().flatten().all(|x| x.is_finite()).then_some(inverse)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Corner by corner, exactly: the range of a polynomial in which every unknown has power 1.
    #[test]
    fn the_range_holds_every_corner_and_little_more() {
        let mut seed = 3u64;
        let mut draw = |most: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % most
        };
        for _ in 0..300 {
            let products = [vec![], vec![0], vec![1], vec![0, 1], vec![1, 2], vec![0, 1, 2], vec![2, 3]];
            let terms: Vec<(Q, Vec<usize>)> =
                products.iter().map(|m| (Q::new(draw(41) as i64 - 20, 7), m.clone())).collect();
            // The last unknown is a point.
            let ends: Vec<(i64, i64)> =
                (0..4).map(|k| (draw(8) as i64 - 3, if k == 3 { 0 } else { draw(5) as i64 })).collect();
            let x: Vec<Interval> = ends
                .iter()
                .map(|(low, width)| Interval::between(&Q::from(*low), &Q::from(low + width)))
                .collect();
            let corner = |which: usize| -> Q {
                let at = |k: usize| Q::from(ends[k].0 + if which >> k & 1 == 1 { ends[k].1 } else { 0 });
                terms.iter().map(|(c, m)| m.iter().fold(c.clone(), |t, k| t * at(*k))).sum()
            };
            let values: Vec<Q> = (0..16).map(corner).collect();
            let (low, high) = (values.iter().min().expect("16"), values.iter().max().expect("16"));
            let range = Floats::new(&terms).range(&x);
            assert!(range.contains_q(low) && range.contains_q(high));
            let slack = high.to_f64() - low.to_f64() + 1e-9;
            assert!(range.hi() - range.lo() <= slack, "{range} {low} {high}");
        }
    }
}
