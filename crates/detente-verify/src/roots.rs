//! Polynomials in one variable: counting real roots exactly.
//!
//! The one idea: Sturm's theorem (Sturm 1829). The number of distinct roots in
//! (a, b] is the loss of sign changes along the chain of remainders.

use detente_exact::Q;

/// Largest degree the referee looks at.
pub const MAX_DEGREE: usize = 64;

/// The Sturm chain of a polynomial, coefficients ascending.
pub struct Sturm(Vec<Vec<Q>>);

impl Sturm {
    /// Returns the chain; `None` for the zero polynomial or one of too large a degree.
    pub fn new(coefficients: &[Q]) -> Option<Sturm> {
        let p = trimmed(coefficients.to_vec());
        if p.is_empty() || p.len() > MAX_DEGREE + 1 {
            return None;
        }
        let derivative = derivative(&p);
        let mut chain = vec![p];
        let mut next = derivative;
        while !next.is_empty() {
            let previous = chain.last().expect("the chain starts with the polynomial");
            let rest: Vec<Q> = remainder(previous, &next).into_iter().map(|q| -q).collect();
            chain.push(next);
            next = scaled(rest);
        }
        // Dividing by the last member, the common divisor, makes the chain's head squarefree.
        let divisor = chain.last().expect("the chain is not empty").clone();
        let chain = chain.iter().map(|p| quotient(p, &divisor)).collect();
        Some(Sturm(chain))
    }

    fn changes(&self, at: &Q) -> usize {
        let mut changes = 0;
        let mut last = 0;
        for p in &self.0 {
            let sign = evaluate(p, at).signum();
            if sign != 0 {
                changes += usize::from(last != 0 && last != sign);
                last = sign;
            }
        }
        changes
    }

    /// Returns the number of distinct roots in (low, high].
    pub fn count(&self, low: &Q, high: &Q) -> usize {
        self.changes(low).saturating_sub(self.changes(high))
    }

    /// Returns whether the number is a root.
    pub fn is_root(&self, at: &Q) -> bool {
        evaluate(&self.0[0], at).is_zero()
    }
}

/// The value of a polynomial.
fn evaluate(p: &[Q], at: &Q) -> Q {
    let mut value = Q::ZERO;
    for c in p.iter().rev() {
        value = value * at + c;
    }
    value
}

fn trimmed(mut p: Vec<Q>) -> Vec<Q> {
    while p.last().is_some_and(Q::is_zero) {
        p.pop();
    }
    p
}

/// The same polynomial divided by the size of its leading coefficient, to keep numbers short.
fn scaled(p: Vec<Q>) -> Vec<Q> {
    let Some(size) = p.last().map(Q::abs) else { return p };
    p.into_iter().map(|c| c / &size).collect()
}

fn derivative(p: &[Q]) -> Vec<Q> {
    p.iter().enumerate().skip(1).map(|(k, c)| c * &Q::from(k as i64)).collect()
}

/// Quotient and remainder of a division; the divisor is not 0.
fn divide(p: &[Q], by: &[Q]) -> (Vec<Q>, Vec<Q>) {
    let mut rest = p.to_vec();
    let lead = by.last().expect("the divisor is not the zero polynomial");
    let mut quotient = vec![Q::ZERO; p.len().saturating_sub(by.len()) + 1];
    while rest.len() >= by.len() {
        let shift = rest.len() - by.len();
        let factor = rest.last().expect("it has at least the divisor's length") / lead;
        for (k, c) in by.iter().enumerate() {
            rest[shift + k].sub_mul(&factor, c);
        }
        quotient[shift] = factor;
        rest.pop();
    }
    (trimmed(quotient), trimmed(rest))
}

fn remainder(p: &[Q], by: &[Q]) -> Vec<Q> {
    divide(p, by).1
}

fn quotient(p: &[Q], by: &[Q]) -> Vec<Q> {
    divide(p, by).0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(values: &[i64]) -> Vec<Q> {
        values.iter().map(|v| Q::from(*v)).collect()
    }

    #[test]
    fn counts_simple_and_double_roots_once() {
        // (x - 1)^2 (2x - 1) x = 2x^4 - 5x^3 + 4x^2 - x
        let sturm = Sturm::new(&q(&[0, -1, 4, -5, 2])).expect("not zero");
        assert_eq!(sturm.count(&Q::from(-1), &Q::from(2)), 3);
        assert_eq!(sturm.count(&Q::ZERO, &Q::ONE), 2);
        assert!(sturm.is_root(&Q::new(1, 2)) && sturm.is_root(&Q::ONE) && !sturm.is_root(&Q::new(1, 3)));
    }

    #[test]
    fn irrational_roots_are_counted() {
        // x^2 - 1/2 has one root in [0, 1]; x^2 + 1 has none anywhere.
        let sturm = Sturm::new(&[Q::new(-1, 2), Q::ZERO, Q::ONE]).expect("not zero");
        assert_eq!(sturm.count(&Q::ZERO, &Q::ONE), 1);
        assert_eq!(sturm.count(&Q::new(7, 10), &Q::new(71, 100)), 1);
        assert_eq!(sturm.count(&Q::ZERO, &Q::new(7, 10)), 0);
        let none = Sturm::new(&q(&[1, 0, 1])).expect("not zero");
        assert_eq!(none.count(&Q::from(-100), &Q::from(100)), 0);
        assert!(Sturm::new(&[]).is_none());
    }
}
