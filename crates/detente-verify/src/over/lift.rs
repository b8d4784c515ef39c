//! Linear equations over functions, solved near a point where a solution is known.
//!
//! The one idea: Gauss' elimination, with pivots that are surely not 0 and chosen by their size at
//! the known point; unknowns without a pivot keep their known values.

use super::{Field, Stop};
use detente_exact::Q;

/// One equation: the sum of coefficient times unknown is the right side.
#[derive(Clone, Debug)]
pub struct Equation<N> {
    pub coefs: Vec<N>,
    pub rhs: N,
}

/// A solution that is the known one at the center.
pub struct Lifted<N> {
    pub values: Vec<N>,
    /// Which equations hold exactly by elimination; the others are to be checked.
    pub solved: Vec<bool>,
}

/// Solves the equations near `known`, which solves them at the center.
///
/// # Errors
/// The rank drops at the center, so that the solution may not go on from here.
pub fn solve<N: Field>(equations: &[Equation<N>], known: &[Q]) -> Result<Lifted<N>, Stop> {
    solve_for(equations, known, &|_| true)
}

/// As [`solve`], for the preferred unknowns first.
///
/// # Errors
/// As for [`solve`].
pub fn solve_for<N: Field>(
    equations: &[Equation<N>],
    known: &[Q],
    preferred: &dyn Fn(usize) -> bool,
) -> Result<Lifted<N>, Stop> {
    let mut rows: Vec<Equation<N>> = equations.to_vec();
    let mut solved = vec![false; rows.len()];
    let mut pivots: Vec<(usize, usize)> = Vec::new();
    for r in 0..rows.len() {
        // A coefficient that is the same everywhere keeps the functions short.
        let column = (0..known.len())
            .filter(|c| !rows[r].coefs[*c].center().is_zero() && pivots.iter().all(|(_, p)| p != c))
            .max_by_key(|c| {
                let short = rows[r].coefs[*c].is_one() || rows[r].coefs[*c].negated().is_one();
                (preferred(*c), short, *c)
            });
        // Without a pivot, nothing says yet that it holds off the center: the caller checks.
        let Some(column) = column else { continue };
        let pivot = rows[r].coefs[column].clone();
        let lost = || Stop::Here("a pivot may be 0".to_string());
        if pivot.sign().is_none_or(|s| s == 0) {
            return Err(lost());
        }
        let mut row = rows[r].clone();
        for c in row.coefs.iter_mut() {
            *c = c.over(&pivot).ok_or_else(lost)?;
        }
        row.rhs = row.rhs.over(&pivot).ok_or_else(lost)?;
        row.coefs[column] = N::one();
        for (k, other) in rows.iter_mut().enumerate() {
            let factor = other.coefs[column].clone();
            if k == r || factor.is_zero() {
                continue;
            }
            for (c, mine) in other.coefs.iter_mut().zip(&row.coefs) {
                if !mine.is_zero() {
                    *c = c.minus(&factor.times(mine));
                }
            }
            other.coefs[column] = N::zero();
            other.rhs = other.rhs.minus(&factor.times(&row.rhs));
        }
        rows[r] = row;
        solved[r] = true;
        pivots.push((r, column));
    }
    let mut values: Vec<N> = known.iter().map(N::of).collect();
    for (r, column) in &pivots {
        let mut value = rows[*r].rhs.clone();
        for (c, coefficient) in rows[*r].coefs.iter().enumerate() {
            if c != *column && !coefficient.is_zero() {
                value = value.minus(&coefficient.times(&N::of(&known[c])));
            }
        }
        values[*column] = value;
    }
    Ok(Lifted { values, solved })
}
