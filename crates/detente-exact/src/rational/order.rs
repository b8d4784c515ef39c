//! Equality, order, hashing, and the simplest fraction between two others.
//!
//! The one idea: representations are canonical, so equality compares parts and the order of two
//! small fractions is one cross product in `i128`.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::{Q, Repr};

impl PartialEq for Q {
    #[inline]
    fn eq(&self, other: &Q) -> bool {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => a == c && b == d,
            (Repr::Big(a), Repr::Big(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Q {}

impl PartialOrd for Q {
    #[inline]
    fn partial_cmp(&self, other: &Q) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Q {
    #[inline]
    fn cmp(&self, other: &Q) -> Ordering {
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &other.0) {
            if b == d {
                return a.cmp(c);
            }
            // Each product is below 2^126 in size.
            let left = i128::from(*a) * i128::from(d.get());
            let right = i128::from(*c) * i128::from(b.get());
            return left.cmp(&right);
        }
        let (left, right) = (self.signum(), other.signum());
        if left != right {
            return left.cmp(&right);
        }
        match (&self.0, &other.0) {
            (Repr::Big(a), Repr::Big(b)) => a.cmp(b),
            _ => self.to_rbig().cmp(&other.to_rbig()),
        }
    }
}

impl Hash for Q {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Repr::Small(n, d) => (n, d).hash(state),
            Repr::Big(b) => b.hash(state),
        }
    }
}

impl Q {
    /// The fraction with the smallest denominator in the closed interval between `lo` and `hi`
    /// (given in either order), and among those the one nearest 0: the first one met in the
    /// Stern–Brocot tree.
    pub fn simplest_between(lo: &Q, hi: &Q) -> Q {
        let (lo, hi) = if lo <= hi { (lo, hi) } else { (hi, lo) };
        if lo.signum() <= 0 && hi.signum() >= 0 {
            return Q::ZERO;
        }
        if hi.is_negative() {
            return -simplest_positive(-hi, -lo);
        }
        simplest_positive(lo.clone(), hi.clone())
    }
}

/// Common leading terms of the two continued fractions, then the smallest integer that separates.
fn simplest_positive(mut lo: Q, mut hi: Q) -> Q {
    let mut terms: Vec<Q> = Vec::new();
    let mut value = loop {
        let up = lo.ceil();
        if up <= hi {
            break up;
        }
        // No integer lies in [lo, hi], so both share this floor and neither is an integer.
        let term = lo.floor();
        let next_lo = (&hi - &term).recip();
        hi = (&lo - &term).recip();
        lo = next_lo;
        terms.push(term);
    };
    while let Some(term) = terms.pop() {
        value = term + value.recip();
    }
    value
}
