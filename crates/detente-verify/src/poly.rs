//! Sparse polynomials in the variables of a state, over the rationals or another [`Field`].
//!
//! The one idea: a monomial is the sorted list of its variables. Rows are
//! multilinear (one weight per player), so lists are short.

use crate::field::Field;
use detente_exact::Q;
use std::collections::BTreeMap;

/// A product of variables, sorted by id; empty for the constant monomial.
pub type Monomial = Vec<u32>;

/// A polynomial without zero coefficients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poly<N = Q>(pub BTreeMap<Monomial, N>);

impl<N> Default for Poly<N> {
    fn default() -> Poly<N> {
        Poly(BTreeMap::new())
    }
}

impl<N: Field> Poly<N> {
    /// Returns the polynomial that is one variable.
    pub fn variable(id: u32) -> Poly<N> {
        Poly(BTreeMap::from([(vec![id], N::one())]))
    }

    /// Returns a constant polynomial.
    pub fn constant(value: N) -> Poly<N> {
        let mut p = Poly::default();
        p.add_term(Vec::new(), value);
        p
    }

    /// Adds `coefficient * monomial`; the monomial must be sorted.
    pub fn add_term(&mut self, monomial: Monomial, coefficient: N) {
        use std::collections::btree_map::Entry;
        if coefficient.is_zero() {
            return;
        }
        match self.0.entry(monomial) {
            Entry::Vacant(slot) => {
                slot.insert(coefficient);
            }
            Entry::Occupied(mut slot) => {
                let sum = slot.get().plus(&coefficient);
                if sum.is_zero() {
                    slot.remove();
                } else {
                    slot.insert(sum);
                }
            }
        }
    }

    /// Adds `factor * other`.
    pub fn add_scaled(&mut self, other: &Poly<N>, factor: &N) {
        if factor.is_zero() {
            return;
        }
        for (monomial, c) in &other.0 {
            self.add_term(monomial.clone(), c.times(factor));
        }
    }

    /// Returns `self` times one monomial.
    pub fn times(&self, monomial: &[u32]) -> Poly<N> {
        let mut result = Poly::default();
        for (m, c) in &self.0 {
            result.add_term(merged(m, monomial), c.clone());
        }
        result
    }

    /// Returns whether the polynomial is identically 0.
    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number if the polynomial is constant.
    pub fn as_constant(&self) -> Option<N> {
        match self.0.len() {
            0 => Some(N::zero()),
            1 => self.0.get(&Vec::new() as &Monomial).cloned(),
            _ => None,
        }
    }

    /// Replaces one variable by a polynomial.
    pub fn substituted(&self, variable: u32, by: &Poly<N>) -> Poly<N> {
        let mut result = Poly::default();
        for (m, c) in &self.0 {
            match m.binary_search(&variable) {
                Err(_) => result.add_term(m.clone(), c.clone()),
                Ok(at) => {
                    let mut rest = m.clone();
                    rest.remove(at);
                    // A square would leave one occurrence; rows have none, and if one came
                    // the caller substitutes until the variable is gone.
                    result.add_scaled(&by.times(&rest), c);
                }
            }
        }
        result
    }
}

/// The sorted product of two monomials.
pub fn merged(a: &[u32], b: &[u32]) -> Monomial {
    let mut product = Vec::with_capacity(a.len() + b.len());
    product.extend_from_slice(a);
    product.extend_from_slice(b);
    product.sort_unstable();
    product
}
