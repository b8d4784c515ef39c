//! Guesses from a float simplex, turned into exact candidates.
//!
//! The one idea: vertices and Farkas vectors of systems with small numbers have small
//! denominators, so the simplest fraction near each float is usually the exact answer. A candidate
//! counts only once it passes the exact check; a wrong guess costs time, never truth.

use super::basis::Basis;
use super::climb::Climb;
use super::tableau::{Repair, Tableau};
use super::{Lp, Rel, Row, farkas_refutes};
use crate::Q;

/// What the float simplex believes.
pub(super) enum Guess {
    Feasible,
    /// This variable can grow (`true`) or shrink without end, and that improves the objective.
    Unbounded {
        variable: usize,
        grow: bool,
    },
    /// These multipliers refute; they blame this basic variable, too small (`true`) or too large.
    Conflict {
        y: Vec<f64>,
        variable: usize,
        too_small: bool,
    },
    Unknown,
}

/// A float tableau after its search, with the belief it ended in.
pub(super) struct FloatRun {
    tableau: Tableau<f64>,
    /// What each row was multiplied by.
    scale: Vec<f64>,
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
                let climb = if objective.is_empty() { Climb::Optimal } else { tableau.climb(limit) };
                match climb {
                    Climb::Unbounded(column, grow) => {
                        Guess::Unbounded { variable: tableau.nonbasic[column], grow }
                    }
                    // Wherever the climb ended, exact pivoting can continue from there.
                    Climb::Optimal | Climb::GaveUp => Guess::Feasible,
                }
            }
            Repair::Conflict(row, too_small) => {
                let mut y = tableau.conflict_vector(row, too_small);
                for (y, scale) in y.iter_mut().zip(&scale) {
                    *y *= scale;
                }
                Guess::Conflict { y, variable: tableau.basic[row], too_small }
            }
            Repair::GaveUp => Guess::Unknown,
        };
        FloatRun { tableau, scale, guess }
    }

    /// The basis reached.
    pub(super) fn basis(&self) -> Basis {
        self.tableau.basis()
    }

    /// The values of the system's variables, as floats.
    pub(super) fn float_point(&self, lp: &Lp) -> Vec<f64> {
        self.tableau.value[..lp.lower.len()].to_vec()
    }

    /// The values of the system's variables as simple fractions, if that point is a solution.
    fn rounded_point(&self, lp: &Lp) -> Option<Vec<Q>> {
        let x: Vec<Q> = self.tableau.value[..lp.lower.len()]
            .iter()
            .map(|value| simple_fraction(*value))
            .collect::<Option<_>>()?;
        lp.holds(&x).then_some(x)
    }

    /// The point reached, exactly: rounded, or that of the basis; if it is a solution.
    pub(super) fn exact_point(&self, lp: &Lp) -> Option<Vec<Q>> {
        self.rounded_point(lp).or_else(|| self.basis().point(lp).filter(|x| lp.holds(x)))
    }

    /// The multipliers of the optimum as simple fractions: a candidate.
    pub(super) fn rounded_dual(&self) -> Option<Vec<Q>> {
        let y = self.tableau.dual_vector();
        let dust = largest(&y).unwrap_or(0.0) * DUST;
        let round = |(y, scale): (f64, &f64)| match y.abs() <= dust {
            true => Some(Q::ZERO),
            false => simple_fraction(y * scale),
        };
        y.into_iter().zip(&self.scale).map(round).collect()
    }

    /// A refutation that passes the exact check: rounded, or the exact one of the basis.
    pub(super) fn refutation(&self, lp: &Lp) -> Option<Vec<Q>> {
        let Guess::Conflict { y, variable, too_small } = &self.guess else { return None };
        simple_refutation(lp, y)
            .or_else(|| self.basis().refutation(lp, *variable, *too_small).filter(|y| farkas_refutes(lp, y)))
            .or_else(|| dyadic_refutation(lp, y))
    }
}

/// A power of two that brings the row's largest coefficient near 1.
pub(super) fn row_scale(row: &Row) -> f64 {
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
    FloatRun::new(lp, &[]).refutation(lp)
}

/// Multipliers this far below the largest are rounding dust.
const DUST: f64 = 1e-10;

/// Rounds a float Farkas vector to simple fractions, as it is or with its smallest entry as unit.
fn simple_refutation(lp: &Lp, y: &[f64]) -> Option<Vec<Q>> {
    let dust = largest(y)? * DUST;
    let sizes = y.iter().map(|y| y.abs()).filter(|size| *size > dust);
    let smallest = sizes.fold(f64::INFINITY, f64::min);
    [1.0, smallest].into_iter().find_map(|unit| checked(lp, y, dust, |y| simple_fraction(y / unit)))
}

/// Rounds to forty bits below the largest entry: finer than the float error that matters, and
/// enough where the refutation has slack.
fn dyadic_refutation(lp: &Lp, y: &[f64]) -> Option<Vec<Q>> {
    let unit = largest(y)?;
    let grid = 2f64.powi(40);
    checked(lp, y, unit * DUST, |y| Q::from_f64((y / unit * grid).round() / grid))
}

/// The largest size, if it is a number above 0.
fn largest(y: &[f64]) -> Option<f64> {
    let largest = y.iter().fold(0.0, |size: f64, y| size.max(y.abs()));
    (largest > 0.0 && largest.is_finite()).then_some(largest)
}

/// The rounded vector, 0 where an entry is dust or has the wrong sign, if it refutes.
fn checked(lp: &Lp, y: &[f64], dust: f64, round: impl Fn(f64) -> Option<Q>) -> Option<Vec<Q>> {
    let entry = |(y, row): (&f64, &Row)| {
        let wrong_sign = match row.rel {
            Rel::Le => *y < 0.0,
            Rel::Ge => *y > 0.0,
            Rel::Eq => false,
        };
        if wrong_sign || y.abs() <= dust { Some(Q::ZERO) } else { round(*y) }
    };
    let rounded: Vec<Q> = y.iter().zip(&lp.rows).map(entry).collect::<Option<_>>()?;
    farkas_refutes(lp, &rounded).then_some(rounded)
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
