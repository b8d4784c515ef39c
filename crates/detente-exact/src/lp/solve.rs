//! Deciding systems: guess with floats, check exactly, pivot exactly only if the guess fails.
//!
//! The one idea: the exact tableau starts at the basis the floats ended in, so it usually needs no
//! step of its own, and ends in any case because it follows Bland's rule from there.

use super::climb::Climb;
use super::float::{FloatRun, Guess};
use super::tableau::{Repair, Tableau};
use super::{Lp, Outcome, Rel, Row, dual_bound, ray_improves};
use crate::Q;

/// A point of the system, or a Farkas vector that refutes it.
pub fn feasible(lp: &Lp) -> Result<Vec<Q>, Vec<Q>> {
    if lp.has_empty_box() {
        return Err(vec![Q::ZERO; lp.rows.len()]);
    }
    let run = FloatRun::new(lp, &[]);
    if let Some(y) = run.refutation(lp) {
        return Err(y);
    }
    if matches!(run.guess, Guess::Feasible)
        && let Some(x) = run.exact_point(lp)
    {
        return Ok(x);
    }
    let mut tableau = exact_tableau(lp, &[], &run);
    match repair_exactly(&mut tableau) {
        Ok(()) => Ok(point(lp, &tableau)),
        Err(farkas) => Err(farkas),
    }
}

/// A refutation of the system, or a point that floats believe to be a solution: to look at, not
/// to prove anything with. Where floats see no way on, the point is exact before rounding.
pub fn believed(lp: &Lp) -> Result<Vec<f64>, Vec<Q>> {
    if lp.has_empty_box() {
        return Err(vec![Q::ZERO; lp.rows.len()]);
    }
    let run = FloatRun::new(lp, &[]);
    if let Some(y) = run.refutation(lp) {
        return Err(y);
    }
    if matches!(run.guess, Guess::Feasible) {
        return Ok(run.float_point(lp));
    }
    let mut tableau = exact_tableau(lp, &[], &run);
    repair_exactly(&mut tableau)?;
    Ok(point(lp, &tableau).iter().map(Q::to_f64).collect())
}

/// The largest value of `objective · x` over the system, with its proof. An index that occurs
/// twice in the objective counts twice.
pub fn maximize(lp: &Lp, objective: &[(usize, Q)]) -> Outcome {
    if lp.has_empty_box() {
        return Outcome::Infeasible { farkas: vec![Q::ZERO; lp.rows.len()] };
    }
    if lp.rows.len() >= LARGE
        && let Some(outcome) = outcome_nearby(lp, objective)
    {
        return outcome;
    }
    let run = FloatRun::new(lp, objective);
    if let Some(farkas) = run.refutation(lp) {
        return Outcome::Infeasible { farkas };
    }
    if let Some(outcome) = outcome_of_guess(lp, objective, &run) {
        return outcome;
    }
    let mut tableau = exact_tableau(lp, objective, &run);
    if let Err(farkas) = repair_exactly(&mut tableau) {
        return Outcome::Infeasible { farkas };
    }
    let end = tableau.climb(usize::MAX);
    let x = point(lp, &tableau);
    if let Climb::Unbounded(column, grow) = end {
        let ray = tableau.ray(column, grow);
        return Outcome::Unbounded { ray, x };
    }
    let value = value_at(objective, &x);
    let dual = tableau.dual_vector();
    Outcome::Optimal { x, value, dual }
}

/// From this many rows on, the float search is tried nearby first.
const LARGE: usize = 100;

/// What the floats' basis at a system nearby proves here. Large systems have many ties, at which a
/// search may walk in place for long; with every bound moved a little, each by its own amount,
/// there are none, and the basis found is as a rule optimal here too.
fn outcome_nearby(lp: &Lp, objective: &[(usize, Q)]) -> Option<Outcome> {
    let run = FloatRun::new(&nearby(lp), objective);
    outcome_of_guess(lp, objective, &run)
}

/// The system with right sides and lower bounds moved a little, making it no smaller on the side
/// of its rows and no larger on the side of its bounds.
pub(super) fn nearby(lp: &Lp) -> Lp {
    let mut moved = lp.clone();
    for (k, row) in moved.rows.iter_mut().enumerate() {
        *row = moved_by(row, k);
    }
    for (k, lower) in moved.lower.iter_mut().enumerate() {
        if let Some(lower) = lower {
            *lower += &(part(k) * Q::new(1, 64));
        }
    }
    moved
}

/// Parts of 2^-20 and less, from multiples of the golden ratio: all different.
pub(super) fn part(k: usize) -> Q {
    let spread = (k as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    Q::from_f64(libm::ldexp(spread as f64 + 16_777_216.0, -46)).expect("finite")
}

/// The row with this number, its right side moved.
pub(super) fn moved_by(row: &Row, k: usize) -> Row {
    let rhs = match row.rel {
        Rel::Le => &row.rhs + &part(k),
        Rel::Ge => &row.rhs - &part(k),
        Rel::Eq => row.rhs.clone(),
    };
    Row { rhs, ..row.clone() }
}

/// What the floats ended in, if their basis proves it exactly.
fn outcome_of_guess(lp: &Lp, objective: &[(usize, Q)], run: &FloatRun) -> Option<Outcome> {
    match run.guess {
        Guess::Feasible => {
            let x = run.exact_point(lp)?;
            let value = value_at(objective, &x);
            let proves = |dual: &Vec<Q>| dual_bound(lp, objective, dual).as_ref() == Some(&value);
            let rounded = run.rounded_dual().filter(proves);
            let dual = rounded.or_else(|| run.basis().dual(lp, objective).filter(proves))?;
            Some(Outcome::Optimal { x, value, dual })
        }
        Guess::Unbounded { variable, grow } => {
            let ray = run.basis().ray(lp, variable, grow).filter(|ray| ray_improves(lp, objective, ray))?;
            let x = run.exact_point(lp)?;
            Some(Outcome::Unbounded { ray, x })
        }
        Guess::Conflict { .. } | Guess::Unknown => None,
    }
}

fn value_at(objective: &[(usize, Q)], x: &[Q]) -> Q {
    objective.iter().map(|(variable, coefficient)| coefficient * &x[*variable]).sum()
}

/// The exact tableau at the basis of a float run.
fn exact_tableau(lp: &Lp, objective: &[(usize, Q)], run: &FloatRun) -> Tableau<Q> {
    let mut tableau = Tableau::<Q>::new(lp, objective, None);
    tableau.adopt(&run.basis());
    tableau
}

/// Exact repair never gives up, so it ends in a solution or in a Farkas vector.
fn repair_exactly(tableau: &mut Tableau<Q>) -> Result<(), Vec<Q>> {
    match tableau.repair(usize::MAX) {
        Repair::Conflict(row, too_small) => Err(tableau.conflict_vector(row, too_small)),
        Repair::Feasible | Repair::GaveUp => Ok(()),
    }
}

fn point(lp: &Lp, tableau: &Tableau<Q>) -> Vec<Q> {
    tableau.value[..lp.lower.len()].to_vec()
}

#[cfg(test)]
mod tests {
    use super::super::farkas_refutes;
    use super::*;
    use proptest::prelude::*;

    /// Exact pivoting alone, from the first basis: no float has a say.
    fn feasible_without_guess(lp: &Lp) -> Result<Vec<Q>, Vec<Q>> {
        let mut tableau = Tableau::<Q>::new(lp, &[], None);
        repair_exactly(&mut tableau)?;
        Ok(point(lp, &tableau))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(800))]

        #[test]
        fn exact_pivoting_needs_no_guess(
            cells in proptest::collection::vec(-2i64..3, 48),
            rels in proptest::collection::vec(0u8..3, 8),
            rhs in proptest::collection::vec(-2i64..3, 8),
        ) {
            let mut lp = Lp::with_variables(6, Some(Q::ZERO), None);
            lp.lower[5] = None;
            for i in 0..8 {
                let coefs = (0..6).map(|j| (j, Q::from(cells[6 * i + j]))).collect();
                let rel = [Rel::Le, Rel::Ge, Rel::Eq][usize::from(rels[i])];
                lp.rows.push(Row::new(coefs, rel, Q::from(rhs[i])));
            }
            match (feasible_without_guess(&lp), feasible(&lp)) {
                (Ok(x), Ok(z)) => prop_assert!(lp.holds(&x) && lp.holds(&z)),
                (Err(y), Err(w)) => prop_assert!(farkas_refutes(&lp, &y) && farkas_refutes(&lp, &w)),
                (one, other) => prop_assert!(false, "{one:?} but {other:?}"),
            }
        }
    }

    /// Beale's example, on which the largest-coefficient rule cycles (1955).
    #[test]
    fn beales_example_ends() {
        let mut lp = Lp::with_variables(4, Some(Q::ZERO), None);
        let row = |numbers: [(i64, i64); 4]| {
            numbers.iter().enumerate().map(|(j, (p, q))| (j, Q::new(*p, *q))).collect::<Vec<_>>()
        };
        lp.add_row(row([(1, 4), (-60, 1), (-1, 25), (9, 1)]), Rel::Le, Q::ZERO);
        lp.add_row(row([(1, 2), (-90, 1), (-1, 50), (3, 1)]), Rel::Le, Q::ZERO);
        lp.add_row(row([(0, 1), (0, 1), (1, 1), (0, 1)]), Rel::Le, Q::ONE);
        let costs = row([(3, 4), (-150, 1), (1, 50), (-6, 1)]);
        let mut tableau = Tableau::<Q>::new(&lp, &costs, None);
        assert!(repair_exactly(&mut tableau).is_ok());
        assert!(matches!(tableau.climb(usize::MAX), Climb::Optimal));
        let Outcome::Optimal { value, .. } = maximize(&lp, &costs) else { panic!("the optimum is known") };
        assert_eq!(value, Q::new(1, 20));
    }
}
