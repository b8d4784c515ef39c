//! Polynomials in one small positive number, ordered by what they are near 0.
//!
//! The one idea: shortly before the end of a line every polynomial keeps its sign, that of its
//! lowest coefficient, and a quotient's limit is the quotient of lowest coefficients.

use crate::poly::Poly;
use detente_exact::Q;

/// Coefficients from the constant up, without zeros at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Germ(Vec<Q>);

impl Germ {
    pub fn constant(q: Q) -> Germ {
        Germ(vec![q]).trimmed()
    }

    /// The number that is `end` at 0 and `start` at 1.
    pub fn line(start: &Q, end: &Q) -> Germ {
        Germ(vec![end.clone(), start - end]).trimmed()
    }

    fn trimmed(mut self) -> Germ {
        while self.0.last().is_some_and(Q::is_zero) {
            self.0.pop();
        }
        self
    }

    pub fn add_scaled(&mut self, other: &Germ, factor: &Q) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), Q::ZERO);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine += &(theirs * factor);
        }
        *self = std::mem::take(self).trimmed();
    }

    pub fn minus(&self, other: &Germ) -> Germ {
        let mut result = self.clone();
        result.add_scaled(other, &-Q::ONE);
        result
    }

    fn times(&self, other: &Germ) -> Germ {
        if self.0.is_empty() || other.0.is_empty() {
            return Germ::default();
        }
        let mut product = vec![Q::ZERO; self.0.len() + other.0.len() - 1];
        for (i, a) in self.0.iter().enumerate() {
            for (j, b) in other.0.iter().enumerate() {
                product[i + j] += &(a * b);
            }
        }
        Germ(product).trimmed()
    }

    /// The value of a polynomial in variables whose germs are known.
    pub fn of(poly: &Poly, at: &dyn Fn(u32) -> Germ) -> Germ {
        let mut sum = Germ::default();
        for (monomial, c) in &poly.0 {
            let mut product = Germ::constant(c.clone());
            for v in monomial {
                product = product.times(&at(*v));
            }
            sum.add_scaled(&product, &Q::ONE);
        }
        sum
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// Power and coefficient of the lowest term.
    fn lowest(&self) -> Option<(usize, &Q)> {
        self.0.iter().enumerate().find(|(_, q)| !q.is_zero())
    }

    pub fn is_positive(&self) -> bool {
        self.lowest().is_some_and(|(_, q)| q.is_positive())
    }

    pub fn is_negative(&self) -> bool {
        self.lowest().is_some_and(|(_, q)| q.is_negative())
    }

    /// The limit of `self / whole`, where the quotient stays finite.
    pub fn limit_of_share(&self, whole: &Germ) -> Option<Q> {
        let (power, bottom) = whole.lowest()?;
        match self.lowest() {
            None => Some(Q::ZERO),
            Some((p, _)) if p > power => Some(Q::ZERO),
            Some((p, top)) if p == power => top.checked_div(bottom),
            Some(_) => None,
        }
    }

    /// The value at the end of the line.
    pub fn end(&self) -> Q {
        self.0.first().cloned().unwrap_or(Q::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_limits_are_those_near_the_end() {
        let q = |n, d| Q::new(n, d);
        let down = Germ::line(&q(1, 2), &Q::ZERO);
        let steep = Germ::line(&q(3, 1), &Q::ZERO);
        let flat = Germ::line(&-Q::ONE, &q(1, 3));
        assert!(down.is_positive() && flat.is_positive() && down.minus(&steep).is_negative());
        assert_eq!(down.limit_of_share(&steep), Some(q(1, 6)));
        assert_eq!(down.limit_of_share(&flat), Some(Q::ZERO));
        assert_eq!(flat.limit_of_share(&down), None);
        assert_eq!(down.times(&down).limit_of_share(&down), Some(Q::ZERO));
        assert!(down.minus(&down).is_zero() && flat.end() == q(1, 3));
    }
}
