//! Guesses from a float simplex, turned into exact candidates.
//!
//! The one idea: vertices and Farkas vectors of systems with small numbers have small
//! denominators, so the simplest fraction near each float is usually the exact answer. A candidate
//! counts only once it passes the exact check; a wrong guess costs time, never truth.

use super::tableau::{Climb, Repair, Tableau};
use super::{Lp, farkas_refutes};
use crate::Q;

/// What the float simplex believes.
pub(super) enum Guess {
    Feasible,
    Conflict(Vec<f64>),
    Unknown,
}

/// A float tableau after its search, with the belief it ended in.
pub(super) struct FloatRun {
    tableau: Tableau<f64>,
    pub(super) guess: Guess,
}

/// Steps before the float simplex gives up; several times what such systems need.
fn step_limit(lp: &Lp) -> usize {
    100 + 4 * (lp.lower.len() + lp.rows.len())
}

impl FloatRun {
    /// Searches for feasibility, then (with an objective) for the optimum.
    pub(super) fn new(lp: &Lp, objective: &[(usize, Q)]) -> FloatRun {
        let scale: Vec<f64> = lp.rows.iter().map(row_scale).collect();
        let mut tableau = Tableau::<f64>::new(lp, objective, Some(&scale));
        let limit = step_limit(lp);
        let guess = match tableau.repair(limit) {
            Repair::Feasible => {
                if !objective.is_empty() {
                    // Wherever the climb ends, exact pivoting continues from there.
                    let (Climb::Optimal | Climb::Unbounded(..) | Climb::GaveUp) = tableau.climb(limit);
                }
                Guess::Feasible
            }
            Repair::Conflict(row, too_small) => {
                let mut y = tableau.conflict_vector(row, too_small);
                for (y, scale) in y.iter_mut().zip(&scale) {
                    *y *= scale;
                }
                Guess::Conflict(y)
            }
            Repair::GaveUp => Guess::Unknown,
        };
        FloatRun { tableau, guess }
    }

    /// The basis reached, for an exact tableau to adopt.
    pub(super) fn basis(&self) -> (Vec<bool>, Vec<bool>) {
        self.tableau.basis()
    }

    /// The values of the system's variables as simple fractions, if that point is a solution.
    pub(super) fn rounded_point(&self, lp: &Lp) -> Option<Vec<Q>> {
        let x: Vec<Q> = self.tableau.value[..lp.lower.len()]
            .iter()
            .map(|value| simple_fraction(*value))
            .collect::<Option<_>>()?;
        lp.holds(&x).then_some(x)
    }
}

/// A power of two that brings the row's largest coefficient near 1.
fn row_scale(row: &super::Row) -> f64 {
    let largest = row.coefs.iter().map(|(_, coefficient)| coefficient.to_f64().abs()).fold(0.0, f64::max);
    if largest > 0.0 && largest.is_finite() {
        let (_, exponent) = libm::frexp(largest);
        libm::ldexp(1.0, -exponent.clamp(-1000, 1000))
    } else {
        1.0
    }
}

/// A Farkas vector guessed by a float simplex and accepted by [`farkas_refutes`], or `None`:
/// either the system has a solution or the guess failed.
pub fn fast_refute(lp: &Lp) -> Option<Vec<Q>> {
    if lp.has_empty_box() {
        return Some(vec![Q::ZERO; lp.rows.len()]);
    }
    match FloatRun::new(lp, &[]).guess {
        Guess::Conflict(y) => exact_refutation(lp, &y),
        _ => None,
    }
}

/// Rounds a float Farkas vector until it is accepted: to simple fractions, then to dyadic ones.
pub(super) fn exact_refutation(lp: &Lp, y: &[f64]) -> Option<Vec<Q>> {
    let largest = y.iter().fold(0.0, |size: f64, y| size.max(y.abs()));
    if largest <= 0.0 || !largest.is_finite() {
        return None;
    }
    // The smallest multiplier that is not dust, as unit, gives small fractions most often; the
    // largest bounds the error when sizes differ widely.
    let dust = largest * 1e-10;
    let smallest = y.iter().map(|y| y.abs()).filter(|size| *size > dust).fold(largest, f64::min);
    for (unit, dyadic) in [(1.0, false), (smallest, false), (largest, true)] {
        let rounded: Option<Vec<Q>> = y
            .iter()
            .zip(&lp.rows)
            .map(|(y, row)| round_multiplier(*y, dust, unit, dyadic, row.rel))
            .collect();
        if let Some(rounded) = rounded
            && farkas_refutes(lp, &rounded)
        {
            return Some(rounded);
        }
    }
    None
}

/// One multiplier in the given unit; 0 if it is dust or has the wrong sign for its relation.
fn round_multiplier(y: f64, dust: f64, unit: f64, dyadic: bool, rel: super::Rel) -> Option<Q> {
    let wrong_sign = match rel {
        super::Rel::Le => y < 0.0,
        super::Rel::Ge => y > 0.0,
        super::Rel::Eq => false,
    };
    if wrong_sign || y.abs() <= dust {
        return Some(Q::ZERO);
    }
    if dyadic {
        // Forty bits below the largest: far finer than the float error that matters.
        return Q::from_f64((y / unit * 2f64.powi(40)).round() * 2f64.powi(-40));
    }
    simple_fraction(y / unit)
}

/// The first convergent of the continued fraction within 1e-9 (relative above 1) of a float, or
/// the last with a denominator below a million; `None` for what is not a moderate number.
fn simple_fraction(value: f64) -> Option<Q> {
    let size = value.abs();
    if size.is_nan() || size > 1e15 {
        return None;
    }
    let tolerance = 1e-9 * size.max(1.0);
    let (mut p0, mut q0, mut p1, mut q1) = (0i64, 1i64, 1i64, 0i64);
    let mut rest = size;
    loop {
        let term = rest.floor();
        let (p, q) =
            (p1.checked_mul(term as i64)?.checked_add(p0)?, q1.checked_mul(term as i64)?.checked_add(q0)?);
        (p0, q0, p1, q1) = (p1, q1, p, q);
        let off = (p as f64 / q as f64 - size).abs();
        if off <= tolerance || q > 1_000_000 {
            return Q::checked_new(if value < 0.0 { -p } else { p }, q);
        }
        rest = 1.0 / (rest - term);
        if rest.is_nan() || rest >= 1e15 {
            return Q::checked_new(if value < 0.0 { -p } else { p }, q);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_fractions_come_back() {
        for q in 1..200i64 {
            for p in -50..50i64 {
                let exact = Q::new(p, q);
                assert_eq!(simple_fraction(exact.to_f64()), Some(exact));
            }
        }
        assert_eq!(simple_fraction(f64::NAN), None);
        assert_eq!(simple_fraction(f64::INFINITY), None);
        assert_eq!(simple_fraction(-0.0), Some(Q::ZERO));
    }
}
