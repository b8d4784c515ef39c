//! Real roots as exact objects: isolated, refined, compared, and recognised when rational.
//!
//! The one idea: Sturm's theorem counts the roots in an interval, so halving separates them. A
//! rational root has a denominator that divides the leading whole coefficient `a`, and two such
//! numbers are at least `1/a²` apart, so in an interval shorter than that the simplest fraction is
//! the only candidate.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::one::{Poly, sign_changes};
use crate::{Interval, Q};

/// One real root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RealRoot {
    /// A rational root.
    Rational(Q),
    /// The only root of `poly` in the open interval from `lo` to `hi`. It is not rational; `poly`
    /// has no repeated roots, and different signs at the ends.
    Isolated {
        /// The polynomial.
        poly: Poly,
        /// A number below the root.
        lo: Q,
        /// A number above the root.
        hi: Q,
    },
}

impl Poly {
    /// The different real roots in `(lo, hi]`, ascending; `None` for the polynomial 0, of which
    /// every number is a root.
    pub fn roots_in(&self, lo: &Q, hi: &Q) -> Option<Vec<RealRoot>> {
        if self.is_zero() {
            return None;
        }
        if lo >= hi {
            return Some(Vec::new());
        }
        let poly = self.squarefree();
        if poly.degree() == Some(1) {
            let root = -&poly.coefs()[0] / poly.leading();
            let inside = *lo < root && root <= *hi;
            return Some(if inside { vec![RealRoot::Rational(root)] } else { Vec::new() });
        }
        Some(isolate(&poly, lo, hi))
    }

    /// All different real roots, ascending; `None` for the polynomial 0.
    pub fn real_roots(&self) -> Option<Vec<RealRoot>> {
        let bound = self.root_bound();
        self.roots_in(&-&bound, &bound)
    }

    /// The different rational roots, ascending; `None` for the polynomial 0.
    pub fn rational_roots(&self) -> Option<Vec<Q>> {
        let rational = |root| match root {
            RealRoot::Rational(value) => Some(value),
            RealRoot::Isolated { .. } => None,
        };
        Some(self.real_roots()?.into_iter().filter_map(rational).collect())
    }
}

/// Halves `(lo, hi]` until each part holds one root of a squarefree polynomial.
fn isolate(poly: &Poly, lo: &Q, hi: &Q) -> Vec<RealRoot> {
    let sequence = poly.sturm_sequence();
    let mut roots = Vec::new();
    // The leftmost part is on top, so roots come out ascending.
    let mut parts = vec![(lo.clone(), sign_changes(&sequence, lo), hi.clone(), sign_changes(&sequence, hi))];
    while let Some((lo, changes_lo, hi, changes_hi)) = parts.pop() {
        match changes_lo.saturating_sub(changes_hi) {
            0 => {}
            1 => roots.push(settle(poly, lo, hi)),
            _ => {
                let mid = middle(&lo, &hi);
                let changes = sign_changes(&sequence, &mid);
                parts.push((mid.clone(), changes, hi, changes_hi));
                parts.push((lo, changes_lo, mid, changes));
            }
        }
    }
    roots
}

/// The one root in `(lo, hi]`, as a rational if it is one.
fn settle(poly: &Poly, mut lo: Q, mut hi: Q) -> RealRoot {
    let sign_hi = poly.eval(&hi).signum();
    if sign_hi == 0 {
        return RealRoot::Rational(hi);
    }
    let leading = poly.primitive().leading();
    let width = (&leading * &leading * Q::from(2)).recip();
    // `lo` itself may be a root outside the half-open interval: move up until it is not one.
    while poly.eval(&lo).is_zero() || &hi - &lo >= width {
        let mid = middle(&lo, &hi);
        match poly.eval(&mid).signum() {
            0 => return RealRoot::Rational(mid),
            // Equal signs at `mid` and `hi`: no root between them, for there is at most one.
            sign if sign == sign_hi => hi = mid,
            _ => lo = mid,
        }
    }
    let candidate = Q::simplest_between(&lo, &hi);
    if poly.eval(&candidate).is_zero() {
        return RealRoot::Rational(candidate);
    }
    RealRoot::Isolated { poly: poly.clone(), lo, hi }
}

fn middle(lo: &Q, hi: &Q) -> Q {
    (lo + hi) / Q::from(2)
}

impl RealRoot {
    /// Whether the object is what it says: for an isolated root, that the interval holds exactly
    /// one root of a squarefree polynomial, strictly inside. For roots read from outside.
    pub fn is_valid(&self) -> bool {
        let RealRoot::Isolated { poly, lo, hi } = self else { return true };
        let squarefree =
            poly.degree().is_some_and(|d| d >= 1) && poly.gcd(&poly.derivative()).degree() == Some(0);
        squarefree
            && lo < hi
            && poly.eval(lo).signum() * poly.eval(hi).signum() < 0
            && poly.count_roots(lo, hi) == Some(1)
    }

    /// A number not above the root.
    pub fn lo(&self) -> &Q {
        match self {
            RealRoot::Rational(value) => value,
            RealRoot::Isolated { lo, .. } => lo,
        }
    }

    /// A number not below the root.
    pub fn hi(&self) -> &Q {
        match self {
            RealRoot::Rational(value) => value,
            RealRoot::Isolated { hi, .. } => hi,
        }
    }

    /// The root, if it is rational.
    pub fn rational(&self) -> Option<&Q> {
        match self {
            RealRoot::Rational(value) => Some(value),
            RealRoot::Isolated { .. } => None,
        }
    }

    /// The same root in an interval no wider than `width`, which is positive (else nothing is
    /// done).
    pub fn refine(&mut self, width: &Q) {
        if !width.is_positive() {
            return;
        }
        while self.hi() - self.lo() > *width {
            self.halve();
        }
    }

    /// Halves the interval of an isolated root.
    fn halve(&mut self) {
        let RealRoot::Isolated { poly, lo, hi } = self else { return };
        let mid = middle(lo, hi);
        match poly.eval(&mid).signum() {
            0 => *self = RealRoot::Rational(mid),
            sign if sign == poly.eval(hi).signum() => *hi = mid,
            _ => *lo = mid,
        }
    }

    /// A float interval around the root, as narrow as halving 60 more times makes it.
    pub fn enclosure(&self) -> Interval {
        let mut root = self.clone();
        let width = (self.hi() - self.lo()) * Q::from(2).pow(-60);
        root.refine(&width);
        Interval::between(root.lo(), root.hi())
    }

    /// A float near the root.
    pub fn to_f64(&self) -> f64 {
        match self {
            RealRoot::Rational(value) => value.to_f64(),
            RealRoot::Isolated { .. } => self.enclosure().mid(),
        }
    }

    /// How the root compares with an exact number.
    pub fn compare(&self, value: &Q) -> Ordering {
        match self {
            RealRoot::Rational(root) => root.cmp(value),
            RealRoot::Isolated { lo, .. } if value <= lo => Ordering::Greater,
            RealRoot::Isolated { hi, .. } if value >= hi => Ordering::Less,
            RealRoot::Isolated { poly, hi, .. } => match poly.eval(value).signum() {
                0 => Ordering::Equal,
                sign if sign == poly.eval(hi).signum() => Ordering::Less,
                _ => Ordering::Greater,
            },
        }
    }

    /// The exact sign of another polynomial at the root.
    pub fn sign_of(&self, other: &Poly) -> i32 {
        let RealRoot::Isolated { poly, lo, hi } = self else {
            return other.eval(self.lo()).signum();
        };
        if other.is_zero() {
            return 0;
        }
        // A shared root shows as a root of the common divisor; ends are never roots of `poly`.
        if poly.gcd(other).count_roots(lo, hi) != Some(0) {
            return 0;
        }
        let mut root = self.clone();
        while other.count_roots(root.lo(), root.hi()) != Some(0) {
            root.halve();
        }
        other.eval(root.hi()).signum()
    }

    /// How two roots compare, exactly.
    pub fn compare_root(&self, other: &RealRoot) -> Ordering {
        match (self, other) {
            (_, RealRoot::Rational(value)) => self.compare(value),
            (RealRoot::Rational(value), _) => other.compare(value).reverse(),
            (RealRoot::Isolated { poly: p, .. }, RealRoot::Isolated { poly: q, .. }) => {
                // They are equal exactly if a common divisor has its root in both intervals.
                let common = p.gcd(q);
                let (lo, hi) = (self.lo().max(other.lo()), self.hi().min(other.hi()));
                if lo < hi && common.count_roots(lo, hi) == Some(1) {
                    return Ordering::Equal;
                }
                let (mut a, mut b) = (self.clone(), other.clone());
                while a.hi() > b.lo() && b.hi() > a.lo() {
                    a.halve();
                    b.halve();
                }
                a.hi().cmp(b.hi())
            }
        }
    }
}
