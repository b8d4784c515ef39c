//! Intervals of rationals, and the range of a polynomial over a box of them.
//!
//! The one idea: outward-rounded floats answer first; where they cannot tell, exact ends do.

use crate::floats::Floats;
use crate::poly::Poly;
use detente_exact::{Interval, Q};

/// A closed interval of rationals.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    pub low: Q,
    pub high: Q,
}

impl Range {
    pub fn new(low: Q, high: Q) -> Range {
        Range { low, high }
    }

    /// The smallest float interval around.
    pub fn outward(&self) -> Interval {
        Interval::between(&self.low, &self.high)
    }

    pub(crate) fn point(q: Q) -> Range {
        Range { low: q.clone(), high: q }
    }

    pub(crate) fn add(&self, other: &Range) -> Range {
        Range::new(&self.low + &other.low, &self.high + &other.high)
    }

    pub(crate) fn scaled(&self, by: &Q) -> Range {
        let (a, b) = (&self.low * by, &self.high * by);
        if by.is_negative() { Range::new(b, a) } else { Range::new(a, b) }
    }

    pub(crate) fn mul(&self, other: &Range) -> Range {
        let ends = [
            &self.low * &other.low,
            &self.low * &other.high,
            &self.high * &other.low,
            &self.high * &other.high,
        ];
        let low = ends.iter().min().cloned().unwrap_or(Q::ZERO);
        let high = ends.iter().max().cloned().unwrap_or(Q::ZERO);
        Range::new(low, high)
    }

    pub fn contains(&self, other: &Range) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    pub(crate) fn mid(&self) -> Q {
        (&self.low + &self.high) * Q::new(1, 2)
    }
}

/// A polynomial in the box's coordinates: coefficient and coordinates of every term, and the
/// same with enclosed coefficients.
#[derive(Clone, Debug)]
pub struct Function(pub(crate) Vec<(Q, Vec<usize>)>, pub(crate) Floats);

impl Function {
    /// Reads a polynomial in these variables; `None` if it has another one.
    pub fn new(poly: &Poly, variables: &[u32]) -> Option<Function> {
        let place = |v: &u32| variables.iter().position(|w| w == v);
        poly.0
            .iter()
            .map(|(m, c)| {
                let mut factors = m.iter().map(place).collect::<Option<Vec<usize>>>()?;
                factors.sort_unstable();
                Some((c.clone(), factors))
            })
            .collect::<Option<Vec<_>>>()
            .map(Function::of)
    }

    pub(crate) fn of(terms: Vec<(Q, Vec<usize>)>) -> Function {
        let floats = Floats::new(&terms);
        Function(terms, floats)
    }

    /// Whether the polynomial is positive all over the box.
    pub fn is_positive(&self, x: &[Range]) -> bool {
        let quick: Vec<Interval> = x.iter().map(Range::outward).collect();
        self.1.sign(&quick) == Some(1) || self.range(x).low.is_positive()
    }

    /// The polynomial's range over a box: exact where every unknown has power 1 (extremes are
    /// at corners) and not too many occur, else perhaps too wide.
    pub fn range(&self, x: &[Range]) -> Range {
        const MAX_CORNERS: usize = 8;
        let mut wide: Vec<usize> = Vec::new();
        for k in self.0.iter().flat_map(|(_, factors)| factors) {
            if x[*k].low != x[*k].high && !wide.contains(k) {
                wide.push(*k);
            }
        }
        let multilinear = self.0.iter().all(|(_, f)| f.windows(2).all(|w| w[0] < w[1]));
        if !multilinear || wide.len() > MAX_CORNERS {
            return self.natural_range(x);
        }
        let mut point: Vec<Q> = x.iter().map(|r| r.low.clone()).collect();
        let mut range: Option<Range> = None;
        for corner in 0..1usize << wide.len() {
            for (bit, k) in wide.iter().enumerate() {
                let end = if corner >> bit & 1 == 1 { &x[*k].high } else { &x[*k].low };
                point[*k].clone_from(end);
            }
            let value = self.value(&point);
            range = Some(match range {
                None => Range::point(value),
                Some(r) if value < r.low => Range::new(value, r.high),
                Some(r) if value > r.high => Range::new(r.low, value),
                Some(r) => r,
            });
        }
        range.unwrap_or(Range::point(Q::ZERO))
    }

    pub(crate) fn value(&self, point: &[Q]) -> Q {
        let mut sum = Q::ZERO;
        for (c, factors) in &self.0 {
            let mut product = c.clone();
            for k in factors {
                product *= &point[*k];
            }
            sum += &product;
        }
        sum
    }

    fn natural_range(&self, x: &[Range]) -> Range {
        let mut sum = Range::point(Q::ZERO);
        for (c, factors) in &self.0 {
            let mut product = Range::point(Q::ONE);
            for k in factors {
                product = product.mul(&x[*k]);
            }
            sum = sum.add(&product.scaled(c));
        }
        sum
    }

    pub(crate) fn derivative(&self, by: usize) -> Function {
        let mut terms = Vec::new();
        for (c, factors) in &self.0 {
            for (at, _) in factors.iter().enumerate().filter(|(_, k)| **k == by) {
                let mut rest = factors.clone();
                rest.remove(at);
                terms.push((c.clone(), rest));
            }
        }
        Function::of(terms)
    }
}
